"""The deadline of a submission: its ladder, more time, and whether a form came in time."""

from __future__ import annotations

from datetime import date

from domain.plan import Timetable
from domain.submission import commands as c
from domain.submission import events as e
from domain.submission.decide import after_time
from tests.domain.programme.given import moment
from tests.domain.programme.plans import CALENDAR
from tests.domain.submission.given import (
    ACCEPT,
    ACCEPTED,
    CLOSE,
    FILLED,
    LADDER,
    OPENED,
    PASS,
    RETURN,
    SUBMIT,
    SUBMITTED,
    TIMETABLE,
    WHY,
    Given,
    Outcome,
    extend,
    given,
    on,
)


def test_the_ladder_of_21_march() -> None:
    assert given(OPENED).ahead() == [
        ("06.03", "before-10"),
        ("16.03", "before-5"),
        ("19.03", "before-2"),
        ("23.03", "before-0"),
        ("23.03", None),  # midnight in Tomsk is 17:00 UTC
        ("24.03", "missed"),
        ("24.03", "after-0"),
        ("31.03", "after-5"),
    ]


def test_nobody_acts_and_each_rung_is_reached_once() -> None:
    silent = given(OPENED).when(PASS, "01.04").after
    assert [rung for kind, rung in silent.notices() if rung] == [
        "before-10", "before-5", "before-2", "before-0", "missed", "after-0", "after-5",
    ]  # fmt: skip
    assert silent.state.overdue
    assert silent.ahead() == []
    assert silent.state.told == ("coordinator", "authority_head", "mentoring_centre", "department", "working_group")


def test_a_submitted_form_is_not_late_any_more() -> None:
    late = given(FILLED, on("26.03", PASS))
    assert late.state.overdue
    submitted = late.and_(on("26.03", SUBMIT))
    assert not submitted.state.overdue
    assert submitted.state.missed
    assert submitted.ahead() == [], "nobody is reminded of what lies with the reviewer"
    submitted.when(PASS, "20.04").then()


OFF = CALENDAR.years[2026].model_copy(update={"days_off": CALENDAR.years[2026].days_off | {date(2026, 3, 23)}})
DECREED = Timetable(LADDER, CALENDAR.model_copy(update={"years": {**CALENDAR.years, 2026: OFF}}), "next_working_day")
"""A decree gives 23 March off: what is due on the 21st rolls to the 24th."""
ADOPT = c.AdoptCalendar(calendar="test@2", was="test@1", reason=WHY)


def adopted(past: Given, at: str) -> Outcome:
    return Outcome(past, after_time(past.state, ADOPT, TIMETABLE, moment(at), DECREED))


def test_a_decree_moves_the_deadline_and_everybody_who_knew_it_is_told() -> None:
    moved = adopted(given(FILLED, on("06.03", PASS)), "10.03").then(
        e.CalendarAdopted,
        e.DeadlineMoved(
            was=date(2026, 3, 23), asked=date(2026, 3, 21), due=date(2026, 3, 24), cause="calendar", reason=WHY
        ),
        e.NoticeQueued(kind="moved", due=date(2026, 3, 24), to=("coordinator", "authority_head")),
    )
    assert moved.state.plan.calendar == "test@2"
    later = Outcome(moved, after_time(moved.state, SUBMIT, DECREED, moment("24.03"))).after.state
    assert (later.on_time, later.on_time_excused) == (False, True), "the first date stays, and nobody is blamed"


def test_a_decree_leaves_an_extension_and_what_was_handed_in() -> None:
    adopted(given(FILLED, on("06.03", extend(date(2026, 4, 1)))), "10.03").then(e.CalendarAdopted)
    adopted(given(SUBMITTED), "11.03").then(e.CalendarAdopted)
    adopted(given(FILLED, on("25.03", PASS)), "25.03").then(e.CalendarAdopted)
    given(FILLED).when(ADOPT.model_copy(update={"calendar": "test@1"}), "10.03").then("calendar_unchanged")
    given(FILLED).when(ADOPT.model_copy(update={"was": "test@0"}), "10.03").then("calendar_changed")


def test_nothing_is_sent_after_acceptance() -> None:
    given(ACCEPTED).when(PASS, "20.04").then()


def test_a_form_returned_in_time_keeps_its_deadline() -> None:
    returned = given(SUBMITTED, on("17.03", RETURN))
    assert returned.state.due == date(2026, 3, 23)
    assert returned.ahead()[0] == ("19.03", "before-2"), "what lay in the meantime is not sent afterwards"


def test_a_form_returned_after_its_deadline_gets_five_working_days() -> None:
    returned = given(SUBMITTED).when(RETURN, "25.03").then(e.FormReturned, e.DeadlineMoved, e.NoticeQueued)
    assert (returned.state.due, returned.state.first_due) == (date(2026, 4, 1), date(2026, 3, 23))
    assert not returned.state.missed
    assert returned.ahead()[0] == ("30.03", "before-2")


def test_whoever_returns_it_may_name_the_date() -> None:
    named = RETURN.model_copy(update={"due": date(2026, 4, 11)})
    assert given(SUBMITTED, on("25.03", named)).state.due == date(2026, 4, 13), "a Saturday rolls"
    earlier = RETURN.model_copy(update={"due": date(2026, 3, 19)})
    given(SUBMITTED).when(earlier, "17.03").then("deadline_not_later")


def test_more_time_is_given_with_a_reason_and_told_to_whoever_knew_the_old_date() -> None:
    late = given(FILLED, on("24.03", PASS))
    extended = late.when(extend(date(2026, 4, 6)), "25.03").then(
        e.DeadlineMoved(
            was=date(2026, 3, 23), asked=date(2026, 4, 6), due=date(2026, 4, 6), cause="extension", reason=WHY
        ),
        e.NoticeQueued(
            kind="extended", due=date(2026, 4, 6),
            to=("coordinator", "authority_head", "mentoring_centre", "department"),
        ),
    )  # fmt: skip
    assert not extended.state.overdue
    assert extended.state.extended
    assert extended.ahead()[0] == ("30.03", "before-5")


def test_time_is_given_and_never_taken() -> None:
    given(OPENED).when(extend(date(2026, 3, 20)), "10.03").then("deadline_not_later", was=date(2026, 3, 23))
    given(OPENED).when(extend(date(2026, 3, 22)), "10.03").then("deadline_not_later")
    given(OPENED).when(extend(date(2026, 3, 1)), "10.03").then("deadline_in_past")
    given(OPENED).when(extend(date(2028, 3, 1)), "10.03").then("deadline_too_far")
    seen = extend(date(2026, 4, 6), was=date(2026, 3, 20))
    given(OPENED).when(seen, "10.03").then("submission_deadline_moved", due=date(2026, 3, 23))


def test_in_time_by_the_first_date_and_by_the_one_that_held() -> None:
    last_day = given(FILLED, on("23.03 23:59", SUBMIT)).state
    assert (last_day.on_time, last_day.on_time_excused) == (True, True)
    excused = given(FILLED, on("20.03", extend(date(2026, 4, 6))), on("02.04", SUBMIT)).state
    assert (excused.on_time, excused.on_time_excused) == (False, True)
    late = given(FILLED, on("24.03 00:00", SUBMIT)).state
    assert (late.on_time, late.on_time_excused) == (False, False)
    assert late.missed


def test_a_correction_after_the_date_does_not_make_the_first_submission_late() -> None:
    mended = given(SUBMITTED, on("25.03", RETURN), on("26.03", SUBMIT), on("27.03", ACCEPT)).state
    assert (mended.on_time, mended.on_time_excused) == (True, True)


def test_reopening_after_the_date_gives_time_too() -> None:
    reopened = given(ACCEPTED, on("30.03", c.ReopenForm(reason=WHY))).state
    assert reopened.due == date(2026, 4, 6)
    assert given(ACCEPTED, on("30.03", c.ReopenForm(reason=WHY, due=date(2026, 4, 20)))).state.due == date(2026, 4, 20)


def test_a_closed_submission_has_no_clock() -> None:
    given(OPENED, on("10.03", CLOSE)).when(PASS, "01.04").then()
