"""Deciding on the form and its files: save, submit, give back, accept, reopen."""

from __future__ import annotations

from domain.refusal import Refusal
from domain.submission import commands as c
from domain.submission import events as e
from domain.submission.deadline import later_refused, more_time
from domain.submission.state import Document
from domain.submission.turn import Turn

TO_RESPONDENT = ("coordinator",)


def save(turn: Turn, command: c.SaveForm) -> Refusal | None:
    """A draft may be incomplete; what is with the reviewer or accepted is frozen."""
    state = turn.state
    if not state.owed:
        return Refusal(code=f"form_{state.status}")
    if command.sha256 != state.sha256:
        turn.emit(e.FormSaved(revision=state.revision + 1, sha256=command.sha256))
    return None


def submit(turn: Turn, command: c.SubmitForm) -> Refusal | None:
    """Freeze the present revision; the respondent gets a receipt."""
    state = turn.state
    if not state.owed:
        return Refusal(code=f"form_{state.status}")
    if refusal := _revision_refused(turn, command.revision):
        return refusal
    number = (state.submitted.number if state.submitted else 0) + 1
    turn.emit(
        e.FormSubmitted(
            number=number, revision=state.revision, sha256=state.sha256, late=state.due < turn.today,
            figures=command.figures, by=command.by,
        )
    )  # fmt: skip
    turn.emit(e.NoticeQueued(kind="received", to=TO_RESPONDENT))
    return None


def give_back(turn: Turn, command: c.ReturnForm) -> Refusal | None:
    """Ask for corrections; there is always time left to make them."""
    state = turn.state
    if state.submitted is None or state.status != "submitted":
        return Refusal(code="form_not_submitted", facts={"state": state.status})
    if command.due is not None and (refusal := later_refused(turn, command.due)):
        return refusal
    act = state.submitted
    turn.emit(e.FormReturned(number=act.number, revision=act.revision, comments=command.comments, by=command.by))
    more_time(turn, command.due, "return")
    turn.emit(e.NoticeQueued(kind="returned", due=turn.state.due, to=TO_RESPONDENT))
    return None


def accept(turn: Turn, command: c.AcceptForm) -> Refusal | None:
    """Lock the form. Who handed it in cannot accept it."""
    state = turn.state
    if state.submitted is None or state.status != "submitted":
        return Refusal(code="form_not_submitted", facts={"state": state.status})
    act = state.submitted
    if act.by == command.by:
        return Refusal(code="own_submission")
    if command.revision is not None and (refusal := _revision_refused(turn, command.revision)):
        return refusal
    turn.emit(
        e.FormAccepted(
            number=act.number, revision=act.revision, sha256=act.sha256, remarks=command.remarks, by=command.by
        )
    )
    turn.emit(e.NoticeQueued(kind="accepted", to=TO_RESPONDENT))
    return None


def reopen(turn: Turn, command: c.ReopenForm) -> Refusal | None:
    """Unlock an accepted form; what was accepted counts until something else is."""
    state = turn.state
    if state.status != "accepted":
        return Refusal(code="form_not_accepted", facts={"state": state.status})
    if command.due is not None and (refusal := later_refused(turn, command.due)):
        return refusal
    turn.emit(e.FormReopened(revision=state.revision, reason=command.reason))
    more_time(turn, command.due, "reopening")
    turn.emit(e.NoticeQueued(kind="reopened", due=turn.state.due, to=TO_RESPONDENT))
    return None


def add_document(turn: Turn, command: c.AddDocument) -> Refusal | None:
    """Take a file; the same file again changes nothing.

    What the reviewer looks at or has accepted stays as it is: only what is missing may still come.
    """
    state = turn.state
    if command.kind not in state.wanted:
        return Refusal(code="document_unwanted", facts={"kind": command.kind})
    if command.revision is not None and command.revision > state.revision:
        facts = {"revision": command.revision, "last": state.revision}
        return Refusal(code="revision_unknown", facts=facts, pointer="/revision")
    known = state.documents.get(command.kind)
    added = e.DocumentAdded(**command.model_dump(exclude={"type"}))
    if known is not None and known.model_dump(exclude={"at"}) == added.model_dump(exclude={"type"}):
        return None
    if not state.owed and command.kind not in state.missing_documents and not _now_signed(known, command):
        return Refusal(code=f"form_{state.status}")
    turn.emit(added)
    return None


def _now_signed(known: Document | None, command: c.AddDocument) -> bool:
    """Whether the same file got a signature that was missing."""
    if known is None or known.signer is not None:
        return False
    return (known.sha256, known.revision) == (command.sha256, command.revision)


def clear_document(turn: Turn, command: c.ClearDocument) -> Refusal | None:
    """Take a file away."""
    if not turn.state.owed:
        return Refusal(code=f"form_{turn.state.status}")
    if command.kind not in turn.state.documents:
        return Refusal(code="document_unknown", facts={"kind": command.kind})
    turn.emit(e.DocumentCleared(kind=command.kind))
    return None


def _revision_refused(turn: Turn, revision: int) -> Refusal | None:
    if revision == turn.state.revision:
        return None
    return Refusal(code="revision_stale", facts={"revision": revision, "last": turn.state.revision})
