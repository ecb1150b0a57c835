"""Notices as a table for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from activities.letter_words import NOTICES
from domain.plan import zone_of

HEAD = ("Когда", "Что", "Шаг", "Кому", "Тема")
NOBODY = "пока некому"


def table(notices: Sequence[dict[str, Any]], zone: str = "Asia/Tomsk") -> str:
    """One line for each notice of `notices_sent` or `agenda_view`, then how many there are; times of `zone`."""
    rows = [HEAD, *(_row(notice, zone) for notice in notices)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([*lines, "", f"Всего: {len(notices)}."])


def _row(notice: dict[str, Any], zone: str) -> tuple[str, ...]:
    at = notice["at"].astimezone(zone_of(zone))
    kind, to = NOTICES[notice["kind"]], notice["to"] or NOBODY
    return f"{at:%d.%m.%Y %H:%M}", kind, str(notice["step"]), to.partition(":")[2] or to, notice["subject"]
