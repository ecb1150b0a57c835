"""People and the roles they hold; every change leaves an audit row in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from pydantic import Field
from sqlalchemy import Connection, and_, insert, or_, select, update
from sqlmodel import SQLModel

from activities import audit, tables
from activities.addresses import is_email
from activities.directory import find_unit
from activities.tables import PersonRow, RoleRow
from domain.refusal import Refusal
from domain.units import ROLE_UNITS, Role, UnitKind
from domain.value import Identifier, Value

_PERSON = SQLModel.metadata.tables[str(tables.PersonRow.__tablename__)]
_ROLE = SQLModel.metadata.tables[str(tables.RoleRow.__tablename__)]


class Person(Value):
    """Somebody who holds roles; the journal knows the id only."""

    id: Identifier
    name: str = Field(min_length=1, max_length=300)
    post: str | None = Field(default=None, max_length=300)
    email: str | None = Field(default=None, max_length=320)
    phone: str | None = Field(default=None, max_length=64)


@dataclass(frozen=True)
class Holder:
    """A person in a role at a unit; both days of the role are inclusive, an open end is `None`."""

    person: PersonRow
    role: RoleRow


def find_person(connection: Connection, person: str) -> PersonRow | None:
    """One person by id."""
    row = connection.execute(select(_PERSON).where(_PERSON.c.id == person)).mappings().first()
    return PersonRow(**row) if row else None


def put_person(
    connection: Connection, person: Person, by: str, at: datetime, expected_version: int | None = None
) -> tuple[PersonRow, bool] | Refusal:
    """Create or change a person; the row, and whether it is new. An unchanged one keeps its version."""
    audit.one_at_a_time(connection)
    before = find_person(connection, person.id)
    version = before.version if before else 0
    if expected_version is not None and expected_version != version:
        return Refusal(code="version_stale", facts={"expected": expected_version, "version": version})
    if person.email is not None and not is_email(person.email):
        return Refusal(code="email_invalid", facts={"email": person.email}, pointer="/email")
    row = PersonRow(**person.model_dump(), version=version or 1)
    if before is None:
        connection.execute(insert(_PERSON), row.model_dump())
    elif before.model_dump() == row.model_dump():
        return before, False
    else:
        row.version += 1
        connection.execute(update(_PERSON).where(_PERSON.c.id == person.id), row.model_dump())
    audit.note(connection, f"person:{person.id}", before.model_dump() if before else None, row.model_dump(), by, at)
    return row, before is None


def give_role(
    connection: Connection,
    person: str,
    role: Role,
    unit: str,
    since: date,
    by: str,
    at: datetime,
    until: date | None = None,
) -> tuple[RoleRow, bool] | Refusal:
    """Let a person hold a role at a unit from `since` to `until` (inclusive); the row, and whether it is new."""
    audit.one_at_a_time(connection)
    if find_person(connection, person) is None:
        return Refusal(code="person_unknown", facts={"person": person}, pointer="/person")
    if refusal := role_refused(connection, role, unit):
        return refusal
    row = RoleRow(person=person, role=role, unit=unit, since=since, until=until)
    if until is not None and until < since:
        return Refusal(code="role_ends_early", facts={"since": since, "until": until}, pointer="/until")
    for held in _held(connection, person, role, unit):
        if held == row.model_dump():
            return row, False
        if (until is None or held["since"] <= until) and (held["until"] is None or since <= held["until"]):
            return Refusal(code="role_held", facts=held, pointer="/since")
    connection.execute(insert(_ROLE), row.model_dump())
    audit.note(connection, _subject(row), None, row.model_dump(), by, at)
    return row, True


def end_role(
    connection: Connection, person: str, role: Role, unit: str, until: date, by: str, at: datetime
) -> RoleRow | Refusal:
    """Let a role end; `until` is the last day on which it is held. One that has not begun by then is taken back."""
    audit.one_at_a_time(connection)
    open_ones = [held for held in _held(connection, person, role, unit) if held["until"] is None]
    if not open_ones:
        return Refusal(code="role_unknown", facts={"person": person, "role": role, "unit": unit})
    before = open_ones[-1]
    row = RoleRow(**{**before, "until": max(until, before["since"] - timedelta(days=1))})
    here = and_(*(_ROLE.c[name] == before[name] for name in ("person", "role", "unit", "since")))
    if until < before["since"]:
        connection.execute(_ROLE.delete().where(here))
        audit.note(connection, _subject(row), before, None, by, at)
    else:
        connection.execute(update(_ROLE).where(here), {"until": until})
        audit.note(connection, _subject(row), before, row.model_dump(), by, at)
    return row


def role_refused(connection: Connection, role: Role, unit: str) -> Refusal | None:
    """Why a role cannot be held at a unit."""
    place = find_unit(connection, unit)
    if place is None:
        return Refusal(code="unit_unknown", facts={"unit": unit}, pointer="/unit")
    if cast("UnitKind", place.kind) not in ROLE_UNITS[role]:
        facts = {"role": role, "unit": unit, "kind": place.kind, "allowed": list(ROLE_UNITS[role])}
        return Refusal(code="role_misplaced", facts=facts, pointer="/role")
    return None


def people_of(connection: Connection, unit: str, day: date | None = None) -> list[Holder]:
    """Who holds a role at the unit itself, by role and name; on one day, or ever."""
    query = select(_ROLE).where(_ROLE.c.unit == unit)
    if day is not None:
        query = query.where(_ROLE.c.since <= day, or_(_ROLE.c.until.is_(None), _ROLE.c.until >= day))
    roles = [RoleRow(**row) for row in connection.execute(query).mappings()]
    wanted = select(_PERSON).where(_PERSON.c.id.in_({role.person for role in roles}))
    persons = {row["id"]: PersonRow(**row) for row in connection.execute(wanted).mappings()}
    holders = [Holder(persons[role.person], role) for role in roles if role.person in persons]
    return sorted(holders, key=lambda one: (one.role.role, one.person.name, one.role.since))


def _held(connection: Connection, person: str, role: Role, unit: str) -> list[dict[str, Any]]:
    here = (_ROLE.c.person == person) & (_ROLE.c.role == role) & (_ROLE.c.unit == unit)
    rows = connection.execute(select(_ROLE).where(here).order_by(_ROLE.c.since)).mappings()
    return [dict(row) for row in rows]


def _subject(row: RoleRow) -> str:
    return f"role:{row.person}:{row.role}:{row.unit}"


def places_of(connection: Connection, person: str, day: date | None = None) -> list[str]:
    """The units at which a person holds or held a role; with `day`, those of that day alone."""
    query = select(_ROLE.c.unit).where(_ROLE.c.person == person).distinct()
    if day is not None:
        query = query.where(_ROLE.c.since <= day, or_(_ROLE.c.until.is_(None), _ROLE.c.until >= day))
    return list(connection.scalars(query))
