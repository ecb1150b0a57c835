"""Whole years: everybody in time, and nobody at all."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from domain.plan import Plan
from domain.programme import commands as c
from domain.programme import events as e
from domain.programme.agenda import agenda, next_wakeup
from domain.programme.decide import after_time
from domain.programme.evolve import fold
from domain.programme.passing import pass_time
from domain.refusal import Refusal
from tests.domain.programme.given import Given, given, moment, on
from tests.domain.programme.plans import COLLEGE, SCHOOL
from tests.domain.programme.words import COLLEGE_EVIDENCE, EVIDENCE, PASS, complete, start

YEARS = pytest.mark.parametrize(("plan", "figures"), [(SCHOOL, EVIDENCE), (COLLEGE, COLLEGE_EVIDENCE)])


def everybody_in_time(plan: Plan, figures: dict[int, dict[str, Any]]) -> Given:
    """Each obligation is met at noon of its day, earlier numbers first; nothing is refused."""
    story = given(on("20.08", start(plan)), plan=plan)
    while owed := [(o.due, s.number) for s, o in story.state.open_obligations()]:
        due, step = min(owed)
        at = moment("12.09") + (due - moment("12.09").date())
        command: c.ProgrammeCommand = complete(step, evidence=figures.get(step, {}))
        decision = after_time(story.state, command, plan, at)
        assert not isinstance(decision, Refusal), decision
        story = Given(plan, (*story.happened, *decision))
    return story


@YEARS
def test_a_year_in_time(plan: Plan, figures: dict[int, dict[str, Any]]) -> None:
    story = everybody_in_time(plan, figures)
    assert story.state.status == "closed"
    assert {step.status for step in story.state.steps.values()} == {"done"}
    assert story.events(e.StepMissed) == []
    assert not any(done.late for done in story.events(e.StepCompleted, e.PartCompleted))
    phases = len(plan.roadmap.phases)
    assert len(story.events(e.PhaseOpened)) == len(story.events(e.PhaseCompleted)) == phases
    assert story.events(e.ProgrammeClosed) == [e.ProgrammeClosed(gaps=())]
    kinds = Counter(notice.kind for notice in story.events(e.NoticeQueued))
    assert set(kinds) <= {"started", "reminder", "moved", "ended"}


def obligations(plan: Plan) -> int:
    state = given(on("20.08", start(plan)), plan=plan).state
    return sum(len(step.occurrences) for step in state.steps.values())


@pytest.mark.parametrize(("plan", "owed", "escalations"), [(SCHOOL, 39, 3), (COLLEGE, 12, 2)])
def test_a_year_in_which_nobody_acts(plan: Plan, owed: int, escalations: int) -> None:
    """Started before the first reminder: each obligation climbs its whole ladder, once."""
    assert obligations(plan) == owed
    story = given(on("01.08", start(plan)), on("30.07", PASS), plan=plan)
    notices = [n for n in story.events(e.NoticeQueued) if n.kind != "started"]
    kinds = Counter(notice.kind for notice in notices)
    assert kinds == {"reminder": 3 * owed, "missed": owed, "escalation": escalations * owed}
    assert len(story.events(e.StepMissed)) == owed
    each = Counter((notice.steps[0], notice.kind) for notice in notices)
    assert set(each.values()) == {3, 1, escalations}
    opened = [event.phase for event in story.events(e.PhaseOpened)]
    assert sorted(opened) == [phase.number for phase in story.state.phases if phase.opens]
    assert next_wakeup(story.state, plan) is None


@pytest.mark.parametrize("plan", [SCHOOL, COLLEGE])
def test_the_agenda_foretells_what_happens(plan: Plan) -> None:
    state = given(on("01.08", start(plan)), plan=plan).state
    foretold = agenda(state, plan)
    happened = pass_time(state, plan, moment("30.07"))
    assert [item.at for item in foretold] == [one.at for one in happened]
    assert [i.rung for i in foretold if i.rung] == [
        one.event.rung for one in happened if isinstance(one.event, e.NoticeQueued)
    ]


def test_reminders_that_lay_before_the_start_are_left_out() -> None:
    """Step 1 is due on 10 September; ten working days before it is 27 August."""
    story = given(on("28.08", start()), on("30.07", PASS))
    rungs = Counter(n.rung for n in story.events(e.NoticeQueued) if n.steps == ((1, 1),))
    assert "before-10" not in rungs
    assert rungs["before-3"] == rungs["before-0"] == rungs["missed"] == 1


def test_a_late_worker_tells_everything_at_its_own_moment() -> None:
    state = given(on("01.08", start())).state
    at_once = pass_time(state, SCHOOL, moment("12.09"))
    assert [one.at for one in at_once] == sorted(one.at for one in at_once)
    missed = next(one for one in at_once if isinstance(one.event, e.StepMissed))
    assert missed.at == moment("11.09 00:00")
    day_by_day, walking = [], state
    for days in range(60):
        passed = pass_time(walking, SCHOOL, moment("01.08") + timedelta(days=days))
        day_by_day += passed
        walking = fold(walking, passed) or walking
    assert day_by_day[: len(at_once)] == at_once
