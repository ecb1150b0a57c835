"""Folding: one event changes the state, and nothing else does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, assert_never

from domain.plan import local_day
from domain.queued import Queued, at_once, deferred, without
from domain.submission import events as e
from domain.submission.state import Document, Handed, Submission


def fold(state: Submission | None, happened: Iterable[e.Happened]) -> Submission | None:
    """The state after a sequence of events."""
    for one in happened:
        state = evolve(state, one)
    return state


def evolve(state: Submission | None, happened: e.Happened) -> Submission:
    """The state after one event. Raises on an event that cannot have happened in `state`."""
    event, at = happened.event, happened.at
    if isinstance(event, e.SubmissionOpened):
        return _opened(event, at)
    if state is None:
        raise ValueError(f"{event.type} before SubmissionOpened")
    changes = _changes(state, event, at)
    return state.model_copy(update={"version": state.version + 1, "last_at": max(state.last_at, at), **changes})


def _opened(event: e.SubmissionOpened, at: datetime) -> Submission:
    return Submission(
        version=1,
        last_at=at,
        campaign=event.campaign,
        respondent=event.respondent,
        respondent_class=event.respondent_class,
        centre=event.centre,
        zone=event.zone,
        plan=event.plan,
        form=event.form,
        wanted=event.wanted,
        opened_at=at,
        sha256=event.sha256,
        asked=event.asked,
        due=event.due,
        first_due=event.due,
        excused_due=event.due,
        told_until=at,
    )


def _changes(state: Submission, event: e.SubmissionEvent, at: datetime) -> dict[str, Any]:
    match event:
        case e.SubmissionOpened():
            raise AssertionError("handled by evolve")
        case e.FormSaved():
            return {"revision": event.revision, "sha256": event.sha256}
        case e.FormSubmitted():
            return _submitted(state, event, at)
        case e.FormReturned():
            return {"status": "returned", "comments": event.comments, "told_until": at}
        case e.FormAccepted():
            return {
                "status": "accepted", "accepted": state.submitted, "accepted_at": at, "accepted_by": event.by,
                "remarks": event.remarks,
            }  # fmt: skip
        case e.FormReopened():
            return {"status": "returned", "comments": (), "told_until": at}
        case e.DeadlineMoved():
            moved = {"asked": event.asked, "due": event.due, "excused_due": _excused(state, event), "moved_at": at}
            return {**moved, "told_until": at, "sent": (), "overdue": False}
        case e.CalendarAdopted():
            return {"plan": state.plan.model_copy(update={"calendar": event.calendar}), "told_until": at}
        case e.SubmissionMissed():
            return {"overdue": True, "missed": True, "told_until": at}
        case e.ReminderAsked():
            return {"reminded_at": at}
        case e.DocumentAdded():
            added = Document(at=at, **event.model_dump(exclude={"type"}))
            return {"documents": {**state.documents, event.kind: added}}
        case e.DocumentCleared():
            return {"documents": {kind: one for kind, one in state.documents.items() if kind != event.kind}}
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
        case e.SubmissionClosed():
            return {"closed": True}
        case e.SubmissionReopened():
            return {"closed": False, "told_until": at}
        case _:
            assert_never(event)


def _excused(state: Submission, event: e.DeadlineMoved) -> date:
    """Nobody is late because of more time that was given, or of a decree."""
    follows = event.cause == "extension" or (event.cause == "calendar" and state.due == state.excused_due)
    return event.due if follows else state.excused_due


def _submitted(state: Submission, event: e.FormSubmitted, at: datetime) -> dict[str, Any]:
    act = Handed(**event.model_dump(exclude={"type", "late"}), at=at, version=state.version + 1)
    changes: dict[str, Any] = {"status": "submitted", "submitted": act, "overdue": False, "comments": ()}
    if state.first_submitted_at is None:
        day = local_day(at, state.zone)
        first = {"on_time": day <= state.first_due, "on_time_excused": day <= state.excused_due}
        changes |= {"first_submitted_at": at, **first}
    return changes


def _noticed(state: Submission, event: e.NoticeQueued, at: datetime) -> dict[str, Any]:
    number = state.version + 1
    same = {name: getattr(event, name) for name in ("rung", "due", "to", "only")}
    item = Queued(number=number, kind="notice", queued_at=at, notice=event.kind, **same)
    changes: dict[str, Any] = {"items": {**state.items, number: item}}
    if event.rung is not None:
        changes["told_until"] = at
        changes["told"] = tuple(dict.fromkeys((*state.told, *event.to)))
        changes["sent"] = (*state.sent, event.rung)
    return changes
