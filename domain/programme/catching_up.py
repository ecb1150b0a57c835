"""Deadlines that lay where nobody could meet them: ten working days from today."""

from __future__ import annotations

from typing import Literal

from domain.dates import Relative
from domain.programme import events as e
from domain.programme.settle import move_relative_dates
from domain.programme.state import Occurrence, StepState
from domain.programme.turn import Turn


def catch_up(turn: Turn, cause: Literal["pause", "reopening"]) -> None:
    """Set every deadline anew that passed unseen; what is counted from it follows."""
    while unseen := _passed_unseen(turn):
        step, occurrence = min(unseen, key=lambda one: (follows(turn, *one), one[0].number, one[1].number))
        due = turn.plan.catch_up(turn.today)
        turn.emit(
            e.DeadlineMoved(
                step=step.number, occurrence=occurrence.number, was=occurrence.due, asked=due, due=due,
                cause=cause, catch_up=True,
            )
        )  # fmt: skip
        move_relative_dates(turn)


def _passed_unseen(turn: Turn) -> list[tuple[StepState, Occurrence]]:
    today = turn.today
    return [(s, o) for s, o in turn.state.open_obligations() if o.due < today and not o.overdue]


def follows(turn: Turn, step: StepState, occurrence: Occurrence) -> bool:
    """Whether the deadline goes along with that of another step, which is open and not late."""
    rule = turn.plan.roadmap.steps[step.number].date
    if not isinstance(rule, Relative) or occurrence.pinned:
        return False
    other = turn.state.steps[rule.step]
    return other.status == "pending" and not other.occurrences[-1].overdue
