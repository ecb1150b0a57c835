"""Working days: a frozen table of days off and of working weekends, year by year."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from domain.value import Value

Rolling = Literal["next_working_day", "previous", "none"]
DAY = timedelta(days=1)


class CalendarYear(Value):
    """One year: weekdays that are off, weekend days that are worked; `provisional` until its decree is out."""

    days_off: frozenset[date]
    working_weekends: frozenset[date] = frozenset()
    provisional: bool = False


class UnknownYear(LookupError):
    """The calendar holds no table for the year: a date must never be computed from a guess."""

    def __init__(self, calendar: str, year: int) -> None:
        super().__init__(f"{calendar}: {year}")
        self.year = year


class Calendar(Value):
    """Official working days (Labour Code, art. 112, and the yearly decrees on transferred days)."""

    key: str
    version: str
    years: dict[int, CalendarYear]

    def is_working(self, day: date) -> bool:
        """Whether `day` is worked. Raises UnknownYear outside of the calendar's years."""
        try:
            year = self.years[day.year]
        except KeyError:
            raise UnknownYear(f"{self.key}@{self.version}", day.year) from None
        if day.weekday() >= 5:
            return day in year.working_weekends
        return day not in year.days_off

    def provisional(self, day: date) -> bool:
        """Whether the decree of the day's year is not known yet, so that dates in it may move."""
        table = self.years.get(day.year)
        return table is not None and table.provisional

    def add(self, day: date, count: int) -> date:
        """The day `count` working days after `day` (before it when negative); 0 is `day` itself."""
        step = DAY if count >= 0 else -DAY
        for _ in range(abs(count)):
            day += step
            while not self.is_working(day):
                day += step
        return day

    def roll(self, day: date, rolling: Rolling) -> date:
        """Where a deadline that falls on a day off lands (by analogy with the Civil Code, art. 193)."""
        if rolling == "none":
            return day
        step = DAY if rolling == "next_working_day" else -DAY
        while not self.is_working(day):
            day += step
        return day


def working_days_between(calendar: Calendar, start: date, end: date) -> int:
    """Working days after `start`, up to and including `end`."""
    return sum(calendar.is_working(start + day * DAY) for day in range(1, (end - start).days + 1))
