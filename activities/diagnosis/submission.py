"""Whom a submission waits for: the respondent until it is handed in, then the centre that reviews it."""

from __future__ import annotations

from datetime import datetime

from activities.diagnosis.human import Human, NextAct
from activities.letter_words import ADDRESSEES
from activities.recipients import RecipientBook
from activities.respondents import resolve
from domain.diagnosis.finding import Finding
from domain.plan import Timetable, local_day
from domain.submission.agenda import agenda
from domain.submission.evolve import fold
from domain.submission.passing import pass_time
from domain.submission.state import Submission


def human_side(recorded: Submission, plan: Timetable, now: datetime, book: RecipientBook) -> Human:
    """What a submission waits for at the instant `now`, with what time has brought, recorded or not."""
    state = fold(recorded, pass_time(recorded, plan, now)) or recorded
    finding = _finding(state, now, book)
    waits_for = state.respondent if state.owed else state.centre
    return Human(
        (finding,),
        state.zone,
        waits_for,
        centre=state.centre,
        responsible=_responsible(state, book, now),
        next_act=_next_act(state, plan, book),
        vacant=_vacant(state, plan, book, now),
    )


def _finding(state: Submission, now: datetime, book: RecipientBook) -> Finding:
    who = {"who": _name(book, state.respondent)}
    if state.owed and state.overdue:
        days = (local_day(now, state.zone) - state.due).days
        return Finding("form_overdue", state.due, {**who, "role": "coordinator", "due": state.due, "days": days})
    if state.closed:
        return Finding("round_closed", state.last_at)
    if state.owed:
        return Finding("form_in_time", None, {**who, "due": state.due})
    if state.status == "submitted":
        since = state.submitted.at if state.submitted else state.last_at
        return Finding("in_review", since, {**who, "centre": _name(book, state.centre)})
    return Finding("accepted", state.accepted_at, who)


def _name(book: RecipientBook, unit: str) -> str:
    return book.tree.units[unit].name if unit in book.tree.units else unit


def _responsible(state: Submission, book: RecipientBook, now: datetime) -> str | None:
    """The person whose turn it is; the unit where nobody is known."""
    if state.closed or state.status == "accepted":
        return None
    addressee = "coordinator" if state.owed else "mentoring_centre"
    found = resolve(book, state, (addressee,), local_day(now, state.zone)).recipients
    named = next((one.id for one in found), state.respondent if state.owed else state.centre)
    return named.removeprefix("person:").removeprefix("unit:")


def _next_act(state: Submission, plan: Timetable, book: RecipientBook) -> NextAct | None:
    upcoming = next((item for item in agenda(state, plan) if item.to), None)
    if upcoming is None:
        return None
    found = resolve(book, state, upcoming.to, local_day(upcoming.at, state.zone)).recipients
    to = tuple(ADDRESSEES[to] for to in upcoming.to)
    return NextAct(upcoming.at, upcoming.kind, to, tuple(one.id for one in found))


def _vacant(state: Submission, plan: Timetable, book: RecipientBook, now: datetime) -> tuple[str, ...]:
    if not state.owed:
        return ()
    called = dict.fromkeys(to for rung in plan.ladder.rungs for to in rung.to)
    return resolve(book, state, tuple(called), local_day(now, state.zone)).unresolved
