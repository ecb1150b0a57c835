"""Local days in zones with and without daylight saving: a deadline runs to the last second, letters go out at nine."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.plan import local_day, midnight, morning
from domain.programme.agenda import agenda
from domain.programme.decide import decide
from domain.programme.evolve import fold
from domain.refusal import Refusal
from tests.domain.programme.plans import SCHOOL
from tests.domain.programme.words import move, start

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("zone", "day", "begins", "nine"),
    [
        ("Asia/Tomsk", "2026-03-29", "2026-03-28T17:00", "2026-03-29T02:00"),
        ("Europe/Moscow", "2026-03-29", "2026-03-28T21:00", "2026-03-29T06:00"),
        ("Europe/Berlin", "2026-03-28", "2026-03-27T23:00", "2026-03-28T08:00"),
        ("Europe/Berlin", "2026-03-29", "2026-03-28T23:00", "2026-03-29T07:00"),  # 23 hours long
        ("Europe/Berlin", "2026-03-30", "2026-03-29T22:00", "2026-03-30T07:00"),
        ("Europe/Berlin", "2026-10-25", "2026-10-24T22:00", "2026-10-25T08:00"),  # 25 hours long
        (
            "Asia/Beirut",
            "2026-03-29",
            "2026-03-28T22:00",
            "2026-03-29T06:00",
        ),  # has no midnight: the clock jumps at 0:00
    ],
)
def test_a_local_day_begins_and_nine_strikes(zone: str, day: str, begins: str, nine: str) -> None:
    asked = date.fromisoformat(day)
    assert midnight(asked, zone) == datetime.fromisoformat(begins).replace(tzinfo=UTC)
    assert morning(asked, zone) == datetime.fromisoformat(nine).replace(tzinfo=UTC)
    assert local_day(midnight(asked, zone), zone) == asked
    assert local_day(midnight(asked, zone) - SECOND, zone) == asked - timedelta(days=1)


@pytest.mark.parametrize("zone", ["Asia/Tomsk", "Europe/Moscow", "Europe/Berlin"])
def test_a_deadline_passes_after_its_last_second_where_the_organisation_is(zone: str) -> None:
    """Step 26 on the Friday before the night in which Berlin's clocks go forward; the morning after is on Monday."""
    begun = decide(None, start(zone=zone), SCHOOL, datetime(2025, 8, 20, 5, tzinfo=UTC))
    assert not isinstance(begun, Refusal)
    state = fold(None, begun)
    moved = decide(state, move(26, "27.03"), SCHOOL, datetime(2025, 8, 21, 5, tzinfo=UTC))
    assert not isinstance(moved, Refusal)
    state = fold(state, moved)
    assert state is not None
    items = {item.rung or item.kind: item.at for item in agenda(state, SCHOOL) if item.step == 26}
    offsets = {"Asia/Tomsk": (7, 7), "Europe/Moscow": (3, 3), "Europe/Berlin": (1, 2)}[zone]
    assert items["deadline"] == datetime(2026, 3, 28, tzinfo=UTC) - timedelta(hours=offsets[0])
    assert items["before-0"] == datetime(2026, 3, 27, 9, tzinfo=UTC) - timedelta(hours=offsets[0])
    assert items["missed"] == datetime(2026, 3, 30, 9, tzinfo=UTC) - timedelta(hours=offsets[1])
