"""The plan: the frozen versions of roadmap, ladder and calendar that a stream runs by."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from domain.calendar import Calendar, Rolling
from domain.ladder import Ladder, Rung
from domain.roadmap import Roadmap
from domain.value import Value

MORNING = time(9, 0)
"""When notices go out, local time of the organisation."""

CATCH_UP_DAYS = 10
"""Working days that a step gets whose window has passed before the start, or whose deadline lay in a pause."""

zone_of = lru_cache(ZoneInfo)


class PlanRef(Value):
    """Names of the frozen versions, as the journal keeps them: `school@1`."""

    roadmap: str
    ladder: str
    calendar: str
    rolling: Rolling = "next_working_day"


class TimetableRef(Value):
    """The same of a stream without a roadmap: a campaign or a submission."""

    ladder: str
    calendar: str
    rolling: Rolling = "next_working_day"


class Moment(NamedTuple):
    """One moment of a deadline: a rung, or the passing of the deadline itself (`rung is None`)."""

    at: datetime
    rung: Rung | None


class Timetable:
    """What one deadline brings, by a frozen ladder and calendar; shared between streams, never changed."""

    def __init__(self, ladder: Ladder, calendar: Calendar, rolling: Rolling) -> None:
        self.ladder, self.calendar, self.rolling = ladder, calendar, rolling
        self._moments: dict[tuple[date, str], tuple[Moment, ...]] = {}
        self._times: dict[tuple[date, str], list[datetime]] = {}

    def rolled(self, day: date) -> date:
        """The day a deadline lands on when it is asked for `day`."""
        return self.calendar.roll(day, self.rolling)

    def moments(self, due: date, zone: str) -> tuple[Moment, ...]:
        """The rungs and the passing of one deadline, in order of time."""
        found = self._moments.get((due, zone))
        if found is None:
            found = self._moments[due, zone] = self._climb(due, zone)
        return found

    def passed(self, due: date, zone: str, until: datetime) -> int:
        """How many of the moments lie at or before `until`."""
        times = self._times.get((due, zone))
        if times is None:
            times = self._times[due, zone] = [moment.at for moment in self.moments(due, zone)]
        return bisect_right(times, until)

    def _climb(self, due: date, zone: str) -> tuple[Moment, ...]:
        missed_morning = self.calendar.add(due, 1)
        moments = [Moment(midnight(due + timedelta(days=1), zone), None)]
        for rung in self.ladder.rungs:
            if rung.kind == "reminder":
                day = self.calendar.add(due, -rung.days)
            else:
                day = self.calendar.add(missed_morning, rung.days)
            moments.append(Moment(morning(day, zone), rung))
        return tuple(sorted(moments, key=lambda moment: moment.at))


class Plan(Timetable):
    """Everything that dates and notices of one programme are computed from; shared between streams, never changed."""

    def __init__(self, ref: PlanRef, roadmap: Roadmap, ladder: Ladder, calendar: Calendar) -> None:
        super().__init__(ladder, calendar, ref.rolling)
        self.ref, self.roadmap = ref, roadmap

    def catch_up(self, day: date) -> date:
        """The deadline of a step that is already late on `day`."""
        return self.calendar.add(day, CATCH_UP_DAYS)


class Ahead(NamedTuple):
    """What is still to come of one deadline: its moments from `first` on. Many deadlines of a region share it."""

    plan: Timetable
    due: date
    zone: str
    first: int
    sent: tuple[str, ...]

    @property
    def moments(self) -> Sequence[Moment]:
        """In order of time; a rung that was reached does not come again when its day is moved."""
        left = self.plan.moments(self.due, self.zone)[self.first :]
        if not self.sent:
            return left
        return [moment for moment in left if moment.rung is None or moment.rung.key not in self.sent]


@lru_cache(maxsize=4096)
def midnight(day: date, zone: str) -> datetime:
    """The first instant of a local day; a deadline is inclusive, so it has passed at the next day's midnight."""
    return datetime.combine(day, time(), zone_of(zone)).astimezone(UTC)


def morning(day: date, zone: str) -> datetime:
    """09:00 of a local day, as UTC."""
    return datetime.combine(day, MORNING, zone_of(zone)).astimezone(UTC)


def local_day(at: datetime, zone: str) -> date:
    """The local calendar day of an instant."""
    return at.astimezone(zone_of(zone)).date()
