"""A submission as the API shows it, but for its form, which stands beside the journal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from activities.texts import resolved
from domain.submission.check_code import check_code
from domain.submission.commands import Comment
from domain.submission.state import Document, Handed, Submission


def submission_body(state: Submission, texts: Mapping[str, str]) -> bytes:
    """The JSON of a submission. `submitted` and `accepted`: the acts; the accepted one counts."""
    return orjson.dumps(submission_view(state, texts))


def submission_view(state: Submission, texts: Mapping[str, str]) -> dict[str, Any]:
    """The same before it is written."""
    return {
        "id": state.id,
        "campaign": state.campaign,
        "respondent": state.respondent,
        "state": state.status,
        "closed": state.closed,
        "version": state.version,
        "revision": state.revision,
        "check_code": check_code(state.id, state.revision, state.sha256),
        "form_version": state.form,
        "deadline": state.due,
        "deadline_asked": state.asked,
        "first_deadline": state.first_due,
        "overdue": state.overdue,
        "missed": state.missed,
        "first_submitted_at": state.first_submitted_at,
        "on_time": state.on_time,
        "on_time_excused": state.on_time_excused,
        "submitted": _act(state.submitted),
        "accepted": _accepted(state, texts),
        "comments": comments_view(state.comments, texts),
        "documents": [_document(one, texts) for _, one in sorted(state.documents.items())],
        "missing_documents": list(state.missing_documents),
    }


def comments_view(comments: Iterable[Comment], texts: Mapping[str, str]) -> list[dict[str, Any]]:
    """What was to be corrected, place by place; the empty pointer is the whole form."""
    return [{"pointer": one.pointer, "comment": resolved(one.comment, texts)} for one in comments]


def _act(act: Handed | None) -> dict[str, Any] | None:
    if act is None:
        return None
    return {"number": act.number, "revision": act.revision, "at": act.at, "by": act.by, "version": act.version}


def _accepted(state: Submission, texts: Mapping[str, str]) -> dict[str, Any] | None:
    act = _act(state.accepted)
    if act is None:
        return None
    how = {"accepted_at": state.accepted_at, "accepted_by": state.accepted_by}
    return {**act, **how, "remarks": resolved(state.remarks, texts)}


def _document(one: Document, texts: Mapping[str, str]) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "sha256": one.sha256,
        "size": one.size,
        "revision": one.revision,
        "at": one.at,
        "signer": resolved(one.signer, texts),
    }
