"""Reminding somebody now, out of turn: politely, and not again within hours."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.refusal import Refusal

PAUSE_HOURS = 4
"""So long one reminder is left to work before another may follow, unless somebody insists."""


def too_soon(reminded_at: datetime | None, at: datetime, insisting: bool) -> Refusal | None:
    """Why nobody is reminded again yet."""
    if insisting or reminded_at is None or at >= reminded_at + timedelta(hours=PAUSE_HOURS):
        return None
    return Refusal(code="reminded_lately", facts={"hours": PAUSE_HOURS}, pointer="/insisting")
