"""Dates that are counted from another step: its deadline until it is done, then the day it was done."""

from __future__ import annotations

from domain.programme import events as e
from tests.domain.programme.given import given, on
from tests.domain.programme.plans import day, working_days_after
from tests.domain.programme.words import PASS, RESUME, STARTED, complete, move, pause, reopen, skip


def test_moving_16_moves_17_and_18_with_it() -> None:
    story = given(STARTED).when(move(16, "17.11"), at="21.08").then(
        e.DeadlineMoved, e.DeadlineMoved, e.DeadlineMoved, e.NoticeQueued
    )  # fmt: skip
    assert story.due(17) == working_days_after("17.11", 2) == day("19.11")
    assert story.due(18) == working_days_after("19.11", 5) == day("26.11")
    by_16, by_17 = story.events(e.DeadlineMoved)[1:]
    assert (by_16.cause, by_16.reference, by_16.anchor) == ("reference", 16, day("17.11"))
    assert (by_17.cause, by_17.reference, by_17.was) == ("reference", 17, day("19.11"))
    assert story.occurrence(18).first_due == day("19.11"), "the first date is kept"


def test_one_notice_tells_of_all_the_moves() -> None:
    story = given(STARTED).when(move(16, "17.11"), at="21.08").then_among(e.NoticeQueued)
    told = story.events(e.NoticeQueued)[-1]
    assert (told.kind, told.steps) == ("moved", ((16, 1), (17, 1), (18, 1)))


def test_done_early_counts_from_the_actual_day() -> None:
    story = given(STARTED, on("03.11", complete(16)))
    assert story.due(17) == day("06.11"), "3 and 4 November are days off"
    assert story.due(18) == working_days_after("06.11", 5)


def test_done_late_counts_from_the_actual_day() -> None:
    story = given(STARTED, on("25.11", complete(19)))
    assert (story.due(20), story.due(21)) == (day("02.12"), day("16.12"))


def test_done_on_its_day_moves_nothing() -> None:
    given(STARTED, on("20.11", PASS)).when(complete(19), at="20.11").then(e.StepCompleted)


def test_28_is_14_days_before_29_wherever_29_goes() -> None:
    story = given(STARTED, on("01.03", move(29, "22.05")))
    assert story.due(28) == day("08.05")
    later = story.and_(on("02.03", move(29, "29.05")))
    assert later.due(28) == day("15.05")


def test_28_keeps_its_date_when_29_is_done_early() -> None:
    story = given(STARTED, on("04.05", complete(29)))
    assert story.due(28) == day("12.05"), "a date before a step that is done counts from its deadline"


def test_a_relative_date_is_never_set_into_the_past() -> None:
    story = given(STARTED, on("08.05", move(29, "15.05")))
    assert story.due(28) == day("12.05"), "14 days before would have been 1 May"


def test_a_pinned_date_does_not_follow() -> None:
    own = given(STARTED, on("21.08", move(17, "14.11"), move(16, "17.11")))
    assert own.due(17) == day("14.11")
    assert own.due(18) == working_days_after("14.11", 5)


def test_a_skipped_step_leaves_the_dates_counted_from_it() -> None:
    given(STARTED, on("01.11", PASS)).when(skip(16), at="03.11").then(e.StepSkipped)


def test_reopening_goes_back_to_counting_from_the_deadline() -> None:
    story = given(STARTED, on("03.11", complete(16)), on("05.11", reopen(16)))
    assert (story.due(16), story.due(17)) == (day("10.11"), day("12.11"))


def test_a_shift_in_a_pause_is_not_taken_back_by_a_reference_that_made_no_difference() -> None:
    """19 was done two days before its deadline, but 20 fell on the same Monday either way."""
    story = given(STARTED, on("21.08", move(19, "24.11")), on("22.11", complete(19)))
    assert story.due(20) == day("01.12")
    resumed = story.and_(on("24.11", pause("shift")), on("25.11", RESUME))
    assert resumed.due(20) == day("02.12")
