"""What if: a command decided on the state in memory, and the planner's notices before and after it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Literal, NamedTuple

from domain.plan import Plan
from domain.programme import events as e
from domain.programme.agenda import upcoming
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


class WhatIf(NamedTuple):
    """What a command would bring: deadlines moved; notices added, moved to another moment, withdrawn."""

    moves: tuple[Move, ...]
    added: tuple[NoticeAhead, ...]
    moved: tuple[NoticeAhead, ...]
    withdrawn: tuple[NoticeAhead, ...]


_Key = tuple[int, int, str, str]
_Planned = dict[_Key, NoticeAhead]


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
    both = was.keys() & will.keys()
    added = [will[key] for key in will.keys() - both]
    return WhatIf(
        moves=tuple(_moves(decision)),
        added=_sorted([*added, *_at_once(decision)]),
        moved=_sorted([will[key]._replace(was=was[key].at) for key in both if was[key].at != will[key].at]),
        withdrawn=_sorted([was[key] for key in was.keys() - both]),
    )


def _planned(programme: Programme, plan: Plan, other: Programme) -> _Planned:
    """The notices to come, by what they are; steps that both states share have the same ones by the same plan."""
    found: _Planned = {}
    if programme.status != "running":
        return found
    same = programme.plan == other.plan and programme.status == other.status
    for step, occurrence in programme.open_obligations():
        if same and other.steps.get(step.number) is step:
            continue
        place = step.number, occurrence.number
        for at, rung in upcoming(programme, plan, occurrence):
            for to in rung.to if rung else ():
                key = rung.key if rung else ""
                found[(*place, key, to)] = NoticeAhead(at, rung.kind if rung else "", *place, key, to)
    return found


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
