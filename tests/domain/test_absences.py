"""Who stands in for whom on which day."""

from __future__ import annotations

from datetime import date

import pytest

from domain.absences import Absence, circle, stand_in


def away(person: str, since: int, until: int, deputy: str) -> Absence:
    """Away on these days of October."""
    days = date(2026, 10, since), date(2026, 10, until)
    return Absence(id=f"{person}-{since}", person=person, since=days[0], until=days[1], deputy=deputy)


def acting(person: str, day: int, *absences: Absence) -> tuple[str, list[str]]:
    by_person: dict[str, list[Absence]] = {}
    for one in absences:
        by_person.setdefault(one.person, []).append(one)
    found, passed = stand_in(person, date(2026, 10, day), by_person)
    return found, [one.person for one in passed]


@pytest.mark.parametrize(
    ("day", "who"), [(4, ("anna", [])), (5, ("boris", ["anna"])), (9, ("boris", ["anna"])), (10, ("anna", []))]
)
def test_the_deputy_acts_on_both_first_and_last_day_and_not_beyond(day: int, who: tuple[str, list[str]]):
    assert acting("anna", day, away("anna", 5, 9, "boris")) == who


def test_a_deputy_who_is_away_has_a_deputy_too():
    absences = away("anna", 1, 20, "boris"), away("boris", 5, 9, "vera")
    assert acting("anna", 4, *absences) == ("boris", ["anna"])
    assert acting("anna", 5, *absences) == ("vera", ["anna", "boris"])
    assert acting("boris", 5, *absences) == ("vera", ["boris"])


def test_in_a_circle_everybody_acts_for_themselves():
    absences = away("anna", 1, 20, "boris"), away("boris", 5, 9, "anna")
    assert acting("anna", 6, *absences) == ("anna", [])
    assert acting("vera", 6, away("vera", 1, 9, "anna"), *absences) == ("vera", [])


@pytest.mark.parametrize(
    ("known", "round_about"),
    [
        ([], False),
        ([away("boris", 9, 12, "anna")], True),
        ([away("boris", 10, 12, "anna")], False),
        ([away("boris", 7, 8, "vera")], False),
        ([away("boris", 7, 8, "vera"), away("vera", 8, 9, "anna")], True),
        ([away("boris", 7, 7, "vera"), away("vera", 8, 9, "anna")], False),
        ([away("boris", 5, 6, "vera"), away("vera", 5, 6, "boris")], False),
    ],
)
def test_a_circle_needs_a_day_on_which_all_of_it_are_away(known: list[Absence], round_about: bool):
    assert circle(away("anna", 5, 9, "boris"), known) is round_about
