"""What a command would change about the notices to come, before it is given."""

from __future__ import annotations

from domain.programme import commands as c
from domain.programme.agenda import agenda
from domain.programme.decide import decide
from domain.programme.evolve import fold
from domain.programme.whatif import WhatIf, what_if
from domain.refusal import Refusal
from tests.domain.programme.given import Given, given, moment, on
from tests.domain.programme.plans import SCHOOL, day
from tests.domain.programme.versions import calendar_of, edited, ladder_of, without
from tests.domain.programme.words import PASS, STARTED, WHY, complete, move, pause

AT = moment("12.09")
STORY = given(STARTED, on("12.09 09:30", PASS))


def asked(story: Given, command: c.ProgrammeCommand, adopted=None) -> WhatIf:
    found = what_if(story.state, command, SCHOOL, AT, adopted)
    assert isinstance(found, WhatIf), found
    return found


def adopt(plan) -> c.AdoptVersions:
    return c.AdoptVersions(plan=plan.ref, reason=WHY)


def test_a_moved_deadline_moves_its_rungs_and_tells_of_it() -> None:
    found = asked(STORY, move(2, "10.10"))
    assert [(one.step, one.was, one.due) for one in found.moves] == [(2, day("25.09"), day("10.10"))]
    assert {(one.kind, one.to) for one in found.added} >= {("moved", "responsible"), ("moved", "curator")}
    again = [one for one in found.added if one.kind == "reminder"]
    assert {one.rung for one in again} == {"before-10"}, "it was sent for the old date, and comes for the new one"
    moved = {(one.rung, one.to): (one.was, one.at) for one in found.moved}
    assert moved["missed", "head"] == (moment("26.09 09:00"), moment("13.10 09:00"))
    assert found.withdrawn == ()


def test_an_earlier_date_withdraws_the_rungs_that_have_no_day_left() -> None:
    found = asked(STORY, move(3, "15.09"))
    assert {one.rung for one in found.withdrawn} == {"before-10", "before-3"}


def test_an_edited_ladder_adds_and_withdraws() -> None:
    plan = ladder_of({"kind": "reminder", "days": 1, "to": ["head"]}, {"kind": "missed", "to": ["head"]})
    found = asked(STORY, adopt(plan), plan)
    assert {(one.rung, one.to) for one in found.added} == {("before-1", "head")}
    assert ("missed", "head") not in {(one.rung, one.to) for one in found.withdrawn}
    assert {"before-10", "after-3", "missed"} <= {one.rung for one in found.withdrawn}
    assert (found.moves, found.moved) == ((), ())


def test_a_decree_moves_only_what_it_touches() -> None:
    plan = calendar_of(day("25.09"))
    found = asked(STORY, adopt(plan), plan)
    assert 2 in {one.step for one in found.moves}
    assert {one.cause for one in found.moves} <= {"calendar", "reference"}
    assert found.withdrawn == ()


def test_another_roadmap_brings_and_takes_away() -> None:
    plan = without(34)
    found = asked(STORY, adopt(plan), plan)
    assert {one.step for one in found.withdrawn} == {34}
    assert {one.kind for one in found.added} == {"adopted"}
    later = edited(8, date={"rule": "until", "closes": [10, 20]})
    assert [(one.step, one.cause) for one in asked(STORY, adopt(later), later).moves] == [(8, "roadmap")]


def test_the_difference_is_that_of_the_planner() -> None:
    """What stays, what is added and what is withdrawn make up the agendas before and after, notice for notice."""
    for command, plan in ((move(2, "10.10"), SCHOOL), (adopt(calendar_of(day("25.09"))), calendar_of(day("25.09")))):
        found = asked(STORY, command, plan if isinstance(command, c.AdoptVersions) else None)
        decision = decide(STORY.state, command, SCHOOL, AT, plan)
        assert not isinstance(decision, Refusal)
        after = fold(STORY.state, decision)
        assert after is not None
        was = {_name(item, to) for item in agenda(STORY.state, SCHOOL) for to in item.to}
        will = {_name(item, to) for item in agenda(after, plan) for to in item.to}
        ahead = [one for one in found.added if one.rung]
        assert will - was == {(n.at, n.step, n.occurrence, n.rung, n.to) for n in (*ahead, *found.moved)}
        gone = {(n.at, n.step, n.occurrence, n.rung, n.to) for n in found.withdrawn}
        assert was - will == gone | {(n.was, n.step, n.occurrence, n.rung, n.to) for n in found.moved}


def _name(item, to):
    return (item.at, item.step, item.occurrence, item.rung, to)


def test_a_year_that_stands_still_sends_nothing_but_the_news() -> None:
    found = asked(given(STARTED, on("12.09", pause())), move(2, "10.10"))
    assert {one.kind for one in found.added} == {"moved"}
    assert found.moved == found.withdrawn == ()


def test_a_refusal_is_the_answer() -> None:
    done = given(STARTED, on("12.09", complete(3)))
    found = what_if(done.state, move(3, "10.10"), SCHOOL, AT)
    assert isinstance(found, Refusal)
    assert found.code == "step_done"
