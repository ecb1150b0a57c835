"""Who gets a notice: addressees of the ladder turned into persons and units, on the day of sending."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection, or_, select
from sqlmodel import SQLModel

from activities import tables
from activities.directory import as_unit
from activities.staff import Person, Staff, StoodFor
from domain.ladder import Recipient as Addressee
from domain.plan import Plan
from domain.programme.state import Programme
from domain.units import Role, Sector, Unit, UnitTree

_UNIT = SQLModel.metadata.tables[str(tables.UnitRow.__tablename__)]


@dataclass(frozen=True)
class Recipient:
    """Who gets one letter. `id` is `person:<id>` or `unit:<id>`; `as_` are the addressees that this recipient is.

    `instead_of`: whom they stand in for. `vacant`: addressees of a rung below behind whom nobody stands.
    """

    id: str
    name: str
    address: str | None
    unit: str | None
    as_: tuple[str, ...]
    instead_of: tuple[StoodFor, ...] = ()
    vacant: tuple[str, ...] = ()


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
                found[one.id] = merged(known, one) if known else one
        return tuple(found.values())

    @property
    def unresolved(self) -> tuple[str, ...]:
        """Addressees that nobody stands behind."""
        return tuple(to for to, recipients in self.by_addressee.items() if not recipients)


def merged(one: Recipient, other: Recipient) -> Recipient:
    """The same recipient, addressed in both ways."""
    return replace(
        one,
        as_=tuple(dict.fromkeys((*one.as_, *other.as_))),
        instead_of=tuple(dict.fromkeys((*one.instead_of, *other.instead_of))),
        vacant=tuple(dict.fromkeys((*one.vacant, *other.vacant))),
    )


class RecipientBook:
    """The units above one organisation with their people; reads nothing once it is loaded."""

    def __init__(self, tree: UnitTree, staff: Staff) -> None:
        self.tree, self.staff = tree, staff

    @classmethod
    def load(cls, connection: Connection, programme: Programme, to: Iterable[str] = ()) -> RecipientBook:
        """Read what the notices of one programme need; `to`: addressees of the kind `person:<id>`."""
        return cls.around(connection, programme.organisation, people_of(programme, to))

    @classmethod
    def around(cls, connection: Connection, unit: str, persons: Iterable[str] = ()) -> RecipientBook:
        """Read what the notices to and about one unit need; `persons`: ids of those who are named beside its staff."""
        return cls.around_all(connection, (unit,), persons)

    @classmethod
    def around_all(cls, connection: Connection, units: Collection[str], persons: Iterable[str] = ()) -> RecipientBook:
        """The same for many units at once."""
        tree = UnitTree(_units(connection, units))
        return cls(tree, Staff.load(connection, tree.units, persons))

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

    def responsible(self, programme: Programme, plan: Plan, step: int, day: date) -> list[Person]:
        """The persons who answer for a step, whoever stands in for them on the day."""
        ids = _Finder(self, programme, plan, step, day).responsible()
        return [person for one in ids if (person := self.staff.persons.get(one))]

    def answering(self, unit: Unit, addressee: str, day: date) -> tuple[Recipient, ...]:
        """Who answers for a unit: its officers, else its head, else its own mailbox."""
        for role in (OFFICER[addressee], "head"):
            if found := self.persons(self.staff.holders(unit.id, role, day), unit.id, addressee, day):
                return found
        if unit.email:
            return (Recipient(f"unit:{unit.id}", unit.name, unit.email, unit.id, (addressee,)),)
        return ()

    def persons(self, ids: Iterable[str], unit: str, addressee: str, day: date) -> tuple[Recipient, ...]:
        """The persons, or who stands in for them on the day."""
        known = [found for one in ids if (found := self.staff.acting(one, day))]
        return tuple(
            Recipient(f"person:{one.id}", one.name, one.email, unit, (addressee,), instead_of)
            for one, instead_of in known
        )

    def name(self, recipient: str) -> str | None:
        """The name behind a recipient's id, `None` when it is no longer known."""
        kind, _, key = recipient.partition(":")
        known: Person | Unit | None = self.staff.persons.get(key) if kind == "person" else self.tree.units.get(key)
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
                return self._persons(self.responsible(), organisation, addressee)
            case "curator":
                return self._persons(self._curator(), organisation, addressee)
            case "head":
                return self._persons(self.book.staff.holders(organisation, "head", self.day), organisation, addressee)
            case "municipal_authority" | "operating_centre" | "department":
                units = self._supervisors(addressee)
                return tuple(one for unit in units for one in self.book.answering(unit, addressee, self.day))
            case _ if addressee.startswith("person:"):
                return self._persons([addressee.removeprefix("person:")], organisation, addressee)
            case _:
                raise ValueError(f"unknown addressee {addressee!r}")

    def responsible(self) -> list[str]:
        """Ids of the persons who answer for the step."""
        if self.step is None:
            return self._curator()
        explicit = self.programme.steps[self.step].responsible
        return [explicit] if explicit else self._in_role(self.plan.roadmap.steps[self.step].role)

    def _curator(self) -> list[str]:
        """The curator, the navigator who does the same work in a vocational organisation (order 420-р, 8.2), or the
        coordinator of a municipality that runs its own roadmap (6.1).
        """
        roles = CURATORS[self.programme.sector]
        for role in roles:
            if person := self.programme.appointed.get(role):
                return [person]
        return next((found for role in roles if (found := self._in_role(role))), [])

    def _in_role(self, role: str) -> list[str]:
        appointed = self.programme.appointed.get(role)
        return [appointed] if appointed else self.book.staff.holders(self.programme.organisation, role, self.day)

    def _supervisors(self, addressee: Addressee) -> list[Unit]:
        organisation = self.programme.organisation
        known = organisation in self.book.tree.units
        return self.book.tree.supervisors(addressee, organisation, self.programme.forms) if known else []

    def _persons(self, ids: Iterable[str], unit: str, addressee: str) -> tuple[Recipient, ...]:
        return self.book.persons(ids, unit, addressee, self.day)


CURATORS: Mapping[Sector | None, tuple[str, ...]] = {
    "general": ("curator", "navigator"),
    "additional": ("curator", "navigator"),
    "vocational": ("navigator", "curator"),
    None: ("curator", "municipal_coordinator"),
}
"""By sector, the roles of whoever runs a programme, the first that is held; without a sector that of a municipality."""
OFFICER: Mapping[str, Role] = {
    "municipal_authority": "municipal_coordinator",
    "operating_centre": "methodologist",
    "department": "department_officer",
    "mentoring_centre": "methodologist",
    "working_group": "department_officer",
    "authority_head": "head",
}


def people_of(programme: Programme, to: Iterable[str] = ()) -> set[str]:
    """Ids of the persons that a programme and its addressees name."""
    named = {one.removeprefix("person:") for one in to if one.startswith("person:")}
    named |= set(programme.appointed.values())
    return named | {step.responsible for step in programme.steps.values() if step.responsible}


def _units(connection: Connection, units: Collection[str]) -> list[Unit]:
    """The units, everything above them, and the departments and centres of the region."""
    paths = connection.scalars(select(_UNIT.c.path).where(_UNIT.c.id.in_(units)))
    line = {*units, *(one for path in paths for one in path.split("/"))}
    query = select(_UNIT).where(or_(_UNIT.c.id.in_(line), _UNIT.c.kind.in_(("department", "centre"))))
    return [as_unit(row) for row in connection.execute(query.order_by(_UNIT.c.id))]
