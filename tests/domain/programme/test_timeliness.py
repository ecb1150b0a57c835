"""Raw against the first date, excused against the last."""

from __future__ import annotations

from datetime import date

import pytest

from domain.programme.timeliness import Timeliness, of_step, tally, timeliness

FIRST, LAST = date(2026, 9, 10), date(2026, 9, 20)


@pytest.mark.parametrize(
    ("done", "today", "raw", "excused"),
    [
        (date(2026, 9, 10), date(2026, 9, 30), "on_time", "on_time"),
        (date(2026, 9, 11), date(2026, 9, 30), "late", "on_time"),
        (date(2026, 9, 20), date(2026, 9, 30), "late", "on_time"),
        (date(2026, 9, 21), date(2026, 9, 30), "late", "late"),
        (None, date(2026, 9, 10), "open", "open"),
        (None, date(2026, 9, 11), "late", "open"),
        (None, date(2026, 9, 21), "late", "late"),
    ],
)
def test_a_deadline_that_was_moved(done: date | None, today: date, raw: str, excused: str) -> None:
    assert timeliness(FIRST, LAST, done, today) == Timeliness.model_validate({"raw": raw, "excused": excused})


def test_a_step_is_as_late_as_its_latest_deadline() -> None:
    fine, open_, late = (Timeliness.model_validate({"raw": one, "excused": one}) for one in ("on_time", "open", "late"))
    assert of_step([fine, open_]) == open_
    assert of_step([fine, open_, late]) == late
    assert of_step([fine, fine]) == fine


def test_the_rate_speaks_of_deadlines_that_have_come() -> None:
    assert tally(["on_time", "on_time", "late", "open"]).rate == 66.7
    assert tally(["open"]).rate is None
