"""Absences: who stands in for whom on which days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from domain.value import Identifier, Value


class Absence(Value):
    """A person is away from `since` to `until`, both days inclusive; `deputy` gets their letters and steps."""

    id: str
    person: Identifier
    since: date
    until: date
    deputy: Identifier

    def covers(self, day: date) -> bool:
        """Whether the person is away on the day."""
        return self.since <= day <= self.until

    def shares_a_day(self, since: date, until: date) -> bool:
        """Whether it overlaps the period."""
        return self.since <= until and since <= self.until


def stand_in(person: str, day: date, absences: Mapping[str, Sequence[Absence]]) -> tuple[str, tuple[Absence, ...]]:
    """Who acts for a person on the day, and the absences that lead there; a deputy who is away has one of their own.

    `absences`: by person. In a circle, which `circle` refuses, everybody acts for themselves.
    """
    acting, passed = person, tuple[Absence, ...]()
    while away := next((one for one in absences.get(acting, ()) if one.covers(day)), None):
        acting, passed = away.deputy, (*passed, away)
        if acting in {one.person for one in passed}:
            return person, ()
    return acting, passed


def circle(wanted: Absence, absences: Iterable[Absence]) -> bool:
    """Whether on some day of `wanted` its deputy, or a deputy of theirs, would be the person who is away."""
    known: dict[str, list[Absence]] = {}
    for one in absences:
        known.setdefault(one.person, []).append(one)

    def leads_back(deputy: str, since: date, until: date, seen: frozenset[str]) -> bool:
        if deputy == wanted.person:
            return True
        away = (one for one in known.get(deputy, ()) if one.shares_a_day(since, until) and deputy not in seen)
        return any(
            leads_back(one.deputy, max(since, one.since), min(until, one.until), seen | {deputy}) for one in away
        )

    return leads_back(wanted.deputy, wanted.since, wanted.until, frozenset())
