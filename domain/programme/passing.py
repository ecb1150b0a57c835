"""What the clock brings: phases open, deadlines pass, rungs are reached."""

from __future__ import annotations

from datetime import datetime

from domain.plan import Plan
from domain.programme import events as e
from domain.programme.agenda import AgendaItem, next_items
from domain.programme.state import Programme
from domain.programme.turn import Turn


def pass_time(state: Programme, plan: Plan, until: datetime) -> list[e.Happened]:
    """Everything up to and including `until`, each event at its own moment, however late it is recorded."""
    turn = Turn(state, plan, until)
    while items := next_items(turn.state, turn.plan, until):
        for event in [_event(turn.state, item) for item in items]:
            turn.emit(event, items[0].at)
    return turn.happened


def _event(state: Programme, item: AgendaItem) -> e.ProgrammeEvent:
    if item.kind == "phase":
        return e.PhaseOpened(phase=item.phase or 0)
    step, occurrence = item.step or 0, item.occurrence or 0
    due = next(o.due for o in state.steps[step].occurrences if o.number == occurrence)
    if item.kind == "deadline":
        return e.StepMissed(step=step, occurrence=occurrence, due=due)
    return e.NoticeQueued(kind=item.kind, rung=item.rung, steps=((step, occurrence),), due=due, to=item.to)
