"""Charts of a report: what they show, and as pictures."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

import typst

from activities.documents.model import printable
from activities.reports.figure_words import coverage_words, value_words
from domain.report.figures import Figure
from domain.report.layout import Line, Section
from domain.report.report import Report

_DRAWING = (Path(__file__).parent / "charts.typ").read_bytes()
_RESOLUTION = 144


@dataclass(frozen=True)
class Chart:
    """A bar for each figure: a group for each line, a colour for each of the columns.

    `expected`: respondents that could have given each figure; a bar says how many did.
    """

    title: str
    columns: tuple[str, ...]
    groups: tuple[tuple[str, tuple[Figure, ...]], ...]
    expected: int

    @property
    def words(self) -> str:
        """The chart for those who cannot see it."""
        told = (
            f"{label}: " + ", ".join(f"{one.measure.column} {self.told(one)}" for one in figures)
            for label, figures in self.groups
        )
        return f"{self.title}: " + "; ".join(told)

    def told(self, figure: Figure) -> str:
        """What stands behind a bar: «7 898, охват 14 из 21»."""
        return f"{value_words(figure)}, охват {coverage_words(figure, self.expected)}"


def charts_of(report: Report) -> list[Chart]:
    """A chart for each run of lines with one unit; changes and answers are left to the tables."""
    return [chart for section in report.layout.sections for chart in _of_section(report, section)]


def picture(chart: Chart) -> bytes:
    """The chart as PNG; the same chart gives the same bytes."""
    made = typst.compile(
        _DRAWING,
        format="png",
        ppi=_RESOLUTION,
        ignore_system_fonts=True,
        sys_inputs={"chart": json.dumps(_drawn(chart), ensure_ascii=False)},
    )
    if not isinstance(made, bytes):
        raise TypeError(f"ожидалась одна картинка, а получено {type(made).__name__}")
    return made


def _of_section(report: Report, section: Section) -> Iterator[Chart]:
    for _, run in groupby(section.lines, key=_look):
        lines = list(run)
        columns = _columns(lines[0])
        if len(section.lines) > 1 and columns:
            shown = tuple((line.label, _shown(report, line)) for line in lines)
            unit = f" ({lines[0].unit})" if lines[0].unit else ""
            yield Chart(f"{section.title}{unit}", columns, shown, report.region.expected)


def _look(line: Line) -> tuple[str, tuple[str, ...]]:
    return line.unit, _columns(line)


def _columns(line: Line) -> tuple[str, ...]:
    return tuple(one.column for one in line.measures if one.kind in ("sum", "share"))


def _shown(report: Report, line: Line) -> tuple[Figure, ...]:
    return tuple(report.region.figures[one.key] for one in line.measures if one.kind in ("sum", "share"))


def _drawn(chart: Chart) -> dict[str, Any]:
    values = [Decimal(one.value or 0) for _, figures in chart.groups for one in figures]
    longest = max((abs(value) for value in values), default=Decimal(0)) or Decimal(1)
    groups = [
        {"label": printable(label), "parts": [_bar(chart, one, longest) for one in figures]}
        for label, figures in chart.groups
    ]
    return {
        "title": printable(chart.title),
        "series": [printable(column) for column in chart.columns],
        "groups": groups,
    }


def _bar(chart: Chart, figure: Figure, longest: Decimal) -> dict[str, Any]:
    length = None if figure.value is None else float(abs(Decimal(figure.value)) / longest)
    return {"length": length, "words": chart.told(figure)}
