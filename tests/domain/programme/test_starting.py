"""Starting the year of an organisation: its dates, its people, its first notice."""

from __future__ import annotations

from domain.programme import commands as c
from domain.programme import events as e
from tests.domain.programme.given import given, moment, on
from tests.domain.programme.plans import COLLEGE, YEAR, day, plan, working_days_after
from tests.domain.programme.words import CANCEL, COLLEGE_STARTED, PASS, STARTED, complete, start


def test_a_start_in_time_takes_every_date_from_the_roadmap() -> None:
    story = given(STARTED)
    dues = [o for step in story.state.steps.values() for o in step.occurrences]
    assert len(story.state.steps) == 34
    assert not any(o.catch_up or o.pinned or o.overdue for o in dues)
    assert all(o.first_due == o.due for o in dues)
    assert story.due(1) == day("10.09")
    assert story.due(5) == day("30.09")


def test_a_deadline_on_a_day_off_rolls_and_keeps_what_was_asked() -> None:
    step_4 = given(STARTED).occurrence(4)
    assert (step_4.asked, step_4.due) == (day("20.09"), day("22.09"))
    back = given(on("20.08", start(plan("school", rolling="previous"))), plan=plan("school", rolling="previous"))
    assert back.due(4) == day("19.09")


def test_relative_dates_are_counted_from_deadlines_at_the_start() -> None:
    story = given(STARTED)
    assert story.due(16) == day("10.11")
    assert story.due(17) == working_days_after("10.11", 2) == day("12.11")
    assert story.due(18) == working_days_after("12.11", 5) == day("19.11")
    assert (story.due(19), story.due(20), story.due(21)) == (day("20.11"), day("27.11"), day("11.12"))
    assert (story.due(29), story.due(28)) == (day("25.05"), day("12.05")), "11 May 2026 is a day off"


def test_repeated_steps_get_one_deadline_for_each_time() -> None:
    story = given(STARTED)
    assert [o.asked for o in story.state.steps[23].occurrences] == [
        day(text) for text in ("31.12", "31.01", "28.02", "31.03", "30.04")
    ]
    assert [o.asked for o in story.state.steps[24].occurrences] == [day("15.01"), day("15.03")]
    meetings = given(COLLEGE_STARTED, plan=COLLEGE).state.steps[7].occurrences
    assert [o.asked for o in meetings] == [day("31.12"), day("31.03"), day("30.04")]


def test_starting_late_gives_what_has_passed_ten_working_days() -> None:
    story = given(on("15.10", start()))
    caught_up = working_days_after("15.10", 10)
    assert caught_up == day("29.10")
    for number in (1, 2, 3, 4, 5, 6, 7, 8, 10):
        one = story.occurrence(number)
        assert (one.due, one.catch_up, one.first_due) == (caught_up, True, caught_up)
    assert story.occurrence(1).asked == day("10.09")
    assert (story.due(9), story.occurrence(9).catch_up) == (day("15.10"), False), "due on the day itself is in time"


def test_what_is_relative_to_a_step_that_catches_up_counts_from_its_new_date() -> None:
    story = given(on("24.11", start()))
    caught_up = working_days_after("24.11", 10)
    assert story.due(16) == story.due(19) == caught_up == day("08.12")
    assert story.due(17) == working_days_after("08.12", 2)
    assert (story.due(20), story.occurrence(20).catch_up) == (day("15.12"), False)


def test_starting_late_drops_the_times_that_have_passed() -> None:
    steps = given(on("05.02", start())).state.steps
    assert [(o.number, o.asked) for o in steps[23].occurrences] == [
        (1, day("28.02")),
        (2, day("31.03")),
        (3, day("30.04")),
    ]
    assert [o.asked for o in steps[24].occurrences] == [day("15.03")]


def test_starting_after_the_last_time_leaves_one_to_catch_up() -> None:
    (only,) = given(on("05.05", start())).state.steps[23].occurrences
    assert (only.asked, only.due, only.catch_up) == (day("30.04"), working_days_after("05.05", 10), True)


def test_rungs_before_the_start_are_never_sent() -> None:
    passed = given(on("09.09 10:00", start())).when(PASS, at="10.09 08:00").then_nothing()
    queued = passed.when(PASS, at="10.09 09:00").then(e.NoticeQueued)
    assert queued.events(e.NoticeQueued)[-1].rung == "before-0"


def test_a_start_counts_from_the_day_it_names() -> None:
    story = given(on("20.08", start(since=moment("15.10"))))
    assert story.due(1) == working_days_after("15.10", 10)
    earlier = given(on("15.10", start(since=moment("20.08"))))
    assert earlier.due(1) == working_days_after("15.10", 10), "nobody can start in the past"


def test_the_organisation_sets_its_own_dates_and_people() -> None:
    story = given(on("20.08", start(deadlines={1: day("05.09"), 16: day("08.11")}, responsible={1: "anna"})))
    one = story.occurrence(1)
    assert (one.due, one.pinned, story.state.steps[1].responsible) == (day("05.09"), True, "anna")
    sixteen = story.occurrence(16)
    assert (sixteen.asked, sixteen.due) == (day("08.11"), day("10.11")), "a Saturday rolls"
    assert story.due(17) == working_days_after("10.11", 2)


def test_own_dates_that_cannot_be_are_refused_by_name() -> None:
    def own(number: int, text: str) -> c.StartProgramme:
        return start(deadlines={number: day(text)})

    nothing = given()
    outside = start(deadlines={1: day("31.08").replace(year=YEAR + 2)})
    nothing.when(outside, at="20.08").then("deadline_outside_year", first=day("01.08"))
    nothing.when(own(1, "19.08"), at="20.08").then("deadline_in_past", today=day("20.08"))
    nothing.when(own(99, "10.09"), at="20.08").then("step_unknown", step=99)
    nothing.when(own(23, "10.01"), at="20.08").then("deadline_of_recurring", step=23)
    nothing.when(start(responsible={99: "anna"}), at="20.08").then("step_unknown", step=99)


def test_a_year_that_is_over_is_caught_up_within_the_next_one_and_not_later() -> None:
    late = given().and_(on("01.09", start(year=YEAR - 1))).state
    assert late.steps[1].current.due == day("15.09")  # ten working days
    assert all(step.current.due >= day("01.09") for step in late.steps.values())
    given().when(start(year=YEAR - 2), at="01.09").then("year_over", last=day("31.08").replace(year=YEAR))


def test_a_date_that_would_roll_back_into_the_past_is_refused() -> None:
    back = plan("school", rolling="previous")
    saturday = given(plan=back).when(start(back, deadlines={1: day("06.09")}), at="06.09")
    saturday.then("deadline_in_past")


def test_the_start_is_told_and_happens_once() -> None:
    story = (
        given()
        .when(start(), at="20.08")
        .then(e.ProgrammeStarted, e.NoticeQueued(kind="started", to=("curator", "head")))
    )
    story.when(start(), at="21.08").then("programme_exists", organisation="school-1", year=YEAR)


def test_a_cancelled_year_starts_anew_in_the_same_stream() -> None:
    story = given(STARTED, on("12.09", complete(1)), on("15.09", CANCEL))
    version = story.state.version
    anew = story.when(start(), at="20.10").then_among(e.ProgrammeStarted)
    assert anew.state.version > version + 1
    assert anew.state.steps[1].status == "pending"
    assert anew.due(1) == working_days_after("20.10", 10)
    assert set(story.state.items) <= set(anew.state.items), "letters that are queued still go out"
