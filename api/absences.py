"""Absences of people, and who stands in for them."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from activities.absences import absences_of, end_absence, find_absence, new_absence_id, put_absence
from activities.people import find_person, places_of
from activities.tables import AbsenceRow
from activities.tokens import Identity
from api import region_documents as r
from api import shapes
from api.acting import InAttempt
from api.answers import page
from api.context import Caller, Context, InContext
from api.documents import Page, told
from api.once import once
from api.person_scope import changeable_person, may_change_person, sees_person, visible_person
from api.problems import Refused
from domain.absences import Absence
from domain.plan import local_day
from domain.refusal import Refusal
from domain.value import Identifier

router = APIRouter(prefix="/people/{person}/absences", tags=["Узлы и люди"])


@router.get("", summary="Отсутствия человека", responses=told(Page[r.Absence]))
def absences(person: str, context: InContext, caller: Caller) -> Response:
    """When a person is or was away, and who stands in; the latest first."""
    with context.core.database.reading() as connection:
        visible_person(context, connection, caller, person)
        hidden = not may_change_person(context, connection, caller, person)
        found = absences_of(connection, person)
    return page([_view(one, hidden) for one in found])


@router.post("", status_code=201, summary="Внести отсутствие", responses=told(r.Absence, 201))
def add(person: Identifier, body: shapes.AbsenceIn, context: InContext, caller: Caller, attempt: InAttempt) -> Response:
    """From the first of these days on notices and steps of the person go to the deputy."""

    def change(connection: Connection) -> tuple[int, dict[str, Any], str | None]:
        return 201, _put(context, connection, caller, person, new_absence_id(), body), None

    return once(context, caller, attempt, change)


@router.put("/{absence}", summary="Изменить отсутствие", responses=told(r.Absence))
def change_absence(
    person: Identifier,
    absence: str,
    body: shapes.AbsenceIn,
    context: InContext,
    caller: Caller,
    attempt: InAttempt,
) -> Response:
    """Other days or another deputy; one that is over stays as it was."""

    def change(connection: Connection) -> tuple[int, dict[str, Any], str | None]:
        changeable_person(context, connection, caller, person)
        if find_absence(connection, person, absence) is None:
            raise Refused(Refusal(code="absence_unknown", facts={"absence": absence}))
        return 200, _put(context, connection, caller, person, absence, body), None

    return once(context, caller, attempt, change)


@router.delete("/{absence}", status_code=204, summary="Завершить отсутствие", response_model=None)
def end(person: Identifier, absence: str, context: InContext, caller: Caller, attempt: InAttempt) -> Response:
    """The person is back today; an absence that has not begun is taken back."""

    def change(connection: Connection) -> tuple[int, None, None]:
        changeable_person(context, connection, caller, person)
        today = _today(context, connection, caller, person)
        ended = end_absence(connection, person, absence, today, caller.actor, context.core.clock())
        if isinstance(ended, Refusal):
            raise Refused(ended)
        return 204, None, None

    return once(context, caller, attempt, change)


def _put(
    context: Context, connection: Connection, caller: Identity, person: str, absence: str, body: shapes.AbsenceIn
) -> dict[str, Any]:
    changeable_person(context, connection, caller, person)
    if find_person(connection, body.deputy) is not None and not sees_person(context, connection, caller, body.deputy):
        raise Refused(Refusal(code="person_unknown", facts={"person": body.deputy}, pointer="/deputy"))
    wanted = Absence(id=absence, person=person, since=body.since, until=body.until, deputy=body.deputy)
    today = _today(context, connection, caller, person)
    put = put_absence(connection, wanted, body.reason, today, caller.actor, context.core.clock())
    if isinstance(put, Refusal):
        raise Refused(put)
    return _view(put[0])


def _today(context: Context, connection: Connection, caller: Identity, person: str) -> date:
    """The local day where the person works."""
    tree, places = context.tree(connection), places_of(connection, person)
    return local_day(context.core.clock(), tree.zone(min(places, default=caller.unit)))


def _view(row: AbsenceRow, hidden: bool = False) -> dict[str, Any]:
    return {
        "id": row.id,
        "person": row.person,
        "from": row.since,
        "until": row.until,
        "deputy": row.deputy,
        "reason": None if hidden else row.reason,
    }
