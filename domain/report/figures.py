"""Sums, shares and changes over respondents, each with the number of respondents behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.form.shares import percent
from domain.report.cells import Cells
from domain.report.layout import Measure


@dataclass(frozen=True, slots=True)
class Figure:
    """`sums` of the cells over the `received` respondents that gave all of them.

    A share is Σ numerators / Σ denominators, never a mean of shares; a change is counted only over respondents that
    gave both years.
    """

    measure: Measure
    received: int
    sums: tuple[int, ...]

    @property
    def value(self) -> int | Decimal | None:
        """A whole number, for a share percent; `None` when nobody gave it, or at a denominator of 0."""
        if not self.received:
            return None
        if self.measure.kind == "share":
            return percent(*self.sums)
        return self.sums[-1] - self.sums[0] if self.measure.kind == "change" else self.sums[0]


def figure(measure: Measure, rows: Iterable[Cells]) -> Figure:
    """The figure over these respondents."""
    whole = [row for row in rows if _gives(row, measure)]
    sums = tuple(sum(row.given[cell] for row in whole) for cell in measure.cells)
    return Figure(measure=measure, received=len(whole), sums=sums)


def figures(measures: Iterable[Measure], rows: Sequence[Cells]) -> dict[str, Figure]:
    """All of them by key."""
    return {measure.key: figure(measure, rows) for measure in measures}


def _gives(row: Cells, measure: Measure) -> bool:
    return all(cell in row.given for cell in measure.cells)
