"""Organisations with their people from a table; every error of the file is found in one go."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

from activities.import_columns import SECTORS, TITLES, Columns, find_columns
from activities.slugs import plain
from activities.table_file import TableRow, UnreadableFile, read_tables
from domain.units import Sector
from domain.value import Identifier, Value

_IDENTIFIER: TypeAdapter[str] = TypeAdapter(Identifier)
_EMAIL = re.compile(r"[^\s@<>(),;:\"\[\]\\]{1,64}@[\w-]+(\.[\w-]+)+")


class RowProblem(Value):
    """What is wrong, with `row` and `column` as the reader of the file sees them; `None` means the whole file."""

    row: int | None = None
    column: str | None = None
    detail: str


class ImportedPerson(Value):
    """Somebody the table names: the head, and the curator (in a vocational organisation the navigator)."""

    role: Literal["head", "curator", "navigator"]
    name: str
    email: str | None = None


class ImportedOrganisation(Value):
    """One row. `municipality` and `founder` are as written, name or id; `id` is `None` where none was given."""

    row: int
    id: str | None
    name: str
    sector: Sector
    municipality: str | None
    founder: str | None
    zone: str | None
    email: str | None
    persons: tuple[ImportedPerson, ...]


class ImportSheet(Value):
    """What was read. With `errors` nothing may be applied; `ignored` are the headings of columns not used."""

    rows: tuple[ImportedOrganisation, ...] = ()
    errors: tuple[RowProblem, ...] = ()
    ignored: tuple[str, ...] = ()


def read_organisations(path: Path) -> ImportSheet:
    """Read an XLSX or CSV file; never raises for what is in it."""
    try:
        tables = read_tables(path)
    except UnreadableFile as problem:
        return ImportSheet(errors=(RowProblem(detail=str(problem)),))
    for table in tables:
        columns = find_columns(table)
        if columns is not None:
            return _sheet(columns, [row for row in table if row.number > columns.row])
    wanted = ", ".join(f"«{TITLES[field]}»" for field in ("name", "sector", "municipality"))
    return ImportSheet(errors=(RowProblem(detail=f"Не найдена строка заголовков со столбцами {wanted}."),))


def _sheet(columns: Columns, rows: Iterable[TableRow]) -> ImportSheet:
    errors = [RowProblem(row=columns.row, column=column, detail=detail) for column, detail in columns.problems]
    organisations: list[ImportedOrganisation] = []
    if not errors:
        for row in rows:
            reader = _RowReader(columns, row)
            organisation = reader.organisation()
            errors += reader.errors
            if organisation is not None:
                organisations.append(organisation)
        if not organisations and not errors:
            errors.append(RowProblem(row=columns.row, detail="Под заголовками нет ни одной строки."))
    return ImportSheet(rows=tuple(organisations), errors=tuple(errors), ignored=columns.ignored)


class _RowReader:
    """Reads one row and gathers everything that is wrong with it."""

    def __init__(self, columns: Columns, row: TableRow) -> None:
        self._columns, self._row = columns, row
        self.errors: list[RowProblem] = []

    def organisation(self) -> ImportedOrganisation | None:
        sector = self._sector()
        found = {
            "id": self._id(),
            "name": self._required("name", 500),
            "municipality": self._text("municipality"),
            "founder": self._text("founder"),
            "zone": self._zone(),
            "email": self._email("email"),
        }
        persons = [self._person("head", "head"), self._person("curator", _curator(sector))]
        if not found["municipality"] and not found["founder"]:
            self._wrong("municipality", "Укажите муниципалитет, а для областной организации — учредителя.")
        if self.errors:
            return None
        return ImportedOrganisation.model_validate(
            {"row": self._row.number, "sector": sector, "persons": tuple(filter(None, persons)), **found}
        )

    def _text(self, field: str) -> str | None:
        return self._columns.cell(self._row, field) or None

    def _wrong(self, field: str, detail: str) -> None:
        self.errors.append(RowProblem(row=self._row.number, column=self._columns.heading(field), detail=detail))

    def _required(self, field: str, longest: int) -> str | None:
        text = self._text(field)
        if text is None:
            self._wrong(field, "Ячейка пуста, а значение обязательно.")
        elif len(text) > longest:
            self._wrong(field, f"Текст длиннее {longest} знаков.")
        return text

    def _id(self) -> str | None:
        text = self._text("id")
        if text is not None:
            try:
                _IDENTIFIER.validate_python(text)
            except ValidationError:
                rule = "от 1 до 64 строчных латинских букв, цифр и знаков «.», «_», «-», первой — буква или цифра"
                self._wrong("id", f"«{text}» — не идентификатор: нужно {rule}.")
        return text

    def _sector(self) -> Sector | None:
        text = self._required("sector", 200)
        sector = SECTORS.get(plain(text or ""))
        if text and sector is None:
            self._wrong(
                "sector",
                f"Вид «{text}» неизвестен, можно: общеобразовательная, дополнительное образование, профессиональная.",
            )
        return sector

    def _zone(self) -> str | None:
        text = self._text("zone")
        if text is not None:
            try:
                ZoneInfo(text)
            except (KeyError, ValueError, OSError):
                self._wrong("zone", f"Часовой пояс «{text}» неизвестен: нужно название вида Asia/Tomsk.")
        return text

    def _email(self, field: str) -> str | None:
        text = self._text(field)
        if text is not None and (len(text) > 254 or not _EMAIL.fullmatch(text)):
            self._wrong(field, f"«{text}» — не адрес электронной почты.")
        return text

    def _person(self, prefix: str, role: str) -> ImportedPerson | None:
        name, email = self._text(f"{prefix}_name"), self._email(f"{prefix}_email")
        if name is None:
            if email is not None:
                self._wrong(f"{prefix}_name", "Адрес указан, а фамилия, имя и отчество — нет.")
            return None
        if len(name) > 200:
            self._wrong(f"{prefix}_name", "Текст длиннее 200 знаков.")
        return ImportedPerson.model_validate({"role": role, "name": name, "email": email})


def _curator(sector: Sector | None) -> str:
    return "navigator" if sector == "vocational" else "curator"
