"""How a roadmap was carried out: what the report on its execution says of every step (order 420-р, 6.4, 7.4, 8.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NamedTuple

from domain.plan import local_day
from domain.programme import events as e
from domain.programme.commands import Order
from domain.programme.state import Occurrence, Programme, StepState
from domain.roadmap import Part
from domain.value import TextRef, Value

Stand = Literal["done", "skipped", "open", "overdue"]
"""`overdue`: owed, and its last date has passed or the year was closed without it."""


class DeadlineLine(NamedTuple):
    """One deadline: the first date that was announced, the one that holds now, and the local day of completion."""

    occurrence: int
    first_due: date
    due: date
    done_on: date | None
    stand: Stand
    late: bool
    """Done after the date that held, or still owed after it."""


class StepLine(NamedTuple):
    """One step; it stands as the worst of its deadlines does."""

    number: int
    stand: Stand
    late: bool
    done_on: date | None
    deadlines: tuple[DeadlineLine, ...]

    @property
    def moved(self) -> bool:
        """Whether a deadline has another date than the first one."""
        return any(one.due != one.first_due for one in self.deadlines)


class Counts(Value):
    """Steps by how they stand; `late` counts those of `done` that were late, `moved` those with another date."""

    steps: int = 0
    done: int = 0
    late: int = 0
    skipped: int = 0
    open: int = 0
    overdue: int = 0
    moved: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(**{name: getattr(self, name) + getattr(other, name) for name in Counts.model_fields})


class Completion(Value):
    """Something of a step was done: a part, an occurrence or all of it."""

    step: int
    part: Part | None
    occurrence: int
    at: datetime
    note: TextRef | None
    documents: tuple[str, ...]


class Move(Value):
    """A deadline got another date."""

    at: datetime
    occurrence: int
    was: date
    due: date
    cause: str
    reference: int | None
    reason: TextRef | None
    order: Order | None


class Skip(Value):
    """The step was left out."""

    at: datetime
    reason: TextRef
    order: Order | None


class Return(Value):
    """The step was taken back into work."""

    at: datetime
    reason: TextRef


@dataclass(frozen=True)
class History:
    """What the present run of the year has in its journal beside the state; by step."""

    completions: dict[int, tuple[Completion, ...]] = field(default_factory=dict)
    moves: dict[int, tuple[Move, ...]] = field(default_factory=dict)
    skips: dict[int, Skip] = field(default_factory=dict)
    returns: dict[int, tuple[Return, ...]] = field(default_factory=dict)


TOLD: tuple[str, ...] = (
    "ProgrammeStarted", "PartCompleted", "StepCompleted", "DeadlineMoved", "StepSkipped", "StepReopened",
)  # fmt: skip
"""The types of event that a history is made of."""


def history(happened: Iterable[e.Happened]) -> History:
    """The history of the last run in a stream's events, given in order."""
    found = History()
    for one in happened:
        event, at = one.event, one.at
        match event:
            case e.ProgrammeStarted():
                found = History()
            case e.PartCompleted() | e.StepCompleted():
                mine = [known for known in found.completions.get(event.step, ()) if not _same(known, event)]
                found.completions[event.step] = (*mine, _completion(event, at))
            case e.DeadlineMoved():
                found.moves[event.step] = (*found.moves.get(event.step, ()), _move(event, at))
            case e.StepSkipped():
                found.skips[event.step] = Skip(at=at, reason=event.reason, order=event.order)
            case e.StepReopened():
                back = Return(at=at, reason=event.reason)
                found.returns[event.step] = (*found.returns.get(event.step, ()), back)
            case _:
                pass
    return found


def step_lines(programme: Programme, today: date) -> Iterator[StepLine]:
    """Every step as it stands on the local day `today`."""
    for step in programme.steps.values():
        yield _step_line(programme, step, today)


def counts(lines: Iterable[StepLine]) -> Counts:
    """Count them."""
    every = list(lines)
    stands = [line.stand for line in every]
    return Counts(
        steps=len(every),
        done=stands.count("done"),
        late=sum(line.late for line in every if line.stand == "done"),
        skipped=stands.count("skipped"),
        open=stands.count("open"),
        overdue=stands.count("overdue"),
        moved=sum(line.moved for line in every),
    )


def _step_line(programme: Programme, step: StepState, today: date) -> StepLine:
    deadlines = tuple(_deadline_line(programme, step, one, today) for one in step.occurrences)
    stand: Stand = step.status if step.status != "pending" else "open"
    if any(one.stand == "overdue" for one in deadlines):
        stand = "overdue"
    days = [one.done_on for one in deadlines if one.done_on]
    return StepLine(
        number=step.number,
        stand=stand,
        late=stand != "skipped" and any(one.late for one in deadlines),
        done_on=max(days) if step.status == "done" and days else None,
        deadlines=deadlines,
    )


def _deadline_line(programme: Programme, step: StepState, one: Occurrence, today: date) -> DeadlineLine:
    done_on = local_day(one.done_at, programme.zone) if one.done_at else None
    stand = _stand(programme, step, one, today)
    late = one.late if done_on else stand == "overdue"
    return DeadlineLine(
        occurrence=one.number, first_due=one.first_due, due=one.due, done_on=done_on, stand=stand, late=late
    )


def _stand(programme: Programme, step: StepState, one: Occurrence, today: date) -> Stand:
    """While a year is paused its deadlines do not pass."""
    if one.done_at is not None:
        return "done"
    if step.status != "pending":
        return step.status
    passed = programme.status == "running" and today > one.due
    return "overdue" if one.overdue or passed or programme.status == "closed" else "open"


def _same(known: Completion, event: e.PartCompleted | e.StepCompleted) -> bool:
    return (known.part, known.occurrence) == (event.part, event.occurrence)


def _completion(event: e.PartCompleted | e.StepCompleted, at: datetime) -> Completion:
    return Completion(
        step=event.step,
        part=event.part,
        occurrence=event.occurrence,
        at=at,
        note=event.note,
        documents=event.documents,
    )


def _move(event: e.DeadlineMoved, at: datetime) -> Move:
    names = ("occurrence", "was", "due", "cause", "reference", "reason", "order")
    return Move(at=at, **{name: getattr(event, name) for name in names})
