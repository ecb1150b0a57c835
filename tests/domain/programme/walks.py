"""Random walks through a year: any command, sound or not, at any pace."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, get_args

from hypothesis import strategies as st

from domain.evidence import Evidence
from domain.mentoring_forms import MentoringForm
from domain.plan import Plan
from domain.programme import commands as c
from domain.programme.decide import Decision, after_time
from domain.programme.evolve import fold
from domain.programme.state import Programme
from domain.refusal import Refusal
from domain.roadmap import Part
from tests.domain.programme import plans
from tests.domain.programme.scenes import scenes
from tests.domain.programme.words import COLLEGE_EVIDENCE, EVIDENCE, ORDER, WHY, start

BEGIN = datetime(2025, 8, 1, 3, tzinfo=UTC)
PEOPLE = st.sampled_from(["anna", "boris", "vera"])
FORMS = st.lists(st.sampled_from(get_args(MentoringForm)), max_size=3, unique=True).map(tuple)
OCCURRENCES = st.none() | st.integers(0, 6)
PARTS: st.SearchStrategy[Part | None] = st.none() | st.sampled_from(["form", "consent"])
DAYS = st.dates(date(2025, 7, 1), date(2026, 9, 30))
GAPS = st.one_of(
    st.integers(0, 60), st.integers(0, 24 * 60), st.integers(0, 14 * 24 * 60), st.integers(0, 60 * 24 * 60)
).map(lambda minutes: timedelta(minutes=minutes))
COUNTS = st.integers(0, 60)
PAIRS = st.tuples(COUNTS, COUNTS).map(sorted)

Walk = list[tuple[timedelta, c.ProgrammeCommand]]


@lru_cache
def plan_of(roadmap: str) -> Plan:
    """A shipped roadmap; `school-previous` rolls deadlines back and climbs the ladder of the state."""
    if roadmap == "school-previous":
        return plans.plan("school", "state", rolling="previous")
    return {"school": plans.SCHOOL, "college": plans.COLLEGE}[roadmap]


@st.composite
def _evidence(draw: st.DrawFn, step: int) -> Evidence:
    good = draw(st.sampled_from([EVIDENCE, COLLEGE_EVIDENCE])).get(step, {})
    if draw(st.integers(0, 3)):
        return Evidence.model_validate(good)
    low, high = draw(PAIRS)
    names = draw(
        st.sampled_from([("returned", "sent"), ("obtained", "needed"), ("measured", "of"), ("count", "pairs")])
    )
    return Evidence.model_validate(good | dict(zip(names, (low, high), strict=True)))


@st.composite
def _completion(draw: st.DrawFn, steps: st.SearchStrategy[int]) -> c.CompleteStep:
    step = draw(steps)
    return c.CompleteStep(
        step=step,
        part=draw(PARTS) if step in (4, 5, 6, 10) else None,
        occurrence=draw(OCCURRENCES) if step in (7, 23, 24) else None,
        evidence=draw(_evidence(step)),
        forms=draw(FORMS) if step in (6, 8) and draw(st.booleans()) else None,
    )


def _starts(plan: Plan) -> st.SearchStrategy[c.StartProgramme]:
    last = max(plan.roadmap.steps)
    return st.builds(
        lambda deadlines, responsible, forms, since: start(
            plan, deadlines=deadlines, responsible=responsible, forms=forms, since=since
        ),
        st.just({}) | st.dictionaries(st.integers(1, last), DAYS, max_size=3),
        st.dictionaries(st.integers(1, last), PEOPLE, max_size=2),
        FORMS,
        st.none() | st.datetimes(datetime(2025, 8, 1), datetime(2026, 4, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    )


def _on_steps(steps: st.SearchStrategy[int]) -> list[st.SearchStrategy[Any]]:
    done = _completion(steps)
    return [
        *[done] * 6,
        st.builds(c.SkipStep, step=steps, reason=st.just(WHY), order=st.none() | st.just(ORDER)),
        st.builds(c.ReopenStep, step=steps, part=PARTS, occurrence=OCCURRENCES, reason=st.just(WHY)),
        st.builds(c.ReopenStep, step=steps, reason=st.just(WHY)),
        st.builds(c.MoveDeadline, step=steps, occurrence=OCCURRENCES, due=DAYS, reason=st.just(WHY)),
        st.builds(c.MoveDeadline, step=steps, due=DAYS, reason=st.just(WHY)),
        st.builds(c.AssignStep, step=steps, person=PEOPLE),
        st.builds(c.IssueForms, step=steps, occurrence=OCCURRENCES, count=st.integers(1, 90)),
        st.builds(c.NoteReturn, step=steps, occurrence=OCCURRENCES),
    ]


def _others(plan: Plan) -> list[st.SearchStrategy[Any]]:
    items = st.integers(0, 99)
    how = st.sampled_from(["keep", "shift"])
    why = st.just(WHY)
    result = st.builds(c.PlannedResult, mentors=COUNTS, mentees=COUNTS, pairs=COUNTS)
    return [
        *[st.just(c.PassTime())] * 2,
        st.builds(c.AppointPerson, role=st.sampled_from(["curator", "navigator"]), person=PEOPLE, order=st.just(ORDER)),
        st.builds(c.ChooseForms, forms=FORMS),
        st.builds(c.PlanResult, form=st.sampled_from(get_args(MentoringForm)), planned=result),
        st.builds(lambda item, pair: c.RecordForms(item=item, returned=pair[0], sent=pair[1]), items, PAIRS),
        st.builds(c.RecordSent, item=items, to=st.just(("anna",))),
        st.builds(c.RecordDropped, item=items, reason=st.sampled_from(["untrue", "nobody", "opted_out"])),
        st.builds(lambda item: c.RecordDeferred(item=item, retry_at=BEGIN), items),
        st.builds(c.PauseProgramme, reason=why, on_resume=how),
        *[st.builds(c.ResumeProgramme, deadlines=st.none() | how)] * 2,
        _starts(plan),
    ]


def _ends() -> list[st.SearchStrategy[Any]]:
    return [st.builds(c.CloseProgramme, reason=st.just(WHY)), st.builds(c.CancelProgramme, reason=st.just(WHY))]


@lru_cache
def walks(roadmap: str, length: int = 16) -> st.SearchStrategy[Walk]:
    """A start and then whatever may come; ends are rare, or no walk would get far."""
    plan = plan_of(roadmap)
    steps = st.sampled_from([*plan.roadmap.steps, *plan.roadmap.steps, 0, 99])
    usual = st.one_of([*_on_steps(steps), *_others(plan)])
    any_command = st.integers(0, 49).flatmap(lambda n: st.one_of(_ends()) if n == 49 else usual)
    begin = st.tuples(GAPS, st.just(start(plan)) | _starts(plan))
    stride = st.tuples(GAPS, any_command).map(lambda one: [one])
    some = scenes(plan, usual) | stride
    rest = st.lists(some, max_size=length // 3) | st.lists(some, min_size=length // 2, max_size=length)
    return st.tuples(begin, rest).map(lambda walk: [walk[0], *(one for part in walk[1] for one in part)])


@dataclass(frozen=True)
class Stride:
    """One command of a walk, and the state around it."""

    before: Programme | None
    command: c.ProgrammeCommand
    at: datetime
    decision: Decision

    @property
    def after(self) -> Programme | None:
        return self.before if isinstance(self.decision, Refusal) else fold(self.before, self.decision)


def strides(plan: Plan, walk: Walk) -> Iterator[Stride]:
    """Walk: every command at its moment, refusals included, as the recorder does it."""
    state: Programme | None = None
    at = BEGIN
    for gap, command in walk:
        at += gap
        one = Stride(state, _aimed(command, state), at, after_time(state, _aimed(command, state), plan, at))
        yield one
        state = one.after


def _aimed(command: Any, state: Programme | None) -> Any:
    """Numbers of items below 90 mean one that is queued, the n-th of a kind that fits."""
    if state is None or getattr(command, "item", 90) >= 90:
        return command
    kind = "collection" if isinstance(command, c.RecordForms) else "notice"
    fitting = [number for number, item in state.items.items() if item.kind == kind]
    return command.model_copy(update={"item": fitting[command.item % len(fitting)]}) if fitting else command
