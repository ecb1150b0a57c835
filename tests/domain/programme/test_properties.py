"""What holds on every walk through a year, whatever people do and however long they wait."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.plan import Plan, local_day
from domain.programme import commands as c
from domain.programme import events as e
from domain.programme.agenda import agenda, next_wakeup, wake_at
from domain.programme.decide import Decision, after_time, decide
from domain.programme.evolve import evolve, fold
from domain.programme.passing import pass_time
from domain.programme.state import Programme
from domain.refusal import Refusal
from tests.domain.programme.walks import Stride, Walk, plan_of, strides, walks
from tests.domain.programme.words import RESUME, pause, skip

ROADMAPS = pytest.mark.parametrize("roadmap", ["school", "college", "school-previous"])
SECOND = timedelta(seconds=1)


def _reached(plan: Plan, walk: Walk) -> tuple[Programme, datetime]:
    """Where a walk leads, with all its time passed."""
    *_, last = strides(plan, walk)
    assert last is not None
    assume(last.after is not None)
    assert last.after is not None
    return fold(last.after, pass_time(last.after, plan, last.at)) or last.after, last.at


@ROADMAPS
@given(data=st.data())
def test_every_stride_keeps_the_journal_sound(roadmap: str, data: st.DataObject) -> None:
    plan = plan_of(roadmap)
    for stride in strides(plan, data.draw(walks(roadmap))):
        if isinstance(stride.decision, Refusal):
            continue
        state = stride.before
        for one in stride.decision:
            again = evolve(state, one)
            _event_is_sound(state, one, again, stride)
            state = again
        _state_is_sound(plan, stride, state)


def _event_is_sound(before: Programme | None, one: e.Happened, after: Programme, stride: Stride) -> None:
    assert e.Happened.model_validate_json(one.model_dump_json()) == one
    stored = one.event.model_dump(mode="json", exclude_defaults=True) | {"type": one.event.type}
    assert e.PROGRAMME_EVENT.validate_json(json.dumps(stored)) == one.event
    assert after.version == (before.version if before else 0) + 1, "versions are dense"
    assert (before.last_at if before else one.at) <= one.at <= stride.at, "time does not run backwards"
    if isinstance(one.event, e.DeadlineMoved):
        assert one.event.due >= local_day(one.at, after.zone), "no deadline is set into the past"
        assert one.event.due != one.event.was
    if isinstance(one.event, e.ProgrammeStarted):
        assert all(due.due >= local_day(one.event.since, after.zone) for due in one.event.dues)
        return
    assert before is not None
    lost = before.items.keys() - after.items.keys()
    assert not lost or isinstance(one.event, e.NoticeSent | e.NoticeDropped | e.FormsCollected)
    for number, step in before.steps.items():
        assert [o.first_due for o in step.occurrences] == [o.first_due for o in after.steps[number].occurrences]


def _state_is_sound(plan: Plan, stride: Stride, state: Programme | None) -> None:
    assert state is not None
    for short in (False, True):
        assert Programme.model_validate_json(state.model_dump_json(exclude_defaults=short)) == state
    wake = next_wakeup(state, plan)
    assert wake is None or wake > stride.at, "what time brought is brought"
    assert wake == min((item.at for item in agenda(state, plan)), default=None)
    if state.status != "running":
        return
    for _, occurrence in state.open_obligations():
        assert occurrence.overdue == (occurrence.due < local_day(stride.at, state.zone)), "no deadline passes unseen"


@ROADMAPS
@given(data=st.data())
def test_after_passing_time_the_next_wake_is_later(roadmap: str, data: st.DataObject) -> None:
    plan = plan_of(roadmap)
    state, _ = _reached(plan, data.draw(walks(roadmap)))
    for _ in range(20):
        wake = next_wakeup(state, plan)
        if wake is None:
            return
        assert pass_time(state, plan, wake - SECOND) == []
        passed = decide(state, c.PassTime(), plan, wake)
        assert not isinstance(passed, Refusal)
        assert passed
        state = fold(state, passed) or state
        later = next_wakeup(state, plan)
        assert later is None or later > wake


@ROADMAPS
@given(data=st.data(), hours=st.lists(st.integers(0, 24 * 40), max_size=8))
def test_one_leap_or_many_steps_give_the_same_events(roadmap: str, data: st.DataObject, hours: list[int]) -> None:
    plan = plan_of(roadmap)
    state, at = _reached(plan, data.draw(walks(roadmap)))
    stops = [at + timedelta(hours=hour) for hour in sorted(hours)]
    small, walking = [], state
    for stop in stops:
        passed = pass_time(walking, plan, stop)
        small += passed
        walking = fold(walking, passed) or walking
    leap = pass_time(state, plan, stops[-1]) if stops else []
    assert small == leap
    assert all(a.at <= b.at for a, b in pairwise(leap))
    if state.status == "paused":
        assert leap == [], "a paused year stands still"


@ROADMAPS
@given(data=st.data())
def test_no_phase_is_out_of_reach(roadmap: str, data: st.DataObject) -> None:
    """From wherever one is, leaving out what is open ends the year, every phase done."""
    plan = plan_of(roadmap)
    state, at = _reached(plan, data.draw(walks(roadmap)))
    assume(state.active)
    for number in [n for n, step in state.steps.items() if step.status == "pending"]:
        skipped = decide(state, skip(number), plan, at)
        assert not isinstance(skipped, Refusal)
        state = fold(state, skipped) or state
    assert state.status == "closed"
    assert {phase.status for phase in state.phases} == {"done"}
    assert wake_at(state, plan) == min((i.retry_at for i in state.items.values() if i.retry_at), default=None)


@ROADMAPS
@given(data=st.data())
def test_the_same_walk_leads_to_the_same_place(roadmap: str, data: st.DataObject) -> None:
    plan = plan_of(roadmap)
    walk = data.draw(walks(roadmap))
    once, again = ([stride.decision for stride in strides(plan, walk)] for _ in range(2))
    assert once == again
    events = [one for decision in once if not isinstance(decision, Refusal) for one in decision]
    stored = [e.Happened.model_validate_json(one.model_dump_json()) for one in events]
    assert fold(None, events) == fold(None, stored)


@ROADMAPS
@given(data=st.data(), days=st.integers(0, 120))
def test_a_resumed_year_goes_on_where_nobody_is_late_by_the_pause(roadmap: str, data: st.DataObject, days: int) -> None:
    plan = plan_of(roadmap)
    state, at = _reached(plan, data.draw(walks(roadmap)))
    assume(state.active)
    if state.status == "running":
        state = fold(state, _accepted(after_time(state, pause(), plan, at))) or state
    after = fold(state, _accepted(after_time(state, RESUME, plan, at + timedelta(days=days)))) or state
    assert state.overdue_steps == after.overdue_steps
    assert all(o.overdue or o.due >= local_day(after.last_at, after.zone) for _, o in after.open_obligations())


def _accepted(decision: Decision) -> tuple[e.Happened, ...]:
    assert not isinstance(decision, Refusal)
    return decision
