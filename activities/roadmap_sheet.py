"""The year's roadmap of one organisation as a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO

import xlsxwriter  # type: ignore[import-untyped]

from domain.plan import Plan
from domain.programme.state import Programme

MEDIA_TYPE = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
COLUMNS = (("№", 6), ("Мероприятие", 80), ("Этап", 40), ("Срок", 14), ("Ответственный", 34))

Row = tuple[int, str, str, date, str]


def roadmap_sheet(programme: Programme, plan: Plan, responsible: Callable[[int], str]) -> bytes:
    """An XLSX with a line for every deadline; `responsible` gives the names behind a step's number."""
    file = BytesIO()
    # Titles and names are data: one that begins with "=" must not become a formula.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet("Дорожная карта")
        head = book.add_format({"bold": True, "bottom": 1, "valign": "top"})
        text = book.add_format({"text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "dd.mm.yyyy", "valign": "top", "align": "left"})
        for column, (title, width) in enumerate(COLUMNS):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, title, head)
        for line, (number, title, phase, due, name) in enumerate(_rows(programme, plan, responsible), start=1):
            sheet.write_number(line, 0, number, text)
            sheet.write_string(line, 1, title, text)
            sheet.write_string(line, 2, phase, text)
            sheet.write_datetime(line, 3, due, day)
            sheet.write_string(line, 4, name, text)
        sheet.freeze_panes(1, 0)
    return file.getvalue()


def _rows(programme: Programme, plan: Plan, responsible: Callable[[int], str]) -> Iterator[Row]:
    for phase in plan.roadmap.phases:
        for step in phase.steps:
            for occurrence in programme.steps[step.number].occurrences:
                place = f"{phase.label}. {phase.title}"
                yield step.number, step.title, place, occurrence.due, responsible(step.number)
