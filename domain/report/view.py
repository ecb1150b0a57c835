"""The report as plain JSON: DESIGN's shape, with the coverage of every figure beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from domain.report.figures import Figure
from domain.report.layout import Line
from domain.report.league import Placed
from domain.report.report import Group, Remark, Report, Row


@dataclass(frozen=True)
class About:
    """The campaign that a report belongs to; `years`: the earlier and the later one.

    `whose`: the name of the respondent when the report is about a single one.
    """

    campaign: str
    title: str
    years: tuple[int, int]
    status: str
    deadline_asked: date
    deadline: date
    whose: str = ""

    @property
    def heading(self) -> str:
        """What the report is called."""
        return f"Сводный отчёт: {self.title}" + (f", {self.whose}" if self.whose else "")


def report_view(about: About, report: Report) -> dict[str, Any]:
    """`{campaign, coverage, …the figures…, figures, lines, groups, rows, narratives, …, league, late}`; no clock."""
    return {
        "campaign": about_view(about),
        **group_view(report.region),
        "lines": [line_view(line) for line in report.layout.lines],
        "groups": {kind: group_view(group) for kind, group in report.kinds.items()},
        "rows": [row_view(row) for row in report.rows],
        "narratives": {key: remarks_view(texts) for key, texts in report.narratives.items()},
        "comments": remarks_view(report.comments),
        "corrections": remarks_view(report.corrections),
        "missing": remarks_view(report.missing),
        "league": [placed_view(placed) for placed in report.league],
        "late": report.late,
        "late_raw": report.late_raw,
    }


def about_view(about: About) -> dict[str, Any]:
    """`{id, title, years, status, deadline_asked, deadline}`"""
    return {
        "id": about.campaign,
        "title": about.title,
        "years": list(about.years),
        "status": about.status,
        "deadline_asked": about.deadline_asked.isoformat(),
        "deadline": about.deadline.isoformat(),
    }


def group_view(group: Group) -> dict[str, Any]:
    """The figures where their pointers say; `figures`: by the same pointers, what each is and over how many it goes."""
    beside = {
        key: {"kind": figure.measure.kind, "received": figure.received, "expected": group.expected}
        for key, figure in group.figures.items()
    }
    coverage = {"received": group.received, "accepted": group.accepted, "expected": group.expected}
    return {"coverage": coverage, **nested(group.figures), "figures": beside}


def line_view(line: Line) -> dict[str, Any]:
    """What the figures of a line are about; `note`: how they are to be read."""
    keys = {measure.key: measure.column for measure in line.measures}
    return {"title": line.title, "label": line.label, "unit": line.unit, "note": line.note, "figures": keys}


def row_view(row: Row) -> dict[str, Any]:
    """One respondent with its figures; where they come from: submission, number, revision, event."""
    return {**origin_view(row), "state": row.entry.state, "accepted": row.entry.accepted, **nested(row.figures)}


def origin_view(row: Row) -> dict[str, Any]:
    """Where a figure comes from."""
    entry = row.entry
    return {
        "submission": entry.submission,
        "respondent": entry.respondent,
        "name": entry.name,
        "kind": entry.kind,
        "number": entry.number,
        "revision": entry.revision,
        "event": entry.event,
    }


def placed_view(placed: Placed) -> dict[str, Any]:
    """A line of the league table; completeness in percent."""
    return {
        "place": placed.place,
        "respondent": placed.entry.respondent,
        "name": placed.entry.name,
        "kind": placed.entry.kind,
        "state": placed.entry.state,
        "fields": {"filled": placed.fields, "of": placed.fields_of},
        "artefacts": {"given": placed.artefacts, "of": placed.artefacts_of},
        "completeness": float(placed.completeness),
        "raw": placed.raw,
        "excused": placed.excused,
    }


def remarks_view(texts: Iterable[Remark]) -> list[dict[str, str]]:
    """`[{respondent, name, pointer, text}]`"""
    return [{"respondent": one.respondent, "name": one.name, "pointer": one.cell, "text": one.text} for one in texts]


def nested(figures: Mapping[str, Figure]) -> dict[str, Any]:
    """Figures by pointer as the object that the pointers lead into."""
    whole: dict[str, Any] = {}
    for key, figure in figures.items():
        *way, last = key.split("/")[1:]
        here = whole
        for part in way:
            here = here.setdefault(part, {})
        here[last] = figure_view(figure)
    return whole


def figure_view(figure: Figure) -> Any:
    """A number; a share as `{numerator, denominator, percent}`; `null` where nobody gave one."""
    value = figure.value
    plain = float(value) if isinstance(value, Decimal) else value
    if figure.measure.kind != "share":
        return plain
    given = figure.sums if figure.received else (None, None)
    return {"numerator": given[0], "denominator": given[1], "percent": plain}
