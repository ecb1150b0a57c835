"""The unit tree and the people in it."""

from __future__ import annotations

from typing import Any, TypeVar

from fastapi import APIRouter
from pydantic import ValidationError
from sqlalchemy import Connection
from starlette.responses import Response

from activities import audit
from activities.access import may, may_put_unit, may_see_unit, unit_scope
from activities.directory import as_unit, find_unit, list_units, put_unit
from activities.people import Holder, Person, end_role, find_person, give_role, people_of, places_of, put_person
from activities.tables import PersonRow, UnitRow
from activities.tokens import Identity
from api import region_documents as r
from api import shapes
from api.acting import InAttempt, hides_people
from api.answers import answer, etag, page
from api.context import Caller, Context, InContext
from api.documents import Page, told
from api.once import once
from api.problems import Refused
from domain.access import GRANTS
from domain.plan import local_day
from domain.refusal import Refusal
from domain.units import Role, Sector, Unit, UnitKind
from domain.value import Identifier

router = APIRouter(tags=["Узлы и люди"])
T = TypeVar("T")


def _accepted(result: T | Refusal) -> T:
    if isinstance(result, Refusal):
        raise Refused(result)
    return result


@router.get("/units", summary="Узлы региона", responses=told(Page[r.Unit]))
def units(
    context: InContext,
    caller: Caller,
    parent: shapes.Place = None,
    kind: UnitKind | None = None,
    sector: Sector | None = None,
    q: shapes.Search = None,
    cursor: shapes.Cursor = None,
    limit: shapes.Limit = 100,
) -> Response:
    """The units that the caller may see, by name, in pages."""
    with context.core.database.reading() as connection:
        scope = unit_scope(caller, context.tree(connection))
        found = list_units(
            connection, parent=parent, kind=kind, sector=sector, q=q, cursor=cursor, limit=limit, scope=scope
        )
    if isinstance(found, Refusal):
        raise Refused(found.model_copy(update={"pointer": "query:cursor"}))
    return page([_unit(row) for row in found.items], found.next)


@router.get("/units/{unit}", summary="Один узел", responses=told(r.Unit))
def unit(unit: str, context: InContext, caller: Caller) -> Response:
    """One unit."""
    with context.core.database.reading() as connection:
        row = _seen(context, connection, caller, unit)
    return answer(_unit(row), headers=etag(row.version))


@router.put("/units/{unit}", summary="Внести или изменить узел", responses=told(r.Unit, 200, 201))
def change_unit(
    unit: Identifier, body: shapes.UnitIn, context: InContext, caller: Caller, attempt: InAttempt
) -> Response:
    """Create or change a unit; 201 when it is new."""
    if body.id is not None and body.id != unit:
        raise Refused(Refusal(code="unit_renamed", facts={"unit": unit, "id": body.id}, pointer="/id"))
    try:
        wanted = Unit(id=unit, **body.model_dump(exclude={"id", "version"}))
    except ValidationError as error:
        reason = str(error.errors()[0].get("ctx", {}).get("error", ""))
        pointer = "/sector" if body.kind == "organisation" and body.sector is None else "/parent"
        raise Refused(Refusal(code="unit_invalid", facts={"reason": reason}, pointer=pointer)) from None

    def change(connection: Connection) -> tuple[int, dict[str, Any], str | None]:
        audit.one_at_a_time(connection)
        tree = context.tree(connection)
        _may_put(context, connection, caller, wanted)
        now = context.core.clock()
        row, created = _accepted(put_unit(connection, wanted, caller.actor, now, attempt.expected, tree))
        return (201 if created else 200), _unit(row), str(row.version)

    return once(context, caller, attempt, change)


@router.get("/units/{unit}/people", summary="Кто исполняет роли в узле", responses=told(Page[r.Holder]))
def people(unit: str, context: InContext, caller: Caller) -> Response:
    """Who holds which role at a unit today."""
    with context.core.database.reading() as connection:
        _seen(context, connection, caller, unit)
        tree = context.tree(connection)
        held = people_of(connection, unit, local_day(context.core.clock(), tree.zone(unit)))
    return page([_holder(one, hides_people(caller)) for one in held])


@router.put("/people/{person}", summary="Внести или изменить человека", responses=told(r.Person, 200, 201))
def change_person(
    person: Identifier, body: shapes.PersonIn, context: InContext, caller: Caller, attempt: InAttempt
) -> Response:
    """Create or change a person; 201 when new."""
    wanted = Person(id=person, **body.model_dump())

    def change(connection: Connection) -> tuple[int, dict[str, Any], str | None]:
        _may_manage_person(context, connection, caller, person)
        row, created = _accepted(put_person(connection, wanted, caller.actor, context.core.clock(), attempt.expected))
        return (201 if created else 200), person_view(row), str(row.version)

    return once(context, caller, attempt, change)


@router.post(
    "/people/{person}/roles", status_code=201, summary="Дать роль в узле", responses=told(r.HeldRole, 200, 201)
)
def add_role(
    person: Identifier, body: shapes.RoleIn, context: InContext, caller: Caller, attempt: InAttempt
) -> Response:
    """Give a role at a unit, from `since` (default: today) to `until`, both inclusive."""

    def change(connection: Connection) -> tuple[int, dict[str, Any], str | None]:
        tree = context.tree(connection)
        _may_place(context, connection, caller, body.unit, "/unit")
        now = context.core.clock()
        since = body.since or local_day(now, tree.zone(body.unit))
        given = give_role(connection, person, body.role, body.unit, since, caller.actor, now, body.until)
        row, created = _accepted(given)
        return (201 if created else 200), row.model_dump(), None

    return once(context, caller, attempt, change)


@router.delete("/people/{person}/roles/{role}/{unit}", summary="Завершить роль", responses=told(r.HeldRole))
def remove_role(
    person: Identifier, role: Role, unit: Identifier, context: InContext, caller: Caller, attempt: InAttempt
) -> Response:
    """End a role today."""

    def change(connection: Connection) -> tuple[int, dict[str, Any], str | None]:
        tree = context.tree(connection)
        if not may(caller, "manage_people", unit, tree):
            raise Refused(Refusal(code="forbidden"))
        now = context.core.clock()
        row = _accepted(end_role(connection, person, role, unit, local_day(now, tree.zone(unit)), caller.actor, now))
        return 200, row.model_dump(), None

    return once(context, caller, attempt, change)


def _may_put(context: Context, connection: Connection, caller: Identity, wanted: Unit) -> None:
    """A place that is not there, or that the caller does not see, is named; what they may not do is forbidden."""
    tree = context.tree(connection)
    if may_put_unit(caller, tree, wanted):
        return
    hidden = wanted.parent is not None and not may_see_unit(connection, caller, tree, wanted.parent)
    if hidden and "manage_units" in GRANTS[caller.role]:
        raise Refused(Refusal(code="unit_unknown", facts={"unit": wanted.parent}, pointer="/parent"))
    raise Refused(Refusal(code="forbidden"))


def _may_place(context: Context, connection: Connection, caller: Identity, unit: str, pointer: str) -> None:
    """The same for the unit at which somebody is to hold a role."""
    tree = context.tree(connection)
    if may(caller, "manage_people", unit, tree):
        return
    if "manage_people" in GRANTS[caller.role] and not may_see_unit(connection, caller, tree, unit):
        raise Refused(Refusal(code="unit_unknown", facts={"unit": unit}, pointer=pointer))
    raise Refused(Refusal(code="forbidden"))


def _may_manage_person(context: Context, connection: Connection, caller: Identity, person: str) -> None:
    """Who manages people may add one; a known person is changed by those who manage one of their units."""
    tree = context.tree(connection)
    places = places_of(connection, person) if find_person(connection, person) else []
    targets = places or [caller.unit]
    if not any(may(caller, "manage_people", place, tree) for place in targets):
        raise Refused(Refusal(code="forbidden"))


def _seen(context: Context, connection: Connection, caller: Identity, unit: str) -> UnitRow:
    row = find_unit(connection, unit)
    if row is None or not may_see_unit(connection, caller, context.tree(connection), unit):
        raise Refused(Refusal(code="unit_not_found", facts={"unit": unit}))
    return row


def _unit(row: UnitRow) -> dict[str, Any]:
    return {**as_unit(row).model_dump(), "version": row.version}


def person_view(row: PersonRow, hidden: bool = False) -> dict[str, Any]:
    """A person; `hidden`: id and version alone."""
    shown = row.model_dump()
    return {**dict.fromkeys(shown), "id": row.id, "version": row.version} if hidden else shown


def _holder(one: Holder, hidden: bool) -> dict[str, Any]:
    person = person_view(one.person, hidden)
    return {"role": one.role.role, "since": one.role.since, "until": one.role.until, "person": person}
