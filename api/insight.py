"""Looking into a programme: its journal, its agenda, why it stands, its workflow."""

from __future__ import annotations

import re
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Query
from sqlalchemy import Connection
from starlette.responses import Response

from activities.agenda_view import agenda_view
from activities.deadline_ledger import read_ledger
from activities.programme_query import read_events, read_state
from activities.programmes import PREFIX
from activities.recipients import RecipientBook
from activities.tokens import Identity
from api import cohort_documents as cohorts
from api import documents as d
from api import shapes
from api.acting import hides_people
from api.answers import answer, page
from api.context import Caller, Context, InContext
from api.documents import told
from api.problems import Problem, Refused, problem_response
from api.visibility import visible_row
from domain.diagnosis.facts import Pending, Seen
from domain.programme.state import Programme
from domain.refusal import Refusal
from workflows.client import SOON
from workflows.look import Look

router = APIRouter(prefix="/programmes/{programme}", tags=["Ход программы"])


@router.get("/events", summary="Журнал программы", responses=told(d.Page[d.Event]))
def events(
    programme: str, context: InContext, caller: Caller, cursor: shapes.Cursor = None, limit: shapes.Limit = 100
) -> Response:
    """Everything that happened, in order."""
    begin = version_of(cursor)
    with context.core.database.reading() as connection:
        visible_row(context, connection, caller, programme)
        found = read_events(connection, programme, begin, limit)
    return page(found.items, found.next)


def version_of(cursor: str | None) -> int:
    """The version that a page of a journal begins after. Raises Refused."""
    if cursor is not None and not re.fullmatch("[0-9]{1,9}", cursor):
        raise Refused(Refusal(code="cursor_invalid", pointer="query:cursor"))
    return int(cursor or 0)


@router.get("/deadlines", summary="Сроки, их переносы и исполнительность", responses=told(cohorts.Ledger))
def deadlines(programme: str, context: InContext, caller: Caller) -> Response:
    """The first date of each deadline beside every later one: when, why, by which order and whom.

    Timeliness is told raw (against the first date) and excused (against the last one).
    """
    with context.core.database.reading() as connection:
        visible_row(context, connection, caller, programme)
        return answer(read_ledger(connection, context.core.streams, programme, context.core.clock()))


@router.get("/agenda", summary="Что произойдёт само", responses=told(list[d.AgendaItem]))
def agenda(
    programme: str,
    context: InContext,
    caller: Caller,
    everything: Annotated[bool, Query(alias="all")] = False,
) -> Response:
    """The notices to come if nobody acts; `all=true` adds phases and the passing of deadlines."""
    with context.core.database.reading() as connection:
        state = _visible_state(context, connection, caller, programme)
        plan = context.core.streams.plan(state)
        items = agenda_view(
            state, plan, RecipientBook.load(connection, state), everything, names=not hides_people(caller)
        )
    return answer(items)


@router.get("/workflow", summary="Выполняющийся процесс Temporal", responses=told(d.Workflow))
async def workflow(programme: str, context: InContext, caller: Caller) -> Response:
    """The running workflow: its `standing` by query, timer and pending activities. 503 while Temporal is down.

    `standing` is `null` while no worker answers, or the workflow has ended; `sentence` says so.
    """

    def look() -> None:
        with context.core.database.reading() as connection:
            visible_row(context, connection, caller, programme)

    await to_thread.run_sync(look)
    stream = f"{PREFIX}{programme}"
    seen = await Look(context.workflows, patience=SOON).stream(stream, ask=True, within=SOON)
    if seen.state in ("missing", "unknown"):
        return problem_response(_no_workflow(seen), {"Retry-After": "5"})
    standing = seen.standing if seen.state == "running" else None
    body = {
        "id": stream,
        "run": seen.run,
        "status": seen.status,
        "started_at": seen.started_at,
        "standing": standing,
        "sentence": _sentence(seen),
        "timer": {"at": standing.get("wake_at"), "summary": standing.get("wake_for")} if standing else None,
        "pending_activities": [_pending(one) for one in seen.pending],
        "history_events": seen.events,
    }
    return answer(body)


def _sentence(seen: Seen) -> str:
    if seen.state == "ended":
        return "Процесс завершён."
    if seen.standing is None:
        return "Обработчик не отвечает. Процесс цел и продолжит, когда обработчик вернётся; данные программы доступны."
    return "Процесс идёт."


def _pending(one: Pending) -> dict[str, Any]:
    return {
        "activity": one.activity,
        "attempt": one.attempt,
        "last_failure": one.failure,
        "next_attempt_at": one.next,
    }


def _no_workflow(seen: Seen) -> Problem:
    if seen.state == "missing":
        detail = "Процесс ещё не запущен: обработчик запустит его в течение 15 секунд. Данные программы доступны."
    else:
        detail = "Temporal не отвечает. Данные программы доступны, сроки и письма догонят, когда он вернётся."
    return Problem(503, "temporal-unavailable", "Процесс сейчас не спросить", detail)


def _visible_state(context: Context, connection: Connection, caller: Identity, programme: str) -> Programme:
    visible_row(context, connection, caller, programme)
    state = read_state(connection, context.core.streams, programme)
    assert state is not None, "a row of the read model has a snapshot"
    return state
