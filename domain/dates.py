"""Date rules of roadmap steps and the school year they are counted in."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from domain.value import Value

SCHOOL_YEAR_STARTS = 8
"""Month from which dates belong to the first calendar year of a school year."""


def _day_month(text: Any) -> Any:
    if not isinstance(text, str):
        return text
    try:
        day, month = (int(part) for part in text.split("."))
        date(2001, month, day)
    except ValueError:
        raise ValueError(f"«{text}» — не дата вида ДД.ММ, которая есть в каждом году") from None
    return (month, day)


def _in_every_year(month_day: tuple[int, int]) -> tuple[int, int]:
    try:
        date(2001, *month_day)
    except ValueError:
        raise ValueError(f"{list(month_day)} — не месяц и день, которые есть в каждом году") from None
    return month_day


MonthDay = Annotated[tuple[int, int], BeforeValidator(_day_month), AfterValidator(_in_every_year)]
"""A day of every year, written `25.08`; 29 February is refused."""


def in_school_year(month_day: MonthDay, year: int) -> date:
    """The day in the school year that starts in autumn of `year`."""
    month, day = month_day
    return date(year if month >= SCHOOL_YEAR_STARTS else year + 1, month, day)


class _Span(Value):
    opens: MonthDay
    closes: MonthDay

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if in_school_year(self.opens, 2000) > in_school_year(self.closes, 2000):
            raise ValueError("начало позже конца: учебный год считается с августа по июль")
        return self


class Window(_Span):
    """From `opens` to `closes`, both inclusive."""

    rule: Literal["window"] = "window"


class Until(Value):
    """Not later than `closes`."""

    rule: Literal["until"] = "until"
    closes: MonthDay


class Relative(Value):
    """`days` calendar or working days after or before another step."""

    rule: Literal["relative"] = "relative"
    days: int = Field(ge=0, le=250)
    unit: Literal["calendar", "working"] = "calendar"
    direction: Literal["after", "before"] = "after"
    step: int


class Recurring(_Span):
    """Once in every week, month or quarter between `opens` and `closes`; due on the last day of each."""

    rule: Literal["recurring"] = "recurring"
    every: Literal["weekly", "monthly", "quarterly"]


def _not_empty(dates: tuple[MonthDay, ...]) -> tuple[MonthDay, ...]:
    if len(set(dates)) < len(dates):
        raise ValueError("одна и та же дата указана дважды")
    return dates


class Dates(Value):
    """On each of the given days."""

    rule: Literal["dates"] = "dates"
    dates: Annotated[tuple[MonthDay, ...], Field(min_length=1), AfterValidator(_not_empty)]


DateRule = Annotated[Window | Until | Relative | Recurring | Dates, Field(discriminator="rule")]

_MONTHS = {"monthly": 1, "quarterly": 3}


def _month_end(day: date, months: int) -> date:
    """The last day of the month that lies `months - 1` after the month of `day`."""
    index = day.month - 1 + months - 1
    year, month = day.year + index // 12, index % 12 + 1
    return date(year, month, calendar.monthrange(year, month)[1])


def occurrences(rule: Recurring | Dates, year: int) -> tuple[date, ...]:
    """The days on which a repeated step is due in the school year `year`, in order."""
    if isinstance(rule, Dates):
        return tuple(sorted(in_school_year(day, year) for day in rule.dates))
    start, end = in_school_year(rule.opens, year), in_school_year(rule.closes, year)
    days: list[date] = []
    while start <= end:
        last = start + timedelta(days=6) if rule.every == "weekly" else _month_end(start, _MONTHS[rule.every])
        days.append(min(last, end))
        start = last + timedelta(days=1)
    return tuple(days)


def opens_on(rule: DateRule, year: int) -> date | None:
    """The first day of the rule's window, `None` where the rule has no window of its own."""
    match rule:
        case Window() | Recurring():
            return in_school_year(rule.opens, year)
        case _:
            return None
