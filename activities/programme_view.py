"""A programme as the API and the console show it, as JSON bytes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

import orjson

from activities.texts import resolved
from domain.evidence import Evidence
from domain.plan import Plan
from domain.programme.results import results_of
from domain.programme.state import Occurrence, Programme, StepState
from domain.roadmap import StepPlan


def programme_id(organisation: str, year: int) -> str:
    """The id of a programme: `{organisation}-{year}`."""
    return f"{organisation}-{year}"


def programme_body(state: Programme, plan: Plan, texts: Mapping[str, str], version: int | None = None) -> bytes:
    """The programme; `version` overrides the state's where time was folded in but not recorded."""
    key, _, roadmap_version = state.plan.roadmap.partition("@")
    ladder, _, ladder_version = state.plan.ladder.partition("@")
    phase = state.current_phase
    view = {
        "id": programme_id(state.organisation, state.year),
        "organisation": state.organisation,
        "municipality": state.municipality,
        "year": state.year,
        "roadmap": {"key": key, "version": roadmap_version, "title": plan.roadmap.title},
        "ladder": {"key": ladder, "version": ladder_version},
        "calendar": _calendar(plan),
        "status": state.status,
        "phase": phase.number,
        "phases": _phases(state, plan),
        "version": version or state.version,
        "zone": state.zone,
        "since": state.since,
        "forms": state.forms,
        "forms_fixed": state.forms_fixed,
        "appointed": state.appointed,
        "results": _results(state),
        "overdue": list(state.overdue_steps) if state.active else [],
        "next_deadline": state.next_deadline if state.active else None,
        "waiting_items": len(state.items),
        "on_resume": state.on_resume if state.status == "paused" else None,
        "steps": _steps(state, plan, texts),
    }
    return orjson.dumps(view)


@lru_cache(maxsize=64)
def _calendar(plan: Plan) -> dict[str, Any]:
    """The working calendar; `provisional`: years whose decree was not out when it was frozen."""
    calendar = plan.calendar
    years = sorted(year for year, table in calendar.years.items() if table.provisional)
    return {"version": calendar.version, "rolling": plan.ref.rolling, "provisional": years}


def _phases(state: Programme, plan: Plan) -> list[dict[str, Any]]:
    return [
        {
            "number": phase.number,
            "label": phase.label,
            "title": phase.title,
            "state": state.phase(phase.number).status,
            "opens": state.phase(phase.number).opens,
        }
        for phase in plan.roadmap.phases
    ]


@lru_cache(maxsize=64)
def _fixed(plan: Plan) -> list[tuple[StepPlan, dict[str, Any]]]:
    """What a plan says of its steps, which no event changes."""
    return [
        (
            step,
            {
                "number": step.number,
                "title": step.title,
                "phase": plan.roadmap.phase_of[step.number],
                "kind": step.kind,
                "role": step.role,
            },
        )
        for step in plan.roadmap.all_steps()
    ]


def _steps(state: Programme, plan: Plan, texts: Mapping[str, str]) -> list[dict[str, Any]]:
    waiting = {phase.number for phase in state.phases if phase.status == "waiting"}
    return [_step(state, plan, step, fixed, waiting, texts) for step, fixed in _fixed(plan)]


def _step(
    state: Programme, plan: Plan, step: StepPlan, fixed: dict[str, Any], waiting: set[int], texts: Mapping[str, str]
) -> dict[str, Any]:
    now = state.steps[step.number]
    occurrence = now.current
    pending = now.status == "pending"
    view = {
        **fixed,
        "state": now.status if not pending else "waiting" if fixed["phase"] in waiting else "open",
        "due": occurrence.due,
        "due_asked": occurrence.asked,
        "provisional": plan.calendar.provisional(occurrence.due),
        "first_due": occurrence.first_due,
        "catch_up": occurrence.catch_up,
        "overdue": pending and state.active and any(o.overdue for o in now.occurrences),
        "missed": any(o.missed for o in now.occurrences),
        "responsible": now.responsible or state.appointed.get(step.role),
        "done_at": occurrence.done_at if now.status == "done" else None,
    }
    if step.parts:
        view["parts"] = [_part(now, name, texts) for name in step.parts]
    elif step.recurring:
        view["occurrences"] = [_occurrence(one, texts) for one in now.occurrences]
    elif occurrence.evidence is not None:
        view["evidence"] = _evidence(occurrence.evidence, texts)
    if now.issued:
        view["questionnaires"] = {"sent": sum(now.issued.values()), "returned": sum(now.returned.values())}
    return view


def _part(now: StepState, name: Any, texts: Mapping[str, str]) -> dict[str, Any]:
    evidence = now.parts.get(name)
    return {"part": name, "done": evidence is not None, "evidence": _evidence(evidence, texts) if evidence else None}


def _occurrence(one: Occurrence, texts: Mapping[str, str]) -> dict[str, Any]:
    return {
        "occurrence": one.number,
        "due": one.due,
        "first_due": one.first_due,
        "done_at": one.done_at,
        "overdue": one.overdue,
        "evidence": _evidence(one.evidence, texts) if one.evidence else None,
    }


def _evidence(evidence: Evidence, texts: Mapping[str, str]) -> dict[str, Any]:
    return {
        name: value if isinstance(value, date) else resolved(value, texts) for name, value in evidence.given().items()
    }


def _results(state: Programme) -> dict[str, Any]:
    """Planned beside actual (order 420-р, 3.3); actual figures per form are known where step 18 gave them."""
    return {
        one.form: {"planned": one.planned.model_dump() if one.planned else None, "actual": {"pairs": one.pairs}}
        for one in results_of(state)
    }
