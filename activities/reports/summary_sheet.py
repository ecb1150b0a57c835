"""The first sheet of the consolidated report: every figure of the region with its coverage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from activities.reports.figure_words import NO_DATA
from activities.reports.respondent_grid import (
    NAME,
    Grid,
    Span,
    elsewhere,
    share_columns,
    value_column,
)
from activities.reports.respondent_sheet import Spans, formula_value
from activities.reports.workbook import Formula, Look, Scalar, height, put
from domain.report.entry import RespondentKind
from domain.report.layout import Line, Measure
from domain.report.report import Group, Report
from domain.report.view import About

SUMMARY = "Сводный отчёт"
VALUE = 3
"""The column of the region's figures."""

_ORDER: tuple[RespondentKind | None, ...] = (None, "municipality", "state")
_HEAD = (
    ("Показатель", 60), ("Графа", 34), ("Ед.", 8),
    ("Всего", 14), ("Дали сведения", 12), ("Ожидалось", 12),
    ("Муниципалитеты", 16), ("Дали сведения", 12), ("Ожидалось", 12),
    ("Государственные организации", 18), ("Дали сведения", 12), ("Ожидалось", 12),
    ("Числитель", 12), ("Знаменатель", 13), ("Примечание", 60),
)  # fmt: skip
_FIRST = 7


def write_summary(
    made: Any, about: About, report: Report, grid: Grid, spans: Spans, formats: Mapping[Look, Any]
) -> dict[str, int]:
    """A row for each figure; where each of them stands, by key."""
    _write_intro(made, about, report, spans, formats)
    rows: dict[str, int] = {}
    row = _FIRST
    for section in report.layout.sections:
        put(made, row, 0, section.title, formats, "total")
        row += 1
        for line in section.lines:
            for measure in line.measures:
                values = _values(report, line, measure, grid, spans)
                for column, value in enumerate(values):
                    percent = measure.kind == "share" and column in (VALUE, VALUE + 3, VALUE + 6)
                    put(made, row, column, value, formats, "percent" if percent else "text")
                made.set_row(row, height(str(values[0]), _HEAD[0][1]))
                rows[measure.key] = row
                row += 1
    made.freeze_panes(_FIRST, 1)
    return rows


def _write_intro(made: Any, about: About, report: Report, spans: Spans, formats: Mapping[Look, Any]) -> None:
    put(made, 0, 0, about.heading, formats, "intro")
    made.write_string(1, 0, "Учтены только принятые формы. Доля — отношение суммы числителей к сумме знаменателей.")
    made.write_string(2, 0, "Изменение — только по тем, кто дал сведения за оба года.")
    counted = f"=COUNTIF('{NAME}'!{spans[None].over(3)},\"да\")" if report.rows else "=0"
    group = report.region
    told: tuple[tuple[str, Scalar], ...] = (
        ("Ожидалось форм", group.expected),
        ("Получено", group.received),
        ("Принято и учтено", Formula(counted, group.accepted)),
    )
    for place, (words, value) in enumerate(told):
        put(made, 3 + place, 0, words, formats)
        put(made, 3 + place, 1, value, formats)
    for column, (title, width) in enumerate(_HEAD):
        made.set_column(column, column, width)
        made.write_string(_FIRST - 1, column, title, formats["head"])
    made.set_row(_FIRST - 1, 30)


def _values(report: Report, line: Line, measure: Measure, grid: Grid, spans: Spans) -> list[Scalar]:
    found: list[Scalar] = [line.called, measure.column, line.unit]
    for kind in _ORDER:
        group = report.region if kind is None else report.kinds[kind]
        found += _figure(group, measure, grid, spans[kind])
    return [*found, *_parts(report.region, measure, grid, spans[None]), line.note]


def _figure(group: Group, measure: Measure, grid: Grid, span: Span) -> Iterable[Scalar]:
    figure, column = group.figures[measure.key], value_column(grid, measure).number
    yield Formula(elsewhere(span.total, column), formula_value(figure))
    yield Formula(elsewhere(span.count, column), figure.received)
    yield group.expected


def _parts(group: Group, measure: Measure, grid: Grid, span: Span) -> Iterable[Scalar]:
    if measure.kind != "share":
        return (None, None)
    figure = group.figures[measure.key]
    sums: tuple[int | str, ...] = figure.sums if figure.received else (NO_DATA, NO_DATA)
    columns = share_columns(grid, measure)
    return [Formula(elsewhere(span.total, column), one) for column, one in zip(columns, sums, strict=True)]
