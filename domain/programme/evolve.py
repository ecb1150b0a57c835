"""Folding: one event changes the state, and nothing else does."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, assert_never

from domain.programme import events as e
from domain.programme.state import Item, Occurrence, PhaseState, Programme, StepState
from domain.queued import at_once, deferred, without


def fold(state: Programme | None, happened: Iterable[e.Happened]) -> Programme | None:
    """The state after a sequence of events."""
    for one in happened:
        state = evolve(state, one)
    return state


def evolve(state: Programme | None, happened: e.Happened) -> Programme:
    """The state after one event. Raises on an event that cannot have happened in `state`."""
    event, at = happened.event, happened.at
    if isinstance(event, e.ProgrammeStarted):
        return _started(state, event, at)
    if state is None:
        raise ValueError(f"{event.type} before ProgrammeStarted")
    changes = _changes(state, event, at)
    return state.model_copy(update={"version": state.version + 1, "last_at": max(state.last_at, at), **changes})


def _started(state: Programme | None, event: e.ProgrammeStarted, at: datetime) -> Programme:
    steps: dict[int, StepState] = {}
    version = state.version + 1 if state else 1
    for due in event.dues:
        before = steps[due.step].occurrences if due.step in steps else ()
        steps[due.step] = StepState(
            number=due.step,
            occurrences=(*before, _owed(due, event.since, version)),
            responsible=event.responsible.get(due.step),
        )
    numbers = event.phase_numbers
    return Programme(
        version=version,
        status="running",
        last_at=at,
        organisation=event.organisation,
        organisation_class=event.organisation_class,
        municipality=event.municipality,
        sector=event.sector,
        zone=event.zone,
        year=event.year,
        plan=event.plan,
        forms=event.forms,
        since=event.since,
        steps=steps,
        phases=tuple(PhaseState(number=number, opens=event.phases.get(number)) for number in numbers),
        items=state.items if state else {},
    )


def _owed(due: e.Due, since: datetime, version: int, set_at: datetime | None = None) -> Occurrence:
    return Occurrence(
        number=due.occurrence, due=due.due, asked=due.asked, first_due=due.due, told_until=since,
        catch_up=due.catch_up, pinned=due.pinned, anchor=due.anchor, set_by=version, set_at=set_at,
    )  # fmt: skip


def _changes(state: Programme, event: e.ProgrammeEvent, at: datetime) -> dict[str, Any]:
    match event:
        case e.ProgrammeStarted():
            raise AssertionError("handled by evolve")
        case e.PhaseOpened() | e.PhaseReopened():
            return {"phases": _phase(state, event.phase, "open")}
        case e.PhaseCompleted():
            return {"phases": _phase(state, event.phase, "done")}
        case e.PartCompleted() | e.StepCompleted():
            return _completed(state, event, at)
        case e.FormsFixed():
            return {"forms": event.forms, "forms_fixed": True}
        case e.FormsChosen():
            return {"forms": event.forms}
        case e.StepSkipped():
            return _step(state, event.step, status="skipped")
        case e.StepReopened():
            return _reopened(state, event, at)
        case e.StepMissed():
            return _occurrence(state, event.step, event.occurrence, overdue=True, missed=True, told_until=at)
        case e.DeadlineMoved():
            return _moved(state, event, at)
        case e.VersionsAdopted():
            return _adopted(state, event, at)
        case e.ReminderAsked():
            return _occurrence(state, event.step, event.occurrence, reminded_at=at)
        case e.StepAssigned():
            return _step(state, event.step, responsible=event.person)
        case e.PersonAppointed():
            return {"appointed": {**state.appointed, event.role: event.person}}
        case e.ResultPlanned():
            return {"results": {**state.results, event.form: event.planned}}
        case e.FormsIssued():
            issued = state.steps[event.step].issued
            count = issued.get(event.occurrence, 0) + event.count
            return _step(state, event.step, issued={**issued, event.occurrence: count})
        case e.CollectionQueued():
            return _queued(state, at, kind="collection", steps=((event.step, event.occurrence),))
        case e.FormsCollected():
            return _collected(state, event)
        case e.NoticeQueued():
            return _noticed(state, event, at)
        case e.NoticeRedirected():
            return {}
        case e.NoticeSent() | e.NoticeDropped():
            return {"items": without(state.items, event.item)}
        case e.ItemDeferred():
            return {"items": deferred(state.items, event.item, event.retry_at)}
        case e.RetryAsked():
            return {"items": at_once(state.items, event.items)}
        case e.ProgrammePaused():
            return {"status": "paused", "paused_at": at, "on_resume": event.on_resume}
        case e.ProgrammeResumed():
            return {"status": "running", "paused_at": None, "told_until": at}
        case e.ProgrammeClosed():
            return {"status": "closed", "paused_at": None}
        case e.ProgrammeReopened():
            return {"status": "running", "told_until": at}
        case e.ProgrammeCancelled():
            return {"status": "cancelled", "paused_at": None}
        case _:
            assert_never(event)


def _phase(state: Programme, number: int, status: str) -> tuple[PhaseState, ...]:
    return tuple(p.model_copy(update={"status": status}) if p.number == number else p for p in state.phases)


def _step(state: Programme, number: int, **changes: Any) -> dict[str, Any]:
    return {"steps": {**state.steps, number: state.steps[number].model_copy(update=changes)}}


def _over(
    step: StepState, number: int | None, change: Callable[[Occurrence], dict[str, Any]]
) -> tuple[Occurrence, ...]:
    return tuple(
        o.model_copy(update=change(o)) if number is None or o.number == number else o for o in step.occurrences
    )


def _occurrence(state: Programme, step: int, number: int, **changes: Any) -> dict[str, Any]:
    return _step(state, step, occurrences=_over(state.steps[step], number, lambda _: changes))


def _completed(state: Programme, event: e.PartCompleted | e.StepCompleted, at: datetime) -> dict[str, Any]:
    step = state.steps[event.step]
    changes: dict[str, Any] = {}
    if event.part is not None:
        changes["parts"] = {**step.parts, event.part: event.evidence}
    done = isinstance(event, e.StepCompleted)
    if done:
        changes["status"] = "done"
    if event.part is None or done:
        figures = event.evidence if event.part is None else None
        filled = {"done_at": at, "late": event.late, "overdue": False, "evidence": figures}
        changes["occurrences"] = _over(step, event.occurrence, lambda _: filled)
    return _step(state, event.step, **changes)


def _reopened(state: Programme, event: e.StepReopened, at: datetime) -> dict[str, Any]:
    """A skip taken back as a whole leaves what had been done before it."""
    step = state.steps[event.step]
    skipped = step.status == "skipped"
    unskipped = skipped and event.part is None and event.occurrence is None
    gone = () if unskipped else step.parts if event.part is None else (event.part,)
    undone = {"done_at": None, "late": False, "evidence": None, "told_until": at}

    def change(one: Occurrence) -> dict[str, Any]:
        if one.done_at is None:
            return {"told_until": at} if skipped else {}
        return undone if event.occurrence in (None, one.number) and not unskipped else {}

    parts = {key: value for key, value in step.parts.items() if key not in gone}
    changes = _step(state, event.step, status="pending", parts=parts, occurrences=_over(step, None, change))
    if step.status == "done" and event.unfixes_forms:
        changes["forms_fixed"] = False
    return changes


def _moved(state: Programme, event: e.DeadlineMoved, at: datetime) -> dict[str, Any]:
    changes: dict[str, Any] = {
        "due": event.due, "asked": event.asked, "told_until": at, "overdue": False, "sent": (),
        "set_by": state.version + 1, "set_at": at,
    }  # fmt: skip
    if event.cause in ("command", "roadmap"):
        changes["catch_up"] = False
    if event.cause == "command":
        changes["pinned"] = True
    if event.catch_up:
        changes["catch_up"] = True
    if event.anchor is not None:
        changes["anchor"] = event.anchor
    return _occurrence(state, event.step, event.occurrence, **changes)


def _adopted(state: Programme, event: e.VersionsAdopted, at: datetime) -> dict[str, Any]:
    changes: dict[str, Any] = {"plan": event.plan, "told_until": at}
    if not event.phase_numbers:
        return changes
    steps: dict[int, StepState] = {}
    for number, step in state.steps.items():
        left = tuple(o for o in step.occurrences if (number, o.number) not in event.removed)
        if left:
            steps[number] = step.model_copy(update={"occurrences": left})
    for due in event.added:
        before = steps.get(due.step, StepState(number=due.step, occurrences=()))
        steps[due.step] = before.model_copy(
            update={"occurrences": (*before.occurrences, _owed(due, at, state.version + 1, at))}
        )
    known = {phase.number: phase for phase in state.phases}
    phases = tuple(
        known.get(number, PhaseState(number=number, opens=None)).model_copy(update={"opens": event.phases.get(number)})
        for number in event.phase_numbers
    )
    return {**changes, "steps": dict(sorted(steps.items())), "phases": phases}


def _queued(state: Programme, at: datetime, **fields: Any) -> dict[str, Any]:
    number = state.version + 1
    return {"items": {**state.items, number: Item(number=number, queued_at=at, **fields)}}


def _noticed(state: Programme, event: e.NoticeQueued, at: datetime) -> dict[str, Any]:
    same = {name: getattr(event, name) for name in ("rung", "steps", "due", "to", "only")}
    changes = _queued(state, at, kind="notice", notice=event.kind, **same)
    if event.rung is not None:
        (step, occurrence), *_ = event.steps
        told = _over(
            state.steps[step],
            occurrence,
            lambda o: {
                "told_until": at,
                "told": tuple(dict.fromkeys((*o.told, *event.to))),
                "sent": (*o.sent, event.rung),
            },
        )
        changes |= _step(state, step, occurrences=told)
    return changes


def _collected(state: Programme, event: e.FormsCollected) -> dict[str, Any]:
    returned = {**state.steps[event.step].returned, event.occurrence: event.returned}
    issued = {**state.steps[event.step].issued, event.occurrence: event.sent}
    return {"items": without(state.items, event.item), **_step(state, event.step, returned=returned, issued=issued)}
