"""What follows by itself from a change: relative dates, phases, the end of the year, the notice of moves."""

from __future__ import annotations

from datetime import date

from domain.dates import Relative
from domain.plan import local_day
from domain.programme import events as e
from domain.programme.schedule import relative_day
from domain.programme.state import Occurrence, Programme, StepState
from domain.programme.turn import Turn

TOLD_OF_MOVES = ("responsible", "curator")


def settle(turn: Turn) -> None:
    """Emit every consequence until nothing follows any more."""
    if turn.state.active:
        move_relative_dates(turn)
        _turn_phases(turn)
    _announce_moves(turn)


def move_relative_dates(turn: Turn) -> None:
    """Let dates that are counted from another step follow it."""
    moved = True
    while moved:
        moved = False
        for step, occurrence in list(turn.state.open_obligations()):
            if event := _relative_move(turn, step, occurrence):
                turn.emit(event)
                moved = True


def _relative_move(turn: Turn, step: StepState, occurrence: Occurrence) -> e.DeadlineMoved | None:
    rule = turn.plan.roadmap.steps[step.number].date
    if not isinstance(rule, Relative) or occurrence.pinned:
        return None
    anchor = anchor_of(turn.state, rule)
    before = occurrence.anchor
    if before is None or anchor == before:
        return None
    asked = relative_day(turn.plan, rule, anchor)
    due = turn.plan.rolled(asked)
    same = due in (occurrence.due, turn.plan.rolled(relative_day(turn.plan, rule, before)))
    if same or due < turn.today:
        return None  # a date that has passed already is never set
    return e.DeadlineMoved(
        step=step.number, occurrence=occurrence.number, was=occurrence.due, asked=asked, due=due,
        cause="reference", reference=rule.step, anchor=anchor,
    )  # fmt: skip


def anchor_of(state: Programme, rule: Relative) -> date:
    """The other step's deadline until it is done, then the actual day (a date before it keeps the deadline)."""
    other = state.steps[rule.step].occurrences[-1]
    if other.done_at is not None and rule.direction == "after":
        return local_day(other.done_at, state.zone)
    return other.due


def _turn_phases(turn: Turn) -> None:
    before_done = False
    for phase in turn.plan.roadmap.phases:
        status = turn.state.phase(phase.number).status
        finished = all(turn.state.steps[step.number].status != "pending" for step in phase.steps)
        if status == "waiting" and (before_done or finished or _in_its_window(turn, phase.number)):
            turn.emit(e.PhaseOpened(phase=phase.number))
        if finished and status != "done":
            turn.emit(e.PhaseCompleted(phase=phase.number))
        if not finished and status == "done":
            turn.emit(e.PhaseReopened(phase=phase.number))
        before_done = finished
    if all(phase.status == "done" for phase in turn.state.phases):
        turn.emit(e.ProgrammeClosed(gaps=()))
        turn.emit(e.NoticeQueued(kind="ended", to=("curator", "head")))


def _in_its_window(turn: Turn, phase: int) -> bool:
    """Whether the window began, perhaps while the year stood still."""
    opens = turn.state.phase(phase).opens
    return turn.state.status == "running" and opens is not None and opens <= turn.today


def _announce_moves(turn: Turn) -> None:
    """A deadline once announced never moves silently: one notice a turn for everybody who had been told."""
    groups: dict[tuple[str, ...], list[tuple[int, int]]] = {}
    for one in turn.happened:
        if isinstance(one.event, e.DeadlineMoved):
            step = turn.state.steps[one.event.step]
            occurrence = step.occurrence(one.event.occurrence)
            told = occurrence.told if occurrence else ()
            extra = tuple(to for to in told if to not in TOLD_OF_MOVES)
            groups.setdefault((*TOLD_OF_MOVES, *extra), []).append((one.event.step, one.event.occurrence))
    for to, steps in groups.items():
        turn.emit(e.NoticeQueued(kind="moved", steps=tuple(dict.fromkeys(steps)), to=to))
