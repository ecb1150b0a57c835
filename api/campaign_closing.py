"""Ending a campaign with named gaps, and letting a late respondent in."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter
from starlette.responses import Response

from activities.recorder import Request
from activities.submissions import PREFIX as SUBMISSION
from api import monitoring_documents as m
from api import monitoring_shapes as shapes
from api.acting import InAttempt, Texts
from api.campaign_acting import ATTEMPTS, answered, outrun, request_of, runnable
from api.context import Caller, InContext
from api.documents import told
from api.problems import Refused
from api.steering import order_of
from domain.campaign.commands import CloseCampaign, ReopenRespondent
from domain.refusal import Refusal
from domain.submission.commands import CloseSubmission, ReopenSubmission
from domain.submission.state import submission_id

router = APIRouter(prefix="/campaigns/{campaign}", tags=["Мониторинг"])


@router.post("/closure", summary="Завершить мониторинг, назвав пробелы", responses=told(m.Campaign))
def close(
    campaign: str,
    context: InContext,
    caller: Caller,
    attempt: InAttempt,
    body: shapes.CampaignClosureIn | None = None,
) -> Response:
    """The respondents without an accepted form are the gaps; their submissions are closed with the round."""
    given, texts = body or shapes.CampaignClosureIn(), Texts()
    note = texts.keep_if_any(given.note)
    for _ in range(ATTEMPTS):
        state, submissions = runnable(context, caller, campaign)
        gaps = tuple(one.respondent for one in submissions if one.accepted is None)
        if state.active and given.gaps is not None and set(given.gaps) != set(gaps):
            raise Refused(_gaps_differ(given.gaps, gaps))
        waiting = [one for one in submissions if state.active and not one.closed]
        requests = [
            request_of(caller, attempt, campaign, CloseCampaign(gaps=gaps, note=note), texts),
            *(Request(SUBMISSION + one.id, CloseSubmission(), caller.actor, expected=one.version) for one in waiting),
        ]
        result = context.core.recorder.record_together(requests)
        if not outrun(result, attempt, state):
            break
    return answered(context, caller, result)


@router.post("/reopening", summary="Открыть мониторинг для опоздавшего", responses=told(m.Campaign))
def reopen(
    campaign: str, body: shapes.RespondentReopeningIn, context: InContext, caller: Caller, attempt: InAttempt
) -> Response:
    """One respondent may go on until `due`; the round is open again until it is closed anew."""
    runnable(context, caller, campaign)
    texts, theirs, order = Texts(), Texts(), order_of(body.order)
    command = ReopenRespondent(respondent=body.respondent, due=body.due, reason=texts.keep(body.reason), order=order)
    again = ReopenSubmission(due=body.due, reason=theirs.keep(body.reason), order=order)
    stream = SUBMISSION + submission_id(campaign, body.respondent)
    result = context.core.recorder.record_together(
        [
            request_of(caller, attempt, campaign, command, texts),
            Request(stream, again, caller.actor, texts=theirs.rows),
        ]
    )
    return answered(context, caller, result)


def _gaps_differ(given: Sequence[str], real: Sequence[str]) -> Refusal:
    facts = {"missing": sorted(set(real) - set(given)), "extra": sorted(set(given) - set(real))}
    return Refusal(code="gaps_differ", facts=facts)
