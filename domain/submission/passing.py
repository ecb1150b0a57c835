"""What the clock brings: rungs are reached, the deadline passes."""

from __future__ import annotations

from datetime import datetime

from domain.plan import Timetable
from domain.submission import events as e
from domain.submission.agenda import AgendaItem, next_items
from domain.submission.state import Submission
from domain.submission.turn import Turn


def pass_time(state: Submission, plan: Timetable, until: datetime) -> list[e.Happened]:
    """Everything up to and including `until`, each event at its own moment, however late it is recorded."""
    turn = Turn(state, plan, until)
    while items := next_items(turn.state, plan, until):
        for item in items:
            turn.emit(_event(turn.state, item), item.at)
    return turn.happened


def _event(state: Submission, item: AgendaItem) -> e.SubmissionEvent:
    if item.kind == "deadline":
        return e.SubmissionMissed(due=state.due)
    return e.NoticeQueued(kind=item.kind, rung=item.rung, due=state.due, to=item.to)
