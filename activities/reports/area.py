"""The report on the execution of roadmaps in a municipality or the region, as document and spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from activities.documents.model import Block, Document, Heading, Paragraph, Table
from activities.reports.execution import COLUMNS, ORDER, STATUSES, made_at, step_rows, totals_words
from activities.reports.execution_words import done_words, due_words, reason_words
from activities.reports.workbook import Column, Scalar, Sheet, workbook
from activities.russian import full_date, school_year

TITLE = "Отчёт об исполнении «дорожных карт» по реализации целевой модели наставничества"
PARTIAL = "Отчёт охватывает только те программы, которые доступны составителю."
COUNTS = {
    "steps": "Мероприятий",
    "done": "Выполнено",
    "late": "из них с опозданием",
    "skipped": "Не проводилось",
    "open": "В работе",
    "overdue": "Просрочено",
    "moved": "Срок перенесён",
}
_FIGURES = tuple(Column(title, 13) for title in COUNTS.values())
FIGURE_WIDTHS = (23.5, 20.0, 20.5, 22.0, 13.5, 21.0, 18.0)
"""Millimetres of the counts on a page: the longest word of each head, which is not broken. Names get the rest, 113."""

View = Mapping[str, Any]
Details = Sequence[View]
"""The steps of each programme, see `read_details`."""


def area_document(report: View, details: Details = ()) -> Document:
    """Sums and steps; with `details` also what is out of line in each programme."""
    return Document(
        title=f"{TITLE}: {report['unit']['name']}",
        blocks=tuple(_blocks(report, details)),
        footer=f"{report['unit']['name']}, {school_year(report['year'])} учебный год",
        landscape=True,
        made_at=made_at(report),
    )


def area_workbook(report: View, details: Details) -> bytes:
    """Sums by unit, by organisation, by step, and every step of every programme."""
    intro = tuple(head_lines(report, TITLE, "6.4"))
    totals = tuple(COUNTS.values())
    places = (Column("Организация", 40), Column("Муниципальное образование", 26))
    columns = (*places, Column("Программа", 12), Column("Просрочены мероприятия", 24), *_FIGURES)
    units = (Column("Территория, организация", 50), Column("Программ", 12), *_FIGURES)
    sheets = [
        Sheet("Сводка", units, list(_unit_rows(report)), intro, ("Программ", *totals)),
        Sheet("По мероприятиям", (Column("№", 6), Column("Мероприятие", 80), Column("Дорожная карта", 40), *_FIGURES),
              list(_step_rows(report))),
        Sheet("По организациям", columns, list(_organisation_rows(report)), totals=totals),
        Sheet("Все мероприятия", (*places, *COLUMNS), list(_detail_rows(report, details))),
    ]  # fmt: skip
    return workbook(sheets, TITLE, made_at(report))


def head_lines(report: View, title: str, point: str) -> Iterator[str]:
    """The first lines of a report of a unit: what it is, whose, when, and by which point of the order."""
    yield title
    yield report["unit"]["name"]
    yield f"{school_year(report['year'])} учебный год; по состоянию на {full_date(report['as_of'])}"
    yield f"Основание: {ORDER}, подпункт {point}"
    if not report["complete"]:
        yield PARTIAL


def figures(counts: View) -> tuple[int, ...]:
    """The counts in the order of their columns."""
    return tuple(counts[name] for name in COUNTS)


def _blocks(report: View, details: Details) -> Iterator[Block]:
    title, *lines = head_lines(report, TITLE, "6.4")
    yield Heading(title)
    for line in lines:
        yield Paragraph(line)
    yield Paragraph(f"Программ наставничества: {report['programmes']}. {totals_words(report['counts'])}")
    if report["units"]:
        yield Heading("По территориям и организациям", 2)
        yield _table(("Территория, организация", "Программ"), (95, 18), _unit_rows(report))
    for title, rows in groupby(_step_rows(report), key=lambda row: str(row[2])):
        yield Heading(f"По мероприятиям. {title}", 2)
        yield _table(("№", "Мероприятие"), (8, 105), ((number, name, *rest) for number, name, _, *rest in rows))
    if report["organisations"]:
        yield Heading("По организациям", 2)
        heads = ("Организация", "Муниципальное образование", "Программа", "Просрочены мероприятия")
        yield _table(heads, (39, 27, 24.5, 22.5), _organisation_rows(report))
    if any(_odd(one) for one in details):
        yield Heading("Отступления от сроков и причины", 2)
        yield Table((22, 5, 28, 16, 16, 28), tuple(_odd_rows(report, details)), small=True)
    yield Paragraph("")
    yield Paragraph("Руководитель _______________ / ____________________________ /")


def _table(heads: tuple[str, ...], widths: tuple[float, ...], rows: Iterator[tuple[Scalar, ...]]) -> Table:
    cells = [tuple("" if cell is None else str(cell) for cell in row) for row in rows]
    return Table((*widths, *FIGURE_WIDTHS), ((*heads, *COUNTS.values()), *cells), small=True)


def _unit_rows(report: View) -> Iterator[tuple[Scalar, ...]]:
    for one in report["units"]:
        yield one["name"], one["programmes"], *figures(one["counts"])


def _step_rows(report: View) -> Iterator[tuple[Scalar, ...]]:
    for one in report["steps"]:
        yield one["number"], one["title"], one["roadmap"]["title"], *figures(one["counts"])


def _organisation_rows(report: View) -> Iterator[tuple[Scalar, ...]]:
    for one in report["organisations"]:
        overdue = ", ".join(map(str, one["overdue"]))
        yield one["name"], one["municipality"], STATUSES[one["status"]], overdue, *figures(one["counts"])


def _detail_rows(report: View, details: Details) -> Iterator[tuple[Scalar, ...]]:
    ended = _ended(report)
    for one in details:
        for row in step_rows(one["steps"], one["programme"] in ended):
            yield one["name"], one["municipality"], *row


def _odd_rows(report: View, details: Details) -> Iterator[tuple[str, ...]]:
    yield "Организация", "№", "Мероприятие", "Срок", "Исполнение", "Причины, приказы"
    ended = _ended(report)
    for one in details:
        for step in _odd(one):
            done = done_words(step, one["programme"] in ended)
            yield one["name"], str(step["number"]), step["title"], due_words(step), done, reason_words(step)


def _odd(one: View) -> list[View]:
    """The steps that are late, left out, moved or taken back."""
    return [step for step in one["steps"] if step["late"] or step["skipped"] or step["returned"] or _moved(step)]


def _moved(step: View) -> bool:
    return any(deadline["moves"] for deadline in step["deadlines"])


def _ended(report: View) -> set[str]:
    return {one["programme"] for one in report["organisations"] if one["status"] == "closed"}
