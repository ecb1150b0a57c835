"""Events that earlier versions wrote mean today what they meant then."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from domain.earlier_shapes import SHAPE, STEPS, of_today, shape_of
from tests.domain.golden import FOLDER

EARLIER = [(*place, shape) for place, steps in STEPS.items() for shape in range(1, len(steps) + 1)]


def file(kind: str, name: str) -> Path:
    return (FOLDER if kind == "programme" else FOLDER / kind) / f"{name}.json"


@pytest.mark.parametrize(("kind", "event", "shape"), EARLIER)
def test_each_earlier_shape_has_its_golden_file(kind: str, event: str, shape: int):
    written = json.loads(file(kind, f"{event}.v{shape}").read_text("utf-8"))
    assert written.get(SHAPE, 1) == shape


@pytest.mark.parametrize(("kind", "event"), STEPS)
def test_what_is_written_now_says_its_shape(kind: str, event: str):
    written = json.loads(file(kind, event).read_text("utf-8"))
    assert {SHAPE: written[SHAPE]} == shape_of(kind, event)


def test_how_a_pause_ended_is_said_by_the_word_with_which_it_began():
    written = json.loads(file("programme", "ProgrammeResumed.v1").read_text("utf-8"))
    assert of_today("programme", "ProgrammeResumed", written) == {
        "type": "ProgrammeResumed", "on_resume": "keep", "days": 15
    }  # fmt: skip


def test_an_event_that_never_had_another_shape_is_left_as_it_is():
    assert of_today("programme", "StepAssigned", {"step": 3, "person": "anna"}) == {"step": 3, "person": "anna"}
    assert shape_of("programme", "StepAssigned") == {}
