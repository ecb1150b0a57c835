"""The people of some units: who holds which role, who is away, who stands in; as of any day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, select
from sqlmodel import SQLModel

from activities import tables
from activities.absences import absences_around
from domain.absences import Absence, stand_in

_PERSON = SQLModel.metadata.tables[str(tables.PersonRow.__tablename__)]
_ROLE = SQLModel.metadata.tables[str(tables.RoleRow.__tablename__)]


@dataclass(frozen=True)
class Person:
    """A person as letters and reports need one."""

    id: str
    name: str
    email: str | None
    post: str | None = None


@dataclass(frozen=True)
class Holding:
    """A role held at a unit; both days are inclusive, an open end is `None`."""

    person: str
    role: str
    unit: str
    since: date
    until: date | None = None

    def valid(self, day: date) -> bool:
        """Whether the role is held on the day."""
        return self.since <= day and (self.until is None or day <= self.until)


class StoodFor(NamedTuple):
    """Somebody who is away, up to and including `until`; `id` is `person:<id>`."""

    id: str
    name: str
    until: date


class Staff:
    """Persons with their roles and absences; reads nothing once it is loaded."""

    def __init__(self, persons: Iterable[Person], holdings: Iterable[Holding], absences: Iterable[Absence]) -> None:
        self.persons = {person.id: person for person in persons}
        self._absences: dict[str, list[Absence]] = {}
        for absence in absences:
            self._absences.setdefault(absence.person, []).append(absence)
        self._holdings: dict[tuple[str, str], list[Holding]] = {}
        for holding in sorted(holdings, key=lambda one: (one.since, one.person)):
            self._holdings.setdefault((holding.unit, holding.role), []).append(holding)

    @classmethod
    def load(cls, connection: Connection, units: Iterable[str], named: Iterable[str]) -> Staff:
        """Everybody who holds a role at one of the units, the persons named, and the deputies of all of them."""
        rows = connection.execute(select(_ROLE).where(_ROLE.c.unit.in_(units))).mappings()
        holdings = [Holding(**row) for row in rows]
        wanted = {holding.person for holding in holdings} | set(named)
        absences = absences_around(connection, wanted)
        wanted |= {absence.deputy for absence in absences}
        query = select(_PERSON.c.id, _PERSON.c.name, _PERSON.c.email, _PERSON.c.post).where(_PERSON.c.id.in_(wanted))
        return cls([Person(*row) for row in connection.execute(query)], holdings, absences)

    def holders(self, unit: str, role: str, day: date) -> list[str]:
        """Ids of the persons who hold a role at a unit on the day."""
        found = self._holdings.get((unit, role), ())
        return list(dict.fromkeys(one.person for one in found if one.valid(day)))

    def acting(self, person: str, day: date) -> tuple[Person, tuple[StoodFor, ...]] | None:
        """Who acts for a person on the day (mostly themselves) and who is away for that; `None` for one unknown."""
        known = self.persons.get(person)
        if known is None:
            return None
        deputy, passed = stand_in(person, day, self._absences)
        acting = self.persons.get(deputy)
        if acting is None:
            return known, ()
        return acting, tuple(
            StoodFor(f"person:{one.person}", self.persons[one.person].name, one.until) for one in passed
        )
