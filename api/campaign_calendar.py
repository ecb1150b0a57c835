"""A decree on days off came out after a round was opened: it and its forms go over to the newest calendar."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from activities.recorder import Request
from activities.submissions import PREFIX as SUBMISSION
from activities.texts import text_ref
from api import cohort_documents as d
from api import monitoring_documents as m
from api import monitoring_shapes as shapes
from api.acting import InAttempt, Texts
from api.answers import answer
from api.campaign_acting import ATTEMPTS, answered, outrun, request_of, runnable, streams_of
from api.context import Caller, Context, InContext
from api.documents import told
from api.problems import Refused
from api.steering import order_of
from domain.adopting import AdoptCalendar
from domain.campaign.events import CalendarAdopted
from domain.campaign.state import Campaign
from domain.refusal import Refusal
from domain.submission.events import DeadlineMoved
from domain.submission.state import Submission

router = APIRouter(prefix="/campaigns/{campaign}/calendar", tags=["Мониторинг"])


@router.get("", summary="Что изменит новый производственный календарь", responses=told(d.CalendarPlan))
def preview(campaign: str, context: InContext, caller: Caller) -> Response:
    """The deadlines that would move; nothing does."""
    state, submissions = runnable(context, caller, campaign)
    newest = _newest(context, state)
    moves = [move for one in submissions if not one.closed for move in _moves(context, one, newest)]
    command = AdoptCalendar(calendar=newest, was=state.plan.calendar, reason=text_ref())
    decided = streams_of(context).decide(state, command, context.core.clock(), None)
    if isinstance(decided, Refusal):
        raise Refused(decided)
    due = next(one.event.due for one in decided if isinstance(one.event, CalendarAdopted))
    return answer({"calendar": newest, "was": state.plan.calendar, "deadline": due, "moves": moves})


@router.post("", summary="Перевести мониторинг на новый производственный календарь", responses=told(m.Campaign))
def adopt(
    campaign: str, body: shapes.CampaignCalendarIn, context: InContext, caller: Caller, attempt: InAttempt
) -> Response:
    """Each day that was asked for, by the letter or by an extension, rolls by the newest calendar; whose deadline moves
    is told. What has passed stays.
    """
    texts, order = Texts(), order_of(body.order)
    reason = texts.keep(body.reason)
    for _ in range(ATTEMPTS):
        state, submissions = runnable(context, caller, campaign)
        newest = _newest(context, state)
        command = AdoptCalendar(calendar=newest, was=state.plan.calendar, reason=reason, order=order)
        requests = [request_of(caller, attempt, campaign, command, texts)]
        for one in submissions:
            if not one.closed:
                theirs = Texts()
                own = {"was": one.plan.calendar, "reason": theirs.keep(body.reason)}
                stream, asked = SUBMISSION + one.id, command.model_copy(update=own)
                requests.append(Request(stream, asked, caller.actor, texts=theirs.rows, expected=one.version))
        result = context.core.recorder.record_together(requests)
        if not outrun(result, attempt, state):
            break
    return answered(context, caller, result)


def _newest(context: Context, state: Campaign) -> str:
    return context.core.library.timetable_ref("municipal", state.asked, state.plan.rolling).calendar


def _moves(context: Context, one: Submission, newest: str) -> Iterator[dict[str, Any]]:
    command = AdoptCalendar(calendar=newest, was=one.plan.calendar, reason=text_ref())
    decided = context.core.kinds.of(SUBMISSION).decide(one, command, context.core.clock(), None)
    for happened in () if isinstance(decided, Refusal) else decided:
        if isinstance(happened.event, DeadlineMoved):
            dates = {"was": happened.event.was, "deadline": happened.event.due}
            yield {"submission": one.id, "respondent": one.respondent, **dates}
