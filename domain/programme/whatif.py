"""What if: a command decided on the state in memory, and the planner's notices before and after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any, Literal, NamedTuple

from domain.plan import Ahead, Plan
from domain.programme import events as e
from domain.programme.agenda import ahead
from domain.programme.commands import ProgrammeCommand
from domain.programme.decide import decide
from domain.programme.evolve import fold
from domain.programme.passing import pass_time
from domain.programme.state import Programme
from domain.refusal import Refusal


class NoticeAhead(NamedTuple):
    """One notice to one addressee. `was`: the moment it would have gone out without the command."""

    at: datetime
    kind: str
    step: int | None
    occurrence: int | None
    rung: str | None
    to: str
    was: datetime | None = None


class Move(NamedTuple):
    """One deadline with its old and its new day."""

    step: int
    occurrence: int
    was: date
    due: date
    cause: Literal["command", "reference", "pause", "reopening", "calendar", "roadmap"]


class Rungs(NamedTuple):
    """How the notices of one deadline differ; shared by all deadlines that differ so. The steps are not filled in."""

    added: tuple[NoticeAhead, ...]
    moved: tuple[NoticeAhead, ...]
    withdrawn: tuple[NoticeAhead, ...]
    digest: str


class WhatIf(NamedTuple):
    """What a command would bring: deadlines moved, notices sent at once, and the rungs of each deadline."""

    moves: tuple[Move, ...]
    at_once: tuple[NoticeAhead, ...]
    rungs: tuple[tuple[Place, Rungs], ...]

    @property
    def effect(self) -> list[Any]:
        """Everything of it that tells one difference from another."""
        sent = [(one.kind, one.step, one.occurrence, one.to) for one in self.at_once]
        return [self.moves, sent, [(place, rungs.digest) for place, rungs in self.rungs]]

    @property
    def added(self) -> tuple[NoticeAhead, ...]:
        """Notices that would come and would not without the command."""
        return _sorted([*self.at_once, *self._placed(lambda rungs: rungs.added)])

    @property
    def moved(self) -> tuple[NoticeAhead, ...]:
        """Notices that would come at another moment."""
        return _sorted(self._placed(lambda rungs: rungs.moved))

    @property
    def withdrawn(self) -> tuple[NoticeAhead, ...]:
        """Notices that would not come any more."""
        return _sorted(self._placed(lambda rungs: rungs.withdrawn))

    @property
    def counts(self) -> dict[str, int]:
        """How many are added, moved and withdrawn."""
        return {
            "added": len(self.at_once) + sum(len(rungs.added) for _, rungs in self.rungs),
            "moved": sum(len(rungs.moved) for _, rungs in self.rungs),
            "withdrawn": sum(len(rungs.withdrawn) for _, rungs in self.rungs),
        }

    def _placed(self, pick: Callable[[Rungs], tuple[NoticeAhead, ...]]) -> list[NoticeAhead]:
        return [
            one._replace(step=step, occurrence=occurrence)
            for (step, occurrence), rungs in self.rungs
            for one in pick(rungs)
        ]


Place = tuple[int, int]
"""Step and occurrence."""


def what_if(
    state: Programme, command: ProgrammeCommand, plan: Plan, at: datetime, adopted: Plan | None = None
) -> WhatIf | Refusal:
    """The difference that `command` would make at the instant `at`; nothing is recorded."""
    before = fold(state, pass_time(state, plan, at)) or state
    decision = decide(before, command, plan, at, adopted)
    if isinstance(decision, Refusal):
        return decision
    after = fold(before, decision) or before
    was, will = _planned(before, plan, after), _planned(after, adopted or plan, before)
    places = [place for place in {**was, **will} if was.get(place) != will.get(place)]
    rungs = ((place, _difference(was.get(place), will.get(place))) for place in sorted(places))
    return WhatIf(
        moves=tuple(_moves(decision)),
        at_once=tuple(_at_once(decision)),
        rungs=tuple((place, found) for place, found in rungs if found.added or found.moved or found.withdrawn),
    )


def _planned(programme: Programme, plan: Plan, other: Programme) -> dict[Place, Ahead]:
    """The deadlines with notices to come; steps that both states share have the same ones by the same plan."""
    if programme.status != "running":
        return {}
    same = programme.plan == other.plan and programme.status == other.status
    return {
        (step.number, one.number): ahead(programme, plan, one)
        for step, one in programme.open_obligations()
        if not (same and other.steps.get(step.number) is step)
    }


@lru_cache(maxsize=16_384)
def _difference(was: Ahead | None, will: Ahead | None) -> Rungs:
    before, after = _notices(was), _notices(will)
    both = before.keys() & after.keys()
    added = _sorted([after[key] for key in after.keys() - both])
    moved = _sorted([after[key]._replace(was=before[key].at) for key in both if before[key].at != after[key].at])
    withdrawn = _sorted([before[key] for key in before.keys() - both])
    text = repr([[tuple(map(str, one)) for one in notices] for notices in (added, moved, withdrawn)])
    return Rungs(added, moved, withdrawn, sha256(text.encode()).hexdigest()[:16])


def _notices(deadline: Ahead | None) -> dict[tuple[str, str], NoticeAhead]:
    if deadline is None:
        return {}
    rungs = ((at, rung) for at, rung in deadline.moments if rung is not None)
    return {
        (rung.key, to): NoticeAhead(at, rung.kind, None, None, rung.key, to) for at, rung in rungs for to in rung.to
    }


def _at_once(decision: tuple[e.Happened, ...]) -> Iterator[NoticeAhead]:
    """The notices that the command itself sends, above all those that tell of the move."""
    for one in decision:
        if isinstance(one.event, e.NoticeQueued):
            step, occurrence = one.event.steps[0] if len(one.event.steps) == 1 else (None, None)
            for to in one.event.to:
                yield NoticeAhead(one.at, one.event.kind, step, occurrence, None, to)


def _moves(decision: tuple[e.Happened, ...]) -> Iterator[Move]:
    for one in decision:
        if isinstance(one.event, e.DeadlineMoved):
            event = one.event
            yield Move(event.step, event.occurrence, event.was, event.due, event.cause)


def _sorted(notices: list[NoticeAhead]) -> tuple[NoticeAhead, ...]:
    return tuple(sorted(notices, key=lambda one: (one.at, one.step or 0, one.occurrence or 0, one.rung or "", one.to)))
