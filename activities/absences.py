"""Absences of people: an ordinary table whose every change leaves an audit row in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, delete, insert, select, update
from sqlmodel import SQLModel

from activities import audit, tables
from activities.people import find_person
from activities.tables import AbsenceRow
from domain.absences import Absence, circle
from domain.refusal import Refusal

_ABSENCE = SQLModel.metadata.tables[str(tables.AbsenceRow.__tablename__)]


def find_absence(connection: Connection, person: str, absence: str) -> AbsenceRow | None:
    """One absence of a person."""
    here = (_ABSENCE.c.id == absence) & (_ABSENCE.c.person == person)
    row = connection.execute(select(_ABSENCE).where(here)).mappings().first()
    return AbsenceRow(**row) if row else None


def absences_of(connection: Connection, person: str) -> list[AbsenceRow]:
    """Every absence of a person, the latest first."""
    query = select(_ABSENCE).where(_ABSENCE.c.person == person).order_by(_ABSENCE.c.since.desc())
    return [AbsenceRow(**row) for row in connection.execute(query).mappings()]


def absences_around(connection: Connection, persons: Iterable[str]) -> list[Absence]:
    """The absences of some persons, of their deputies, and so on."""
    found: dict[str, Absence] = {}
    wanted, asked = set(persons), set[str]()
    while wanted:
        rows = connection.execute(select(_ABSENCE).where(_ABSENCE.c.person.in_(wanted)).order_by(_ABSENCE.c.since))
        fresh = [as_absence(row) for row in rows]
        found |= {one.id: one for one in fresh}
        asked |= wanted
        wanted = {one.deputy for one in fresh} - asked
    return list(found.values())


def stood_in_for(connection: Connection, person: str, at: datetime) -> set[str]:
    """Who may be away for the person at an instant, directly or as the deputy of a deputy; some zone's day decides."""
    days = [(at + timedelta(days=shift)).date() for shift in (-1, 1)]
    around = (_ABSENCE.c.since <= days[1]) & (_ABSENCE.c.until >= days[0])
    found, wanted = set[str](), {person}
    while wanted:
        query = select(_ABSENCE.c.person).where(around, _ABSENCE.c.deputy.in_(wanted))
        wanted = set(connection.scalars(query)) - found - {person}
        found |= wanted
    return found


def as_absence(row: Any) -> Absence:
    """The domain's value of a row."""
    return Absence(id=row.id, person=row.person, since=row.since, until=row.until, deputy=row.deputy)


def put_absence(
    connection: Connection, wanted: Absence, reason: str | None, today: date, by: str, at: datetime
) -> tuple[AbsenceRow, bool] | Refusal:
    """Enter or change an absence; the row, and whether it is new. One that is over stays as it was."""
    audit.one_at_a_time(connection)
    before = find_absence(connection, wanted.person, wanted.id)
    if before is not None and before.until < today:
        return _over(before)
    if refusal := _refused(connection, wanted, today):
        return refusal
    row = AbsenceRow(**wanted.model_dump(), reason=reason)
    if before is None:
        connection.execute(insert(_ABSENCE), row.model_dump())
    elif before.model_dump() == row.model_dump():
        return before, False
    else:
        connection.execute(update(_ABSENCE).where(_ABSENCE.c.id == row.id), row.model_dump())
    audit.note(connection, _subject(row), before.model_dump() if before else None, row.model_dump(), by, at)
    return row, before is None


def end_absence(
    connection: Connection, person: str, absence: str, today: date, by: str, at: datetime
) -> AbsenceRow | Refusal | None:
    """The person is back today: an absence that has begun ends yesterday, one that has not is taken back."""
    audit.one_at_a_time(connection)
    before = find_absence(connection, person, absence)
    if before is None:
        return Refusal(code="absence_unknown", facts={"absence": absence})
    if before.until < today:
        return _over(before)
    here = _ABSENCE.c.id == before.id
    if before.since >= today:
        connection.execute(delete(_ABSENCE).where(here))
        audit.note(connection, _subject(before), before.model_dump(), None, by, at)
        return None
    row = before.model_copy(update={"until": today - timedelta(days=1)})
    connection.execute(update(_ABSENCE).where(here), {"until": row.until})
    audit.note(connection, _subject(before), before.model_dump(), row.model_dump(), by, at)
    return row


def new_absence_id() -> str:
    """The id of an absence that is not there yet."""
    return uuid4().hex[:12]


def _refused(connection: Connection, wanted: Absence, today: date) -> Refusal | None:
    facts = {"from": wanted.since, "until": wanted.until}
    if wanted.until < wanted.since:
        return Refusal(code="absence_ends_early", facts=facts, pointer="/until")
    if wanted.until < today:
        return Refusal(code="absence_in_past", facts={"until": wanted.until, "today": today}, pointer="/until")
    if wanted.deputy == wanted.person:
        return Refusal(code="deputy_is_absent", facts={"deputy": wanted.deputy}, pointer="/deputy")
    if find_person(connection, wanted.deputy) is None:
        return Refusal(code="person_unknown", facts={"person": wanted.deputy}, pointer="/deputy")
    around = [one for one in absences_around(connection, [wanted.person, wanted.deputy]) if one.id != wanted.id]
    if other := _overlapped(wanted, around):
        return Refusal(code="absence_overlaps", facts={"from": other.since, "until": other.until}, pointer="/from")
    if circle(wanted, around):
        return Refusal(code="deputy_circle", facts={"deputy": wanted.deputy}, pointer="/deputy")
    return None


def _overlapped(wanted: Absence, around: Sequence[Absence]) -> Absence | None:
    mine = (one for one in around if one.person == wanted.person)
    return next((one for one in mine if one.shares_a_day(wanted.since, wanted.until)), None)


def _over(row: AbsenceRow) -> Refusal:
    return Refusal(code="absence_over", facts={"until": row.until})


def _subject(row: AbsenceRow) -> str:
    return f"absence:{row.person}:{row.id}"
