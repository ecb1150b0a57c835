"""The next round of the monitoring, as the letter of every year has it: due on 21 March."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from domain.campaign.commands import Years

DUE = (3, 21)
"""Month and day of the deadline (letter 183 of 25.02.2022)."""

PROPOSED = (2, 1)
"""From when on the round of the year is to be prepared."""


def proposed_day(today: date, opened: Collection[date]) -> date:
    """The deadline to ask for: the next 21 March that no round has. `opened`: the deadlines of the rounds so far."""
    taken = {due.year for due in opened}
    year = today.year if today <= date(today.year, *DUE) else today.year + 1
    while year in taken:
        year += 1
    return date(year, *DUE)


def asked_years(deadline: date) -> Years:
    """The two calendar years that a round asks for: the last one that is over, and the one before it."""
    return Years(earlier=deadline.year - 2, later=deadline.year - 1)


def in_season(today: date) -> bool:
    """Whether the round of this year is to be prepared, and can still be held."""
    return date(today.year, *PROPOSED) <= today <= date(today.year, *DUE)
