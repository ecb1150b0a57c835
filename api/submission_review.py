"""Reviewing a submission: give it back, accept it, give more time, open it again."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from api import monitoring_documents as m
from api import monitoring_shapes as shapes
from api.acting import Attempt, InAttempt, Texts
from api.context import Caller, Context, InContext
from api.documents import told
from api.problems import Refused
from api.steering import order_of
from api.submission_acting import act_on, actable, form_of
from domain.refusal import Refusal
from domain.submission import commands as c

router = APIRouter(prefix="/submissions/{submission}", tags=["Проверка отчётов"])


@router.post("/return", summary="Вернуть форму на доработку", responses=told(m.Submission))
def give_back(
    submission: str, body: shapes.ReturnIn, context: InContext, caller: Caller, attempt: InAttempt
) -> Response:
    """With comments on single fields; where the deadline has passed, there are 5 working days to correct them."""
    with context.core.database.reading() as connection:
        actable(context, connection, caller, submission, "review_form")
        places = form_of(context, connection, submission).places
    for number, one in enumerate(body.comments):
        if one.pointer and one.pointer not in places:
            where = f"/comments/{number}/pointer"
            raise Refused(Refusal(code="place_unknown", facts={"pointer": one.pointer}, pointer=where))
    texts = Texts()
    given = [(one.pointer, one.comment) for one in body.comments] + ([("", body.reason)] if body.reason else [])
    comments = tuple(c.Comment(pointer=pointer, comment=texts.keep(comment)) for pointer, comment in given)
    command = c.ReturnForm(comments=comments, due=body.due, by=caller.actor)
    return _review(context, caller, attempt, submission, command, texts)


@router.post("/acceptance", summary="Принять форму", responses=told(m.Submission))
def accept(
    submission: str,
    context: InContext,
    caller: Caller,
    attempt: InAttempt,
    body: shapes.AcceptanceIn | None = None,
) -> Response:
    """Lock the form; who handed it in cannot accept it."""
    texts, given = Texts(), body or shapes.AcceptanceIn()
    command = c.AcceptForm(revision=given.revision, remarks=texts.keep_if_any(given.remarks), by=caller.actor)
    return _review(context, caller, attempt, submission, command, texts)


@router.post("/extension", summary="Дать больше времени", responses=told(m.Submission))
def extend(
    submission: str, body: shapes.ExtensionIn, context: InContext, caller: Caller, attempt: InAttempt
) -> Response:
    """Move the deadline of one respondent; the first one is kept, and both are counted by."""
    texts = Texts()
    command = c.ExtendDeadline(due=body.due, was=body.was, reason=texts.keep(body.reason), order=order_of(body.order))
    return _review(context, caller, attempt, submission, command, texts)


@router.post("/reopening", summary="Открыть принятую форму для изменения", responses=told(m.Submission))
def reopen(
    submission: str, body: shapes.FormReopeningIn, context: InContext, caller: Caller, attempt: InAttempt
) -> Response:
    """A numbered resubmission follows; until it is accepted, the accepted form counts."""
    texts = Texts()
    command = c.ReopenForm(reason=texts.keep(body.reason), due=body.due)
    return _review(context, caller, attempt, submission, command, texts)


def _review(
    context: Context, caller: Caller, attempt: Attempt, submission: str, command: c.SubmissionCommand, texts: Texts
) -> Response:
    with context.core.database.reading() as connection:
        row = actable(context, connection, caller, submission, "review_form")
    return act_on(context, caller, attempt, row, command, texts.rows)
