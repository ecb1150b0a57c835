"""The consolidated report for other programs: a line for each figure of each respondent and group, and JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import orjson

from activities.documents.model import printable
from activities.reports.figure_words import KINDS
from domain.report.figures import Figure
from domain.report.layout import Layout
from domain.report.report import Report
from domain.report.view import About, report_view

_HEAD = (
    "campaign", "scope", "unit", "name", "figure", "title", "column", "unit_of_measure",
    "value", "numerator", "denominator", "received", "expected", "submission", "revision", "event", "note",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")

Line = tuple[str | int | Decimal | None, ...]


def consolidated_json(about: About, report: Report) -> bytes:
    """The report as JSON; the same state gives the same bytes."""
    return as_json(report_view(about, report))


def as_json(view: Any) -> bytes:
    """Sorted keys, no spaces."""
    return orjson.dumps(view, option=orjson.OPT_SORT_KEYS)


def consolidated_csv(about: About, report: Report) -> bytes:
    """Semicolons, UTF-8 with its mark, a comma in decimals: what Excel of a Russian region opens at once.

    A text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow(_HEAD)
    for line in _lines(about, report):
        writer.writerow([_plain(value) for value in line])
    return written.getvalue().encode("utf-8-sig")


def _lines(about: About, report: Report) -> Iterator[Line]:
    layout = report.layout
    groups = (("region", "", "Всего", report.region),)
    kinds = tuple((kind, "", KINDS[kind], group) for kind, group in report.kinds.items())
    for scope, unit, name, group in (*groups, *kinds):
        whose = (about.campaign, scope, unit, name)
        yield from _figures(layout, whose, group.figures, group.expected, (None, None, None))
    for row in report.rows:
        entry = row.entry
        whose = (about.campaign, "respondent", entry.respondent, entry.name)
        source = (entry.submission, entry.revision, entry.event) if entry.accepted else (entry.submission, None, None)
        yield from _figures(layout, whose, row.figures, 1, source)


def _figures(
    layout: Layout, whose: Iterable[str], figures: Mapping[str, Figure], expected: int, source: Line
) -> Iterator[Line]:
    for line in layout.lines:
        for measure in line.measures:
            figure = figures[measure.key]
            share = measure.kind == "share" and figure.received
            parts = figure.sums if share else (None, None)
            about = (measure.key, line.label, measure.column, line.unit)
            yield (*whose, *about, figure.value, *parts, figure.received, expected, *source, line.note)


def _plain(value: str | int | Decimal | None) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        return str(value).replace(".", ",")
    text = printable(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
