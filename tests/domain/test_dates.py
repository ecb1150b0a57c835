"""Date rules within a school year."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from domain.dates import DateRule, in_school_year, occurrences, opens_on

RULES: TypeAdapter[Any] = TypeAdapter(DateRule)


def rule(name: str, **fields: Any) -> Any:
    return RULES.validate_python({"rule": name, **fields})


def test_autumn_belongs_to_the_year_and_spring_to_the_next():
    assert in_school_year((8, 1), 2026) == date(2026, 8, 1)
    assert in_school_year((12, 31), 2026) == date(2026, 12, 31)
    assert in_school_year((1, 1), 2026) == date(2027, 1, 1)
    assert in_school_year((7, 31), 2026) == date(2027, 7, 31)


@pytest.mark.parametrize("text", ["29.02", "31.11", "00.05", "5.13", "май", "01.02.2026", ""])
def test_a_day_that_some_years_lack_is_refused(text: str):
    with pytest.raises(ValidationError, match="не дата вида"):
        rule("until", closes=text)


@pytest.mark.parametrize("pair", [[13, 1], [2, 29], [0, 5]])
def test_a_stored_month_and_day_must_exist_too(pair: list[int]):
    with pytest.raises(ValidationError, match="не месяц и день"):
        rule("until", closes=pair)


@pytest.mark.parametrize(("opens", "closes"), [("10.10", "01.10"), ("30.04", "01.12"), ("25.07", "10.09")])
def test_a_window_that_ends_before_it_begins_is_refused(opens: str, closes: str):
    with pytest.raises(ValidationError, match="начало позже конца"):
        rule("window", opens=opens, closes=closes)
    with pytest.raises(ValidationError, match="начало позже конца"):
        rule("recurring", opens=opens, closes=closes, every="monthly")


def test_the_same_day_twice_is_refused():
    with pytest.raises(ValidationError, match="дважды"):
        rule("dates", dates=("15.01", "15.01"))


def test_dates_come_in_the_order_of_the_school_year():
    assert occurrences(rule("dates", dates=("15.01", "20.10")), 2026) == (date(2026, 10, 20), date(2027, 1, 15))


def test_weeks_are_counted_from_the_first_day():
    weekly = rule("recurring", opens="01.09", closes="17.09", every="weekly")
    assert occurrences(weekly, 2026) == (date(2026, 9, 7), date(2026, 9, 14), date(2026, 9, 17))


def test_months_end_with_the_month_also_in_a_leap_year():
    monthly = rule("recurring", opens="15.01", closes="10.03", every="monthly")
    assert occurrences(monthly, 2027) == (date(2028, 1, 31), date(2028, 2, 29), date(2028, 3, 10))


def test_quarters_are_three_months_from_the_month_of_the_first_day():
    quarterly = rule("recurring", opens="01.11", closes="30.04", every="quarterly")
    assert occurrences(quarterly, 2026) == (date(2027, 1, 31), date(2027, 4, 30))


@given(st.sampled_from(["weekly", "monthly", "quarterly"]), st.integers(2000, 2100))
def test_occurrences_rise_and_the_last_is_the_closing_day(every, year: int):
    days = occurrences(rule("recurring", opens="01.09", closes="25.05", every=every), year)
    assert list(days) == sorted(set(days))
    assert days[-1] == date(year + 1, 5, 25)


def test_only_windows_open():
    assert opens_on(rule("window", opens="25.08", closes="10.09"), 2026) == date(2026, 8, 25)
    assert opens_on(rule("recurring", opens="01.12", closes="30.04", every="monthly"), 2026) == date(2026, 12, 1)
    assert opens_on(rule("until", closes="10.10"), 2026) is None
    assert opens_on(rule("relative", days=2, step=16), 2026) is None
    assert opens_on(rule("dates", dates=("15.01",)), 2026) is None
