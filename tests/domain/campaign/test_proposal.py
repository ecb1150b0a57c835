"""The next round: 21 March, the two years that are over, and not twice in one year."""

from __future__ import annotations

from datetime import date

import pytest

from domain.campaign.commands import Years
from domain.campaign.proposal import asked_years, in_season, proposed_day


@pytest.mark.parametrize(
    ("today", "opened", "asked"),
    [
        (date(2026, 11, 22), [], date(2027, 3, 21)),
        (date(2027, 2, 1), [], date(2027, 3, 21)),
        (date(2027, 3, 21), [], date(2027, 3, 21)),
        (date(2027, 3, 22), [], date(2028, 3, 21)),
        (date(2027, 2, 1), [date(2027, 3, 22)], date(2028, 3, 21)),
        (date(2026, 11, 22), [date(2027, 3, 22), date(2028, 3, 21)], date(2029, 3, 21)),
    ],
)
def test_the_next_21_march_that_no_round_has(today: date, opened: list[date], asked: date) -> None:
    assert proposed_day(today, opened) == asked


def test_it_asks_for_the_last_two_years_as_the_letter_did() -> None:
    assert asked_years(date(2022, 3, 21)) == Years(earlier=2020, later=2021)


@pytest.mark.parametrize(
    ("today", "season"),
    [
        (date(2027, 1, 31), False),
        (date(2027, 2, 1), True),
        (date(2027, 3, 21), True),
        (date(2027, 3, 22), False),
    ],
)
def test_it_is_prepared_from_february_on(today: date, season: bool) -> None:
    assert in_season(today) is season
