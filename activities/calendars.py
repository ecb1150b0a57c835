"""Russia's working days from the `holidays` library, with a region's own changes on top."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import Annotated, Self

import holidays
from pydantic import Field, model_validator

from domain.calendar import CalendarYear
from domain.value import Value

LAST_DECREED_YEAR = 2027
"""Last year whose decree on transferred days the library carries; after it the library silently has none."""

_NEW_YEAR = frozenset((1, day) for day in range(1, 9))
_OTHER_HOLIDAYS = frozenset({(2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4)})


class Transfer(Value):
    """A day off moved by a decree: «с субботы 20 февраля на понедельник 22 февраля»."""

    moved_from: Annotated[date, Field(alias="from")]
    moved_to: Annotated[date, Field(alias="to")]

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.moved_from.weekday() < 5:
            raise ValueError(f"{self.moved_from:%d.%m.%Y} — не суббота и не воскресенье: переносить с него нечего")
        if self.moved_to.weekday() >= 5:
            raise ValueError(f"{self.moved_to:%d.%m.%Y} и так выходной: перенести на него нечего")
        return self


class CalendarChanges(Value):
    """What a region says about one year: the transfers of a decree that has come out, and days off of its own."""

    year: int = Field(ge=2000, le=2200)
    source: str = ""
    transfers: tuple[Transfer, ...] = ()
    days_off: tuple[date, ...] = ()

    @model_validator(mode="after")
    def _sound(self) -> Self:
        days = [*self.days_off, *(day for move in self.transfers for day in (move.moved_from, move.moved_to))]
        for day in days:
            if day.year != self.year:
                raise ValueError(f"{day:%d.%m.%Y} не относится к {self.year} году")
            if days.count(day) > 1:
                raise ValueError(f"{day:%d.%m.%Y} указано дважды")
        return self


def is_holiday(day: date) -> bool:
    """A non-working holiday of the Labour Code, art. 112, part 1."""
    return (day.month, day.day) in _NEW_YEAR | _OTHER_HOLIDAYS


def statutory_year(year: int, moved: Collection[date] = ()) -> CalendarYear:
    """The year by art. 112 alone: a weekend that meets a holiday is moved behind it, January's and `moved` are not."""
    days = {date(year, *month_day) for month_day in _NEW_YEAR | _OTHER_HOLIDAYS}
    for day in sorted(days):
        if day.weekday() >= 5 and day.month != 1 and day not in moved:
            while day.weekday() >= 5 or day in days:
                day += timedelta(days=1)
            days.add(day)
    return CalendarYear(days_off=_weekdays(days), provisional=True)


@lru_cache
def decreed_year(year: int) -> CalendarYear:
    """The year as the library has it, transfers included."""
    table = holidays.country_holidays("RU", years=year)
    return CalendarYear(
        days_off=_weekdays(day for day in table if day.year == year),
        working_weekends=frozenset(day for day in table.weekend_workdays if day.year == year),
    )


def calendar_year(year: int, changes: CalendarChanges | None = None) -> CalendarYear:
    """One year of the working calendar; provisional while no decree on it is known."""
    known = decreed_year(year) if year <= LAST_DECREED_YEAR else statutory_year(year)
    if changes is None:
        return known
    if changes.transfers:
        known = _transferred(year, changes.transfers)
    return known.model_copy(update={"days_off": known.days_off | _weekdays(changes.days_off)})


def _transferred(year: int, transfers: tuple[Transfer, ...]) -> CalendarYear:
    sources = [move.moved_from for move in transfers]
    return CalendarYear(
        days_off=statutory_year(year, sources).days_off | {move.moved_to for move in transfers},
        working_weekends=frozenset(day for day in sources if not is_holiday(day)),
    )


def content_hash(years: dict[int, CalendarYear]) -> str:
    """Eight hex digits that change when any day of the years does."""
    content = [
        [year, sorted(map(str, table.days_off)), sorted(map(str, table.working_weekends)), table.provisional]
        for year, table in sorted(years.items())
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:8]


def _weekdays(days: Iterable[date]) -> frozenset[date]:
    return frozenset(day for day in days if day.weekday() < 5)
