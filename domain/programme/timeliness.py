"""Timeliness of deadlines: raw against the first date, excused against the last one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal

from domain.plan import local_day
from domain.programme.state import Occurrence, Programme
from domain.value import Value

Timely = Literal["on_time", "late", "open"]
"""`open`: not done, and its date has not passed."""


class Timeliness(Value):
    """One deadline, or a step with all of its deadlines."""

    raw: Timely
    excused: Timely


class Tally(Value):
    """How many deadlines stand how."""

    on_time: int = 0
    late: int = 0
    open: int = 0

    @property
    def rate(self) -> float | None:
        """Percent in time of those whose date has come, to one decimal; `None` when none has."""
        settled = self.on_time + self.late
        return round(100 * self.on_time / settled, 1) if settled else None


def timely(limit: date, done: date | None, today: date) -> Timely:
    """How a deadline of the inclusive local day `limit` stands; `done`: the local day on which it was met."""
    if done is None:
        return "late" if today > limit else "open"
    return "on_time" if done <= limit else "late"


def timeliness(first_due: date, due: date, done: date | None, today: date) -> Timeliness:
    """Raw: who was given more time is late all the same; excused: only who missed the last date is."""
    return Timeliness(raw=timely(first_due, done, today), excused=timely(due, done, today))


def of_occurrence(programme: Programme, occurrence: Occurrence, today: date) -> Timeliness:
    """One deadline of a programme on the local day `today`."""
    done = local_day(occurrence.done_at, programme.zone) if occurrence.done_at else None
    return timeliness(occurrence.first_due, occurrence.due, done, today)


def of_programme(programme: Programme, today: date) -> Iterator[Timeliness]:
    """Every deadline of the year; steps that were left out owe nothing."""
    for step in programme.steps.values():
        if step.status != "skipped":
            yield from (of_occurrence(programme, one, today) for one in step.occurrences)


def of_step(deadlines: Iterable[Timeliness]) -> Timeliness:
    """A step is as late as its latest deadline, and open while one is."""
    found = list(deadlines)
    return Timeliness(raw=_worst([one.raw for one in found]), excused=_worst([one.excused for one in found]))


def tally(found: Iterable[Timely]) -> Tally:
    """Count them."""
    every = list(found)
    return Tally(on_time=every.count("on_time"), late=every.count("late"), open=every.count("open"))


def _worst(found: list[Timely]) -> Timely:
    order: tuple[Timely, ...] = ("late", "open")
    return next((one for one in order if one in found), "on_time")
