"""Programmes: start, preview, list, one, its journal, its agenda, why it stands, its workflow."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Query
from fastapi.responses import ORJSONResponse
from sqlalchemy import Connection
from starlette.responses import Response

from activities.access import may_see_programme, programme_scope
from activities.agenda_view import agenda_view
from activities.explanation import explain
from activities.programme_query import body_at, list_programmes, read_events, read_state
from activities.programme_view import programme_id
from activities.recipients import RecipientBook
from activities.starting import plan_for, start_command
from activities.tokens import Identity
from api import shapes
from api.acting import JSON, InAttempt, act, permitted, persons_known
from api.context import Caller, Context, InContext
from api.problems import Problem, Refused, problem_response
from api.quick import answer_one, visible_row
from domain.plan import midnight, zone_of
from domain.programme.commands import StartProgramme
from domain.programme.decide import decide
from domain.programme.evolve import fold
from domain.programme.schedule import first_window
from domain.programme.state import Programme
from domain.refusal import Refusal
from workflows.client import TemporalError

router = APIRouter(prefix="/programmes", tags=["Программы"])


@router.post("", status_code=201, summary="Начать программу организации")
def start(body: shapes.ProgrammeIn, context: InContext, caller: Caller, attempt: InAttempt) -> Response:
    """Start the year of an organisation; its workflow begins to run a moment later."""
    command = _start_command(context, caller, body)
    programme = programme_id(command.organisation, command.year)
    headers = {"Location": f"/api/v1/programmes/{programme}"}
    return act(context, caller, attempt, programme, command, status=201, headers=headers)


@router.post("/preview", summary="Что принесёт год: напоминания и сообщения по датам")
def preview(body: shapes.ProgrammeIn, context: InContext, caller: Caller) -> ORJSONResponse:
    """The agenda of a year that nobody acts in; nothing is started. `from` defaults to the first window."""
    command = _start_command(context, caller, body)
    plan = context.core.library.plan(command.plan)
    since = command.since or midnight(first_window(plan, command.year), command.zone)
    decision = decide(None, command.model_copy(update={"since": None}), plan, since)
    if isinstance(decision, Refusal):
        raise Refused(decision)
    state = fold(None, decision)
    assert state is not None
    with context.core.database.reading() as connection:
        return ORJSONResponse(agenda_view(state, plan, RecipientBook.load(connection, state)))


@router.get("", summary="Список программ")
def programmes(
    context: InContext,
    caller: Caller,
    unit: str | None = None,
    year: int | None = None,
    phase: int | None = None,
    status: str | None = None,
    overdue: bool | None = None,
    q: Annotated[str | None, Query(max_length=200)] = None,
    cursor: str | None = None,
    limit: int = 100,
) -> ORJSONResponse:
    """The programmes that the caller may see, in pages."""
    with context.core.database.reading() as connection:
        page = list_programmes(
            connection,
            programme_scope(caller, context.tree(connection)),
            unit=unit,
            year=year,
            phase=phase,
            status=status,
            overdue=overdue,
            q=q,
            cursor=cursor,
            limit=limit,
        )
    if isinstance(page, Refusal):
        raise Refused(page)
    return ORJSONResponse({"items": page.items, "next": page.next})


@router.get("/{programme}", summary="Одна программа, сейчас или на дату")
def one(programme: str, context: InContext, caller: Caller, at: str | None = None) -> Response:
    """The state now; with `at`, as it was at the end of that day or at that instant."""
    if at is None:
        return answer_one(context, caller, programme)
    with context.core.database.reading() as connection:
        visible_row(context, connection, caller, programme)
        return Response(_past(context, connection, programme, at), media_type=JSON)


@router.get("/{programme}/events", summary="Журнал программы")
def events(programme: str, context: InContext, caller: Caller, cursor: int = 0, limit: int = 100) -> ORJSONResponse:
    """Everything that happened, in order."""
    with context.core.database.reading() as connection:
        visible_row(context, connection, caller, programme)
        page = read_events(connection, programme, cursor, limit)
    return ORJSONResponse({"items": page.items, "next": page.next})


@router.get("/{programme}/agenda", summary="Что произойдёт само")
def agenda(
    programme: str,
    context: InContext,
    caller: Caller,
    everything: Annotated[bool, Query(alias="all")] = False,
) -> ORJSONResponse:
    """The notices to come if nobody acts; `all=true` adds phases and the passing of deadlines."""
    with context.core.database.reading() as connection:
        state = _visible_state(context, connection, caller, programme)
        plan = context.core.streams.plan(state)
        items = agenda_view(state, plan, RecipientBook.load(connection, state), everything)
    return ORJSONResponse(items)


@router.get("/{programme}/explanation", summary="Почему программа стоит")
def explanation(programme: str, context: InContext, caller: Caller) -> ORJSONResponse:
    """One sentence: what it waits for, whose turn it is, since when, what comes by itself, and what helps."""
    with context.core.database.reading() as connection:
        state = _visible_state(context, connection, caller, programme)
    return ORJSONResponse(explain(state, context.core.streams.plan(state), context.core.clock()))


@router.get("/{programme}/workflow", summary="Выполняющийся процесс Temporal")
async def workflow(programme: str, context: InContext, caller: Caller) -> Response:
    """The running workflow: its `standing` by query, timer and pending activities. 503 while Temporal is down."""

    def look() -> None:
        with context.core.database.reading() as connection:
            visible_row(context, connection, caller, programme)

    await to_thread.run_sync(look)
    stream = f"programme/{programme}"
    try:
        description = await context.workflows.describe(stream)
        running = description.status is not None and description.status.name == "RUNNING"
        standing = await context.workflows.standing(stream) if running else None
    except (TemporalError, RuntimeError) as error:
        return problem_response(_no_workflow(error), {"Retry-After": "5"})
    pending = [_pending(one) for one in description.raw_description.pending_activities]
    body = {
        "id": description.id,
        "run": description.run_id,
        "status": description.status.name.lower() if description.status else None,
        "started_at": description.start_time,
        "standing": standing,
        "timer": {"at": standing.get("wake_at"), "summary": standing.get("wake_for")} if standing else None,
        "pending_activities": pending,
        "history_events": description.history_length,
    }
    return ORJSONResponse(body)


def _pending(raw: Any) -> dict[str, Any]:
    return {
        "activity": raw.activity_type.name,
        "attempt": raw.attempt,
        "last_failure": raw.last_failure.message or None,
        "next_attempt_at": raw.scheduled_time.ToDatetime().isoformat() + "Z"
        if raw.HasField("scheduled_time")
        else None,
    }


def _no_workflow(error: Exception) -> Problem:
    status = getattr(error, "status", None)
    if status is not None and status.name == "NOT_FOUND":
        detail = "Процесс ещё не запущен: обработчик запустит его в течение 15 секунд. Данные программы доступны."
    else:
        detail = "Temporal не отвечает. Данные программы доступны, сроки и письма догонят, когда он вернётся."
    return Problem(503, "temporal-unavailable", "Процесс сейчас не спросить", detail)


def _start_command(context: Context, caller: Identity, body: shapes.ProgrammeIn) -> StartProgramme:
    with context.core.database.reading() as connection:
        tree = context.tree(connection)
    unknown = Refusal(code="organisation_unknown", facts={"organisation": body.organisation}, pointer="/organisation")
    unit = tree.units.get(body.organisation)
    if unit is None or not may_see_programme(caller, tree, body.organisation):
        raise Refused(unknown)
    permitted(context, caller, "start", body.organisation)
    plan = plan_for(context.core.library, tree, body.organisation, body.year, body.roadmap)
    if isinstance(plan, Refusal):
        raise Refused(plan)
    steps = context.core.library.plan(plan).roadmap.steps
    given = body.responsible
    responsible = dict.fromkeys(steps, given) if isinstance(given, str) else given
    pointers = {"/responsible": given} if isinstance(given, str) else {f"/responsible/{n}": p for n, p in given.items()}
    persons_known(context, pointers)
    return start_command(
        tree,
        body.organisation,
        body.year,
        plan,
        forms=body.forms,
        deadlines=body.deadlines,
        responsible=responsible,
        since=midnight(body.since, tree.zone(body.organisation)) if body.since else None,
    )


def _visible_state(context: Context, connection: Connection, caller: Identity, programme: str) -> Programme:
    visible_row(context, connection, caller, programme)
    state = read_state(connection, context.core.streams, programme)
    assert state is not None, "a row of the read model has a snapshot"
    return state


def _past(context: Context, connection: Connection, programme: str, at: str) -> bytes:
    state = read_state(connection, context.core.streams, programme)
    assert state is not None
    moment = _moment(at, state.zone)
    body = body_at(connection, context.core.streams, programme, moment)
    if body is None:
        raise Refused(Refusal(code="before_start", facts={"at": at}))
    return body


def _moment(at: str, zone: str) -> datetime:
    """The end of a day, or an instant; one without a zone is local to the organisation."""
    try:
        if len(at) == len("2026-03-01"):
            return midnight(date.fromisoformat(at) + timedelta(days=1), zone) - timedelta(microseconds=1)
        moment = datetime.fromisoformat(at)
    except ValueError:
        raise Refused(Refusal(code="moment_invalid", facts={"at": at}, pointer="query:at")) from None
    return moment if moment.tzinfo else datetime.combine(moment.date(), moment.time(), zone_of(zone))
