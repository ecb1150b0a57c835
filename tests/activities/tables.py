"""Tables of organisations, as people save them."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter  # type: ignore[import-untyped]

from activities.definition_store import MemoryDefinitions
from activities.definitions import BUILT_IN, Library
from activities.import_check import check
from activities.import_file import ImportSheet
from domain.units import UnitTree

HEADER = ["Идентификатор", "Наименование", "Вид", "Муниципалитет", "Учредитель", "E-mail"]
SCHOOL = ["school-5", "МБОУ «СОШ № 5»", "общеобразовательная", "Асиновский район", "", "school5@example.org"]
COLLEGE = ["college-1", "ОГБПОУ «Техникум»", "профессиональная", "", "Департамент профессионального образования", ""]
REGION = Library([BUILT_IN], MemoryDefinitions()).units()
TREE = UnitTree(REGION)

Rows = Sequence[Sequence[object]]


def xlsx(folder: Path, rows: Rows, before: Iterable[str] = ()) -> Path:
    path = folder / "organisations.xlsx"
    book = xlsxwriter.Workbook(str(path))
    for name in before:
        book.add_worksheet(name)
    sheet = book.add_worksheet("Организации")
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return path


def csv(folder: Path, rows: Rows, delimiter: str = ";", encoding: str = "utf-8-sig") -> Path:
    path = folder / "organisations.csv"
    quoted = [delimiter.join('"' + str(cell).replace('"', '""') + '"' for cell in row) for row in rows]
    path.write_bytes("\r\n".join(quoted).encode(encoding))
    return path


def problems(sheet: ImportSheet, tree: UnitTree | None = None) -> list[tuple[int | None, str | None, str]]:
    found = [*sheet.errors, *(check(sheet, tree) if tree else [])]
    return [(each.row, each.column, each.detail) for each in found]


def only_problem(sheet: ImportSheet, tree: UnitTree | None = None) -> tuple[int | None, str | None, str]:
    (problem,) = problems(sheet, tree)
    return problem
