"""What the report on the execution of a roadmap says of its steps."""

from __future__ import annotations

import hypothesis
from hypothesis import strategies as st

from domain.plan import local_day
from domain.programme import commands as c
from domain.programme import events as e
from domain.programme.evolve import fold
from domain.programme.execution import Counts, StepLine, counts, history, step_lines
from domain.refusal import Refusal
from tests.domain.programme.given import Given, given, on
from tests.domain.programme.plans import SCHOOL, day
from tests.domain.programme.walks import strides, walks
from tests.domain.programme.words import (
    CANCEL,
    CLOSE,
    ORDER,
    PASS,
    STARTED,
    WHY,
    complete,
    move,
    pause,
    reopen,
    skip,
    start,
)

MOVED = move(1, "25.09", order=ORDER)


def line(story: Given, number: int, today: str) -> StepLine:
    return next(one for one in step_lines(story.state, day(today)) if one.number == number)


def test_the_first_date_stands_beside_the_last_and_the_move_is_told() -> None:
    story = given(STARTED, on("01.09", MOVED), on("24.09", complete(1)))
    (deadline,) = line(story, 1, "30.09").deadlines
    assert (deadline.first_due, deadline.due, deadline.done_on) == (day("10.09"), day("25.09"), day("24.09"))
    assert not deadline.late, "it was done before the date that held"
    (told,) = history(story.happened).moves[1]
    assert (told.was, told.due, told.reason, told.order) == (day("10.09"), day("25.09"), WHY, ORDER)


def test_a_deadline_is_overdue_from_its_next_day_also_when_nobody_has_recorded_it() -> None:
    story = given(STARTED)
    assert line(story, 1, "10.09").stand == "open"
    assert line(story, 1, "11.09").stand == "overdue"
    assert line(story, 1, "11.09").late


def test_while_a_year_is_paused_no_deadline_passes() -> None:
    story = given(STARTED, on("05.09", pause()))
    assert line(story, 1, "30.09").stand == "open"


def test_what_a_closed_year_left_open_was_not_done() -> None:
    story = given(STARTED, on("05.09", CLOSE))
    assert line(story, 34, "06.09").stand == "overdue"


def test_a_step_that_was_left_out_names_its_order() -> None:
    command = c.SkipStep(step=2, reason=WHY, order=ORDER)
    story = given(STARTED, on("01.09", command))
    assert line(story, 2, "30.12").stand == "skipped"
    assert not line(story, 2, "30.12").late
    assert history(story.happened).skips[2].order == ORDER


def test_a_completion_that_was_repeated_is_told_once_and_the_return_with_its_reason() -> None:
    story = given(STARTED, on("01.09", complete(1)), on("02.09", reopen(1)), on("03.09", complete(1)))
    told = history(story.happened)
    assert len(told.completions[1]) == 1
    assert [one.reason for one in told.returns[1]] == [WHY]
    assert line(story, 1, "30.09").done_on == day("03.09")


def test_a_year_that_began_anew_has_no_history_of_the_first_one() -> None:
    story = given(STARTED, on("01.09", MOVED), on("02.09", CANCEL))
    assert history(story.happened).moves
    assert not history(story.and_(on("05.09", start())).happened).moves


def test_counts_add_up() -> None:
    story = given(STARTED, on("01.09", complete(1), skip(2)), on("30.09", PASS))
    found = counts(step_lines(story.state, day("01.10")))
    assert found.steps == found.done + found.skipped + found.open + found.overdue == 34
    assert (found.done, found.skipped, found.late) == (1, 1, 0)
    assert found + Counts() == found
    assert (found + found).steps == 68


@hypothesis.given(data=st.data())
def test_whatever_happened_in_a_year_the_report_finds_it_in_the_journal(data: st.DataObject) -> None:
    happened: list[e.Happened] = []
    for stride in strides(SCHOOL, data.draw(walks("school"))):
        happened += () if isinstance(stride.decision, Refusal) else stride.decision
    state = fold(None, happened)
    hypothesis.assume(state is not None)
    assert state is not None
    told, lines = history(happened), list(step_lines(state, local_day(happened[-1].at, state.zone)))
    found = counts(lines)
    assert found.steps == found.done + found.skipped + found.open + found.overdue == len(state.steps)
    for one in lines:
        step = state.steps[one.number]
        assert (one.stand == "skipped") == (step.status == "skipped" and one.number in told.skips)
        done = {(known.part, known.occurrence) for known in told.completions.get(one.number, ())}
        assert set(step.parts) <= {part for part, _ in done}
        for deadline in one.deadlines:
            moves = [move for move in told.moves.get(one.number, ()) if move.occurrence == deadline.occurrence]
            assert (moves[-1].due if moves else deadline.first_due) == deadline.due
            assert deadline.done_on is None or deadline.occurrence in {occurrence for _, occurrence in done}
