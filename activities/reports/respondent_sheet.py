"""The sheet of respondents: what each of them gave, and the sums as live formulas."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from activities.reports.figure_words import KINDS, NO_DATA, NOT_APPLICABLE
from activities.reports.respondent_grid import (
    FIRST_COLUMN,
    FIRST_ROW,
    Grid,
    GridColumn,
    Span,
    count_formula,
    row_formula,
    total_formula,
)
from activities.reports.workbook import Formula, Look, Scalar, put
from domain.report.entry import RespondentKind
from domain.report.figures import Figure
from domain.report.report import Group, Report, Row

Spans = Mapping[RespondentKind | None, Span]
_HEAD = (("№", 6), ("Наименование", 44), ("Вид", 20), ("Форма учтена", 12), ("Источник", 40))


def write_respondents(made: Any, report: Report, grid: Grid, spans: Spans, formats: Mapping[Look, Any]) -> None:
    """A row for each respondent; below it sums and coverage of both kinds and of all."""
    made.write_string(0, 0, "Сведения муниципалитетов и государственных организаций", formats["intro"])
    made.write_string(1, 0, "Учтены только принятые формы; суммы и доли считаются формулами", formats["intro"])
    _write_head(made, grid, formats)
    for number, row in enumerate(report.rows):
        _write_row(made, FIRST_ROW + number, number + 1, row, grid, formats)
    for kind, span in spans.items():
        group = report.region if kind is None else report.kinds[kind]
        _write_sums(made, span, group, grid, formats)
    made.freeze_panes(FIRST_ROW, 2)


def formula_value(figure: Figure) -> float | str:
    """What a formula comes to."""
    if figure.value is None:
        return NOT_APPLICABLE if figure.received else NO_DATA
    return float(figure.value)


def _write_head(made: Any, grid: Grid, formats: Mapping[Look, Any]) -> None:
    for column, (title, width) in enumerate(_HEAD):
        made.set_column(column, column, width)
        made.write_string(FIRST_ROW - 2, column, "", formats["head"])
        made.write_string(FIRST_ROW - 1, column, title, formats["head"])
    for line, run in groupby(grid.columns, key=lambda one: one.line):
        columns = list(run)
        for one in columns:
            put(made, FIRST_ROW - 1, one.number, one.title, formats, "head")
        put(made, FIRST_ROW - 2, columns[0].number, line.label, formats, "head")
        if len(columns) > 1:
            made.merge_range(FIRST_ROW - 2, columns[0].number, FIRST_ROW - 2, columns[-1].number, "", formats["head"])
            put(made, FIRST_ROW - 2, columns[0].number, line.label, formats, "head")
    made.set_row(FIRST_ROW - 2, 75)
    made.set_column(FIRST_COLUMN, FIRST_COLUMN + len(grid.columns), 13)


def _write_row(made: Any, line: int, number: int, row: Row, grid: Grid, formats: Mapping[Look, Any]) -> None:
    entry = row.entry
    source = f"{entry.submission}, редакция {entry.revision}, событие {entry.event}" if entry.accepted else None
    known = (number, entry.name, KINDS[entry.kind], "да" if entry.accepted else "нет", source)
    for place, value in enumerate(known):
        put(made, line, place, value, formats)
    for column in grid.columns:
        put(made, line, column.number, _value(row, column, grid, line), formats, _look(column))


def _look(column: GridColumn) -> Look:
    if column.measure.kind == "yes":
        return "yes"
    return "percent" if column.part == "computed" and column.measure.kind == "share" else "text"


def _value(row: Row, column: GridColumn, grid: Grid, line: int) -> Scalar:
    if not row.entry.accepted:
        return None
    if column.part == "computed":
        return Formula(row_formula(grid, column, line), formula_value(row.figures[column.measure.key]))
    return row.cells.given.get(column.cell, NO_DATA)


def _write_sums(made: Any, span: Span, group: Group, grid: Grid, formats: Mapping[Look, Any]) -> None:
    put(made, span.total, 1, span.title, formats, "total")
    put(made, span.count, 1, f"{span.title}: дали сведения", formats, "total")
    put(made, span.count, 2, f"из {span.size}", formats, "total")
    for column in grid.columns:
        figure = group.figures[column.measure.key]
        if not span.size:
            put(made, span.total, column.number, NO_DATA, formats, "total")
            put(made, span.count, column.number, 0, formats, "total")
            continue
        total, count = total_formula(grid, column, span), count_formula(grid, column, span)
        put(made, span.total, column.number, Formula(total, _sum(figure, column)), formats, "total")
        put(made, span.count, column.number, Formula(count, figure.received), formats, "total")


def _sum(figure: Figure, column: GridColumn) -> float | str:
    if column.part in ("cell", "computed"):
        return formula_value(figure)
    return figure.sums[0 if column.part == "numerator" else 1] if figure.received else NO_DATA
