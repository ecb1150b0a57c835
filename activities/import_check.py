"""Where the organisations of a table belong in the region, and why some of them cannot."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import NamedTuple

from activities.import_columns import TITLES
from activities.import_file import ImportedOrganisation, ImportedPerson, ImportSheet, RowProblem
from activities.slugs import derived_id, plain
from domain.units import Unit, UnitTree

_GENERIC = frozenset({"город", "г", "гор", "зато", "район", "р", "н", "рн", "мо", "го", "мр", "администрация"}) | {
    "муниципальный",
    "муниципальное",
    "образование",
    "городской",
    "округ",
}


class PlacedOrganisation(NamedTuple):
    """A row as it will be applied."""

    row: int
    unit: Unit
    persons: tuple[ImportedPerson, ...]


def check(sheet: ImportSheet, tree: UnitTree) -> list[RowProblem]:
    """Everything that keeps the rows out of the region's tree: unknown places, duplicates, the wrong sector."""
    return _Placing(sheet, tree).problems


def placed(sheet: ImportSheet, tree: UnitTree) -> list[PlacedOrganisation]:
    """The rows as units with parent and id, in the order of the file. Raises ValueError while anything is wrong."""
    placing = _Placing(sheet, tree)
    if sheet.errors or placing.problems:
        raise ValueError("a table with errors is not applied")
    return placing.organisations


class _Placing:
    def __init__(self, sheet: ImportSheet, tree: UnitTree) -> None:
        self._tree = tree
        self._rows_of: dict[str, int] = {}
        self._names: dict[tuple[str | None, str], int] = {}
        self._known = {(unit.parent, plain(unit.name)): unit.id for unit in tree.of_kind("organisation")}
        self.problems: list[RowProblem] = []
        self.organisations: list[PlacedOrganisation] = []
        for row in sheet.rows:
            self._place(row)

    def _place(self, row: ImportedOrganisation) -> None:
        before = len(self.problems)
        parent = self._parent(row)
        if parent is None:
            return
        unit = Unit(
            id=row.id or self._known.get((parent.id, plain(row.name))) or derived_id(row.name, parent.id),
            kind="organisation",
            name=row.name,
            parent=parent.id,
            sector=row.sector,
            zone=row.zone,
            email=row.email,
        )
        self._refuse_duplicates(row, unit)
        if len(self.problems) == before:
            self.organisations.append(PlacedOrganisation(row.row, unit, row.persons))

    def _parent(self, row: ImportedOrganisation) -> Unit | None:
        municipality = self._found(row, "municipality", row.municipality, self._tree.of_kind("municipality"))
        if row.founder is None:
            return municipality
        department = self._found(row, "founder", row.founder, self._tree.of_kind("department"))
        if department and (department.sector == "vocational") != (row.sector == "vocational"):
            self._wrong(
                row, "founder", f"{department.name} не ведёт организации такого вида: проверьте вид и учредителя."
            )
            return None
        if row.municipality and not municipality:
            return None
        return department

    def _found(self, row: ImportedOrganisation, field: str, text: str | None, units: list[Unit]) -> Unit | None:
        if text is None:
            return None
        unit = _match(text, units)
        if unit is None:
            near = difflib.get_close_matches(_bare(text), [_bare(each.name) for each in units], n=1)
            hint = next((f" Может быть, «{each.name}»?" for each in units if near and _bare(each.name) == near[0]), "")
            what = "Муниципалитета" if field == "municipality" else "Департамента-учредителя"
            self._wrong(row, field, f"{what} «{text}» нет в списке.{hint}")
        return unit

    def _refuse_duplicates(self, row: ImportedOrganisation, unit: Unit) -> None:
        name = (unit.parent, plain(unit.name))
        standing = self._tree.units.get(unit.id)
        if standing is not None and standing.kind != "organisation":
            self._wrong(row, "id", f"Идентификатор «{unit.id}» уже занят: {standing.name}.")
        elif self._known.get(name, unit.id) != unit.id:
            self._wrong(row, "id", f"Такая организация уже есть под идентификатором «{self._known[name]}».")
        elif unit.id in self._rows_of:
            self._wrong(
                row, "id" if row.id else "name", f"Повторяет строку {self._rows_of[unit.id]}: тот же идентификатор."
            )
        elif name in self._names:
            self._wrong(row, "name", f"Повторяет строку {self._names[name]}: то же наименование там же.")
        self._rows_of.setdefault(unit.id, row.row)
        self._names.setdefault(name, row.row)

    def _wrong(self, row: ImportedOrganisation, field: str, detail: str) -> None:
        self.problems.append(RowProblem(row=row.row, column=TITLES[field], detail=detail))


def _match(text: str, units: Iterable[Unit]) -> Unit | None:
    """By id, by name however its kind is written («г. Томск», «Томский р-н»), or by the beginning of a long name."""
    bare = _bare(text)
    units = list(units)
    exact = [unit for unit in units if text.lower() == unit.id or (bare and bare == _bare(unit.name))]
    begun = [unit for unit in units if len(bare) >= 15 and _bare(unit.name).startswith(bare)]
    found = exact or begun
    return found[0] if len(found) == 1 else None


def _bare(text: str) -> str:
    return " ".join(word for word in plain(text).split() if word not in _GENERIC)
