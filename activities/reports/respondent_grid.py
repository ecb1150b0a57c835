"""Where the figures of a consolidated report stand on the sheet of respondents, as formulas refer to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from xlsxwriter.utility import xl_rowcol_to_cell  # type: ignore[import-untyped]

from activities.reports.figure_words import KINDS, NO_DATA, NOT_APPLICABLE
from domain.report.entry import RespondentKind
from domain.report.layout import Layout, Line, Measure
from domain.report.report import Report

NAME = "По муниципалитетам"
FIRST_COLUMN = 5
FIRST_ROW = 5

Part = Literal["cell", "numerator", "denominator", "computed"]


@dataclass(frozen=True)
class GridColumn:
    """A column: entered figures of `cell`, or what is computed from them for `measure`."""

    number: int
    title: str
    line: Line
    measure: Measure
    part: Part
    cell: str = ""


@dataclass(frozen=True)
class Span:
    """The rows of one kind of respondents, or of all; `total` and `count`: the rows of their sum and coverage."""

    title: str
    first: int
    last: int
    total: int
    count: int

    @property
    def size(self) -> int:
        """How many respondents it has."""
        return self.last - self.first + 1

    def over(self, column: int) -> str:
        """The cells of a column, as a formula names them."""
        return f"{xl_rowcol_to_cell(self.first, column)}:{xl_rowcol_to_cell(self.last, column)}"


@dataclass(frozen=True)
class Grid:
    """The columns, and by cell of the form where its figures stand."""

    columns: tuple[GridColumn, ...]
    places: Mapping[str, int]


def grid_of(layout: Layout) -> Grid:
    """Every figure that is entered, once, and beside it what is computed from it."""
    found: list[GridColumn] = []
    places: dict[str, int] = {}
    for line in layout.lines:
        for measure in line.measures:
            for title, part, cell in _parts(measure):
                if cell not in places:
                    places |= {cell: FIRST_COLUMN + len(found)} if cell else {}
                    found.append(GridColumn(FIRST_COLUMN + len(found), title, line, measure, part, cell))
    return Grid(tuple(found), places)


def spans_of(report: Report) -> dict[RespondentKind | None, Span]:
    """The rows of municipalities, of state organisations and, under `None`, of all."""
    sizes = {kind: group.expected for kind, group in report.kinds.items()}
    below = FIRST_ROW + sum(sizes.values()) + 1
    spans: dict[RespondentKind | None, Span] = {}
    first = FIRST_ROW
    for place, (kind, size) in enumerate(sizes.items()):
        spans[kind] = Span(KINDS[kind], first, first + size - 1, below + place, below + 4 + place)
        first += size
    spans[None] = Span("Всего", FIRST_ROW, first - 1, below + 2, below + 6)
    return spans


def row_formula(grid: Grid, column: GridColumn, row: int) -> str:
    """What is computed in the row of a respondent, or in that of a sum."""
    first, second = (xl_rowcol_to_cell(row, grid.places[cell]) for cell in column.measure.cells)
    if column.measure.kind == "change":
        return f'=IF(COUNT({first},{second})=2,{second}-{first},"{NO_DATA}")'
    return f'=IF(COUNT({first},{second})=2,{_percent(first, second)},"{NO_DATA}")'


def total_formula(grid: Grid, column: GridColumn, span: Span) -> str:
    """The figure over a span: Σ numerators / Σ denominators, a change only over who gave both years."""
    own = span.over(column.number)
    if column.part == "computed" and column.measure.kind == "share":
        return row_formula(grid, column, span.total)
    if column.part in ("numerator", "denominator"):
        other = span.over(_other(grid, column))
        return f'=IF({_both(own, other)}=0,"{NO_DATA}",SUMIF({other},">=0",{own}))'
    return f'=IF(COUNT({own})=0,"{NO_DATA}",SUM({own}))'


def count_formula(grid: Grid, column: GridColumn, span: Span) -> str:
    """Over how many respondents of a span the figure goes."""
    if column.measure.kind == "share":
        return "=" + _both(*(span.over(grid.places[cell]) for cell in column.measure.cells))
    return f"=COUNT({span.over(column.number)})"


def value_column(grid: Grid, measure: Measure) -> GridColumn:
    """The column that holds the value of a figure."""
    if measure.kind in ("sum", "yes"):
        return next(one for one in grid.columns if one.cell == measure.cells[0])
    return next(one for one in grid.columns if one.measure == measure and one.part == "computed")


def share_columns(grid: Grid, measure: Measure) -> tuple[int, int]:
    """The columns of numerator and denominator."""
    numerator, denominator = measure.cells
    return grid.places[numerator], grid.places[denominator]


def elsewhere(row: int, column: int) -> str:
    """A formula on another sheet that shows a cell of this one."""
    return f"='{NAME}'!{xl_rowcol_to_cell(row, column)}"


def _parts(measure: Measure) -> Iterator[tuple[str, Part, str]]:
    match measure.kind:
        case "sum" | "yes":
            yield measure.column, "cell", measure.cells[0]
        case "share":
            yield f"{measure.column}: числитель", "numerator", measure.cells[0]
            yield f"{measure.column}: знаменатель", "denominator", measure.cells[1]
            yield f"{measure.column}, %", "computed", ""
        case "change":
            yield measure.column, "computed", ""


def _other(grid: Grid, column: GridColumn) -> int:
    numerator, denominator = share_columns(grid, column.measure)
    return denominator if column.part == "numerator" else numerator


def _both(first: str, second: str) -> str:
    return f'COUNTIFS({first},">=0",{second},">=0")'


def _percent(numerator: str, denominator: str) -> str:
    """Half up to 0.1: the division comes before the rounding, so that a half stays one in floating point."""
    return f'IF({denominator}=0,"{NOT_APPLICABLE}",ROUND(1000*{numerator}/{denominator},0)/10)'
