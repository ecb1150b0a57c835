"""What holds on every walk of a submission, whatever people do and however long they wait."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.plan import local_day
from domain.refusal import Refusal
from domain.submission import events as e
from domain.submission.agenda import agenda, next_wakeup
from domain.submission.evolve import evolve, fold
from domain.submission.passing import pass_time
from domain.submission.state import Submission
from tests.domain.submission.given import TIMETABLE
from tests.domain.submission.walks import Stride, Walk, strides, walks

LADDER = ("reminder", "missed", "escalation")
REPORTS = e.NoticeRedirected | e.NoticeSent | e.NoticeDropped | e.ItemDeferred


@given(walks())
def test_every_stride_keeps_the_journal_sound(walk: Walk) -> None:
    for stride in strides(walk):
        if isinstance(stride.decision, Refusal):
            continue
        state = stride.before
        for one in stride.decision:
            after = evolve(state, one)
            _event_is_sound(state, one, after, stride.at)
            state = after
        _state_is_sound(state, stride)


def _event_is_sound(before: Submission | None, one: e.Happened, after: Submission, at: datetime) -> None:
    event = one.event
    stored = event.model_dump(mode="json", exclude_defaults=True) | {"type": event.type}
    assert e.SUBMISSION_EVENT.validate_json(json.dumps(stored)) == event
    assert after.version == (before.version if before else 0) + 1, "versions are dense"
    assert (before.last_at if before else one.at) <= one.at <= at, "time does not run backwards"
    if before is None:
        return
    if before.closed:
        closing = isinstance(event, e.NoticeQueued) and event.kind == "closed"
        assert closing or isinstance(event, REPORTS | e.SubmissionReopened), "nothing happens after the close"
    if before.status in ("submitted", "accepted"):
        assert (before.revision, before.sha256) == (after.revision, after.sha256), "what was handed in is frozen"
        assert not (isinstance(event, e.NoticeQueued) and event.kind in LADDER), "nobody is pressed who has submitted"
        for kind in before.documents.keys() - set(before.missing_documents):
            assert after.documents[kind].sha256 == before.documents[kind].sha256, "no file changes under the reviewer"
    assert before.first_due == after.first_due
    assert before.due == after.due or isinstance(event, e.DeadlineMoved)
    if isinstance(event, e.DeadlineMoved):
        assert event.due >= local_day(one.at, after.zone), "no deadline is set into the past"
    if isinstance(event, e.FormAccepted):
        assert before.submitted is not None
        assert event.by != before.submitted.by, "who submits cannot accept"


def _state_is_sound(state: Submission | None, stride: Stride) -> None:
    assert state is not None
    for short in (False, True):
        assert Submission.model_validate_json(state.model_dump_json(exclude_defaults=short)) == state
    wake = next_wakeup(state, TIMETABLE)
    assert wake is None or wake > stride.at, "what time brought is brought"
    assert wake == min((item.at for item in agenda(state, TIMETABLE)), default=None)
    if state.owed:
        assert state.overdue == (state.due < local_day(stride.at, state.zone)), "no deadline passes unseen"
    elif not state.closed:
        assert not state.overdue
    assert (state.accepted is None) == (state.accepted_at is None)
    assert (state.on_time is None) == (state.first_submitted_at is None)
    assert not state.on_time or state.on_time_excused, "whoever was in time was so by every later date"


@given(walks(), st.lists(st.integers(0, 24 * 40), max_size=8))
def test_one_leap_or_many_steps_give_the_same_events(walk: Walk, hours: list[int]) -> None:
    *_, last = strides(walk)
    state, at = last.after, last.at
    if state is None:
        return
    stops = [at + timedelta(hours=hour) for hour in sorted(hours)]
    small, walking = [], state
    for stop in stops:
        passed = pass_time(walking, TIMETABLE, stop)
        small += passed
        walking = fold(walking, passed) or walking
    assert small == (pass_time(state, TIMETABLE, stops[-1]) if stops else [])


@given(walks())
def test_nothing_is_decided_twice(walk: Walk) -> None:
    """Deadlines only move by a command: time alone never does it, and brings each rung of a date once."""
    for stride in strides(walk):
        if stride.before is None or isinstance(stride.decision, Refusal):
            continue
        alone = pass_time(stride.before, TIMETABLE, stride.at)
        assert not any(isinstance(one.event, e.DeadlineMoved) for one in alone)
        rungs = [one.event.rung for one in alone if isinstance(one.event, e.NoticeQueued)]
        assert len(rungs) == len(set(rungs))
        assert not set(rungs) & set(stride.before.sent)
