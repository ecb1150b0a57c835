"""A preview with acts: what is asked for in lines changes the year that is shown, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.world import World, pointers, problem

BODY = {"organisation": "school-1", "year": 2026}


def preview(region: World, *acts: str, **more: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = region.post("/programmes/preview", {**BODY, "acts": list(acts), **more})
    return found


def test_a_skip_ends_the_notices_of_its_step(small: World):
    before = small.written()
    usual, skipped = preview(small), preview(small, "2026-09-21 пропустить 2")
    assert [one for one in usual if one["step"] != 2 or one["at"] < "2026-09-21"] == skipped
    assert len(skipped) < len(usual)
    assert small.written() == before


def test_acts_may_build_on_each_other(small: World):
    acts = ("2026-12-01 возобновить", "2026-11-09 приостановить", "2026-11-10 выполнить 1")
    shown = preview(small, *acts)
    assert not [one for one in shown if "2026-11-09T05" < one["at"] < "2026-12-01T05"]
    assert [one for one in shown if one["at"] > "2026-12-01T05"]


@pytest.mark.parametrize(
    ("acts", "status", "code", "pointer"),
    [
        (["завтра"], 422, "act_unclear", "/acts/0"),
        (["2026-09-21 пропустить 2", "2026-09-20 пропустить 2"], 409, "step_skipped", "/acts/0"),
        (["2026-09-21 пропустить 99"], 422, "step_unknown", "/acts/0"),
        (["2026-08-01 пропустить 2"], 422, "act_unclear", "/acts/0"),
        (["2026-09-21 пропустить 2", "2026-10-01 выполнить 20"], 409, "gate_steps", "/acts/1"),
        (["2026-09-21 выполнить 24.9"], 422, "occurrence_unknown", "/acts/0"),
        ([""], 422, "act_unclear", "/acts/0"),
        (["x" * 201], 422, "invalid", "/acts/0"),
        (["2026-09-21 пропустить 2"] * 201, 422, "invalid", "/acts"),
        ("2026-09-21 пропустить 2", 422, "invalid", "/acts"),
    ],
)
def test_acts_that_cannot_be(small: World, acts: Any, status: int, code: str, pointer: str):
    answer = small.ask("administrator", "POST", "/programmes/preview", json={**BODY, "acts": acts})
    assert pointers(problem(answer, status, code)) == {pointer}


def test_a_start_takes_no_acts(small: World):
    """They are for looking ahead; what has been done is recorded by whoever does it."""
    answer = small.ask("administrator", "POST", "/programmes", json={**BODY, "acts": []})
    assert pointers(problem(answer, 422)) == {"/acts"}
