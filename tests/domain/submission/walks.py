"""Random walks of a submission: any command, sound or not, at any pace."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

from hypothesis import strategies as st

from domain.refusal import Refusal
from domain.submission import commands as c
from domain.submission.decide import Decision, after_time
from domain.submission.evolve import fold
from domain.submission.state import Submission
from tests.domain.submission.given import CLOSE, COMMENTS, OPEN, PASS, TIMETABLE, WHY, content

BEGIN = datetime(2026, 2, 20, 3, tzinfo=UTC)
GAPS = st.one_of(st.integers(0, 60), st.integers(0, 24 * 60), st.integers(0, 14 * 24 * 60)).map(
    lambda minutes: timedelta(minutes=minutes)
)
DAYS = st.dates(date(2026, 2, 20), date(2026, 6, 30))
PEOPLE = st.sampled_from(["person:anna", "person:boris"])
KINDS = st.sampled_from(get_args(c.DocumentKind))
CONTENTS = st.sampled_from("abc").map(content)
ITEMS = st.integers(0, 99)

Walk = list[tuple[timedelta, c.SubmissionCommand]]

_ANY: list[st.SearchStrategy[Any]] = [
    *[st.just(PASS)] * 2,
    *[st.builds(c.SaveForm, sha256=CONTENTS)] * 3,
    *[st.builds(c.SubmitForm, revision=st.integers(0, 4), by=PEOPLE)] * 4,
    *[st.builds(c.ReturnForm, comments=st.just(COMMENTS), due=st.none() | DAYS, by=PEOPLE)] * 2,
    *[st.builds(c.AcceptForm, by=PEOPLE)] * 2,
    st.builds(c.ReopenForm, reason=st.just(WHY), due=st.none() | DAYS),
    *[st.builds(c.ExtendDeadline, due=DAYS, reason=st.just(WHY))] * 2,
    st.builds(
        c.AddDocument,
        kind=KINDS,
        sha256=st.sampled_from("xy").map(content),
        size=st.just(1),
        revision=st.integers(0, 3),
    ),
    st.builds(c.ClearDocument, kind=KINDS),
    st.builds(
        c.AdoptCalendar, calendar=st.just("test@2"), was=st.sampled_from(["test@1", "test@2"]), reason=st.just(WHY)
    ),
    st.builds(c.ReopenSubmission, due=DAYS, reason=st.just(WHY)),
    *[st.builds(c.RecordSent, item=ITEMS, to=st.just(("person:anna",)))] * 3,
    st.builds(c.RecordDropped, item=ITEMS, reason=st.sampled_from(["untrue", "nobody"])),
    st.builds(lambda item: c.RecordDeferred(item=item, retry_at=BEGIN), ITEMS),
    st.just(CLOSE),
]


def walks(length: int = 20) -> st.SearchStrategy[Walk]:
    """An opening and then whatever may come."""
    rest = st.lists(st.tuples(GAPS, st.one_of(_ANY)), min_size=1, max_size=length)
    return st.tuples(st.tuples(GAPS, st.just(OPEN)), rest).map(lambda walk: [walk[0], *walk[1]])


@dataclass(frozen=True)
class Stride:
    """One command at its moment, and what stood before it."""

    before: Submission | None
    command: c.SubmissionCommand
    at: datetime
    decision: Decision

    @property
    def after(self) -> Submission | None:
        return self.before if isinstance(self.decision, Refusal) else fold(self.before, self.decision)


def strides(walk: Walk) -> Iterator[Stride]:
    """Walk: every command at its moment, refusals included, as the recorder does it."""
    state: Submission | None = None
    at = BEGIN
    for gap, command in walk:
        at += gap
        aimed = _aimed(command, state)
        one = Stride(state, aimed, at, after_time(state, aimed, TIMETABLE, at))
        yield one
        state = one.after


def _aimed(command: Any, state: Submission | None) -> Any:
    """Numbers of items below 90 mean one that is queued, revisions below 4 the present one."""
    if state is None:
        return command
    if isinstance(command, c.SubmitForm) and command.revision < 4:
        return command.model_copy(update={"revision": state.revision})
    if getattr(command, "item", 99) < 90 and state.items:
        return command.model_copy(update={"item": [*state.items][command.item % len(state.items)]})
    return command
