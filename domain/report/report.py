"""The consolidated report: figures of the region and of its two kinds of respondents, rows, texts, league table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.report.cells import Cells, cells_of, text_at
from domain.report.entry import Entry, RespondentKind
from domain.report.figures import Figure, figures
from domain.report.layout import Layout, Told
from domain.report.league import Placed, league
from domain.report.names import by_name

KINDS: tuple[RespondentKind, ...] = ("municipality", "state")


@dataclass(frozen=True, slots=True)
class Row:
    """One respondent: whose submission, whether it counts, and its own figures."""

    entry: Entry
    cells: Cells
    figures: dict[str, Figure]


@dataclass(frozen=True, slots=True)
class Remark:
    """A text of one respondent: a narrative, a comment, the reason of a correction or of a missing figure."""

    respondent: str
    name: str
    cell: str
    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """The respondents of one kind, or all of them."""

    expected: int
    received: int
    accepted: int
    figures: dict[str, Figure]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that the report says; only accepted forms count. Rows: municipalities first, then by name."""

    layout: Layout
    region: Group
    kinds: dict[RespondentKind, Group]
    rows: tuple[Row, ...]
    narratives: Mapping[str, tuple[Remark, ...]]
    comments: tuple[Remark, ...]
    corrections: tuple[Remark, ...]
    missing: tuple[Remark, ...]
    league: tuple[Placed, ...]

    @property
    def late(self) -> list[str]:
        """Respondents that missed the deadline that was valid for them, extensions counted."""
        return [row.entry.respondent for row in self.rows if row.entry.excused == "late"]

    @property
    def late_raw(self) -> list[str]:
        """Respondents that missed the first deadline, excused or not."""
        return [row.entry.respondent for row in self.rows if row.entry.raw == "late"]


def compile_report(layout: Layout, entries: Iterable[Entry]) -> Report:
    """The report over all respondents of a campaign, those that sent nothing included."""
    rows = tuple(_row(layout, entry) for entry in sorted(entries, key=_place))
    counted = [row for row in rows if row.entry.accepted]
    return Report(
        layout=layout,
        region=_group(layout, rows),
        kinds={kind: _group(layout, [row for row in rows if row.entry.kind == kind]) for kind in KINDS},
        rows=rows,
        narratives={told.key: _texts([told], counted) for told in layout.narratives},
        comments=_texts(layout.comments, counted),
        corrections=_texts(layout.corrections, counted),
        missing=tuple(_missing(counted)),
        league=league(layout, [row.entry for row in rows]),
    )


def sources(report: Report, key: str) -> list[tuple[Row, Figure]] | None:
    """The rows that a figure of the region is made of, with what each of them adds; `None`: no such figure."""
    if key not in report.region.figures:
        return None
    return [(row, row.figures[key]) for row in report.rows if row.figures[key].received]


def _place(entry: Entry) -> tuple[int, str, str]:
    return KINDS.index(entry.kind), by_name(entry.name), entry.respondent


def _row(layout: Layout, entry: Entry) -> Row:
    cells = cells_of(layout, entry.form) if entry.accepted else Cells(given={}, missing={})
    return Row(entry=entry, cells=cells, figures=figures(layout.measures, [cells]))


def _group(layout: Layout, rows: Sequence[Row]) -> Group:
    counted = [row.cells for row in rows if row.entry.accepted]
    return Group(
        expected=len(rows),
        received=sum(row.entry.received for row in rows),
        accepted=len(counted),
        figures=figures(layout.measures, counted),
    )


def _texts(places: Iterable[Told], rows: Sequence[Row]) -> tuple[Remark, ...]:
    found = ((row, told, text_at(row.entry.form, told.cell)) for told in places for row in rows)
    return tuple(_remark(row, told.cell, text) for row, told, text in found if text)


def _missing(rows: Sequence[Row]) -> Iterable[Remark]:
    return (_remark(row, cell, reason) for row in rows for cell, reason in row.cells.missing.items())


def _remark(row: Row, cell: str, text: str) -> Remark:
    return Remark(respondent=row.entry.respondent, name=row.entry.name, cell=cell, text=text)
