"""A pause: nothing is sent, no deadline passes, and the dates go on as was announced."""

from __future__ import annotations

from domain.programme import events as e
from tests.domain.programme.given import given, on
from tests.domain.programme.plans import day, plan, working_days_after
from tests.domain.programme.words import PASS, RESUME, STARTED, WHY, complete, move, pause, skip, start


def test_a_paused_year_stands_still() -> None:
    story = given(STARTED).when(pause("keep"), at="01.09").then_among(
        e.ProgrammePaused(reason=WHY, on_resume="keep"), e.NoticeQueued(kind="paused", to=("curator", "head"))
    )  # fmt: skip
    story.when(PASS, at="01.06").then_nothing()
    story.when(pause(), at="02.09").then("programme_paused")
    given(STARTED).when(RESUME, at="01.09").then("programme_running")


def test_work_goes_on_in_a_pause() -> None:
    story = given(STARTED, on("01.09", pause("shift")))
    done = story.when(complete(1), at="12.09").then(e.StepCompleted)
    assert not done.occurrence(1).late


def test_shift_moves_every_open_deadline_by_the_days_of_the_pause() -> None:
    before = given(STARTED, on("01.09", complete(4), pause("shift")))
    story = before.when(RESUME, at="15.09").then_among(e.ProgrammeResumed(on_resume="shift", days=14))
    assert (story.due(1), story.due(2), story.due(4)) == (day("24.09"), day("09.10"), day("22.09"))
    assert story.due(34) == day("09.07")
    assert {moved.cause for moved in story.events(e.DeadlineMoved)} == {"pause", "reference"}


def test_shift_lets_relative_dates_follow_and_moves_each_once() -> None:
    story = given(STARTED, on("01.09", pause("shift")), on("15.09", RESUME))
    assert story.due(16) == day("24.11")
    assert story.due(17) == working_days_after("24.11", 2)
    assert (story.due(29), story.due(28)) == (day("08.06"), day("25.05"))
    moved = [event.step for event in story.events(e.DeadlineMoved)]
    assert len(moved) == len(set(moved)) + 4 + 1, "only the five times of 23 and two of 24 move more than once"


def test_keep_gives_ten_working_days_only_to_what_passed_in_the_pause() -> None:
    story = given(STARTED, on("01.09", pause("keep")), on("15.09", RESUME))
    (moved,) = story.events(e.DeadlineMoved)
    assert (moved.step, moved.due, moved.catch_up, moved.cause) == (1, working_days_after("15.09", 10), True, "pause")
    assert story.due(4) == day("22.09")


def test_what_resuming_says_overrides_what_the_pause_announced() -> None:
    keep = RESUME.model_copy(update={"deadlines": "keep"})
    story = given(STARTED, on("01.09", pause("shift"))).when(keep, at="03.09")
    story.then_among(e.ProgrammeResumed(on_resume="keep", days=2))
    assert story.after.due(1) == day("10.09")


def test_what_was_late_before_the_pause_stays_late() -> None:
    for how in ("keep", "shift"):
        story = given(STARTED, on("12.09", pause(how)), on("20.10", RESUME))
        assert story.state.overdue_steps == (1,)
        assert story.due(1) == day("10.09")


def test_nothing_of_the_pause_is_told_afterwards() -> None:
    story = given(STARTED, on("09.09", pause("keep")), on("10.09 10:00", RESUME))
    story.when(PASS, at="10.09 23:00").then_nothing()


def test_phases_whose_window_came_in_the_pause_open_with_the_resumption() -> None:
    story = given(STARTED, on("01.09", pause("keep")))
    story.when(RESUME, at="16.09").then_among(e.ProgrammeResumed, e.PhaseOpened(phase=2), e.PhaseOpened(phase=4))


def test_a_pause_within_a_day_moves_nothing() -> None:
    story = given(STARTED, on("01.09 10:00", pause("shift")))
    story.when(RESUME, at="01.09 18:00").then(e.ProgrammeResumed(on_resume="shift", days=0), e.NoticeQueued)


def test_a_relative_deadline_in_the_pause_whose_other_step_was_late_before_it() -> None:
    """20 was due on 27 November, a week after 19, which was late and does not move."""
    for how, expected in (("keep", working_days_after("10.12", 10)), ("shift", day("15.12"))):
        story = given(STARTED, on("24.11", pause(how)), on("10.12", RESUME))  # type: ignore[arg-type]
        assert 19 in story.state.overdue_steps
        assert (story.due(20), 20 in story.state.overdue_steps) == (expected, False)


def test_keep_gives_28_its_days_although_29_does_not_move() -> None:
    story = given(STARTED, on("10.05", pause("keep")), on("14.05", RESUME))
    assert story.due(29) == day("25.05")
    assert story.due(28) == working_days_after("14.05", 10)


def test_a_shift_that_would_roll_back_into_the_past_catches_up() -> None:
    back = plan("school", rolling="previous")
    story = given(on("20.08", start(back)), on("10.09", pause("shift")), plan=back)
    resumed = story.and_(on("13.09", RESUME))
    assert resumed.due(1) == working_days_after("13.09", 10)


def test_a_year_that_is_finished_in_a_pause_closes() -> None:
    story = given(STARTED, on("21.08", pause(), *(skip(number) for number in range(1, 34))))
    story.when(skip(34), at="22.08").then_among(e.ProgrammeClosed(gaps=()))


def test_moving_a_deadline_in_a_pause_is_possible() -> None:
    story = given(STARTED, on("01.09", pause("keep"), move(1, "20.10")), on("15.09", RESUME))
    assert story.due(1) == day("20.10")
