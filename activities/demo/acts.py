"""When the people of a programme act: which open deadline they close next, and on what day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zlib import crc32

from activities.demo.stories import Day, Story
from domain.dates import Relative, in_school_year, opens_on
from domain.plan import Plan, local_day, zone_of
from domain.programme.state import Occurrence, Programme, StepState
from domain.roadmap import Part


@dataclass(frozen=True)
class Act:
    """Closing one deadline of a step, or a part of it."""

    at: datetime
    step: int
    occurrence: int
    part: Part | None = None


def instant(day: date, zone: str, salt: str) -> datetime:
    """A moment in the office hours of a day, the same for the same salt."""
    minutes = crc32(salt.encode()) % (7 * 60)
    local = datetime.combine(day, time(9, 30), zone_of(zone))
    return local.astimezone(UTC) + timedelta(minutes=minutes)


def day_of(day: Day, year: int) -> date:
    """A day of the school year."""
    return in_school_year(day, year)


def next_act(story: Story, state: Programme, plan: Plan, given_up: frozenset[int] = frozenset()) -> Act | None:
    """What people do next by themselves, `None` when nothing more will be done; steps `given_up` are left alone."""
    if state.status != "running":
        return None
    acts = [act for act in _acts(story, state, plan) if act.step not in given_up and _before_stop(story, state, act)]
    return min(acts, key=lambda act: (act.at, act.step), default=None)


def _before_stop(story: Story, state: Programme, act: Act) -> bool:
    return story.stops is None or local_day(act.at, state.zone) < day_of(story.stops, state.year)


def _acts(story: Story, state: Programme, plan: Plan) -> Iterator[Act]:
    for step in state.steps.values():
        if step.status != "pending" or step.number in story.never or not _reachable(state, plan, step):
            continue
        occurrence = step.current
        part: Part | None = "form" if step.number == story.only_form else None
        if part is not None and part in step.parts:
            continue
        at = instant(_day(story, state, plan, step, occurrence), state.zone, f"{story.organisation}{step.number}")
        yield Act(max(at, state.last_at + timedelta(minutes=5)), step.number, occurrence.number, part)


def _reachable(state: Programme, plan: Plan, step: StepState) -> bool:
    """The gate is open, and what the date is counted from has happened."""
    rule, gate = plan.roadmap.steps[step.number].date, plan.roadmap.steps[step.number].gate
    waits_for = list(gate.references())
    if isinstance(rule, Relative) and rule.direction == "after":
        waits_for.append(rule.step)
    return all(state.steps[number].status != "pending" for number in waits_for)


def _day(story: Story, state: Programme, plan: Plan, step: StepState, occurrence: Occurrence) -> date:
    late = story.late.get(step.number)
    if late is not None:
        return plan.calendar.add(occurrence.due, late)
    jitter = crc32(f"{story.organisation}/{step.number}/{occurrence.number}".encode()) % 3
    day = plan.calendar.add(occurrence.due, -(story.lead + jitter))
    opens = opens_on(plan.roadmap.steps[step.number].date, state.year) if len(step.occurrences) == 1 else None
    return min(max(day, opens or day), occurrence.due)
