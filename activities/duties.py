"""Whose deadlines: what one person has to do, in whichever programmes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, Table, select, union

from activities.absences import stood_in_for
from activities.programmes import PREFIX, ProgrammeStreams
from activities.recipients import RecipientBook
from activities.tables import NamedRow, ProgrammeRow, RoleRow, SnapshotRow
from domain.plan import Plan, local_day
from domain.programme.state import Occurrence, Programme
from domain.roadmap import StepPlan

_PROGRAMME: Table = ProgrammeRow.__table__  # type: ignore[attr-defined]
_SNAPSHOT: Table = SnapshotRow.__table__  # type: ignore[attr-defined]
_NAMED: Table = NamedRow.__table__  # type: ignore[attr-defined]
_ROLE: Table = RoleRow.__table__  # type: ignore[attr-defined]


class Duty(NamedTuple):
    """An open deadline that a person answers for; `organisation` is its name."""

    id: str
    programme: Programme
    plan: Plan
    step: StepPlan
    occurrence: Occurrence
    organisation: str


def duties_of(connection: Connection, streams: ProgrammeStreams, person: str, now: datetime) -> list[Duty]:
    """The open deadlines of a person in every running or paused programme, nearest first.

    Whoever is away keeps their own; the deputy has them as well on these days.
    """
    found: list[Duty] = []
    persons = {person, *stood_in_for(connection, person, now)}
    for programme, text in connection.execute(_programmes_with(persons)):
        state = streams.parse_state(text)
        found.extend(_in_programme(connection, programme, state, streams.plan(state), person, now))
    return sorted(found, key=lambda one: (one.occurrence.due, one.id, one.step.number))


def organisations_naming(connection: Connection, person: str) -> list[str]:
    """The organisations whose programmes name the person, whether or not the person holds a role there."""
    named = select(_NAMED.c.programme).where(_NAMED.c.person == person)
    return list(connection.scalars(select(_PROGRAMME.c.organisation).where(_PROGRAMME.c.id.in_(named)).distinct()))


def _programmes_with(persons: set[str]) -> Select[Any]:
    """Those that name one of the persons, and those of the organisations where one of them holds a role."""
    named = select(_NAMED.c.programme).where(_NAMED.c.person.in_(persons))
    places = select(_ROLE.c.unit).where(_ROLE.c.person.in_(persons))
    wanted = union(named, select(_PROGRAMME.c.id).where(_PROGRAMME.c.organisation.in_(places)))
    query = select(_PROGRAMME.c.id, _SNAPSHOT.c.state).join(_SNAPSHOT, _SNAPSHOT.c.stream == PREFIX + _PROGRAMME.c.id)
    return query.where(_PROGRAMME.c.id.in_(wanted), _PROGRAMME.c.status.in_(("running", "paused")))


def _in_programme(
    connection: Connection, key: str, state: Programme, plan: Plan, person: str, now: datetime
) -> Iterator[Duty]:
    book, today = RecipientBook.load(connection, state), local_day(now, state.zone)
    organisation = book.tree.units[state.organisation].name
    for step in state.steps.values():
        if step.open_occurrences and f"person:{person}" in _answering(book, state, plan, step.number, today):
            for occurrence in step.open_occurrences:
                yield Duty(key, state, plan, plan.roadmap.steps[step.number], occurrence, organisation)


def _answering(book: RecipientBook, state: Programme, plan: Plan, step: int, day: date) -> set[str]:
    """Who gets the reminders as the responsible person, and for whom; where nobody is, the curator sees to it."""
    found = book.resolve(state, plan, step, ("responsible", "curator"), day).by_addressee
    answering = found["responsible"] or found["curator"]
    return {id_ for one in answering for id_ in (one.id, *(away.id for away in one.instead_of))}
