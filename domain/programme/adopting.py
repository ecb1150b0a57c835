"""Deciding on newer versions of roadmap, ladder and calendar in a year that runs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal, NamedTuple

from domain.dates import Dates, Recurring, Relative, Until, Window, in_school_year, occurrences
from domain.plan import Plan, local_day
from domain.programme import commands as c
from domain.programme import events as e
from domain.programme.schedule import dues_of, phase_openings, references_first, relative_day
from domain.programme.settle import anchor_of
from domain.programme.state import Item, Occurrence, Programme, StepState
from domain.programme.turn import Turn
from domain.refusal import Refusal
from domain.roadmap import StepPlan

Place = tuple[int, int]
"""Step and occurrence."""


class _Changes(NamedTuple):
    """What another roadmap makes of the deadlines: new ones, those that fall away, other days asked for."""

    added: list[e.Due]
    removed: list[Place]
    asked: dict[Place, date]


class _Target(NamedTuple):
    asked: date
    cause: Literal["reference", "calendar", "roadmap"]
    anchor: date | None = None


def adopt(turn: Turn, command: c.AdoptVersions, before: Plan) -> Refusal | None:
    """Go on by the versions of `turn.plan`; `before` is the plan until now.

    A date that was set by the organisation or by a command stays asked for; it only rolls by the new calendar.
    A date that has passed already is never set, and no rung of the past is told.
    """
    other = command.plan.roadmap != turn.state.plan.roadmap
    if refusal := _refused(turn, command, other):
        return refusal
    changes = _compared(turn, before) if other else _Changes([], [], {})
    roadmap, dropped = turn.plan.roadmap, tuple(_told_of(turn.state, changes.removed))
    turn.emit(
        e.VersionsAdopted(
            plan=command.plan,
            was=turn.state.plan,
            reason=command.reason,
            order=command.order,
            phase_numbers=tuple(phase.number for phase in roadmap.phases) if other else (),
            phases=phase_openings(turn.plan, turn.state.year) if other else {},
            added=tuple(changes.added),
            removed=tuple(changes.removed),
        )
    )
    if other or turn.plan.calendar is not before.calendar:
        _move(turn, command, before, changes)
    if changes.added or changes.removed:
        turn.emit(e.NoticeQueued(kind="adopted", to=tuple(dict.fromkeys(("curator", "head", *dropped)))))
    return None


def _told_of(state: Programme, places: list[Place]) -> Iterator[str]:
    """Persons named in what falls away: told of its date, or charged with it. Superiors read digests."""
    for step, number in places:
        named = state.steps[step].responsible
        yield from (f"person:{one}" for one in (named,) if one)
        occurrence = state.steps[step].occurrence(number)
        yield from (one for one in (occurrence.told if occurrence else ()) if one.startswith("person:"))


def _refused(turn: Turn, command: c.AdoptVersions, other: bool) -> Refusal | None:
    now = turn.state.plan
    if command.was not in (None, now):
        return Refusal(code="versions_changed", facts={"roadmap": now.roadmap, "ladder": now.ladder})
    if command.plan == now:
        return Refusal(code="versions_unchanged")
    if _key(command.plan.roadmap) != _key(now.roadmap):
        facts = {"roadmap": _key(command.plan.roadmap), "own": _key(now.roadmap), "sector": turn.state.sector}
        return Refusal(code="roadmap_foreign", facts=facts, pointer="/roadmap")
    lost = [step.number for step in turn.state.steps.values() if other and _loses(turn, step)]
    return Refusal(code="versions_lose_done", facts={"steps": lost}) if lost else None


def _key(name: str) -> str:
    return name.partition("@")[0]


def _loses(turn: Turn, step: StepState) -> bool:
    """Whether something that was done, or is under way, has no place in the other roadmap."""
    gathering = any(
        (step.number, o.number) in item.steps for item in _collections(turn.state) for o in step.occurrences
    )
    done = [o for o in step.occurrences if o.done_at is not None]
    plan = turn.plan.roadmap.steps.get(step.number)
    if plan is None:
        return bool(step.status == "done" or step.parts or done or step.issued or gathering)
    if step.status != "pending":
        return False
    unfit = bool(set(step.parts) - set(plan.parts)) or (bool(done) and not plan.recurring)
    return unfit or (bool(step.issued or gathering) and "form" not in plan.kinds(None))


def _collections(state: Programme) -> Iterator[Item]:
    return (item for item in state.items.values() if item.kind == "collection")


def _compared(turn: Turn, before: Plan) -> _Changes:
    changes = _Changes([], [], {})
    for step in turn.state.steps.values():
        plan = turn.plan.roadmap.steps.get(step.number)
        if plan is None:
            changes.removed.extend((step.number, o.number) for o in step.occurrences)
        elif step.status == "pending" and plan.date != before.roadmap.steps[step.number].date:
            _replan(turn, step, plan, changes)
    known = {step.number: [_anchoring(turn.state, step)] for step in turn.state.steps.values()}
    for plan in references_first(turn.plan):
        if plan.number not in known:
            known[plan.number] = dues_of(turn.plan, plan, turn.state.year, turn.today, None, known)
            changes.added.extend(known[plan.number])
    return changes


def _anchoring(state: Programme, step: StepState) -> e.Due:
    """The step as one that dates are counted from: its deadline, or the day it was done on."""
    last = step.occurrences[-1]
    day = local_day(last.done_at, state.zone) if last.done_at is not None else last.due
    return e.Due(step=step.number, occurrence=last.number, asked=last.asked, due=day)


def _replan(turn: Turn, step: StepState, plan: StepPlan, changes: _Changes) -> None:
    """Give the open deadlines of a step with another rule their new days, in order."""
    settled = [o for o in step.occurrences if o.done_at is not None]
    still = [o for o in step.occurrences if o.done_at is None]
    days = _days(turn, plan, max((o.due for o in settled), default=None))
    kept, left = still[: max(len(days), 1)], still[max(len(days), 1) :]
    changes.asked.update({(step.number, o.number): day for o, day in zip(kept, days, strict=False)})
    changes.removed.extend((step.number, o.number) for o in left)
    number = max(o.number for o in step.occurrences)
    for day in days[len(kept) :]:
        number += 1
        due = turn.plan.rolled(day)
        changes.added.append(e.Due(step=step.number, occurrence=number, asked=day, due=due))


def _days(turn: Turn, plan: StepPlan, after: date | None) -> list[date]:
    """The days that a rule asks for and that have not passed; none for a relative rule, which has an anchor."""
    year = turn.state.year
    match plan.date:
        case Relative():
            return []
        case Window() | Until():
            return [in_school_year(plan.date.closes, year)]
        case Recurring() | Dates():
            ahead = [day for day in occurrences(plan.date, year) if turn.plan.rolled(day) >= turn.today]
            return [day for day in ahead if after is None or day > after]


def _move(turn: Turn, command: c.AdoptVersions, before: Plan, changes: _Changes) -> None:
    for plan in references_first(turn.plan):
        for occurrence in turn.state.steps[plan.number].open_occurrences:
            target = _target(turn, plan, occurrence, before, changes.asked.get((plan.number, occurrence.number)))
            due = turn.plan.rolled(target.asked)
            if due != occurrence.due and due >= turn.today:
                turn.emit(_moved(command, plan, occurrence, target, due))


def _moved(command: c.AdoptVersions, plan: StepPlan, was: Occurrence, target: _Target, due: date) -> e.DeadlineMoved:
    reference = plan.date.step if target.cause == "reference" and isinstance(plan.date, Relative) else None
    return e.DeadlineMoved(
        step=plan.number, occurrence=was.number, was=was.due, asked=target.asked, due=due, cause=target.cause,
        reference=reference, anchor=target.anchor, reason=command.reason, order=command.order,
    )  # fmt: skip


def _target(turn: Turn, plan: StepPlan, now: Occurrence, before: Plan, asked: date | None) -> _Target:
    """The day that is asked for from now on, and what makes it another."""
    if now.pinned:
        return _Target(now.asked, "calendar")
    if asked is not None:
        return _Target(asked, "roadmap")
    known = before.roadmap.steps.get(plan.number)
    if isinstance(plan.date, Relative):
        if known is None or known.date != plan.date:
            anchor = anchor_of(turn.state, plan.date)
            return _Target(relative_day(turn.plan, plan.date, anchor), "roadmap", anchor)
        if now.anchor is not None and now.asked == relative_day(before, plan.date, now.anchor):
            anchor = anchor_of(turn.state, plan.date)
            cause: Literal["reference", "calendar"] = "calendar" if anchor == now.anchor else "reference"
            return _Target(relative_day(turn.plan, plan.date, anchor), cause, anchor)
    return _Target(now.due if now.catch_up else now.asked, "calendar")
