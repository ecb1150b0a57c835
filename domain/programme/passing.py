"""What the clock brings: phases open, deadlines pass, rungs are reached."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from domain.plan import Plan
from domain.programme import events as e
from domain.programme.agenda import AgendaItem, agenda, next_wakeup
from domain.programme.state import Programme
from domain.programme.turn import Turn


def pass_time(state: Programme, plan: Plan, until: datetime) -> list[e.Happened]:
    """Everything up to and including `until`, each event at its own moment, however late it is recorded."""
    turn = Turn(state, plan, until)
    while (at := next_wakeup(turn.state, plan)) is not None and at <= until:
        for event in list(_at(turn.state, plan, at)):
            turn.emit(event, at)
    return turn.happened


def _at(state: Programme, plan: Plan, at: datetime) -> Iterator[e.ProgrammeEvent]:
    for item in agenda(state, plan):
        if item.at > at:
            return
        yield _event(state, item)


def _event(state: Programme, item: AgendaItem) -> e.ProgrammeEvent:
    if item.kind == "phase":
        return e.PhaseOpened(phase=item.phase or 0)
    step, occurrence = item.step or 0, item.occurrence or 0
    due = next(o.due for o in state.steps[step].occurrences if o.number == occurrence)
    if item.kind == "deadline":
        return e.StepMissed(step=step, occurrence=occurrence, due=due)
    return e.NoticeQueued(kind=item.kind, rung=item.rung, steps=((step, occurrence),), due=due, to=item.to)
