"""Deciding on a pause and on what the deadlines do when the clock runs again."""

from __future__ import annotations

from datetime import timedelta

from domain.plan import local_day
from domain.programme import commands as c
from domain.programme import events as e
from domain.programme.catching_up import catch_up, follows
from domain.programme.settle import move_relative_dates
from domain.programme.turn import Turn
from domain.refusal import Refusal


def pause(turn: Turn, command: c.PauseProgramme) -> Refusal | None:
    """Stop the clock, and say what will become of the deadlines."""
    if turn.state.status == "paused":
        return Refusal(code="programme_paused")
    turn.emit(e.ProgrammePaused(reason=command.reason, on_resume=command.on_resume))
    turn.emit(e.NoticeQueued(kind="paused", to=("curator", "head")))
    return None


def resume(turn: Turn, command: c.ResumeProgramme) -> Refusal | None:
    """Let the clock run: deadlines stay or shift, and none is left where it passed unseen."""
    paused_at = turn.state.paused_at
    if paused_at is None:
        return Refusal(code="programme_running")
    how = command.deadlines or turn.state.on_resume
    pause = turn.today - local_day(paused_at, turn.state.zone)
    turn.emit(e.ProgrammeResumed(on_resume=how, days=pause.days, reason=command.reason))
    if how == "shift":
        _shift(turn, pause)
    catch_up(turn, "pause")
    turn.emit(e.NoticeQueued(kind="resumed", to=("curator", "head")))
    return None


def _shift(turn: Turn, pause: timedelta) -> None:
    """Move every deadline that is not late; one that goes along with another step's is moved by that one."""
    for step, occurrence in list(turn.state.open_obligations()):
        asked = occurrence.due + pause
        due = turn.plan.rolled(asked)
        if occurrence.overdue or follows(turn, step, occurrence) or due == occurrence.due or due < turn.today:
            continue
        turn.emit(
            e.DeadlineMoved(
                step=step.number, occurrence=occurrence.number, was=occurrence.due, asked=asked, due=due, cause="pause"
            )
        )
    move_relative_dates(turn)
