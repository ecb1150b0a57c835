"""The year as a plain list: 34 due dates, and for each the reminders, the missed deadline and the escalations.

Working days are weekdays here; a hand-written workflow would hardly know Russia's transferred holidays.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone

ZONE = timezone(timedelta(hours=7), "Asia/Tomsk")
MORNING = time(9)
MIDNIGHT = time(0)  # a deadline is inclusive: it has passed when its day is over
CATCH_UP = 10  # working days that a step gets when its window has passed before the start
REMINDERS = (10, 3, 0)  # working days before the deadline
ESCALATIONS = (3, 5, 10)  # working days after the missed morning

# One (month, day) per step of the school's roadmap; months before August belong to the next calendar year.
DUE = (
    *((9, 10), (9, 25), (9, 30), (9, 20), (9, 30), (10, 5), (10, 10), (10, 10), (10, 15), (10, 10)),
    *((10, 15), (10, 20), (10, 20), (10, 15), (10, 31), (11, 10), (11, 12), (11, 19), (11, 20), (11, 27)),
    *((12, 11), (12, 20), (4, 30), (3, 15), (5, 10), (5, 15), (5, 20), (5, 11), (5, 25), (5, 31)),
    *((5, 25), (6, 10), (6, 15), (6, 25)),
)
STEPS = range(1, len(DUE) + 1)

Rung = tuple[datetime, int, str]
"""When, for which step, what: `reminder-10`, `passed`, `missed`, `escalation-3`, …"""


def is_working_day(day: date) -> bool:
    return day.weekday() < 5


def add_working_days(day: date, count: int) -> date:
    """The working day that lies `count` working days after (before, when negative) `day`."""
    step = timedelta(days=1 if count >= 0 else -1)
    while count:
        day += step
        if is_working_day(day):
            count -= 1 if count > 0 else -1
    return day


def due_dates(year: int, start: date) -> list[date]:
    """The deadlines of a year, weekends rolled to Monday; what has passed at the start gets a catch-up date."""
    dues = []
    for month, day in DUE:
        due = date(year if month >= 8 else year + 1, month, day)
        if due < start:
            due = add_working_days(start, CATCH_UP)
        dues.append(due if is_working_day(due) else add_working_days(due, 1))
    return dues


def rungs(step: int, due: date) -> list[Rung]:
    missed = add_working_days(due, 1)
    return [
        *((at(add_working_days(due, -days), MORNING), step, f"reminder-{days}") for days in REMINDERS),
        (at(due + timedelta(days=1), MIDNIGHT), step, "passed"),
        (at(missed, MORNING), step, "missed"),
        *((at(add_working_days(missed, days), MORNING), step, f"escalation-{days}") for days in ESCALATIONS),
    ]


def agenda(dues: Sequence[date], after: datetime) -> list[Rung]:
    """Every rung of the year later than `after`, in order."""
    every = [rung for step, due in zip(STEPS, dues, strict=True) for rung in rungs(step, due)]
    return sorted(rung for rung in every if rung[0] > after)


def at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, ZONE).astimezone(UTC)
