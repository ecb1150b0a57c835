"""Russia's working days against the decrees on transferred days."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from holidays.countries.russia import RussiaStaticHolidays
from pydantic import Field, TypeAdapter, ValidationError

from activities.calendars import (
    LAST_DECREED_YEAR,
    CalendarChanges,
    Transfer,
    calendar_year,
    content_hash,
    decreed_year,
    is_holiday,
    statutory_year,
)
from domain.calendar import Calendar
from domain.value import Value


class Decree(Value):
    """One year's decree: where it stands, how many days are worked, and each transfer in its words."""

    source: str = Field(min_length=1)
    url: str = Field(pattern=r"^https://www\.consultant\.ru/")
    working_days: int
    transfers: tuple[str, ...]


GOLDEN = Path(__file__).parents[1] / "golden" / "decrees.yaml"
DECREES = TypeAdapter(dict[int, Decree]).validate_python(yaml.safe_load(GOLDEN.read_text(encoding="utf-8")))
WEEKDAYS = ["понедельн", "вторник", "сред", "четверг", "пятниц", "суббот", "воскресен"]
MONTHS = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
]
WORDS = re.compile(r"с (\w+) (\d+) (\w+) на (\w+) (\d+) (\w+)")


def transfers(year: int) -> tuple[Transfer, ...]:
    """The transfers of a decree; the weekdays that it names have to be those of its days."""

    def day(weekday: str, number: str, month: str) -> date:
        found = date(year, MONTHS.index(month) + 1, int(number))
        assert weekday.startswith(WEEKDAYS[found.weekday()]), (weekday, found)
        return found

    def transfer(words: str) -> Transfer:
        found = WORDS.fullmatch(words)
        assert found is not None, words
        return Transfer.model_validate({"from": day(*found.groups()[:3]), "to": day(*found.groups()[3:])})

    return tuple(transfer(words) for words in DECREES[year].transfers)


def working_days(year: int) -> int:
    calendar = Calendar(key="ru", version="1", years={year: calendar_year(year)})
    first = date(year, 1, 1)
    days = (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))
    return sum(map(calendar.is_working, days))


def test_every_year_that_we_rely_on_has_its_decree():
    assert list(DECREES) == list(range(2020, LAST_DECREED_YEAR + 1))


@pytest.mark.parametrize("year", DECREES)
def test_the_year_has_as_many_working_days_as_the_official_calendar(year: int):
    assert working_days(year) == DECREES[year].working_days


@pytest.mark.parametrize("year", DECREES)
def test_the_law_and_the_decrees_transfers_give_the_librarys_year(year: int):
    assert calendar_year(year, CalendarChanges(year=year, transfers=transfers(year))) == decreed_year(year)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2025-05-02", False),  # for 4 January
        ("2025-11-01", True),  # a Saturday, for 3 November
        ("2025-11-03", False),
        ("2025-11-08", False),
        ("2025-12-31", False),
        ("2026-01-09", False),
        ("2026-01-12", True),
        ("2026-03-09", False),  # 8 March is a Sunday
        ("2026-05-11", False),  # 9 May is a Saturday
        ("2026-12-31", False),
        ("2027-02-20", True),
        ("2027-02-22", False),
        ("2027-06-14", False),  # 12 June is a Saturday
    ],
)
def test_days_that_people_ask_about(day: str, worked: bool):
    asked = date.fromisoformat(day)
    assert Calendar(key="ru", version="1", years={asked.year: calendar_year(asked.year)}).is_working(asked) is worked


def test_the_last_year_that_the_library_knows_is_the_one_we_rely_on():
    known = max(RussiaStaticHolidays.special_public_holidays)
    assert known == LAST_DECREED_YEAR, f"the library now knows the decree for {known}: check it, move LAST_DECREED_YEAR"


def test_a_year_without_a_decree_is_provisional_and_still_moves_weekends_that_meet_a_holiday():
    year = calendar_year(2028)
    assert year.provisional
    assert date(2028, 11, 6) in year.days_off  # 4 November is a Saturday
    assert date(2028, 1, 10) not in year.days_off  # January's weekends wait for the decree
    assert year.working_weekends == frozenset()
    assert not calendar_year(LAST_DECREED_YEAR).provisional


def test_two_holidays_do_not_share_the_day_they_move_to():
    for year in range(2028, 2060):
        table = statutory_year(year)
        weekends = [date(year, *day) for day in [(2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4)]]
        moved = [day for day in table.days_off if not is_holiday(day)]
        assert len(moved) == sum(day.weekday() >= 5 for day in weekends)


def test_a_decree_that_came_out_makes_the_year_final():
    decree = CalendarChanges.model_validate(
        {
            "year": 2028,
            "transfers": [{"from": "2028-01-08", "to": "2028-05-08"}, {"from": "2028-04-29", "to": "2028-05-02"}],
        }
    )
    year = calendar_year(2028, decree)
    assert not year.provisional
    assert {date(2028, 5, 8), date(2028, 5, 2), date(2028, 11, 6)} <= year.days_off
    assert year.working_weekends == {date(2028, 4, 29)}  # 8 January stays the holiday that it is


def test_a_regional_day_off_joins_the_year_and_decides_nothing_else():
    own = CalendarChanges(year=2028, days_off=(date(2028, 4, 25),))
    year = calendar_year(2028, own)
    assert year.provisional
    assert year.days_off == calendar_year(2028).days_off | {date(2028, 4, 25)}


@pytest.mark.parametrize(
    ("start", "end", "problem"),
    [
        ("2028-01-10", "2028-05-08", "10.01.2028 — не суббота"),
        ("2028-01-08", "2028-05-06", "06.05.2028 и так выходной"),
        ("2027-01-09", "2028-05-08", "09.01.2027 не относится к 2028 году"),
    ],
)
def test_a_transfer_that_cannot_be_meant_is_refused(start: str, end: str, problem: str):
    with pytest.raises(ValidationError, match=problem):
        CalendarChanges.model_validate({"year": 2028, "transfers": [{"from": start, "to": end}]})


def test_the_hash_follows_the_content():
    years = {year: calendar_year(year) for year in (2026, 2027)}
    assert content_hash(years) == content_hash(dict(reversed(years.items())))
    changed = calendar_year(2027, CalendarChanges(year=2027, days_off=(date(2027, 4, 27),)))
    assert content_hash(years) != content_hash({**years, 2027: changed})
