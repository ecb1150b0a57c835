"""Whom a programme waits for: the oldest deadline that has passed, or the next one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from activities.diagnosis.human import Human, NextAct
from activities.letter_words import ADDRESSEES
from activities.reaching import reach
from activities.recipients import RecipientBook
from activities.russian import steps_named
from domain.diagnosis.finding import Finding
from domain.plan import Plan, local_day
from domain.programme.agenda import agenda
from domain.programme.gates import held_up, owed_by
from domain.programme.lateness import as_of
from domain.programme.state import Occurrence, Programme, StepState
from domain.refusal import Refusal

STILL = {"paused": "paused", "closed": "closed", "cancelled": "cancelled"}
"""The cause that a programme which does not run stands for."""


def human_side(recorded: Programme, plan: Plan, now: datetime, book: RecipientBook) -> Human:
    """What a programme waits for at the instant `now`, with what time has brought, recorded or not."""
    state = as_of(recorded, plan, now)
    findings, step = findings_of(state, plan, now)
    if state.status != "running":
        return Human(findings, state.zone, state.organisation, state.forms)
    today = local_day(now, state.zone)
    responsible, instead_of = _responsible(state, plan, step, book, today)
    return Human(
        findings,
        state.zone,
        state.organisation,
        state.forms,
        responsible,
        instead_of,
        _next_act(state, plan, book),
        _vacant(state, plan, book, today),
    )


def findings_of(state: Programme, plan: Plan, now: datetime) -> tuple[tuple[Finding, ...], StepState | None]:
    """What it waits for, the first of which explains, and the step that this is about."""
    if state.status != "running":
        since = state.paused_at or state.last_at
        return (Finding(STILL[state.status], since, {"since": local_day(since, state.zone)}),), None
    late = sorted(
        ((step, o) for step, o in state.open_obligations() if o.overdue), key=lambda one: (one[1].due, one[0].number)
    )
    return _late(state, plan, late, local_day(now, state.zone)) if late else _in_time(state, plan)


def _late(
    state: Programme, plan: Plan, late: list[tuple[StepState, Occurrence]], today: date
) -> tuple[tuple[Finding, ...], StepState]:
    """The first of the late steps explains; steps that others hold up are a cause of their own."""
    held = {step.number: refusal for step, _ in late if (refusal := held_up(state, plan.roadmap.steps[step.number]))}
    findings = list(_waited_for([one for one in late if one[0].number not in held], plan, today))
    findings += [_held(state, *one, plan, held[one[0].number]) for one in late if one[0].number in held][:1]
    first = min(findings, key=lambda one: str(one.since))
    about = owed_by(state, held[first.facts["step"]]) if first.key == "gate" else None
    return (first, *(one for one in findings if one is not first)), about or late[0][0]


def _waited_for(late: list[tuple[StepState, Occurrence]], plan: Plan, today: date) -> Iterator[Finding]:
    for step, occurrence in late[:1]:
        more = f" Кроме него просрочено: {len(late) - 1}." if len(late) > 1 else ""
        facts = {**_about(step, plan), "due": occurrence.due, "days": (today - occurrence.due).days}
        yield Finding("overdue", occurrence.due, {**facts, "more": more})


def _held(state: Programme, step: StepState, occurrence: Occurrence, plan: Plan, refusal: Refusal) -> Finding:
    """It is the turn of who answers for the step that is missing."""
    role = _about(owed_by(state, refusal) or step, plan)["role"]
    return Finding("gate", occurrence.due, {**_about(step, plan), "role": role, "missing": _missing(refusal)})


def _about(step: StepState, plan: Plan) -> dict[str, Any]:
    """Which step it is, and whose."""
    planned = plan.roadmap.steps[step.number]
    return {"step": step.number, "title": planned.title, "role": planned.role}


def _missing(refusal: Refusal) -> str:
    """What other steps owe, as a sentence."""
    numbers = refusal.facts.get("missing", refusal.facts.get("from", ()))
    skipped = "пропущено" if len(numbers) == 1 else "пропущены"
    match refusal.code:
        case "gate_consent_open":
            return f"не собраны согласия, {steps_named(numbers)}."
        case "gate_consent_skipped":
            return f"согласий не собирали, {steps_named(numbers)} {skipped}."
        case "gate_baseline_skipped":
            return f"нет исходных измерений, {steps_named(numbers)} {skipped}."
        case _:
            return f"сначала нужны сведения {steps_named(numbers, genitive=True)}."


def _in_time(state: Programme, plan: Plan) -> tuple[tuple[Finding, ...], StepState | None]:
    upcoming = min(state.open_obligations(), key=lambda one: (one[1].due, one[0].number), default=None)
    if upcoming is None:
        return (Finding("nothing_left"),), None
    step, occurrence = upcoming
    return (Finding("in_time", None, {**_about(step, plan), "due": occurrence.due}),), step


def _responsible(
    state: Programme, plan: Plan, step: StepState | None, book: RecipientBook, today: date
) -> tuple[str | None, str | None]:
    """A person, or the role that the roadmap names; while that person is away the deputy, and who is away."""
    if step is None:
        return None, None
    for one in book.resolve(state, plan, step.number, ("responsible",), today).recipients:
        if one.instead_of:
            away = one.instead_of[0].id
            return one.id.removeprefix("person:"), away.removeprefix("person:")
    role = plan.roadmap.steps[step.number].role
    return step.responsible or state.appointed.get(role) or role, None


def _next_act(state: Programme, plan: Plan, book: RecipientBook) -> NextAct | None:
    upcoming = next((item for item in agenda(state, plan) if item.to and item.step is not None), None)
    if upcoming is None or upcoming.step is None:
        return None
    day = local_day(upcoming.at, state.zone)
    found = reach(book, state, plan, (upcoming.step,), upcoming.to, upcoming.rung, day)
    to = tuple(ADDRESSEES[to] for to in upcoming.to)
    return NextAct(upcoming.at, upcoming.kind, to, tuple(one.id for one in found.recipients), upcoming.step)


def _vacant(state: Programme, plan: Plan, book: RecipientBook, today: date) -> tuple[str, ...]:
    """Addressees of the ladder behind whom nobody stands today; who is responsible is another one for each step."""
    called = dict.fromkeys(to for rung in plan.ladder.rungs for to in rung.to if to != "responsible")
    return book.resolve(state, plan, None, tuple(called), today).unresolved
