"""Phases open by date or because the one before is complete; they complete when nothing in them is open."""

from __future__ import annotations

from domain.programme import events as e
from tests.domain.programme.given import Given, given, on
from tests.domain.programme.plans import COLLEGE
from tests.domain.programme.words import COLLEGE_STARTED, PASS, STARTED, complete, reopen, skip, start


def statuses(story: Given) -> str:
    """One letter for each phase: waiting, open, done."""
    return "".join(phase.status[0] for phase in story.state.phases)


def test_a_phase_opens_at_midnight_of_its_earliest_window() -> None:
    waiting = given(STARTED).when(PASS, at="24.08 23:59").then_nothing()
    waiting.when(PASS, at="25.08 00:00").then_among(e.PhaseOpened(phase=1))


def test_phases_overlap_by_their_windows() -> None:
    assert statuses(given(STARTED, on("14.09", PASS))) == "owwwwww"
    assert statuses(given(STARTED, on("15.09", PASS))) == "oowowww", "step 14 opens phase 4 early"
    assert statuses(given(STARTED, on("20.09", PASS))) == "oooowww"


def test_a_late_start_opens_what_should_be_open() -> None:
    assert statuses(given(on("20.09", start()))) == "oooowww"


def test_a_phase_opens_when_the_one_before_it_is_complete() -> None:
    story = given(STARTED, on("26.08", complete(1), complete(2), complete(3)))
    assert statuses(story) == "owwwwww"
    done = story.when(complete(4), at="27.08").then(e.StepCompleted, e.PhaseCompleted(phase=1), e.PhaseOpened(phase=2))
    assert statuses(done) == "doowwww".replace("oo", "ow")
    assert done.state.current_phase.number == 2


def test_a_skipped_step_completes_its_phase_too() -> None:
    story = given(STARTED, on("26.08", *(skip(number) for number in (1, 2, 3))))
    story.when(skip(4), at="26.08").then(e.StepSkipped, e.PhaseCompleted(phase=1), e.PhaseOpened(phase=2))


def test_a_phase_that_is_finished_before_it_opened_opens_and_completes() -> None:
    only = given(COLLEGE_STARTED, plan=COLLEGE).when(skip(7), at="21.08")
    only.then(e.StepSkipped, e.PhaseOpened(phase=4), e.PhaseCompleted(phase=4), e.PhaseOpened(phase=7))


def test_reopening_a_step_reopens_its_phase_and_leaves_the_next_one_open() -> None:
    story = given(STARTED, on("26.08", *(skip(number) for number in (1, 2, 3, 4))))
    again = story.when(reopen(2), at="27.08").then(e.StepReopened, e.PhaseReopened(phase=1))
    assert statuses(again) == "oowwwww"
