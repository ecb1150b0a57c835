"""Counting and rolling in working days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import Calendar, CalendarYear, UnknownYear

MAY_2026 = frozenset(map(date.fromisoformat, ["2026-05-01", "2026-05-11"]))
CALENDAR = Calendar(
    key="ru",
    version="1",
    years={
        2025: CalendarYear(
            days_off=frozenset({date(2025, 11, 3), date(2025, 11, 4)}), working_weekends=frozenset({date(2025, 11, 1)})
        ),
        2026: CalendarYear(days_off=MAY_2026),
        2027: CalendarYear(days_off=frozenset(), provisional=True),
    },
)


def test_a_saturday_worked_by_decree_is_a_working_day():
    assert CALENDAR.is_working(date(2025, 11, 1))
    assert not CALENDAR.is_working(date(2025, 11, 8))


def test_a_weekday_off_is_no_working_day():
    assert not CALENDAR.is_working(date(2025, 11, 3))
    assert CALENDAR.is_working(date(2025, 11, 5))


def test_counting_passes_over_days_off():
    assert CALENDAR.add(date(2025, 10, 31), 1) == date(2025, 11, 1)
    assert CALENDAR.add(date(2025, 10, 31), 2) == date(2025, 11, 5)
    assert CALENDAR.add(date(2026, 5, 12), -1) == date(2026, 5, 8)


def test_zero_days_after_a_day_off_is_that_day():
    assert CALENDAR.add(date(2026, 5, 11), 0) == date(2026, 5, 11)


def test_a_deadline_on_a_day_off_rolls_as_the_setting_says():
    day_off = date(2026, 5, 9)
    assert CALENDAR.roll(day_off, "next_working_day") == date(2026, 5, 12)
    assert CALENDAR.roll(day_off, "previous") == date(2026, 5, 8)
    assert CALENDAR.roll(day_off, "none") == day_off


def test_a_working_day_stays_where_it_is():
    for rolling in ("next_working_day", "previous", "none"):
        assert CALENDAR.roll(date(2026, 5, 8), rolling) == date(2026, 5, 8)


def test_a_year_without_a_table_is_an_error_and_never_a_guess():
    with pytest.raises(UnknownYear, match="2028"):
        CALENDAR.is_working(date(2028, 1, 10))
    with pytest.raises(UnknownYear, match="2028"):
        CALENDAR.add(date(2027, 12, 31), 1)


@given(st.dates(date(2025, 3, 1), date(2027, 9, 1)), st.integers(0, 30))
def test_there_and_back_again_from_a_working_day(day: date, count: int):
    start = CALENDAR.roll(day, "next_working_day")
    assert CALENDAR.add(CALENDAR.add(start, count), -count) == start


@given(st.dates(date(2025, 3, 1), date(2027, 9, 1)), st.integers(1, 30))
def test_counting_counts_exactly_the_working_days_between(day: date, count: int):
    end = CALENDAR.add(day, count)
    between = [day + timedelta(days=n) for n in range(1, (end - day).days + 1)]
    assert sum(map(CALENDAR.is_working, between)) == count
    assert CALENDAR.is_working(end)
