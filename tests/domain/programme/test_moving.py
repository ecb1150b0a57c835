"""Moving a deadline: the first date is kept, everybody who was told is told again, late is no longer late."""

from __future__ import annotations

from domain.programme import events as e
from tests.domain.programme.given import given, on
from tests.domain.programme.plans import COLLEGE, YEAR, day, plan
from tests.domain.programme.words import CANCEL, ORDER, PASS, STARTED, WHY, complete, move, skip, start


def test_the_first_date_stands_beside_every_later_one() -> None:
    story = given(STARTED, on("21.08", move(2, "01.10", order=ORDER)), on("22.08", move(2, "02.10")))
    first, second = story.events(e.DeadlineMoved)
    assert (first.was, first.due, first.cause, first.reason, first.order) == (
        day("25.09"), day("01.10"), "command", WHY, ORDER,
    )  # fmt: skip
    assert (second.was, second.due) == (day("01.10"), day("02.10"))
    two = story.occurrence(2)
    assert (two.first_due, two.due, two.pinned) == (day("25.09"), day("02.10"), True)


def test_which_event_set_a_date_only_grows() -> None:
    story = given(STARTED)
    numbers = [story.occurrence(2).set_by]
    for command in (move(2, "01.10"), move(2, "02.10"), CANCEL, start()):
        story = story.and_(on("22.08", command))
        numbers.append(story.occurrence(2).set_by)
    assert numbers[2] == numbers[3], "calling the year off sets no date"
    assert sorted({*numbers}) == [*numbers[:3], numbers[4]]


def test_a_move_is_told_to_everybody_who_had_heard_of_the_date() -> None:
    early = given(STARTED).when(move(1, "15.09"), at="20.08 13:00").then_among(e.NoticeQueued)
    assert early.events(e.NoticeQueued)[-1].to == ("responsible", "curator")
    late = given(STARTED, on("16.09", PASS)).when(move(1, "30.09"), at="16.09 13:00").then_among(e.NoticeQueued)
    told = late.events(e.NoticeQueued)[-1]
    assert (told.kind, told.to) == ("moved", ("responsible", "curator", "head", "municipal_authority"))


def test_moving_what_is_late_makes_it_in_time_again() -> None:
    story = given(STARTED, on("12.09", PASS))
    assert story.state.overdue_steps == (1,)
    moved = story.and_(on("12.09 13:00", move(1, "19.09")))
    assert moved.state.overdue_steps == ()
    assert moved.occurrence(1).missed, "that it once was late is not forgotten"
    done = moved.when(complete(1), at="18.09").then_among(e.StepCompleted)
    assert not done.occurrence(1).late


def test_the_ladder_begins_anew_for_the_new_date() -> None:
    story = given(STARTED, on("12.09", PASS), on("12.09 13:00", move(1, "19.09")), on("23.09", PASS))
    rungs = [n.rung for n in story.events(e.NoticeQueued) if n.steps == ((1, 1),) and n.due == day("19.09")]
    assert rungs == ["before-3", "before-0", "missed"]


def test_a_move_onto_a_day_off_rolls() -> None:
    saturday = given(STARTED, on("21.08", move(2, "27.09"))).occurrence(2)
    assert (saturday.asked, saturday.due) == (day("27.09"), day("29.09"))


def test_one_time_of_a_repeated_step_is_moved_alone() -> None:
    story = given(STARTED, on("21.08", move(24, "20.01", occurrence=1)))
    assert [o.due for o in story.state.steps[24].occurrences] == [day("20.01"), day("16.03")]
    assert given(STARTED, on("21.08", move(24, "20.01"))).due(24) == day("20.01"), "the next one is meant"


def test_dates_that_cannot_be_are_refused() -> None:
    story = given(STARTED, on("21.08", complete(1), skip(2), complete(24)))
    story.when(move(3, "20.08"), at="21.08").then("deadline_in_past", today=day("21.08"))
    summer = move(3, "01.09").model_copy(update={"due": day("31.07").replace(year=YEAR)})
    story.when(summer, at="21.08").then("deadline_outside_year", last=day("31.08").replace(year=YEAR + 1))
    story.when(move(3, "30.09"), at="21.08").then("deadline_unchanged", due=day("30.09"))
    story.when(move(1, "30.09"), at="21.08").then("step_done")
    story.when(move(2, "30.09"), at="21.08").then("step_skipped")
    story.when(move(24, "30.01", occurrence=1), at="21.08").then("occurrence_done")
    story.when(move(24, "30.01", occurrence=3), at="21.08").then("occurrence_unknown", last=2)


def test_a_move_that_rolls_back_into_the_past_is_refused() -> None:
    back = plan("school", rolling="previous")
    given(on("20.08", start(back)), plan=back).when(move(1, "06.09"), at="06.09").then("deadline_in_past")


def test_today_is_a_fine_deadline() -> None:
    story = given(on("20.08", start(COLLEGE)), plan=COLLEGE)
    story.when(move(2, "12.09"), at="12.09 10:00").then_among(e.DeadlineMoved)


def test_whoever_moves_a_date_that_is_another_by_now_is_told() -> None:
    story = given(STARTED, on("21.08", move(2, "02.10")))
    seen = move(2, "09.10").model_copy(update={"was": day("25.09")})
    story.when(seen, at="22.08").then("deadline_moved", was=day("25.09"), due=day("02.10"))
    story.when(seen.model_copy(update={"was": day("02.10")}), at="22.08").then_among(e.DeadlineMoved)
