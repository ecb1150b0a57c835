"""Newer versions in a running year: what moves is recorded and announced, what has been sent stays sent."""

from __future__ import annotations

from domain.plan import Plan
from domain.programme import commands as c
from domain.programme import events as e
from domain.programme.evolve import fold
from domain.refusal import Refusal
from tests.domain.programme.given import Given, given, on
from tests.domain.programme.plans import CALENDAR, SCHOOL, day
from tests.domain.programme.versions import (
    adopted,
    calendar_of,
    decided,
    edited,
    ladder_of,
    passed,
    refused,
    roadmap_of,
    without,
)
from tests.domain.programme.words import ORDER, PASS, STARTED, WHY, complete, move, pause, skip


def rungs(story: Given, step: int) -> list[str]:
    return [n.rung for n in story.events(e.NoticeQueued) if n.rung and n.steps == ((step, 1),)]


def test_a_decree_moves_what_falls_on_its_days_off_and_everybody_is_told() -> None:
    story = adopted(given(STARTED), calendar_of(day("25.09")), "21.08")
    (turn,) = story.events(e.VersionsAdopted)
    assert (turn.was.calendar, turn.plan.calendar, turn.order) == ("test@1", "test@2", ORDER)
    (moved,) = [one for one in story.events(e.DeadlineMoved) if one.step == 2]
    assert (moved.was, moved.due, moved.asked, moved.cause) == (day("25.09"), day("26.09"), day("25.09"), "calendar")
    assert (moved.reason, moved.order) == (WHY, ORDER)
    assert story.occurrence(2).first_due == day("25.09")
    told = story.events(e.NoticeQueued)[-1]
    assert (told.kind, told.to) == ("moved", ("responsible", "curator"))
    assert (2, 1) in told.steps


def test_working_days_are_counted_anew_and_what_follows_goes_along() -> None:
    """Step 17 is due two working days after 16, step 18 five after 17."""
    before = given(STARTED)
    off = before.due(17)
    story = adopted(before, calendar_of(off), "21.08")
    assert story.due(17) > before.due(17)
    assert story.due(18) > before.due(18)
    causes = {one.step: (one.cause, one.reference) for one in story.events(e.DeadlineMoved)}
    assert causes[17] == ("calendar", None)
    assert causes[18] == ("reference", 17)
    assert story.occurrence(18).anchor == story.due(17)


def test_what_the_organisation_set_itself_only_rolls() -> None:
    story = given(STARTED, on("21.08", move(2, "01.10"), move(3, "02.10")))
    after = adopted(story, calendar_of(day("01.10")), "22.08")
    assert (after.due(2), after.due(3)) == (day("02.10"), day("02.10"))
    assert after.occurrence(2).pinned
    other = adopted(story, edited(2, date={"rule": "until", "closes": [11, 20]}), "22.08")
    assert other.due(2) == day("01.10"), "a roadmap does not overrule an order"


def test_a_date_that_has_passed_is_never_set() -> None:
    story = adopted(given(STARTED), edited(8, date={"rule": "until", "closes": [9, 15]}), "01.10")
    assert story.due(8) == given(STARTED).due(8)


def test_a_later_date_makes_what_is_late_in_time_again() -> None:
    late = given(STARTED, on("12.10 09:30", PASS))
    assert late.occurrence(8).overdue
    story = adopted(late, edited(8, date={"rule": "until", "closes": [10, 30]}), "13.10")
    assert story.due(8) == day("30.10")
    assert not story.occurrence(8).overdue
    assert story.events(e.DeadlineMoved)[-1].cause == "roadmap"


REMIND = {"kind": "reminder", "to": ["responsible"]}


def test_rungs_that_have_passed_are_not_sent_afterwards() -> None:
    """Ten days before step 2 lies behind; the new ladder would also have had fifteen and eight days before."""
    story = given(STARTED, on("12.09", PASS))
    assert rungs(story, 2) == ["before-10"]
    plan = ladder_of(
        {**REMIND, "days": 15}, {**REMIND, "days": 10}, {**REMIND, "days": 8}, {"kind": "missed", "to": ["head"]}
    )
    after = passed(adopted(story, plan, "12.09 12:30"), "20.09")
    assert rungs(after, 2) == ["before-10", "before-8"]


def test_a_rung_that_was_sent_stays_sent_when_the_calendar_places_it_later() -> None:
    """Step 2 is due on 25 September; three working days before is the 22nd, by the new calendar the 19th."""
    story = given(STARTED, on("22.09 10:00", PASS))
    assert rungs(story, 2) == ["before-10", "before-3"]
    plan = calendar_of()
    worked = plan.calendar.years[2025].model_copy(update={"working_weekends": frozenset({day("20.09"), day("27.09")})})
    calendar = plan.calendar.model_copy(update={"years": {**plan.calendar.years, 2025: worked}})
    later = Plan(plan.ref, plan.roadmap, plan.ladder, calendar.model_copy(update={"version": "3"}))
    off = calendar_of(day("24.09"))  # places «three before» on the 21st, a Sunday: the 19th
    for other in (later, off):
        after = passed(adopted(story, other, "22.09 12:00"), "25.09 23:00")
        assert rungs(after, 2) == ["before-10", "before-3", "before-0"]


def test_the_missed_morning_is_not_told_twice() -> None:
    story = given(STARTED, on("26.09 10:00", PASS))
    assert rungs(story, 2)[-1] == "missed"
    after = passed(adopted(story, calendar_of(day("26.09")), "26.09 11:00"), "01.10")
    assert rungs(after, 2).count("missed") == 1


def test_a_step_that_the_roadmap_brings_is_due_by_its_rule() -> None:
    body = SCHOOL.roadmap.model_dump(mode="json")
    extra = body["phases"][0]["steps"][0] | {
        "number": 40, "title": "Новое мероприятие", "gate": {}, "date": {"rule": "relative", "days": 3, "step": 2},
    }  # fmt: skip
    body["phases"][1]["steps"].append(extra)
    story = adopted(given(STARTED), roadmap_of(body), "21.08")
    assert story.due(40) == day("29.09"), "three days after 25 September is a Sunday"
    assert story.events(e.NoticeQueued)[-1].kind == "adopted"
    assert story.events(e.DeadlineMoved) == []
    late = adopted(given(STARTED), roadmap_of(body), "30.09")
    assert late.occurrence(40).catch_up


def test_a_step_that_the_roadmap_drops_is_gone_with_its_deadline() -> None:
    story = adopted(given(STARTED), without(34), "21.08")
    assert 34 not in story.state.steps
    assert (34, 1) in story.events(e.VersionsAdopted)[-1].removed


def test_whoever_was_charged_with_a_step_hears_that_it_is_not_needed_any_more() -> None:
    story = given(STARTED, on("21.08", c.AssignStep(step=34, person="savin")))
    told = adopted(story, without(34), "22.08").events(e.NoticeQueued)[-1]
    assert (told.kind, told.to) == ("adopted", ("curator", "head", "person:savin"))


def test_what_was_done_cannot_vanish() -> None:
    story = given(STARTED, on("21.08", complete(3), skip(34)))
    assert refused(story, without(3), "22.08") == Refusal(code="versions_lose_done", facts={"steps": [3]})
    assert 34 not in adopted(story, without(34), "22.08").state.steps, "what was left out may fall away"
    parts = given(STARTED, on("21.08", complete(5, part="form", evidence={"sent": 60, "returned": 50})))
    assert refused(parts, edited(5, parts=[], requires=[]), "22.08").facts == {"steps": [5]}
    asked = given(STARTED, on("21.08", c.IssueForms(step=17, count=5)))
    assert refused(asked, edited(17, kind="meeting", requires=[]), "22.08").facts == {"steps": [17]}


def test_times_that_are_done_stay_and_the_rest_follow_the_new_rule() -> None:
    story = given(STARTED, on("20.01", complete(24)))
    first, second = story.state.steps[24].occurrences
    plan = edited(24, date={"rule": "dates", "dates": [[1, 15], [2, 16], [4, 15]]})
    times = adopted(story, plan, "21.01").state.steps[24].occurrences
    assert (times[0].due, times[0].done_at) == (first.due, first.done_at)
    assert [(o.number, o.due) for o in times[1:]] == [(2, day("16.02")), (3, day("15.04"))]
    assert times[1].first_due == second.due
    once = edited(24, date={"rule": "until", "closes": [5, 20]})
    assert refused(story, once, "21.01").code == "versions_lose_done"


def test_a_repeated_step_becomes_a_single_one() -> None:
    story = adopted(given(STARTED), edited(24, date={"rule": "until", "closes": [5, 20]}), "21.08")
    assert [o.due for o in story.state.steps[24].occurrences] == [day("20.05")]


def test_what_there_is_nothing_to_adopt_or_belongs_to_others_is_refused() -> None:
    story = given(STARTED)
    assert refused(story, SCHOOL, "21.08").code == "versions_unchanged"
    foreign = roadmap_of(SCHOOL.roadmap.model_dump(mode="json") | {"key": "college"})
    other = Plan(foreign.ref.model_copy(update={"roadmap": "college@2"}), foreign.roadmap, foreign.ladder, CALENDAR)
    assert refused(story, other, "21.08").code == "roadmap_foreign"
    stale = decided(story, edited(2), "21.08", was=edited(3).ref)
    assert isinstance(stale, Refusal)
    assert stale.code == "versions_changed"


def test_a_paused_year_adopts_and_goes_on_by_it() -> None:
    story = adopted(given(STARTED, on("21.08", pause("keep"))), calendar_of(day("25.09")), "22.08")
    assert story.due(2) == day("26.09")
    assert story.state.status == "paused"


def test_the_stream_gives_the_same_state_again() -> None:
    story = adopted(given(STARTED, on("12.09", PASS)), without(34), "12.09 13:00")
    stored = [e.Happened.model_validate_json(one.model_dump_json()) for one in story.happened]
    assert fold(None, stored) == story.state
