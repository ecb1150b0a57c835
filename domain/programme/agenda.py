"""The planner: what the clock will bring, as a pure function of state and plan."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import Literal, NamedTuple

from domain.ladder import Rung
from domain.plan import Ahead, Moment, Plan, midnight
from domain.programme.state import Occurrence, Programme, StepState
from domain.queued import next_attempt
from domain.value import Value

AgendaKind = Literal["phase", "deadline", "reminder", "missed", "escalation"]


class AgendaItem(Value):
    """One future act. `deadline` is the passing of a date, `phase` the opening of one; the rest are notices."""

    at: datetime
    kind: AgendaKind
    phase: int | None = None
    step: int | None = None
    occurrence: int | None = None
    rung: str | None = None
    to: tuple[str, ...] = ()


def agenda(programme: Programme, plan: Plan) -> list[AgendaItem]:
    """Everything that will happen by itself if nobody acts, in order of time."""
    if programme.status != "running":
        return []
    items = [*_phases(programme), *_rungs(programme, plan)]
    return sorted(items, key=_place)


def agenda_of(programme: Programme, plan: Plan, step: int, occurrence: int) -> list[AgendaItem]:
    """The same of one deadline alone."""
    state = programme.steps[step]
    owed = [one for one in state.open_occurrences if one.number == occurrence]
    if programme.status != "running" or not owed:
        return []
    return [_item(plan, state, owed[0], moment) for moment in ahead(programme, plan, owed[0]).moments]


def _place(item: AgendaItem) -> tuple[datetime, int, int, int]:
    return item.at, _ORDER[item.kind], item.step or 0, item.occurrence or 0


_ORDER = {"phase": 0, "deadline": 1, "reminder": 2, "missed": 3, "escalation": 4}


def next_wakeup(programme: Programme, plan: Plan) -> datetime | None:
    """The next moment at which the clock brings something, `None` when it brings nothing more."""
    if programme.status != "running":
        return None
    moments = [opens_at(programme, phase.number) for phase in programme.phases if phase.status == "waiting"]
    for _, occurrence in programme.open_obligations():
        moments += [moment.at for moment in ahead(programme, plan, occurrence).moments[:1]]
    return min((at for at in moments if at is not None), default=None)


def next_items(programme: Programme, plan: Plan, until: datetime | None = None) -> list[AgendaItem]:
    """Everything that happens at the next wake-up, if it comes by `until`, in the order of the agenda."""
    at = next_wakeup(programme, plan)
    if at is None or (until is not None and at > until):
        return []
    items = [item for item in _phases(programme) if item.at == at]
    for step, occurrence in programme.open_obligations():
        coming = takewhile(lambda moment: moment.at == at, ahead(programme, plan, occurrence).moments)
        items += [_item(plan, step, occurrence, moment) for moment in coming]
    return sorted(items, key=_place)


def wake_at(programme: Programme, plan: Plan, after: datetime | None = None) -> datetime | None:
    """When the workflow has to look again: the next moment, or the next attempt of an item deferred beyond `after`."""
    moments = (next_attempt(programme.items.values(), after), next_wakeup(programme, plan))
    return min((at for at in moments if at is not None), default=None)


def opens_at(programme: Programme, phase: int) -> datetime | None:
    """The instant at which the window of a waiting phase begins."""
    opens = programme.phase(phase).opens
    return midnight(opens, programme.zone) if opens else None


def _phases(programme: Programme) -> Iterator[AgendaItem]:
    for phase in programme.phases:
        at = opens_at(programme, phase.number)
        if phase.status == "waiting" and at is not None:
            yield AgendaItem(at=at, kind="phase", phase=phase.number)


def _rungs(programme: Programme, plan: Plan) -> Iterator[AgendaItem]:
    for step, occurrence in programme.open_obligations():
        for moment in ahead(programme, plan, occurrence).moments:
            yield _item(plan, step, occurrence, moment)


def ahead(programme: Programme, plan: Plan, occurrence: Occurrence) -> Ahead:
    """What is still to come of one deadline."""
    until = occurrence.told_until
    if programme.told_until is not None and programme.told_until > until:
        until = programme.told_until
    return Ahead(
        plan, occurrence.due, programme.zone, plan.passed(occurrence.due, programme.zone, until), occurrence.sent
    )


def _item(plan: Plan, step: StepState, occurrence: Occurrence, moment: Moment) -> AgendaItem:
    rung: Rung | None = moment.rung
    return AgendaItem(
        at=moment.at,
        kind=rung.kind if rung else "deadline",
        phase=plan.roadmap.phase_of[step.number],
        step=step.number,
        occurrence=occurrence.number,
        rung=rung.key if rung else None,
        to=rung.to if rung else (),
    )


class Outline(NamedTuple):
    """A programme in a line of a list; `changes_at`: when it will next look different by itself."""

    overdue: int
    next_deadline: date | None
    changes_at: datetime | None


def outline(programme: Programme) -> Outline:
    """What lists show: late steps, the nearest deadline, and when a phase opens or a deadline passes."""
    if not programme.active:
        return Outline(0, None, None)
    late: set[int] = set()
    passed: list[date] = []
    ahead: list[date] = []
    for step, occurrence in programme.open_obligations():
        if occurrence.overdue:
            late.add(step.number)
            passed.append(occurrence.due)
        else:
            ahead.append(occurrence.due)
    nearest = min(ahead, default=None)
    changes: list[datetime | None] = []
    if programme.status == "running":
        changes = [opens_at(programme, phase.number) for phase in programme.phases if phase.status == "waiting"]
        changes.append(midnight(nearest + timedelta(days=1), programme.zone) if nearest else None)
    at = min((one for one in changes if one is not None), default=None)
    return Outline(len(late), nearest or min(passed, default=None), at)
