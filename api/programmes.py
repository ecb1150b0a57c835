"""Programmes: start one, preview its year, list them, see one now or as it was."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import Response

from activities.access import may, may_see_programme, programme_scope
from activities.acts import deeds_of, read_acts
from activities.agenda_view import stretch_view
from activities.programme_query import body_at, list_programmes, read_state
from activities.programme_view import programme_id
from activities.recipients import RecipientBook
from activities.starting import FIRST_YEAR, LAST_YEAR, plan_for, start_command
from activities.tokens import Identity
from api import documents as d
from api import shapes
from api.acting import InAttempt, act, hides_people, persons_known
from api.answers import JSON, answer, page
from api.context import Caller, Context, InContext
from api.documents import told
from api.problems import Refused
from api.quick import answer_one
from api.visibility import visible_row
from domain.mentoring_forms import Form
from domain.plan import Plan, midnight, zone_of
from domain.programme.commands import StartProgramme
from domain.programme.decide import decide
from domain.programme.evolve import fold
from domain.programme.foretell import Stretch, foretell
from domain.programme.schedule import first_window
from domain.programme.state import Status
from domain.refusal import Refusal
from domain.units import Sector

router = APIRouter(prefix="/programmes", tags=["Программы"])


@router.post("", status_code=201, summary="Начать программу организации", responses=told(d.Programme, 201))
def start(body: shapes.ProgrammeIn, context: InContext, caller: Caller, attempt: InAttempt) -> Response:
    """Start the year of an organisation; its workflow begins to run a moment later."""
    command = _start_command(context, caller, body)
    programme = programme_id(command.organisation, command.year)
    headers = {"Location": f"/api/v1/programmes/{programme}"}
    return act(context, caller, attempt, programme, command, status=201, headers=headers)


@router.post(
    "/preview", summary="Что принесёт год: напоминания и сообщения по датам", responses=told(list[d.AgendaItem])
)
def preview(body: shapes.PreviewIn, context: InContext, caller: Caller) -> Response:
    """The agenda of a year in which nobody acts, or those of `acts`; nothing is started.

    `from` defaults to the first window.
    """
    command = _start_command(context, caller, body)
    plan = context.core.library.plan(command.plan)
    since = command.since or midnight(first_window(plan, command.year), command.zone)
    stretches = _foretold(command.model_copy(update={"since": None}), plan, since, body.acts)
    with context.core.database.reading() as connection:
        book = RecipientBook.load(connection, stretches[0].state)
    names = not hides_people(caller)
    return answer([item for one in stretches for item in stretch_view(one, plan, book, names=names)])


def _foretold(command: StartProgramme, plan: Plan, since: datetime, lines: Sequence[str]) -> list[Stretch]:
    decision = decide(None, command, plan, since)
    if isinstance(decision, Refusal):
        raise Refused(decision)
    state = fold(None, decision)
    assert state is not None
    acts = read_acts(lines, command.zone, since)
    found = acts if isinstance(acts, Refusal) else foretell(state, plan, deeds_of(acts, plan))
    if isinstance(found, Refusal):
        raise Refused(found)
    return found


@router.get("", summary="Список программ", responses=told(d.Page[d.ProgrammeLine]))
def programmes(  # one argument for each filter
    context: InContext,
    caller: Caller,
    unit: shapes.Place = None,
    year: shapes.Year = None,
    phase: shapes.Phase = None,
    status: Status | None = None,
    overdue: bool | None = None,
    form: Form | None = None,
    forms_fixed: bool | None = None,
    sector: Sector | None = None,
    q: shapes.Search = None,
    cursor: shapes.Cursor = None,
    limit: shapes.Limit = 100,
) -> Response:
    """The programmes that the caller may see, in pages."""
    with context.core.database.reading() as connection:
        found = list_programmes(
            connection,
            programme_scope(caller, context.tree(connection)),
            unit=unit,
            year=year,
            phase=phase,
            status=status,
            overdue=overdue,
            form=form,
            forms_fixed=forms_fixed,
            sector=sector,
            q=q,
            cursor=cursor,
            limit=limit,
        )
    if isinstance(found, Refusal):
        raise Refused(found)
    return page(found.items, found.next)


@router.get("/{programme}", summary="Одна программа, сейчас или на дату", responses=told(d.Programme))
def one(programme: str, context: InContext, caller: Caller, request: Request, at: shapes.At = None) -> Response:
    """The state now; with `at`, as it was at the end of that day or at that instant. 304 for a known ETag."""
    if at is None:
        return answer_one(context, caller, programme, request.headers.get("if-none-match"))
    with context.core.database.reading() as connection:
        visible_row(context, connection, caller, programme)
        return Response(_past(context, connection, programme, at), media_type=JSON)


def _start_command(context: Context, caller: Identity, body: shapes.ProgrammeIn) -> StartProgramme:
    with context.core.database.reading() as connection:
        tree = context.tree(connection)
    unknown = Refusal(code="organisation_unknown", facts={"organisation": body.organisation}, pointer="/organisation")
    unit = tree.units.get(body.organisation)
    if unit is None or not may_see_programme(caller, tree, body.organisation):
        raise Refused(unknown)
    if not may(caller, "start", body.organisation, tree):
        raise Refused(Refusal(code="forbidden"))
    plan = plan_for(context.core.library, tree, body.organisation, body.year, body.roadmap, body.rolling)
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
    invalid = Refused(Refusal(code="moment_invalid", facts={"at": at}, pointer="query:at"))
    try:
        at = re.sub(r" (?=\d\d:\d\d$)", "+", at)  # a plus that nobody has encoded arrives as a space
        day = date.fromisoformat(at[:10])
        moment = datetime.fromisoformat(at) if len(at) > len("2026-03-01") else None
    except ValueError:
        raise invalid from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise invalid
    if moment is None:
        return midnight(day + timedelta(days=1), zone) - timedelta(microseconds=1)
    return moment if moment.tzinfo else datetime.combine(moment.date(), moment.time(), zone_of(zone))
