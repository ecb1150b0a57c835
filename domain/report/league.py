"""The league table: how complete each respondent's submission is, and whether it was in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from domain.form.shares import percent
from domain.programme.timeliness import Timely
from domain.report.cells import filled
from domain.report.entry import Entry
from domain.report.layout import Layout
from domain.report.names import by_name

Kept = Literal["on_time", "excused", "open", "late"]
"""How the deadline was kept: the first one, only the extended one, not yet due, not at all."""

_BEST_FIRST: tuple[Kept, ...] = ("on_time", "excused", "open", "late")


@dataclass(frozen=True, slots=True)
class Placed:
    """A line of the league table. Equals share a place: 1, 2, 2, 4."""

    place: int
    entry: Entry
    fields: int
    fields_of: int
    artefacts: int
    artefacts_of: int
    completeness: Decimal
    kept: Kept

    @property
    def raw(self) -> Timely:
        """Against the first deadline."""
        return self.entry.raw

    @property
    def excused(self) -> Timely:
        """Against the deadline as it was extended."""
        return self.entry.excused


def league(layout: Layout, entries: Sequence[Entry]) -> tuple[Placed, ...]:
    """The most complete first; among equals who was in time, then by name."""
    lines = sorted((_line(layout, entry) for entry in entries), key=lambda one: (*_rank(one), by_name(one.entry.name)))
    first: dict[tuple[Decimal, int], int] = {}
    for place, line in enumerate(lines, start=1):
        first.setdefault(_rank(line), place)
    return tuple(replace(line, place=first[_rank(line)]) for line in lines)


def _line(layout: Layout, entry: Entry) -> Placed:
    entered = sum(filled(layout, entry.form, cell) for cell in layout.required) if entry.received else 0
    sent = len(entry.artefacts)
    whole = len(layout.required) + entry.artefacts_of
    return Placed(
        place=0,
        entry=entry,
        fields=entered,
        fields_of=len(layout.required),
        artefacts=sent,
        artefacts_of=entry.artefacts_of,
        completeness=percent(entered + sent, whole) or Decimal("0.0"),
        kept=_kept(entry),
    )


def _kept(entry: Entry) -> Kept:
    if entry.raw == "late" and entry.excused == "on_time":
        return "excused"
    return entry.excused


def _rank(line: Placed) -> tuple[Decimal, int]:
    return -line.completeness, _BEST_FIRST.index(line.kept)
