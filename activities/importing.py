"""Bringing organisations and their people from a table into the directory: all of it or nothing."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, select
from sqlmodel import SQLModel

from activities import audit, tables
from activities.directory import folded, load_tree, put_unit
from activities.import_check import PlacedOrganisation, check, placed
from activities.import_file import ImportedPerson, ImportSheet, RowProblem
from activities.people import Person, end_role, give_role, people_of, put_person
from activities.tables import PersonRow
from domain.plan import local_day
from domain.refusal import Refusal
from domain.units import Role, Unit, UnitTree

_PERSON = SQLModel.metadata.tables[str(tables.PersonRow.__tablename__)]


@dataclass
class Counts:
    """What became of the rows of one table."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0

    def add(self, created: bool, changed: bool) -> None:
        """Count one row."""
        self.created += created
        self.changed += changed and not created
        self.unchanged += not (created or changed)


@dataclass
class ImportResult:
    """What an import did, or (`dry_run`) would do. With `errors` it did nothing."""

    dry_run: bool
    errors: list[RowProblem] = field(default_factory=list)
    units: Counts = field(default_factory=Counts)
    persons: Counts = field(default_factory=Counts)
    roles: Counts = field(default_factory=Counts)


def apply(connection: Connection, sheet: ImportSheet, by: str, at: datetime, dry_run: bool = True) -> ImportResult:
    """Apply a table inside of the caller's transaction; a dry run takes the same way and leaves nothing behind.

    The person named for a role holds it from the day of `at`; whoever held it there before stops the day before.
    An empty cell changes nothing.
    """
    audit.one_at_a_time(connection)
    tree = load_tree(connection)
    result = ImportResult(dry_run, [*sheet.errors, *check(sheet, tree)])
    if result.errors:
        return result
    with connection.begin_nested() as trial:
        importer = _Importer(connection, tree, result, by, at)
        for organisation in placed(sheet, tree):
            importer.put(organisation)
        if dry_run or result.errors:
            trial.rollback()
    return result


@dataclass(frozen=True)
class _Importer:
    connection: Connection
    tree: UnitTree
    result: ImportResult
    by: str
    at: datetime

    def put(self, organisation: PlacedOrganisation) -> None:
        known = self.tree.units.get(organisation.unit.id)
        unit = _completed(organisation.unit, known)
        answer = put_unit(self.connection, unit, self.by, self.at, tree=self.tree)
        if isinstance(answer, Refusal):  # `check` has looked at everything that a table can get wrong
            detail = f"Организация не принята ({answer.code})."
            self.result.errors.append(RowProblem(row=organisation.row, detail=detail))
            return
        self.result.units.add(created=answer[1], changed=unit != known)
        today = local_day(self.at, unit.zone or self.tree.zone(unit.parent or unit.id))
        for person in organisation.persons:
            self._put_person(unit.id, person, today)

    def _put_person(self, unit: str, imported: ImportedPerson, today: date) -> None:
        holders = [one for one in people_of(self.connection, unit, today) if one.role.role == imported.role]
        known = self._known(imported, (one.person for one in holders))
        person = _person(imported, known)
        answer = put_person(self.connection, person, self.by, self.at)
        assert not isinstance(answer, Refusal), "the addresses of the table have been checked"
        changed = known is not None and answer[0].version != known.version
        self.result.persons.add(created=known is None, changed=changed)
        self._hand_over(unit, imported.role, person.id, [one.person.id for one in holders], today)

    def _known(self, imported: ImportedPerson, holders: Iterable[PersonRow]) -> PersonRow | None:
        """The same person: who holds the role under that name or address, else whoever has both of them."""
        for person in holders:
            if folded(person.name) == folded(imported.name) or (imported.email and person.email == imported.email):
                return person
        if imported.email is None:
            return None
        rows = self.connection.execute(select(_PERSON).where(_PERSON.c.email == imported.email)).mappings()
        return next((PersonRow(**row) for row in rows if folded(row["name"]) == folded(imported.name)), None)

    def _hand_over(self, unit: str, role: Role, person: str, holders: list[str], today: date) -> None:
        others = [one for one in holders if one != person]
        for other in others:
            end_role(self.connection, other, role, unit, today - timedelta(days=1), self.by, self.at)
        given = False
        if person not in holders:
            answer = give_role(self.connection, person, role, unit, today, self.by, self.at)
            given = not isinstance(answer, Refusal)  # refused when it has been given for a later day already
        self.result.roles.add(created=given and not others, changed=bool(others))


def _completed(unit: Unit, known: Unit | None) -> Unit:
    if known is None:
        return unit
    kept = {name: getattr(known, name) for name in ("zone", "email") if getattr(unit, name) is None}
    return unit.model_copy(update=kept | {"operates": known.operates})


def _person(imported: ImportedPerson, known: PersonRow | None) -> Person:
    if known is None:
        return Person(id=f"p-{secrets.token_hex(6)}", name=imported.name, email=imported.email)
    email = imported.email or known.email
    return Person(id=known.id, name=imported.name, post=known.post, email=email, phone=known.phone)
