"""The consolidated report as a spreadsheet with live formulas."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import xlsxwriter  # type: ignore[import-untyped]

from activities.documents.model import LONG_AGO, printable
from activities.reports.chart_sheets import PICTURES, TABLES, write_pictures, write_tables
from activities.reports.charts import charts_of
from activities.reports.figure_words import KEPT, KINDS, STATES, cell_words
from activities.reports.respondent_grid import NAME, grid_of, spans_of
from activities.reports.respondent_sheet import write_respondents
from activities.reports.summary_sheet import SUMMARY, write_summary
from activities.reports.workbook import OPTIONS, Column, Formula, Scalar, Sheet, formats_of, lay_out, write_sheet
from domain.report.report import Remark, Report
from domain.report.view import About

_TEXTS = (Column("Что", 34), Column("О чём", 50), Column("Кто", 44), Column("Текст", 110))
_LEAGUE = (
    Column("Место", 8), Column("Наименование", 44), Column("Вид", 24), Column("Состояние формы", 24),
    Column("Заполнено полей", 12), Column("Полей всего", 10), Column("Документов", 12), Column("Документов всего", 12),
    Column("Полнота, %", 12), Column("Сдана", 12), Column("Первый срок", 16), Column("Срок с учётом продления", 18),
)  # fmt: skip
_TIMELY = {"on_time": "в срок", "late": "с опозданием", "open": "не наступил"}


def consolidated_workbook(about: About, report: Report) -> bytes:
    """Sheets: summary, respondents, indicators with charts, pictures, texts, timeliness."""
    file = BytesIO()
    grid, spans, charts = grid_of(report.layout), spans_of(report), charts_of(report)
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        book.set_properties({"title": printable(about.title), "created": LONG_AGO.replace(tzinfo=None)})
        formats = formats_of(book)
        summary, respondents, tables, pictures = (
            book.add_worksheet(name) for name in (SUMMARY, NAME, TABLES, PICTURES)
        )
        for sheet in (summary, respondents, tables, pictures):
            lay_out(sheet)
        rows = write_summary(summary, about, report, grid, spans, formats)
        write_respondents(respondents, report, grid, spans, formats)
        write_tables(book, tables, charts, rows, formats)
        write_pictures(pictures, charts)
        lists = (
            Sheet("Описания", _TEXTS, list(_texts(report))),
            Sheet("Сроки", _LEAGUE, list(_league(report, about.status))),
        )
        for one in lists:
            write_sheet(book.add_worksheet(one.name), one, formats)
    return file.getvalue()


def _texts(report: Report) -> Iterator[tuple[Scalar, ...]]:
    for texts in report.narratives.values():
        yield from _lines(report, "Описание мероприятий", texts)
    yield from _lines(report, "Пояснение", report.comments)
    yield from _lines(report, "Исправление прошлого года", report.corrections)
    yield from _lines(report, "Нет данных", report.missing)


def _lines(report: Report, what: str, texts: tuple[Remark, ...]) -> Iterator[tuple[Scalar, ...]]:
    return ((what, cell_words(report.layout, one.cell), one.name, one.text) for one in texts)


def _league(report: Report, status: str) -> Iterator[tuple[Scalar, ...]]:
    timely = _TIMELY | ({} if status == "open" else {"open": "не сдано"})
    for line, placed in enumerate(report.league, start=2):
        share = Formula(f"=ROUND(1000*(E{line}+G{line})/(F{line}+H{line}),0)/10", float(placed.completeness))
        entry = placed.entry
        yield (
            placed.place,
            entry.name,
            KINDS[entry.kind],
            STATES[entry.state],
            placed.fields,
            placed.fields_of,
            placed.artefacts,
            placed.artefacts_of,
            share,
            entry.submitted_on,
            timely[placed.raw],
            KEPT[placed.kept],
        )
