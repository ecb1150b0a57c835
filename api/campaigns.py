"""Campaigns: open a monitoring round, see how far it has come."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from activities.access import may
from activities.campaign_query import (
    campaign_ids,
    list_campaigns,
    same_round,
)
from activities.campaign_view import campaign_view
from activities.campaigning import (
    all_respondents,
    centre_of,
    open_campaign,
    open_submissions,
    respondents_refused,
)
from activities.campaigns import PREFIX
from activities.monitoring_access import campaign_scope, counted_scope
from activities.programme_query import read_journal
from activities.recorder import Request
from activities.submissions import PREFIX as SUBMISSION
from activities.texts import read_texts
from activities.tokens import Identity
from api import documents as d
from api import monitoring_documents as m
from api import monitoring_shapes as shapes
from api.acting import Attempt, InAttempt, Texts, hides_people
from api.answers import answer, etag, page
from api.campaign_acting import answered, full, oversees, request_of, seen_campaign, streams_of
from api.context import Caller, Context, InContext
from api.documents import told
from api.insight import version_of
from api.problems import Refused
from api.shapes import Cursor, Limit
from domain.campaign.commands import Letter, OpenCampaign, Years
from domain.campaign.state import CampaignStatus, campaign_id
from domain.refusal import Refusal
from domain.submission.state import submission_id
from domain.units import UnitTree

router = APIRouter(prefix="/campaigns", tags=["Мониторинг"])

ATTEMPTS = 20
"""How often a campaign takes another id because somebody has opened one meanwhile."""


@router.post(
    "",
    status_code=201,
    summary="Открыть мониторинг",
    responses={**told(m.Campaign, 201), **told(m.CampaignPlan, 200)},
)
def open_one(body: shapes.CampaignIn, context: InContext, caller: Caller, attempt: InAttempt) -> Response:
    """The campaign and a submission for each respondent, all at once; each has a workflow of its own a moment later.

    With `dry_run: true` nothing is opened: 200 with the rolled deadline and the respondents. A round of the same title,
    form and years that asks one of them already is refused while it is open, unless `again: true`.
    """
    texts = Texts()
    with context.core.database.reading() as connection:
        tree = context.tree(connection)
    command = _command(context, caller, tree, body, texts)
    due = context.core.library.timetable(command.plan).rolled(command.asked)
    if body.dry_run:
        decided = streams_of(context).decide(None, command, context.core.clock(), None)
        if isinstance(decided, Refusal):
            raise Refused(decided)
        _free_id(context, body, command, due)
        return answer({**_plan(command), "deadline": due, "rolled": due != command.asked})
    known = context.core.recorder.stream_of(caller.actor, attempt.key) if attempt.key else None
    for _ in range(ATTEMPTS):
        campaign = known.removeprefix(PREFIX) if known else _free_id(context, body, command, due)
        requests = _opening(context, caller, attempt, tree, campaign, command, texts)
        result = context.core.recorder.record_together(requests)
        if known or not (isinstance(result, Refusal) and result.code == "campaign_exists"):
            break  # otherwise somebody has taken the id meanwhile
    return answered(context, caller, result, {"Location": f"/api/v1/campaigns/{campaign}"})


@router.get("", summary="Список мониторингов", responses=told(d.Page[m.CampaignLine]))
def campaigns(
    context: InContext,
    caller: Caller,
    status: CampaignStatus | None = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Response:
    """The campaigns that the caller has a part in, in pages."""
    with context.core.database.reading() as connection:
        tree = context.tree(connection)
        scope, counted = campaign_scope(caller, tree), counted_scope(caller, tree)
        found = list_campaigns(connection, scope, counted, status=status, cursor=cursor, limit=limit)
    if isinstance(found, Refusal):
        raise Refused(found)
    return page(found.items, found.next)


@router.get("/{campaign}", summary="Один мониторинг", responses=told(m.Campaign))
def one(campaign: str, context: InContext, caller: Caller) -> Response:
    """The campaign with its submissions and how far it has come."""
    with context.core.database.reading() as connection:
        state = seen_campaign(context, connection, caller, campaign)
        view = campaign_view(state, read_texts(connection, PREFIX + campaign))
        return answer(full(context, connection, caller, campaign, view), headers=etag(state.version))


@router.get("/{campaign}/events", summary="Журнал мониторинга", responses=told(d.Page[d.Event]))
def events(campaign: str, context: InContext, caller: Caller, cursor: Cursor = None, limit: Limit = 100) -> Response:
    """Everything that happened to the round itself, in order, for those who see the whole of it.

    What people wrote there is not told to those who work with figures and machines only.
    """
    begin = version_of(cursor)
    with context.core.database.reading() as connection:
        state = seen_campaign(context, connection, caller, campaign)
        if not oversees(context, connection, caller, state.centre):
            raise Refused(Refusal(code="forbidden"))
        found = read_journal(connection, PREFIX + campaign, begin, limit, texts=not hides_people(caller))
    return page(found.items, found.next)


def _command(context: Context, caller: Identity, tree: UnitTree, body: shapes.CampaignIn, texts: Texts) -> OpenCampaign:
    centre = centre_of(tree)
    if centre is None or not may(caller, "run_campaigns", centre.id, tree):
        raise Refused(Refusal(code="forbidden"))
    respondents = tuple(all_respondents(tree)) if body.respondents is None else body.respondents
    if refusal := respondents_refused(tree, respondents):
        raise Refused(refusal)
    try:
        context.core.library.forms.current(body.form)
    except KeyError:
        raise Refused(Refusal(code="form_unknown", facts={"form": body.form}, pointer="/form")) from None
    letter = Letter(number=body.letter.number, date=body.letter.date, text=texts.keep(body.letter.text))
    return open_campaign(
        context.core.library,
        tree,
        centre.id,
        respondents,
        title=body.title,
        years=Years(earlier=body.years[0], later=body.years[1]),
        asked=body.deadline,
        confirmed=body.confirm_deadline,
        letter=letter,
        form=body.form,
        rolling=body.rolling,
    )


def _free_id(context: Context, body: shapes.CampaignIn, command: OpenCampaign, due: date) -> str:
    """Nobody is asked for the same form twice by a second click; a round for those who were left out is another one."""
    with context.core.database.reading() as connection:
        twice = None if body.again else same_round(connection, body.form, command)
        if twice is not None:
            raise Refused(Refusal(code="campaign_twice", facts={"campaign": twice}, pointer="/again"))
        return campaign_id(body.form, due, campaign_ids(connection))


def _plan(command: OpenCampaign) -> dict[str, Any]:
    return {
        "dry_run": True,
        "title": command.title,
        "deadline_asked": command.asked,
        "rule": command.plan.rolling,
        "centre": command.centre,
        "respondents": command.respondents,
    }


def _opening(
    context: Context,
    caller: Identity,
    attempt: Attempt,
    tree: UnitTree,
    campaign: str,
    command: OpenCampaign,
    texts: Texts,
) -> list[Request]:
    commands = open_submissions(context.core.library, tree, campaign, command)
    streams = [SUBMISSION + submission_id(campaign, one.respondent) for one in commands]
    return [
        request_of(caller, attempt, campaign, command, texts, 201),
        *(Request(stream, one, caller.actor) for stream, one in zip(streams, commands, strict=True)),
    ]
