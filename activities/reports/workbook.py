"""Spreadsheets of reports: texts stay texts whatever they begin with, the same content gives the same bytes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from typing import Any, Literal

import xlsxwriter  # type: ignore[import-untyped]

from activities.documents.model import LONG_AGO, printable

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

HEAD_HEIGHT = 45
"""Points: room for three lines, which not every program makes by itself."""

MOST_TEXT = 32_000
"""Characters of one cell; Excel has room for 32,767."""

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@dataclass(frozen=True, slots=True)
class Formula:
    """A live formula, with its value for readers that do not compute."""

    text: str
    value: float | str | None


Look = Literal["intro", "head", "text", "day", "total", "percent", "yes"]
Scalar = str | int | float | date | Formula | None


@dataclass(frozen=True, slots=True)
class Column:
    """`width` in characters."""

    title: str
    width: float = 14


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table under some lines of introduction. `totals`: titles of the columns that are summed up below it."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Scalar]]
    intro: Sequence[str] = ()
    totals: Sequence[str] = field(default=())


def workbook(sheets: Sequence[Sheet], title: str, made_at: datetime = LONG_AGO) -> bytes:
    """The sheets as one XLSX file."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        book.set_properties({"title": printable(title), "created": made_at.replace(tzinfo=None)})
        formats = formats_of(book)
        for sheet in sheets:
            write_sheet(book.add_worksheet(sheet.name), sheet, formats)
    return file.getvalue()


def formats_of(book: Any) -> Mapping[Look, Any]:
    """How the cells of a book look."""
    cell = {"text_wrap": True, "valign": "top", "border": 1}
    return {
        "intro": book.add_format({"bold": True}),
        "head": book.add_format({**cell, "bold": True, "bg_color": "#E8EEF7"}),
        "text": book.add_format(cell),
        "day": book.add_format({**cell, "num_format": "dd.mm.yyyy", "align": "left"}),
        "yes": book.add_format({**cell, "num_format": '"да";;"нет"'}),
        "percent": book.add_format({**cell, "num_format": "0.0"}),
        "total": book.add_format({**cell, "bold": True}),
    }


def write_sheet(made: Any, sheet: Sheet, formats: Mapping[Look, Any]) -> None:
    """Fill an empty sheet."""
    lay_out(made)
    for line, text in enumerate(sheet.intro):
        made.write_string(line, 0, printable(text), formats["intro"])
    head = len(sheet.intro) + 1 if sheet.intro else 0
    for number, column in enumerate(sheet.columns):
        made.set_column(number, number, column.width)
        made.write_string(head, number, column.title, formats["head"])
    for line, row in enumerate(sheet.rows, start=head + 1):
        for number, value in enumerate(row):
            put(made, line, number, value, formats)
    last = head + len(sheet.rows)
    made.repeat_rows(head)
    made.set_row(head, HEAD_HEIGHT)
    made.freeze_panes(head + 1, 0)
    made.autofilter(head, 0, max(last, head), len(sheet.columns) - 1)
    if sheet.totals and sheet.rows:
        _sum_up(made, sheet, head + 1, last, formats)


def lay_out(made: Any) -> None:
    """Print on A4 across, all columns on one page."""
    made.set_landscape()
    made.set_paper(9)  # A4
    made.fit_to_pages(1, 0)


def put(
    made: Any,
    line: int,
    column: int,
    value: Scalar,
    formats: Mapping[Look, Any],
    kind: Look = "text",
) -> None:
    """Write one cell; a text is never a formula, a link or a number."""
    match value:
        case None:
            made.write_blank(line, column, None, formats[kind])
        case Formula():
            made.write_formula(line, column, value.text, formats[kind], value.value)
        case str():
            made.write_string(line, column, _fitting(printable(value)), formats[kind])
        case date():
            made.write_datetime(line, column, value, formats["day"])
        case _:
            made.write_number(line, column, value, formats[kind])


def height(text: str, width: float) -> float:
    """The height of a row whose text wraps in a column of `width` characters; not every program finds it itself."""
    return 15.0 * sum(max(1, math.ceil(1.1 * len(line) / width)) for line in text.split("\n"))


def _sum_up(made: Any, sheet: Sheet, first: int, last: int, formats: Mapping[Look, Any]) -> None:
    titles = [column.title for column in sheet.columns]
    for number, title in enumerate(titles):
        total: Scalar = "Всего" if number == 0 else None
        if title in sheet.totals:
            letter = xlsxwriter.utility.xl_col_to_name(number)
            values = [row[number] for row in sheet.rows]
            known = sum(value for value in values if isinstance(value, int | float))
            total = Formula(f"=SUM({letter}{first + 1}:{letter}{last + 1})", known)
        put(made, last + 1, number, total, formats, "total")


def _fitting(text: str) -> str:
    return text if len(text) <= MOST_TEXT else f"{text[:MOST_TEXT]}…"
