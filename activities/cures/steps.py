"""Cures of a programme: each is one of the commands that steer a year."""

from __future__ import annotations

from datetime import date
from typing import Any

from activities.cohorts import adopting
from activities.cures import arguments as a
from activities.cures.foreseeing import foresee
from activities.cures.planned import Bench, Planned, Target
from activities.people import find_person
from activities.texts import text_ref
from domain.evidence import EVIDENCE_FIELDS, TEXT_FIELDS, Evidence
from domain.programme import commands as c
from domain.programme.gates import held_up, owed_by
from domain.programme.lateness import as_of
from domain.programme.state import Occurrence, Programme, StepState
from domain.refusal import Refusal


def remind(bench: Bench, target: Target, given: a.Remind) -> Planned | Refusal:
    """Remind whoever answers for the step, now."""
    found = owed_step_of(bench, target, given.step)
    if isinstance(found, Refusal):
        return found
    step, occurrence = found
    command = c.RemindStep(step=step.number, occurrence=occurrence.number, insisting=given.insisting)
    return foresee(bench, "remind", target, command)


def complete(bench: Bench, target: Target, given: a.Complete) -> Planned | Refusal:
    """Record that the step is done."""
    found = owed_step_of(bench, target, given.step)
    if isinstance(found, Refusal):
        return found
    texts: dict[str, str] = {}
    evidence = _kept(given.evidence, texts)
    note = keep(texts, given.note) if given.note else None
    return foresee(bench, "complete", target, c.CompleteStep(step=found[0].number, evidence=evidence, note=note), texts)


def figures_of(bench: Bench, target: Target, number: int | None = None) -> list[str]:
    """The figures that belong to the step which `complete` would be about, in the order of the evidence."""
    found = owed_step_of(bench, target, number)
    if isinstance(found, Refusal):
        return []
    kinds = bench.core.streams.plan(state_of(bench, target)).roadmap.steps[found[0].number].kinds(None)
    named = {name for kind in kinds for name in EVIDENCE_FIELDS[kind]}
    return [name for name in Evidence.model_fields if name in named]


def deadline(bench: Bench, target: Target, given: a.Deadline) -> Planned | Refusal:
    """Give a step another day, from the one that it has now."""
    found = step_of(bench, target, given.step)
    if isinstance(found, Refusal):
        return found
    step, occurrence = found
    texts: dict[str, str] = {}
    command = c.MoveDeadline(
        step=step.number,
        occurrence=occurrence.number,
        due=given.due,
        was=occurrence.due,
        reason=keep(texts, given.reason),
        order=given.order,
    )
    return foresee(bench, "deadline", target, command, texts)


def responsible(bench: Bench, target: Target, given: a.Responsible) -> Planned | Refusal:
    """Hand a step to another person."""
    found = step_of(bench, target, given.step)
    if isinstance(found, Refusal):
        return found
    if find_person(bench.connection, given.person) is None:
        return Refusal(code="person_unknown", facts={"person": given.person}, pointer="/person")
    return foresee(bench, "responsible", target, c.AssignStep(step=found[0].number, person=given.person))


def skip(bench: Bench, target: Target, given: a.Skip) -> Planned | Refusal:
    """Leave a step out, by an order where there is one."""
    found = step_of(bench, target, given.step)
    if isinstance(found, Refusal):
        return found
    texts: dict[str, str] = {}
    command = c.SkipStep(step=found[0].number, reason=keep(texts, given.reason), order=given.order)
    return foresee(bench, "skip", target, command, texts)


def reopening(bench: Bench, target: Target, given: a.Reopening) -> Planned | Refusal:
    """Take a completion or a skip back."""
    texts: dict[str, str] = {}
    command = c.ReopenStep(step=given.step, reason=keep(texts, given.reason))
    return foresee(bench, "reopening", target, command, texts)


def pause(bench: Bench, target: Target, given: a.Pause) -> Planned | Refusal:
    """Stop the clock of the year."""
    texts: dict[str, str] = {}
    command = c.PauseProgramme(reason=keep(texts, given.reason), on_resume=given.deadlines)
    return foresee(bench, "pause", target, command, texts)


def resumption(bench: Bench, target: Target, given: a.Resumption) -> Planned | Refusal:
    """Let the clock run again."""
    return foresee(bench, "resumption", target, c.ResumeProgramme(deadlines=given.deadlines))


def adoption(bench: Bench, target: Target, given: a.Adoption) -> Planned | Refusal:
    """Go over to the newest roadmap, ladder or calendar; the changes are the difference."""
    state = state_of(bench, target)
    texts: dict[str, str] = {}
    command = adopting(bench.core.library, given.adopt, given.order)(state)
    return foresee(bench, "adoption", target, command.model_copy(update={"reason": keep(texts, given.reason)}), texts)


def step_of(bench: Bench, target: Target, number: int | None) -> tuple[StepState, Occurrence] | Refusal:
    """The step that a cure is about: the one named, else the first that is late; of a gate the first that it holds."""
    recorded = state_of(bench, target)
    plan = bench.core.streams.plan(recorded)
    state = as_of(recorded, plan, max(bench.now, recorded.last_at))
    if number is not None:
        step = state.steps.get(number)
        return (step, step.current) if step else Refusal(code="step_unknown", facts={"step": number}, pointer="/step")
    late = [(step, one) for step, one in state.open_obligations() if one.overdue]
    if not late:
        return Refusal(code="step_unnamed", pointer="/step")

    def place(one: tuple[StepState, Occurrence]) -> tuple[bool, date, int]:
        held = held_up(state, plan.roadmap.steps[one[0].number]) is not None
        return held != (target.cause == "gate"), one[1].due, one[0].number

    return min(late, key=place)


def owed_step_of(bench: Bench, target: Target, number: int | None) -> tuple[StepState, Occurrence] | Refusal:
    """The same for what is done by doing the step: of a gate that is the first step which the held one waits for."""
    found = step_of(bench, target, number)
    if number is not None or target.cause != "gate" or isinstance(found, Refusal):
        return found
    recorded = state_of(bench, target)
    plan = bench.core.streams.plan(recorded)
    state = as_of(recorded, plan, max(bench.now, recorded.last_at))
    held = held_up(state, plan.roadmap.steps[found[0].number])
    owed = owed_by(state, held) if held else None
    return (owed, owed.current) if owed else found


def state_of(bench: Bench, target: Target) -> Programme:
    """The programme as it was last recorded."""
    state: Any = bench.state(target.stream or "")
    assert isinstance(state, Programme), "whoever sees a programme finds its state"
    return state


def keep(texts: dict[str, str], words: str) -> str:
    ref = text_ref()
    texts[ref] = words
    return ref


def _kept(evidence: Evidence, texts: dict[str, str]) -> Evidence:
    """The figures with references in place of their words."""
    words = {name: value for name in TEXT_FIELDS if isinstance(value := getattr(evidence, name), str)}
    return evidence.model_copy(update={name: keep(texts, value) for name, value in words.items()})
