"""Deciding: from a state and a command to events, or to a refusal."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from domain.carrying_out import carried_out, retried
from domain.plan import Plan, local_day
from domain.programme import commands as c
from domain.programme import events as e
from domain.programme import pausing, steps
from domain.programme.adopting import adopt
from domain.programme.evolve import fold
from domain.programme.notices import still_true
from domain.programme.passing import pass_time
from domain.programme.schedule import first_dues, phase_openings
from domain.programme.settle import settle
from domain.programme.state import Item, Programme
from domain.programme.turn import Turn
from domain.refusal import Refusal

Decision = tuple[e.Happened, ...] | Refusal
_OnItem = c.RecordForms | c.RecordSent | c.RecordDropped | c.RecordDeferred


def decide(
    state: Programme | None, command: c.ProgrammeCommand, plan: Plan, at: datetime, adopted: Plan | None = None
) -> Decision:
    """What happens when `command` arrives at the instant `at` (UTC, not before the last event).

    `adopted`: the plan that `AdoptVersions` names. What time has brought is decided by `pass_time` before;
    `after_time` does both.
    """
    if isinstance(command, c.StartProgramme):
        return _start(state, command, plan, at)
    if state is None:
        return Refusal(code="programme_unknown")
    if isinstance(command, c.PassTime):
        return tuple(pass_time(state, plan, at))
    turn = Turn(state, adopted or plan, at)
    refusal = _status_refused(turn, command) or _decide(turn, command, plan)
    if refusal is not None:
        return refusal
    settle(turn)
    return tuple(turn.happened)


def after_time(
    state: Programme | None, command: c.ProgrammeCommand, plan: Plan, at: datetime, adopted: Plan | None = None
) -> Decision:
    """Time first, then the command: closing a step late cannot erase that it was late (DESIGN, 1.3)."""
    if state is None or isinstance(command, c.PassTime):
        return decide(state, command, plan, at, adopted)
    passed = tuple(pass_time(state, plan, at))
    decision = decide(fold(state, passed), command, plan, at, adopted)
    return decision if isinstance(decision, Refusal) else (*passed, *decision)


def _start(state: Programme | None, command: c.StartProgramme, plan: Plan, at: datetime) -> Decision:
    if state is not None and state.status != "cancelled":
        return Refusal(code="programme_exists", facts={"organisation": command.organisation, "year": command.year})
    for number in command.responsible:
        if number not in plan.roadmap.steps:
            return Refusal(code="step_unknown", facts={"step": number}, pointer=f"/responsible/{number}")
    since = max(command.since or at, at)
    dues = first_dues(plan, command.year, since, command.zone, command.deadlines)
    if isinstance(dues, Refusal):
        return dues
    started = e.ProgrammeStarted(
        **command.model_dump(exclude={"type", "since", "deadlines"}),
        since=since,
        phase_numbers=tuple(phase.number for phase in plan.roadmap.phases),
        phases=phase_openings(plan, command.year),
        dues=dues,
    )
    first = e.Happened(at=at, event=started)
    turn = Turn(fold(state, [first]) or _never(), plan, at)
    today = local_day(at, command.zone)
    for phase in turn.state.phases:
        if phase.opens is not None and phase.opens <= today:
            turn.emit(e.PhaseOpened(phase=phase.number))
    turn.emit(e.NoticeQueued(kind="started", to=("curator", "head")))
    return (first, *turn.happened)


def _never() -> Programme:
    raise AssertionError("a started programme has a state")


def _status_refused(turn: Turn, command: c.ProgrammeCommand) -> Refusal | None:
    state = turn.state
    match command:
        case c.RecordForms() | c.RecordSent() | c.RecordDropped() | c.RecordDeferred():
            return _item_refused(state, command)
        case c.RetryItems() | c.RepeatNotice():
            return None
        case c.NoteReturn():
            return steps.known_step(turn, command.step)
        case c.ReopenStep() if state.status == "closed":
            return steps.known_step(turn, command.step)
        case _ if not state.active:
            return Refusal(code=f"programme_{state.status}")
        case _:
            return steps.known_step(turn, command.step) if isinstance(command, steps.StepCommand) else None


def _item_refused(state: Programme, command: _OnItem) -> Refusal | None:
    item = state.items.get(command.item)
    fits = item is not None and (
        isinstance(command, c.RecordDeferred) or (item.kind == "collection") == isinstance(command, c.RecordForms)
    )
    return None if fits else Refusal(code="item_unknown", facts={"item": command.item})


def _decide(turn: Turn, command: c.ProgrammeCommand, before: Plan) -> Refusal | None:
    match command:
        case c.StartProgramme() | c.PassTime():
            raise AssertionError("handled by decide")
        case c.CompleteStep():
            return steps.complete(turn, command)
        case c.SkipStep():
            return steps.skip(turn, command)
        case c.ReopenStep():
            return steps.reopen(turn, command)
        case c.MoveDeadline():
            return steps.move(turn, command)
        case c.AdoptVersions():
            return adopt(turn, command, before)
        case c.RemindStep():
            return steps.remind(turn, command)
        case c.AssignStep():
            return steps.assign(turn, command)
        case c.IssueForms():
            return steps.issue_forms(turn, command)
        case c.NoteReturn():
            return steps.note_return(turn, command)
        case c.AppointPerson():
            return _appoint(turn, command)
        case c.ChooseForms():
            return _choose_forms(turn, command)
        case c.PlanResult():
            turn.emit(e.ResultPlanned(form=command.form, planned=command.planned))
        case c.RecordForms():
            turn.emit(_collected(turn, command))
        case c.RecordSent() | c.RecordDropped() | c.RecordDeferred():
            for event in carried_out(command):
                turn.emit(event)
        case c.RetryItems():
            for asked in retried(turn.state.items):
                turn.emit(asked)
        case c.RepeatNotice():
            return _repeat(turn, command)
        case c.PauseProgramme():
            return pausing.pause(turn, command)
        case c.ResumeProgramme():
            return pausing.resume(turn, command)
        case c.CloseProgramme():
            gaps = tuple(step.number for step in turn.state.steps.values() if step.status == "pending")
            turn.emit(e.ProgrammeClosed(gaps=gaps, reason=command.reason))
            turn.emit(e.NoticeQueued(kind="ended", to=("curator", "head")))
        case c.CancelProgramme():
            turn.emit(e.ProgrammeCancelled(reason=command.reason))
            turn.emit(e.NoticeQueued(kind="ended", to=("curator", "head")))
        case _:
            assert_never(command)
    return None


def _collected(turn: Turn, command: c.RecordForms) -> e.FormsCollected:
    step, occurrence = turn.state.items[command.item].steps[0]
    return e.FormsCollected(
        item=command.item, step=step, occurrence=occurrence, sent=command.sent, returned=command.returned
    )


def _repeat(turn: Turn, command: c.RepeatNotice) -> Refusal | None:
    again = e.NoticeQueued.model_validate(command.model_dump(exclude={"type"}))
    item = Item(
        number=0, kind="notice", queued_at=turn.at, notice=again.kind, steps=again.steps, due=again.due, to=again.to
    )
    if not still_true(turn.state, item, turn.at):
        return Refusal(code="notice_untrue", facts={"notice": command.again})
    turn.emit(again)
    return None


def _appoint(turn: Turn, command: c.AppointPerson) -> Refusal | None:
    if turn.state.appointed.get(command.role) == command.person:
        return Refusal(code="person_unchanged", facts={"role": command.role}, pointer="/person")
    turn.emit(e.PersonAppointed(role=command.role, person=command.person, order=command.order))
    turn.emit(e.NoticeQueued(kind="appointed", to=(f"person:{command.person}",)))
    return None


def _choose_forms(turn: Turn, command: c.ChooseForms) -> Refusal | None:
    if turn.state.forms_fixed:
        return Refusal(code="forms_fixed", facts={"step": _fixing_step(turn.plan)}, pointer="/forms")
    turn.emit(e.FormsChosen(forms=command.forms))
    return None


def _fixing_step(plan: Plan) -> int:
    return next(step.number for step in plan.roadmap.all_steps() if step.fixes_forms)
