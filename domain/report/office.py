"""The report for those who read the region's figures: sums and municipalities, no single organisations, no words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from domain.report.entry import Entry
from domain.report.report import Remark, Report


def unnamed(entries: Iterable[Entry]) -> list[Entry]:
    """The same figures, state organisations by number only."""
    found, number = [], 0
    for entry in sorted(entries, key=lambda one: one.respondent):
        if entry.kind == "state":
            number += 1
            name, key = f"Государственная организация {number:03}", f"state-{number}"
            entry = replace(entry, name=name, respondent=key, submission=key)
        found.append(entry)
    return found


def without_words(report: Report) -> Report:
    """The same report without what people wrote, in which there may be names."""
    nothing: dict[str, tuple[Remark, ...]] = dict.fromkeys(report.narratives, ())
    return replace(report, narratives=nothing, comments=(), corrections=(), missing=())
