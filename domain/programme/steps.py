"""Deciding on one step: complete, skip, reopen, move, hand over, send out forms."""

from __future__ import annotations

from domain.evidence import Evidence
from domain.programme import commands as c
from domain.programme import events as e
from domain.programme.catching_up import catch_up
from domain.programme.gates import evidence_refused, gate_refused
from domain.programme.schedule import date_refused
from domain.programme.state import Occurrence, StepState
from domain.programme.turn import Turn
from domain.refusal import Refusal
from domain.reminding import too_soon
from domain.roadmap import Part, StepPlan

StepCommand = (
    c.CompleteStep
    | c.SkipStep
    | c.ReopenStep
    | c.MoveDeadline
    | c.RemindStep
    | c.AssignStep
    | c.IssueForms
    | c.NoteReturn
)


def known_step(turn: Turn, number: int) -> Refusal | None:
    """Refuses a number that the roadmap does not have."""
    if number in turn.state.steps:
        return None
    return Refusal(code="step_unknown", facts={"step": number, "last": max(turn.state.steps)})


def complete(turn: Turn, command: c.CompleteStep) -> Refusal | None:
    """Complete what the command names: the step, its parts that are open, or one occurrence."""
    step, state = turn.plan.roadmap.steps[command.step], turn.state.steps[command.step]
    if state.status != "pending":
        return Refusal(code=f"step_{state.status}", facts={"step": command.step})
    if command.forms is not None and not step.fixes_forms:
        return Refusal(code="forms_foreign", facts={"step": command.step}, pointer="/forms")
    occurrence = _occurrence(state, command.occurrence)
    if isinstance(occurrence, Refusal):
        return occurrence
    parts = _parts(step, state, command.part, command.evidence)
    if isinstance(parts, Refusal):
        return parts
    refusal = _figures_refused(turn, step, state, occurrence, parts, command.evidence)
    if refusal is not None:
        return refusal
    for part in parts:
        _complete_one(turn, command, step, occurrence.number, part)
    if step.fixes_forms and turn.state.steps[command.step].status == "done":
        turn.emit(e.FormsFixed(forms=command.forms if command.forms is not None else turn.state.forms))
    return None


def _occurrence(state: StepState, number: int | None) -> Occurrence | Refusal:
    if number is None:
        return state.current
    found = state.occurrence(number)
    if found is None:
        return _occurrence_unknown(state, number)
    if found.done_at is not None:
        facts = {"step": state.number, "occurrence": number}
        return Refusal(code="occurrence_done", facts=facts, pointer="/occurrence")
    return found


def _occurrence_unknown(state: StepState, number: int) -> Refusal:
    facts = {"step": state.number, "occurrence": number, "last": len(state.occurrences)}
    return Refusal(code="occurrence_unknown", facts=facts, pointer="/occurrence")


def _parts(step: StepPlan, state: StepState, part: Part | None, given: Evidence) -> list[Part | None] | Refusal:
    if part is not None and part not in step.parts:
        facts = {"step": step.number, "part": part, "parts": list(step.parts)}
        return Refusal(code="part_unknown", facts=facts, pointer="/part")
    if part is not None and part in state.parts:
        return Refusal(code="part_done", facts={"step": step.number, "part": part}, pointer="/part")
    if part is not None or not step.parts:
        return [part]
    left = [name for name in step.parts if name not in state.parts]
    spoken = [name for name in left if given.only(name).given()]  # figures say which part they complete
    return [*(spoken or left)]


def _figures(step: StepPlan, state: StepState, occurrence: int, part: Part | None, given: Evidence) -> Evidence:
    """The figures of one part; what `collect_forms` gathered stands in for figures that were not given."""
    figures = given.only(part) if part is not None else given
    is_form = "form" in step.kinds(part)
    if is_form and figures.sent is None and figures.returned is None and occurrence in state.returned:
        gathered = {"sent": state.issued.get(occurrence, 0), "returned": state.returned[occurrence]}
        figures = figures.model_copy(update=gathered)
    return figures


def _figures_refused(
    turn: Turn, step: StepPlan, state: StepState, occurrence: Occurrence, parts: list[Part | None], given: Evidence
) -> Refusal | None:
    single = parts[0] if len(parts) == 1 else None
    if refusal := evidence_refused(step.model_copy(update={"requires": ()}), single, given):
        return refusal
    for part in parts:
        figures = _figures(step, state, occurrence.number, part, given)
        if refusal := evidence_refused(step, part, figures):
            return refusal
        if refusal := gate_refused(turn.state, step, figures):
            return refusal
    return None


def _complete_one(turn: Turn, command: c.CompleteStep, step: StepPlan, occurrence: int, part: Part | None) -> None:
    state = turn.state.steps[step.number]
    current = state.occurrence(occurrence)
    parts_left = set(step.parts) - set(state.parts) - {part}
    occurrences_left = [o for o in state.open_occurrences if o.number != occurrence]
    event = e.PartCompleted if parts_left or occurrences_left else e.StepCompleted
    turn.emit(
        event(
            step=step.number,
            part=part,
            occurrence=occurrence,
            late=current is not None and current.overdue,
            evidence=_figures(step, state, occurrence, part, command.evidence),
            note=command.note,
            documents=command.documents,
        )
    )


def skip(turn: Turn, command: c.SkipStep) -> Refusal | None:
    """Leave the step out."""
    status = turn.state.steps[command.step].status
    if status != "pending":
        return Refusal(code=f"step_{status}", facts={"step": command.step})
    turn.emit(e.StepSkipped(step=command.step, reason=command.reason, order=command.order))
    return None


def reopen(turn: Turn, command: c.ReopenStep) -> Refusal | None:
    """Take a completion or skip back; a deadline that has passed meanwhile is set anew."""
    step, state = turn.plan.roadmap.steps[command.step], turn.state.steps[command.step]
    if refusal := _reopening_refused(step, state, command, turn.state.status == "closed"):
        return refusal
    if turn.state.status == "closed":
        turn.emit(e.ProgrammeReopened(step=command.step))
    if begun(state):
        _take_back(turn, command, step.fixes_forms and turn.state.forms_fixed)
    if turn.state.status == "running":
        catch_up(turn, "reopening")
    return None


def begun(state: StepState) -> bool:
    """Whether there is anything to take back."""
    return state.status != "pending" or bool(state.parts) or any(o.done_at for o in state.occurrences)


def _take_back(turn: Turn, command: c.ReopenStep, unfixes: bool) -> None:
    turn.emit(
        e.StepReopened(
            step=command.step,
            part=command.part,
            occurrence=command.occurrence,
            reason=command.reason,
            unfixes_forms=unfixes,
        )
    )


def _reopening_refused(step: StepPlan, state: StepState, command: c.ReopenStep, closed: bool) -> Refusal | None:
    if command.part is not None and command.part not in state.parts:
        code = "part_unknown" if command.part not in step.parts else "part_not_done"
        facts = {"step": command.step, "part": command.part, "parts": list(step.parts)}
        return Refusal(code=code, facts=facts, pointer="/part")
    if command.occurrence is not None:
        found = state.occurrence(command.occurrence)
        if found is None or (found.done_at is None and state.status != "skipped"):
            facts = {"step": command.step, "occurrence": command.occurrence, "last": len(state.occurrences)}
            return Refusal(code="occurrence_not_done", facts=facts, pointer="/occurrence")
    if not begun(state) and not closed:
        return Refusal(code="step_not_done", facts={"step": command.step})
    return None


def move(turn: Turn, command: c.MoveDeadline) -> Refusal | None:
    """Set another date."""
    state = turn.state.steps[command.step]
    if state.status != "pending":
        return Refusal(code=f"step_{state.status}", facts={"step": command.step})
    occurrence = _occurrence(state, command.occurrence)
    if isinstance(occurrence, Refusal):
        return occurrence
    if command.was not in (None, occurrence.due):
        facts = {"step": command.step, "was": command.was, "due": occurrence.due}
        return Refusal(code="deadline_moved", facts=facts, pointer="/was")
    if refusal := date_refused(turn.plan, turn.state.year, turn.today, command.due, "/due"):
        return refusal
    due = turn.plan.rolled(command.due)
    if due == occurrence.due:
        return Refusal(code="deadline_unchanged", facts={"step": command.step, "due": due}, pointer="/due")
    turn.emit(
        e.DeadlineMoved(
            step=command.step,
            occurrence=occurrence.number,
            was=occurrence.due,
            asked=command.due,
            due=due,
            cause="command",
            reason=command.reason,
            order=command.order,
        )
    )
    return None


def remind(turn: Turn, command: c.RemindStep) -> Refusal | None:
    """Remind whoever answers for the step of what it owes."""
    state = turn.state.steps[command.step]
    if turn.state.status == "paused":
        return Refusal(code="programme_paused")
    if state.status != "pending":
        return Refusal(code=f"step_{state.status}", facts={"step": command.step})
    occurrence = _occurrence(state, command.occurrence)
    if isinstance(occurrence, Refusal):
        return occurrence
    if refusal := too_soon(occurrence.reminded_at, turn.at, command.insisting):
        return refusal
    turn.emit(e.ReminderAsked(step=command.step, occurrence=occurrence.number))
    kind: e.NoticeKindAll = "missed" if occurrence.overdue else "reminder"
    spoken = ((command.step, occurrence.number),)
    turn.emit(e.NoticeQueued(kind=kind, steps=spoken, due=occurrence.due, to=("responsible",)))
    return None


def assign(turn: Turn, command: c.AssignStep) -> Refusal | None:
    """Hand the step to a person, who is told."""
    state = turn.state.steps[command.step]
    if state.status != "pending":
        return Refusal(code=f"step_{state.status}", facts={"step": command.step})
    if state.responsible == command.person:
        return Refusal(code="person_unchanged", facts={"step": command.step}, pointer="/person")
    turn.emit(e.StepAssigned(step=command.step, person=command.person))
    handed = ((command.step, state.current.number),)
    turn.emit(e.NoticeQueued(kind="handed", steps=handed, due=state.current.due, to=(f"person:{command.person}",)))
    return None


def issue_forms(turn: Turn, command: c.IssueForms) -> Refusal | None:
    """Questionnaires go out for a step of kind form."""
    step, state = turn.plan.roadmap.steps[command.step], turn.state.steps[command.step]
    if "form" not in step.kinds(None):
        return Refusal(code="step_without_forms", facts={"step": command.step})
    if state.status != "pending":
        return Refusal(code=f"step_{state.status}", facts={"step": command.step})
    if "form" in state.parts:
        return Refusal(code="part_done", facts={"step": command.step, "part": "form"})
    occurrence = _occurrence(state, command.occurrence)
    if isinstance(occurrence, Refusal):
        return occurrence
    turn.emit(e.FormsIssued(step=command.step, occurrence=occurrence.number, count=command.count))
    return None


def note_return(turn: Turn, command: c.NoteReturn) -> Refusal | None:
    """A questionnaire came back: queue one collection, however many come back before it runs."""
    state = turn.state.steps[command.step]
    if "form" not in turn.plan.roadmap.steps[command.step].kinds(None):
        return Refusal(code="step_without_forms", facts={"step": command.step})
    number = state.current.number if command.occurrence is None else command.occurrence
    if state.occurrence(number) is None:
        return _occurrence_unknown(state, number)
    queued = (item for item in turn.state.items.values() if item.kind == "collection")
    if not any((command.step, number) in item.steps for item in queued):
        turn.emit(e.CollectionQueued(step=command.step, occurrence=number))
    return None
