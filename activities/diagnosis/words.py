"""The sentence of a finding: moments in local time, durations, numbers with their nouns."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from string import Formatter
from typing import Any

from babel.dates import format_datetime

from activities.russian import counted, full_date
from domain.diagnosis.finding import Finding
from domain.plan import zone_of

ROOM = 160
"""Characters of an error that a sentence has room for; the evidence has all of it."""


def sentence_of(finding: Finding, zone: str, raw: bool = True) -> str:
    """What is said of a finding, in the local time of `zone`; not `raw`: without errors as a machine words them."""
    sentence = finding.cause.sentence
    return _Words(zone).format(sentence if raw else sentence.replace(_RAW, ""), **finding.told)


_RAW = " ({failure})"
"""An error in a sentence; what a mail server answered about an address comes without the brackets, and is for all."""


class _Words(Formatter):
    """Fills a sentence; three words after a colon are the plural forms of a number."""

    def __init__(self, zone: str) -> None:
        self._zone = zone

    def format_field(self, value: Any, spec: str) -> str:
        if spec:
            return counted(value, *spec.split(","))
        match value:
            case datetime():
                return moment_of(value, self._zone)
            case date():
                return full_date(value)
            case timedelta():
                return f"{'спешат' if value > timedelta(0) else 'отстают'} на {lasting(abs(value))}"
            case None:
                return "неизвестно когда"
            case _:
                return shortened(str(value))


def moment_of(at: datetime, zone: str) -> str:
    """`17 октября 09:00` in local time."""
    return str(format_datetime(at.astimezone(zone_of(zone)), "d MMMM HH:mm", locale="ru"))


def lasting(span: timedelta) -> str:
    """A duration in its largest unit, rounded: `40 секунд`, `12 минут`, `3 часа`, `2 дня`."""
    seconds = span.total_seconds()
    for size, finer, forms in _UNITS:
        if _rounded(seconds, finer) * finer >= size:
            return counted(_rounded(seconds, size), *forms)
    return counted(_rounded(seconds, 1), "секунду", "секунды", "секунд")


def _rounded(seconds: float, size: int) -> int:
    return int(seconds / size + 0.5)


_UNITS = (
    (86_400, 3_600, ("день", "дня", "дней")),
    (3_600, 60, ("час", "часа", "часов")),
    (60, 1, ("минуту", "минуты", "минут")),
)
"""Seconds of a unit, and of the finer one: what that rounds up to a whole unit is told as one."""


def shortened(text: str) -> str:
    """The first line, cut where it is too long for a sentence."""
    line = next(iter(text.strip("\n").splitlines()), "")
    return line if len(line) <= ROOM else f"{line[:ROOM].rstrip()}…"
