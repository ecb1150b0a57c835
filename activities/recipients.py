"""Who gets a notice: addressees of the ladder turned into persons and units, on the day of sending."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection, or_, select
from sqlmodel import SQLModel

from activities import tables
from activities.directory import as_unit
from domain.plan import Plan
from domain.programme.state import Programme
from domain.units import Unit, UnitTree

_UNIT = SQLModel.metadata.tables[str(tables.UnitRow.__tablename__)]
_PERSON = SQLModel.metadata.tables[str(tables.PersonRow.__tablename__)]
_ROLE = SQLModel.metadata.tables[str(tables.RoleRow.__tablename__)]


@dataclass(frozen=True)
class Person:
    """A person as letters need one."""

    id: str
    name: str
    email: str | None


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


@dataclass(frozen=True)
class Recipient:
    """Who gets one letter. `id` is `person:<id>` or `unit:<id>`; `as_` are the addressees that this recipient is."""

    id: str
    name: str
    address: str | None
    unit: str | None
    as_: tuple[str, ...]


@dataclass(frozen=True)
class Resolved:
    """What became of the addressees of one notice, in their order."""

    by_addressee: Mapping[str, tuple[Recipient, ...]]

    @property
    def recipients(self) -> tuple[Recipient, ...]:
        """Everybody who gets the notice, each once."""
        found: dict[str, Recipient] = {}
        for recipients in self.by_addressee.values():
            for one in recipients:
                known = found.get(one.id)
                as_ = (*known.as_, *one.as_) if known else one.as_
                found[one.id] = replace(known or one, as_=tuple(dict.fromkeys(as_)))
        return tuple(found.values())

    @property
    def unresolved(self) -> tuple[str, ...]:
        """Addressees that nobody stands behind."""
        return tuple(to for to, recipients in self.by_addressee.items() if not recipients)

    @property
    def shown(self) -> list[str | None]:
        """Recipient ids as previews show them, then `None` if there are addressees that cannot be resolved yet."""
        return [*(one.id for one in self.recipients), *([None] if self.unresolved else [])]


class RecipientBook:
    """The units above one organisation with their people; reads nothing once it is loaded."""

    def __init__(self, tree: UnitTree, persons: Iterable[Person], holdings: Iterable[Holding]) -> None:
        self.tree = tree
        self.persons = {person.id: person for person in persons}
        self._holdings: dict[tuple[str, str], list[Holding]] = {}
        for holding in sorted(holdings, key=lambda one: (one.since, one.person)):
            self._holdings.setdefault((holding.unit, holding.role), []).append(holding)

    @classmethod
    def load(cls, connection: Connection, programme: Programme, to: Iterable[str] = ()) -> RecipientBook:
        """Read what the notices of one programme need; `to`: addressees of the kind `person:<id>`."""
        tree = UnitTree(_units(connection, programme.organisation))
        rows = connection.execute(select(_ROLE).where(_ROLE.c.unit.in_(tree.units))).mappings()
        holdings = [Holding(**row) for row in rows]
        wanted = {holding.person for holding in holdings} | people_of(programme, to)
        query = select(_PERSON.c.id, _PERSON.c.name, _PERSON.c.email).where(_PERSON.c.id.in_(wanted))
        return cls(tree, [Person(*row) for row in connection.execute(query)], holdings)

    def resolve(self, programme: Programme, plan: Plan, step: int | None, to: Sequence[str], day: date) -> Resolved:
        """The recipients behind the addressees on the local day `day`."""
        finder = _Finder(self, programme, plan, step, day)
        return Resolved({addressee: finder.find(addressee) for addressee in to})

    def resolve_for(
        self, programme: Programme, plan: Plan, steps: Iterable[int], to: Sequence[str], day: date
    ) -> Resolved:
        """The recipients of a notice about several steps, or about none: a responsible person of each of them."""
        found: dict[str, tuple[Recipient, ...]] = dict.fromkeys(to, ())
        places: list[int | None] = [*steps]
        for step in places or [None]:
            for addressee, recipients in self.resolve(programme, plan, step, to, day).by_addressee.items():
                found[addressee] = (*found[addressee], *recipients)
        return Resolved(found)

    def holders(self, unit: str, role: str, day: date) -> list[str]:
        """Ids of the persons who hold a role at a unit on the day."""
        found = self._holdings.get((unit, role), ())
        return list(dict.fromkeys(one.person for one in found if one.valid(day)))

    def name(self, recipient: str) -> str | None:
        """The name behind a recipient's id, `None` when it is no longer known."""
        kind, _, key = recipient.partition(":")
        known: Person | Unit | None = self.persons.get(key) if kind == "person" else self.tree.units.get(key)
        return known.name if known else None


@dataclass(frozen=True)
class _Finder:
    book: RecipientBook
    programme: Programme
    plan: Plan
    step: int | None
    day: date

    def find(self, addressee: str) -> tuple[Recipient, ...]:
        organisation = self.programme.organisation
        match addressee:
            case "responsible":
                return self._persons(self._responsible(), organisation, addressee)
            case "curator":
                return self._persons(self._curator(), organisation, addressee)
            case "head":
                return self._persons(self.book.holders(organisation, "head", self.day), organisation, addressee)
            case "municipal_authority" | "operating_centre" | "department":
                return tuple(one for unit in self._supervisors(addressee) for one in self._at(unit, addressee))
            case _ if addressee.startswith("person:"):
                return self._persons([addressee.removeprefix("person:")], organisation, addressee)
            case _:
                raise ValueError(f"unknown addressee {addressee!r}")

    def _responsible(self) -> list[str]:
        if self.step is None:
            return self._curator()
        explicit = self.programme.steps[self.step].responsible
        return [explicit] if explicit else self._in_role(self.plan.roadmap.steps[self.step].role)

    def _curator(self) -> list[str]:
        """The curator, or the navigator who does the same work in a vocational organisation (order 420-р, 8.2)."""
        roles = ("navigator", "curator") if self.programme.sector == "vocational" else ("curator", "navigator")
        for role in roles:
            if person := self.programme.appointed.get(role):
                return [person]
        return next((found for role in roles if (found := self._in_role(role))), [])

    def _in_role(self, role: str) -> list[str]:
        appointed = self.programme.appointed.get(role)
        return [appointed] if appointed else self.book.holders(self.programme.organisation, role, self.day)

    def _supervisors(self, addressee: str) -> Iterator[Unit]:
        tree, organisation = self.book.tree, self.programme.organisation
        if organisation not in tree.units:
            return
        if addressee == "operating_centre":
            yield from tree.centres_of(organisation, self.programme.forms)
            return
        unit = tree.municipality(organisation) if addressee == "municipal_authority" else tree.department(organisation)
        if unit is not None:
            yield unit

    def _at(self, unit: Unit, addressee: str) -> tuple[Recipient, ...]:
        """Who answers for a unit: its officers, else its head, else its own mailbox."""
        for role in (_OFFICER[addressee], "head"):
            if found := self._persons(self.book.holders(unit.id, role, self.day), unit.id, addressee):
                return found
        if unit.email:
            return (Recipient(f"unit:{unit.id}", unit.name, unit.email, unit.id, (addressee,)),)
        return ()

    def _persons(self, ids: Iterable[str], unit: str, addressee: str) -> tuple[Recipient, ...]:
        known = (self.book.persons.get(one) for one in ids)
        return tuple(Recipient(f"person:{one.id}", one.name, one.email, unit, (addressee,)) for one in known if one)


_OFFICER = {
    "municipal_authority": "municipal_coordinator",
    "operating_centre": "methodologist",
    "department": "department_officer",
}


def people_of(programme: Programme, to: Iterable[str] = ()) -> set[str]:
    """Ids of the persons that a programme and its addressees name."""
    named = {one.removeprefix("person:") for one in to if one.startswith("person:")}
    named |= set(programme.appointed.values())
    return named | {step.responsible for step in programme.steps.values() if step.responsible}


def _units(connection: Connection, organisation: str) -> list[Unit]:
    """The organisation, everything above it, and the departments and centres of the region."""
    path = connection.scalar(select(_UNIT.c.path).where(_UNIT.c.id == organisation)) or ""
    line = [*path.split("/"), organisation]
    query = select(_UNIT).where(or_(_UNIT.c.id.in_(line), _UNIT.c.kind.in_(("department", "centre"))))
    return [as_unit(row) for row in connection.execute(query.order_by(_UNIT.c.id))]
