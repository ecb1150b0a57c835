"""Deciding: from a state and a command to events, or to a refusal."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from domain.carrying_out import OnItem, carried_out, item_refused, retried
from domain.plan import Timetable, local_day
from domain.queued import Queued
from domain.refusal import Refusal
from domain.reminding import too_soon
from domain.submission import commands as c
from domain.submission import events as e
from domain.submission import form
from domain.submission.deadline import adopt_calendar, later_refused, move, opening_refused, told_of_moves
from domain.submission.evolve import evolve, fold
from domain.submission.notices import still_true
from domain.submission.passing import pass_time
from domain.submission.state import Submission
from domain.submission.turn import Turn

Decision = tuple[e.Happened, ...] | Refusal


def decide(
    state: Submission | None,
    command: c.SubmissionCommand,
    plan: Timetable,
    at: datetime,
    adopted: Timetable | None = None,
) -> Decision:
    """What happens when `command` arrives at the instant `at` (UTC, not before the last event).

    What time has brought is decided by `pass_time` before; `after_time` does both. `adopted`: what it goes over to.
    """
    if isinstance(command, c.OpenSubmission):
        return _open(state, command, plan, at)
    if state is None:
        return Refusal(code="submission_unknown")
    if isinstance(command, c.PassTime):
        return tuple(pass_time(state, plan, at))
    turn = Turn(state, adopted or plan, at)
    refusal = _status_refused(state, command) or _decide(turn, command)
    return refusal if refusal is not None else tuple(turn.happened)


def after_time(
    state: Submission | None,
    command: c.SubmissionCommand,
    plan: Timetable,
    at: datetime,
    adopted: Timetable | None = None,
) -> Decision:
    """Time first, then the command: submitting late cannot erase that it was late (DESIGN, 1.3)."""
    if state is None or isinstance(command, c.PassTime):
        return decide(state, command, plan, at)
    passed = tuple(pass_time(state, plan, at))
    decision = decide(fold(state, passed), command, plan, at, adopted)
    return decision if isinstance(decision, Refusal) else (*passed, *decision)


def _open(state: Submission | None, command: c.OpenSubmission, plan: Timetable, at: datetime) -> Decision:
    if state is not None:
        return Refusal(code="submission_exists", facts={"respondent": command.respondent})
    if refusal := opening_refused(plan, command.asked, local_day(at, command.zone)):
        return refusal
    due = plan.rolled(command.asked)
    opened = e.SubmissionOpened(**command.model_dump(exclude={"type"}), due=due)
    first = e.Happened(at=at, event=opened)
    turn = Turn(evolve(None, first), plan, at)
    turn.emit(e.NoticeQueued(kind="opened", due=due, to=("coordinator", "authority_head")))
    return (first, *turn.happened)


def _status_refused(state: Submission, command: c.SubmissionCommand) -> Refusal | None:
    if isinstance(command, OnItem):
        return item_refused(state.items, command)
    if isinstance(command, c.RetryItems | c.RepeatNotice):
        return None
    if isinstance(command, c.ReopenSubmission):
        return None if state.closed else Refusal(code="submission_open")
    return Refusal(code="submission_closed") if state.closed else None


def _decide(turn: Turn, command: c.SubmissionCommand) -> Refusal | None:
    match command:
        case c.OpenSubmission() | c.PassTime():
            raise AssertionError("handled by decide")
        case c.SaveForm():
            return form.save(turn, command)
        case c.SubmitForm():
            return form.submit(turn, command)
        case c.ReturnForm():
            return form.give_back(turn, command)
        case c.AcceptForm():
            return form.accept(turn, command)
        case c.ReopenForm():
            return form.reopen(turn, command)
        case c.AddDocument():
            return form.add_document(turn, command)
        case c.ClearDocument():
            return form.clear_document(turn, command)
        case c.ExtendDeadline():
            return _extend(turn, command)
        case c.AdoptCalendar():
            return adopt_calendar(turn, command)
        case c.RemindRespondent():
            return _remind(turn, command)
        case c.CloseSubmission():
            _close(turn)
        case c.ReopenSubmission():
            return _reopen(turn, command)
        case c.RecordSent() | c.RecordDropped() | c.RecordDeferred():
            for event in carried_out(command):
                turn.emit(event)
        case c.RetryItems():
            for asked in retried(turn.state.items):
                turn.emit(asked)
        case c.RepeatNotice():
            return _repeat(turn, command)
        case _:
            assert_never(command)
    return None


def _remind(turn: Turn, command: c.RemindRespondent) -> Refusal | None:
    """Remind whoever fills in the form that it is owed."""
    if not turn.state.owed:
        return Refusal(code=f"form_{turn.state.status}")
    if refusal := too_soon(turn.state.reminded_at, turn.at, command.insisting):
        return refusal
    turn.emit(e.ReminderAsked())
    kind: e.SubmissionNotice = "missed" if turn.state.overdue else "reminder"
    turn.emit(e.NoticeQueued(kind=kind, due=turn.state.due, to=("coordinator",)))
    return None


def _repeat(turn: Turn, command: c.RepeatNotice) -> Refusal | None:
    again = e.NoticeQueued.model_validate(command.model_dump(exclude={"type", "steps"}))
    item = Queued(number=0, kind="notice", queued_at=turn.at, notice=again.kind, due=again.due, to=again.to)
    if not still_true(turn.state, item, turn.at):
        return Refusal(code="notice_untrue", facts={"notice": command.again})
    turn.emit(again)
    return None


def _extend(turn: Turn, command: c.ExtendDeadline) -> Refusal | None:
    if not turn.state.owed:
        return Refusal(code=f"form_{turn.state.status}")
    if refusal := later_refused(turn, command.due, command.was):
        return refusal
    to = told_of_moves(turn)
    move(turn, command.due, "extension", command.reason, command.order)
    turn.emit(e.NoticeQueued(kind="extended", due=turn.state.due, to=to))
    return None


def _close(turn: Turn) -> None:
    """Who has been accepted has a receipt; who has not hears that nothing more is awaited."""
    waiting = turn.state.status != "accepted"
    turn.emit(e.SubmissionClosed())
    if waiting:
        turn.emit(e.NoticeQueued(kind="closed", to=("coordinator", "authority_head")))


def _reopen(turn: Turn, command: c.ReopenSubmission) -> Refusal | None:
    if refusal := opening_refused(turn.plan, command.due, turn.today, "/due"):
        return refusal
    due = turn.plan.rolled(command.due)
    turn.emit(e.SubmissionReopened(reason=command.reason))
    if turn.state.status == "accepted":
        turn.emit(e.FormReopened(revision=turn.state.revision, reason=command.reason))
    if due != turn.state.due:
        move(turn, command.due, "reopening", command.reason, command.order)
    turn.emit(e.NoticeQueued(kind="reopened", due=turn.state.due, to=("coordinator", "authority_head")))
    return None
