"""The plans that the stories run by: the shipped roadmaps and ladders, and a calendar that never changes."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

import domain
from domain.calendar import Calendar, CalendarYear, Rolling
from domain.ladder import Ladder
from domain.plan import Plan, PlanRef
from domain.roadmap import Roadmap

DATA = Path(domain.__file__).parent / "data"
YEAR = 2025

_HOLIDAYS = {
    2025: "01.01 02.01 03.01 06.01 07.01 08.01 01.05 02.05 08.05 09.05 12.06 13.06 03.11 04.11 31.12",
    2026: "01.01 02.01 05.01 06.01 07.01 08.01 09.01 23.02 09.03 01.05 11.05 12.06 04.11 31.12",
}
_ALWAYS = "01.01 02.01 03.01 04.01 05.01 06.01 07.01 08.01 23.02 08.03 01.05 09.05 12.06 04.11"
_WORKED = {2025: "01.11"}


def _days(text: str, year: int) -> frozenset[date]:
    pairs = (one.split(".") for one in text.split())
    return frozenset(date(year, int(month), int(day)) for day, month in pairs)


def _year(year: int) -> CalendarYear:
    return CalendarYear(
        days_off=_days(_HOLIDAYS.get(year, _ALWAYS), year), working_weekends=_days(_WORKED.get(year, ""), year)
    )


CALENDAR = Calendar(key="test", version="1", years={year: _year(year) for year in range(2023, 2045)})


def _read(path: str) -> Any:
    return yaml.load((DATA / path).read_text(encoding="utf-8"), yaml.BaseLoader)


def plan(roadmap: str, organisations: str = "municipal", rolling: Rolling = "next_working_day") -> Plan:
    """A plan of the shipped data."""
    ref = PlanRef(roadmap=f"{roadmap}@1", ladder=f"step-{organisations}@1", calendar="test@1", rolling=rolling)
    ladder = Ladder.model_validate(_read(f"ladders/step-{organisations}.yaml"))
    return Plan(ref, Roadmap.model_validate(_read(f"roadmaps/{roadmap}.yaml")), ladder, CALENDAR)


SCHOOL = plan("school")
COLLEGE = plan("college", "state")


def day(text: str) -> date:
    """`10.09` of the school year 2025/26."""
    number, month = (int(part) for part in text.split("."))
    return date(YEAR if month >= 8 else YEAR + 1, month, number)


def working_days_after(text: str, count: int) -> date:
    """A day found by counting, not by the code under test."""
    at = day(text)
    while count:
        at += timedelta(days=1)
        off = CALENDAR.years[at.year].days_off
        worked = at in CALENDAR.years[at.year].working_weekends
        count -= worked or (at.weekday() < 5 and at not in off)
    return at
