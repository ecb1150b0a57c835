"""What superiors have to hear of: deadlines that are open, passed, and have climbed their ladder up to them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from domain.ladder import SUPERVISORS
from domain.plan import Plan
from domain.programme.evolve import fold
from domain.programme.gates import held_up
from domain.programme.passing import pass_time
from domain.programme.state import Programme


class Late(NamedTuple):
    """An overdue deadline; `reached`: the moment at which it reached each addressee above the organisation."""

    step: int
    occurrence: int
    due: date
    reached: Mapping[str, datetime]


def as_of(programme: Programme, plan: Plan, at: datetime) -> Programme:
    """The programme with everything that time has brought by `at`, recorded or not."""
    return fold(programme, pass_time(programme, plan, at)) or programme


def late_for_superiors(programme: Programme, plan: Plan, at: datetime) -> list[Late]:
    """The overdue deadlines of a running programme, brought up to `at`, whose escalation has reached a superior."""
    if programme.status != "running":
        return []
    found = []
    for step, occurrence in programme.open_obligations():
        reached = _reached(plan, occurrence.due, programme.zone, at) if occurrence.overdue else {}
        if reached:
            found.append(Late(step.number, occurrence.number, occurrence.due, reached))
    return found


class Standstill(NamedTuple):
    """Since when a programme waits for people, and since when a step stands that others hold up."""

    late: date | None
    held: date | None


def standstill(programme: Programme, plan: Plan) -> Standstill:
    """The oldest overdue deadline of a running programme that somebody could close, and the oldest that nobody can."""
    if programme.status != "running":
        return Standstill(None, None)
    overdue = [(step, one.due) for step, one in programme.open_obligations() if one.overdue]
    held = {step.number for step, _ in overdue if held_up(programme, plan.roadmap.steps[step.number]) is not None}
    return Standstill(
        min((due for step, due in overdue if step.number not in held), default=None),
        min((due for step, due in overdue if step.number in held), default=None),
    )


def _reached(plan: Plan, due: date, zone: str, at: datetime) -> dict[str, datetime]:
    reached: dict[str, datetime] = {}
    for moment in plan.moments(due, zone):
        if moment.rung is not None and moment.rung.kind == "escalation" and moment.at <= at:
            for addressee in SUPERVISORS.intersection(moment.rung.to):
                reached.setdefault(addressee, moment.at)
    return reached
