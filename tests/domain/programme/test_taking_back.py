"""Leaving steps out, and taking completions and skips back."""

from __future__ import annotations

from domain.evidence import Evidence
from domain.programme import events as e
from tests.domain.programme.given import Given, given, on
from tests.domain.programme.plans import COLLEGE, day, working_days_after
from tests.domain.programme.words import CLOSE, COLLEGE_STARTED, ORDER, PASS, STARTED, WHY, complete, reopen, skip

CONSENT = {"needed": 40, "obtained": 38}


def test_a_skip_has_a_reason_and_perhaps_an_order() -> None:
    command = skip(3).model_copy(update={"order": ORDER})
    story = given(STARTED).when(command, at="21.08").then(e.StepSkipped(step=3, reason=WHY, order=ORDER))
    later = story.when(PASS, at="20.10").then_among(e.StepMissed)
    assert not [n for n in later.events(e.NoticeQueued) if (3, 1) in n.steps], "nobody is reminded of it"
    later.when(skip(3), at="20.10").then("step_skipped")


def test_reopening_before_the_deadline_keeps_it() -> None:
    story = given(STARTED, on("01.09", complete(1)))
    again = story.when(reopen(1), at="05.09").then(e.StepReopened(step=1, reason=WHY))
    assert (again.due(1), again.state.steps[1].status, again.occurrence(1).evidence) == (day("10.09"), "pending", None)
    again.when(PASS, at="11.09 00:00").then_among(e.StepMissed)


def test_reopening_after_the_deadline_gives_ten_working_days() -> None:
    story = given(STARTED, on("01.09", complete(1)), on("15.09", PASS))
    again = story.when(reopen(1), at="15.09").then(e.StepReopened, e.DeadlineMoved, e.NoticeQueued)
    moved = again.events(e.DeadlineMoved)[-1]
    assert (moved.cause, moved.catch_up, moved.due) == ("reopening", True, working_days_after("15.09", 10))
    assert again.state.overdue_steps == ()


def test_one_part_is_taken_back_and_the_other_stays() -> None:
    story = given(STARTED, on("16.09", complete(5)))
    again = story.when(reopen(5, part="consent"), at="17.09").then_among(e.StepReopened)
    assert list(again.state.steps[5].parts) == ["form"]
    again.when(complete(5, part="consent", evidence=CONSENT), at="18.09").then_among(e.StepCompleted)


def test_one_time_is_taken_back_and_the_others_stay() -> None:
    story = given(STARTED, on("10.01", complete(24), complete(24)))
    again = story.when(reopen(24, occurrence=2), at="11.01").then_among(e.StepReopened)
    assert [o.done_at is None for o in again.state.steps[24].occurrences] == [False, True]
    again.when(complete(24), at="12.01").then_among(e.StepCompleted)


def test_what_is_not_done_cannot_be_taken_back() -> None:
    story = given(STARTED, on("16.09", complete(5, part="form", evidence={})))
    story.when(reopen(2), at="17.09").then("step_not_done", step=2)
    story.when(reopen(5, part="consent"), at="17.09").then("part_not_done", part="consent")
    story.when(reopen(2, part="form"), at="17.09").then("part_unknown", parts=[])
    story.when(reopen(24, occurrence=1), at="17.09").then("occurrence_not_done", occurrence=1)
    story.when(reopen(24, occurrence=9), at="17.09").then("occurrence_not_done", last=2)


def test_taking_a_skip_back_leaves_what_had_been_done_before_it() -> None:
    story = given(
        STARTED, on("16.09", complete(5, part="consent", evidence=CONSENT), skip(5)), on("10.12", complete(23))
    )
    again = story.and_(on("10.12 13:00", skip(23), reopen(23), reopen(5)))
    assert again.state.steps[5].parts == {"consent": Evidence.model_validate(CONSENT)}
    assert again.state.steps[5].status == again.state.steps[23].status == "pending"
    assert again.state.steps[23].current.number == 2


def test_reopening_one_time_of_a_skipped_step_tells_nothing_of_the_time_it_was_skipped() -> None:
    story = given(STARTED, on("01.12", skip(24)), on("13.01", reopen(24, occurrence=2)))
    assert [o.due for o in story.state.steps[24].open_occurrences] == [day("15.01"), day("16.03")]
    story.when(PASS, at="13.01 12:01").then_nothing()


def test_a_skipped_step_that_was_late_is_late_again() -> None:
    story = given(STARTED, on("12.09", skip(1)), on("15.09", PASS))
    again = story.when(reopen(1), at="15.09").then(e.StepReopened)
    assert again.state.overdue_steps == (1,)


def closed_college() -> Given:
    """A year of the college that has closed by itself."""
    return given(COLLEGE_STARTED, on("21.08", *(skip(number) for number in range(1, 11))), plan=COLLEGE)


def test_the_last_step_of_a_closed_year_brings_the_year_back() -> None:
    story = closed_college()
    assert story.state.status == "closed"
    again = story.when(reopen(10), at="22.08").then(
        e.ProgrammeReopened(step=10), e.StepReopened(step=10, reason=WHY), e.PhaseReopened(phase=7)
    )
    assert again.state.status == "running"
    again.when(skip(10), at="23.08").then_among(e.StepSkipped, e.PhaseCompleted(phase=7), e.ProgrammeClosed(gaps=()))


def test_a_gap_of_a_closed_year_can_be_worked_on_again() -> None:
    story = given(STARTED, on("01.09", CLOSE))
    again = story.when(reopen(1), at="15.09").then_among(e.ProgrammeReopened(step=1), e.DeadlineMoved)
    assert again.due(1) == working_days_after("15.09", 10)
    again.when(PASS, at="15.09 12:01").then_nothing()


def test_phases_whose_window_came_while_the_year_was_closed_open_with_it() -> None:
    story = given(STARTED, on("01.09", CLOSE))
    again = story.when(reopen(1), at="21.09").then_among(e.PhaseOpened(phase=2), e.PhaseOpened(phase=3))
    again.when(PASS, at="21.09 12:01").then_nothing()
