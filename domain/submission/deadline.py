"""Deciding on the deadline of a submission: it moves by a command, and whoever was told of it hears of that."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from domain.adopting import calendar_refused
from domain.orders import Order
from domain.plan import Timetable
from domain.refusal import Refusal
from domain.submission import commands as c
from domain.submission import events as e
from domain.submission.turn import Turn

RETURN_DAYS = 5
"""Working days to correct a form that comes back after its deadline, where nobody names a date."""

FARTHEST = timedelta(days=366)
"""How far ahead a deadline may lie."""

RESPONDENT = ("coordinator", "authority_head")


def opening_refused(plan: Timetable, asked: date, today: date, pointer: str = "/deadline") -> Refusal | None:
    """Why a day cannot be the deadline of something that begins today.

    It is rolled only where it lies near: the frozen calendar knows a few years, and no day outside of them.
    """
    if asked > today + FARTHEST:
        return Refusal(code="deadline_too_far", facts={"due": asked, "last": today + FARTHEST}, pointer=pointer)
    if asked < today or plan.rolled(asked) < today:
        return Refusal(code="deadline_in_past", facts={"due": asked, "today": today}, pointer=pointer)
    return None


def later_refused(turn: Turn, asked: date, was: date | None = None) -> Refusal | None:
    """Why the deadline cannot be moved to a day: more time is given, never less."""
    state = turn.state
    if was not in (None, state.due):
        return Refusal(code="submission_deadline_moved", facts={"was": was, "due": state.due}, pointer="/was")
    if refusal := opening_refused(turn.plan, asked, turn.today, "/due"):
        return refusal
    if turn.plan.rolled(asked) <= state.due:
        facts = {"due": asked, "was": state.due}
        return Refusal(code="deadline_not_later", facts=facts, pointer="/due")
    return None


def move(
    turn: Turn,
    asked: date,
    cause: e.MoveCause,
    reason: str | None = None,
    order: Order | None = None,
) -> None:
    """Set another date."""
    due = turn.plan.rolled(asked)
    turn.emit(e.DeadlineMoved(was=turn.state.due, asked=asked, due=due, cause=cause, reason=reason, order=order))


def more_time(turn: Turn, asked: date | None, cause: Literal["return", "reopening"]) -> None:
    """A form that is owed again has a deadline ahead: the one given, the old one, or a few days from now."""
    if asked is not None:
        move(turn, asked, cause)
    elif turn.state.due < turn.today:
        move(turn, turn.plan.calendar.add(turn.today, RETURN_DAYS), cause)


def adopt_calendar(turn: Turn, command: c.AdoptCalendar) -> Refusal | None:
    """Go on by the calendar of `turn.plan`: the day that was asked for, by letter or by an extension, rolls by it.

    A day that has passed already is never set.
    """
    state = turn.state
    if refusal := calendar_refused(state.plan, command):
        return refusal
    turn.emit(e.CalendarAdopted(**command.model_dump(exclude={"type"})))
    due = turn.plan.rolled(state.asked)
    if state.owed and due != state.due and due >= turn.today:
        to = told_of_moves(turn)
        move(turn, state.asked, "calendar", command.reason, command.order)
        turn.emit(e.NoticeQueued(kind="moved", due=due, to=to))
    return None


def told_of_moves(turn: Turn) -> tuple[str, ...]:
    """Who hears of another date: the respondent, and everybody who had been told of the old one."""
    return tuple(dict.fromkeys((*RESPONDENT, *turn.state.told)))
