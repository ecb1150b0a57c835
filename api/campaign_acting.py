"""From a route of a campaign to the recorder and back: who may, and the answer with the submissions in it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection
from starlette.responses import Response

from activities.access import may
from activities.campaign_query import rates_of, read_campaign, visible_campaign
from activities.campaigns import PREFIX, CampaignStreams
from activities.monitoring_access import campaign_scope, counted_scope, submission_scope
from activities.recorder import Recorded, Request
from activities.submission_query import lines_of, read_submissions
from activities.submissions import PREFIX as SUBMISSION
from activities.submissions import SubmissionStreams
from activities.tokens import Identity
from api.acting import Attempt, Texts, hides_people, nudge
from api.answers import answer, etag
from api.context import Context
from api.problems import Refused
from api.submission_acting import shown
from domain.access import oversees_campaign
from domain.campaign.commands import CampaignCommand
from domain.campaign.state import Campaign
from domain.refusal import Refusal
from domain.submission.state import Submission
from domain.units import UnitTree

ATTEMPTS = 20
"""How often a command on a whole round looks again because somebody has acted on a submission meanwhile."""


def seen_campaign(context: Context, connection: Connection, caller: Identity, campaign: str) -> Campaign:
    """The campaign, if the caller has a part in it. Raises Refused."""
    if visible_campaign(connection, campaign_scope(caller, context.tree(connection)), campaign):
        state = read_campaign(connection, streams_of(context), campaign)
        assert state is not None, "a row of the read model has a snapshot"
        return state
    raise Refused(Refusal(code="campaign_unknown"))


def runnable(context: Context, caller: Identity, campaign: str) -> tuple[Campaign, list[Submission]]:
    """The campaign and all of its submissions at one moment, for whoever may run it. Raises Refused."""
    with context.core.database.reading(frozen=True) as connection:
        state = seen_campaign(context, connection, caller, campaign)
        if not may(caller, "run_campaigns", state.centre, context.tree(connection)):
            raise Refused(Refusal(code="forbidden"))
        kind = context.core.kinds.of(SUBMISSION)
        assert isinstance(kind, SubmissionStreams)
        return state, read_submissions(connection, kind, campaign)


def outrun(result: object, attempt: Attempt, state: Campaign) -> bool:
    """Whether a submission has moved on since it was looked at, and not the campaign since the caller did."""
    stale = isinstance(result, Refusal) and result.code == "version_stale"
    return stale and attempt.expected in (None, state.version)


def request_of(
    caller: Identity, attempt: Attempt, campaign: str, command: CampaignCommand, texts: Texts, status: int = 200
) -> Request:
    """The request that carries the key of everything that is recorded with it."""
    return Request(
        PREFIX + campaign,
        command,
        caller.actor,
        key=attempt.key,
        fingerprint=attempt.fingerprint,
        status=status,
        texts=texts.rows,
        expected=attempt.expected,
    )


def answered(
    context: Context,
    caller: Identity,
    result: tuple[Recorded, ...] | Refusal,
    headers: dict[str, str] | None = None,
) -> Response:
    """The campaign after it; every workflow that has to hear of it is told. Raises Refused."""
    if isinstance(result, Refusal):
        raise Refused(result)
    for one in result:
        nudge(context, one)
    first = result[0]
    with context.core.database.reading() as connection:
        view = shown(context, connection, first)
        body = full(context, connection, caller, first.stream.removeprefix(PREFIX), view)
    replayed = {"Idempotent-Replayed": "true"} if first.replayed else {}
    return answer(body, first.status, {**etag(first.version), **(headers or {}), **replayed})


def full(
    context: Context, connection: Connection, caller: Identity, campaign: str, view: dict[str, Any]
) -> dict[str, Any]:
    """A campaign with what the caller may see of it and of its submissions."""
    tree = context.tree(connection)
    lines = lines_of(connection, campaign, submission_scope(caller, tree))
    rates = rates_of(connection, [campaign], counted_scope(caller, tree))[campaign]
    if hides_people(caller):
        view = {**view, "note": None}
    if not oversees(context, connection, caller, view["centre"]):
        view = _in_part(view, tree, caller, {line["respondent"] for line in lines})
    return {"id": campaign, **view, "submissions": lines, "rates": rates}


def oversees(context: Context, connection: Connection, caller: Identity, centre: str) -> bool:
    """Whether the caller sees the whole of a campaign that `centre` runs, with what was noted about it."""
    return oversees_campaign(context.tree(connection), caller.unit, caller.role, centre)


def _in_part(view: dict[str, Any], tree: UnitTree, caller: Identity, seen: Collection[str]) -> dict[str, Any]:
    """A campaign for a respondent; for the project office, which knows municipalities by name, organisations not."""
    named = seen
    if caller.role == "project_office":
        named = {one.id for one in tree.of_kind("municipality")}
    lists = {"respondents": named, "gaps": seen, "reopened": seen}
    kept = {name: [one for one in view[name] if one in known] for name, known in lists.items()}
    return {**view, **kept, "note": None}


def streams_of(context: Context) -> CampaignStreams:
    """The kind that campaigns are."""
    kind = context.core.kinds.of(PREFIX)
    assert isinstance(kind, CampaignStreams)
    return kind
