"""Completing steps: parts, times, figures, and whether it was late."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from domain.evidence import Evidence
from domain.programme import events as e
from tests.domain.programme.given import given, moment, on
from tests.domain.programme.plans import day
from tests.domain.programme.words import PASS, STARTED, WHY, complete, skip

CONSENT = {"needed": 40, "obtained": 38}
FORM = {"sent": 60, "returned": 50}


def test_a_step_is_completed_with_note_and_documents() -> None:
    command = complete(1, evidence={"audience": 25}, note=WHY, documents=("doc-1",))
    story = given(STARTED).when(command, at="21.08").then(
        e.StepCompleted(
            step=1, occurrence=1, late=False, evidence=Evidence(audience=25), note=WHY, documents=("doc-1",)
        )
    )  # fmt: skip
    done = story.occurrence(1)
    assert (done.done_at, done.late, done.evidence) == (moment("21.08"), False, Evidence(audience=25))
    assert story.state.steps[1].status == "done"


def test_the_last_minute_of_the_day_is_in_time_and_the_next_is_late() -> None:
    story = given(STARTED, on("10.09 23:58", PASS))
    in_time = story.when(complete(1), at="10.09 23:59").then_among(e.StepCompleted)
    assert not in_time.occurrence(1).late
    late = story.when(complete(1), at="11.09 00:00").then(e.StepMissed, e.StepCompleted)
    assert (late.occurrence(1).late, late.occurrence(1).missed, late.occurrence(1).overdue) == (True, True, False)


def test_completing_late_while_nobody_passed_time_cannot_erase_the_miss() -> None:
    outcome = given(STARTED).when(complete(1), at="12.09 10:00")
    missed, completed = (
        next(one for one in outcome.happened if isinstance(one.event, kind)) for kind in (e.StepMissed, e.StepCompleted)
    )
    assert missed.event == e.StepMissed(step=1, occurrence=1, due=day("10.09"))
    assert (missed.at, completed.at) == (moment("11.09 00:00"), moment("12.09 10:00"))
    assert outcome.after.events(e.StepCompleted)[0].late
    rungs = [n.rung for n in outcome.after.events(e.NoticeQueued) if n.steps == ((1, 1),)]
    assert rungs == ["before-10", "before-3", "before-0", "missed"]


def test_parts_are_completed_one_by_one_in_any_order() -> None:
    first = given(STARTED).when(complete(5, part="consent", evidence=CONSENT), at="16.09")
    half = first.then_among(e.PartCompleted)
    assert half.state.steps[5].status == "pending"
    whole = half.when(complete(5, part="form", evidence=FORM), at="17.09").then_among(e.StepCompleted)
    assert whole.state.steps[5].parts == {
        "consent": Evidence.model_validate(CONSENT),
        "form": Evidence.model_validate(FORM),
    }
    assert whole.state.steps[5].status == "done"


def test_all_open_parts_are_completed_at_once_each_with_its_share_of_the_figures() -> None:
    done = given(STARTED).when(complete(5, evidence=FORM | CONSENT), at="21.08").then(
        e.PartCompleted(step=5, part="form", occurrence=1, late=False, evidence=Evidence.model_validate(FORM)),
        e.StepCompleted(step=5, part="consent", occurrence=1, late=False, evidence=Evidence.model_validate(CONSENT)),
    )  # fmt: skip
    assert done.occurrence(5).done_at == moment("21.08")


def test_what_is_left_is_completed_without_naming_it() -> None:
    half = given(STARTED, on("21.08", complete(5, part="form", evidence=FORM)))
    half.when(complete(5, evidence=CONSENT), at="22.08").then(e.StepCompleted)


def test_parts_and_times_that_do_not_fit_are_refused() -> None:
    half = given(STARTED, on("21.08", complete(5, part="form", evidence=FORM), complete(23)))
    half.when(complete(5, part="form", evidence=FORM), at="22.08").then("part_done", part="form")
    half.when(complete(1, part="form"), at="22.08").then("part_unknown", parts=[])
    half.when(complete(23, occurrence=1), at="22.08").then("occurrence_done", occurrence=1)
    half.when(complete(23, occurrence=6), at="22.08").then("occurrence_unknown", last=5)


def test_times_are_completed_one_by_one_and_the_last_completes_the_step() -> None:
    story = given(STARTED, on("10.12", PASS))
    for number in (1, 2, 3, 4):
        story = story.when(complete(23, evidence={"date": day("10.12"), "present": 24}), at="10.12 13:00").then_among(
            e.PartCompleted
        )
        assert story.state.steps[23].current.number == number + 1
    done = story.when(complete(23), at="10.12 14:00").then(e.StepCompleted)
    assert done.state.steps[23].status == "done"


def test_times_may_be_completed_out_of_order() -> None:
    story = given(STARTED).when(complete(24, occurrence=2), at="21.08").then(e.PartCompleted)
    assert story.state.steps[24].current.number == 1
    story.when(complete(24), at="22.08").then(e.StepCompleted)


def test_one_late_time_does_not_make_the_others_late() -> None:
    story = given(STARTED, on("20.01", complete(24), complete(24)))
    assert [o.late for o in story.state.steps[24].occurrences] == [True, False]


@pytest.mark.parametrize(
    ("step", "part", "figures", "code"),
    [
        (1, None, {"present": 5}, "evidence_foreign"),
        (5, "form", CONSENT, "evidence_foreign"),
        (5, "consent", {"needed": 5}, "evidence_required"),
        (9, None, {}, "evidence_required"),
        (12, None, {"measured": 4}, "evidence_required"),
        (19, None, {}, "evidence_required"),
    ],
)
def test_figures_must_fit_and_those_that_gates_need_must_be_there(
    step: int, part: Any, figures: dict[str, int], code: str
) -> None:
    given(STARTED).when(complete(step, part=part, evidence=figures), at="21.08").then(code, step=step)


@pytest.mark.parametrize("step", [1, 4, 16, 20, 22, 26, 29])
def test_notices_meetings_and_events_need_no_figures(step: int) -> None:
    story = given(STARTED, on("21.08", complete(19))) if step == 20 else given(STARTED)
    story.when(complete(step, evidence={}), at="22.08").then_among(e.StepCompleted)


@pytest.mark.parametrize(
    "figures",
    [
        {"sent": 1, "returned": 2},
        {"needed": 1, "obtained": 2},
        {"held": 1, "passed": 2},
        {"of": 1, "measured": 2},
        {"pairs": 3, "by_form": {"pupil-pupil": 1, "teacher-pupil": 1}},
        {"present": -1},
    ],
)
def test_figures_that_contradict_themselves_are_no_evidence(figures: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Evidence.model_validate(figures)


def test_what_is_done_or_skipped_is_not_completed_again() -> None:
    story = given(STARTED, on("21.08", complete(1), skip(2)))
    story.when(complete(1), at="22.08").then("step_done", step=1)
    story.when(complete(2), at="22.08").then("step_skipped", step=2)
    story.when(complete(35), at="22.08").then("step_unknown", step=35, last=34)
