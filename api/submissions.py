"""Submissions: look at them, fill in the form, hand it in."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import Response

from activities.form_revisions import content_of, keeping, read_form, read_revisions
from activities.monitoring_access import submission_scope
from activities.programme_query import read_journal
from activities.submission_acts import handed_in, last_return
from activities.submission_ledger import read_submission_ledger
from activities.submission_paper import years_of
from activities.submission_query import changes, list_submissions, read_submission
from activities.submission_view import submission_view
from activities.submissions import PREFIX, SubmissionStreams
from activities.texts import read_texts
from api import documents as d
from api import monitoring_documents as m
from api import monitoring_shapes as shapes
from api.acting import InAttempt, hides_people
from api.answers import answer, etag, page
from api.context import Caller, Context, InContext
from api.documents import told
from api.insight import version_of
from api.problems import Faulty, Problem, Refused
from api.shapes import Cursor, Limit, Place
from api.submission_acting import act_on, actable, found_problems, full, seen_submission
from domain.form.draft import draft_problems
from domain.form.figures import figures_of
from domain.form.problem import Problem as FormProblem
from domain.form.reading import without_words
from domain.refusal import Refusal
from domain.submission.commands import SaveForm, SubmitForm
from domain.submission.state import Submission, SubmissionStatus

router = APIRouter(prefix="/submissions", tags=["Отчёты респондентов"])

RevisionNumber = Annotated[int, Query(ge=0, le=2**31 - 1, description="Номер редакции; 0 — пустая форма")]


async def _body(request: Request) -> tuple[str, bytes]:
    kind = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    return kind, await request.body()


InBody = Annotated[tuple[str, bytes], Depends(_body)]
"""Content type and content: the framework's reader would take NaN and half of a surrogate pair for JSON."""
_FORM_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"type": "object", "description": "Поля формы, см. /forms"}}},
    }
}


@router.get("", summary="Список отчётов", responses=told(d.Page[m.SubmissionLine]))
def submissions(  # one argument for each filter
    context: InContext,
    caller: Caller,
    campaign: Place = None,
    state: SubmissionStatus | None = None,
    respondent: Place = None,
    overdue: bool | None = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Response:
    """The submissions that the caller may see, in pages."""
    with context.core.database.reading() as connection:
        found = list_submissions(
            connection,
            submission_scope(caller, context.tree(connection)),
            campaign=campaign,
            state=state,
            respondent=respondent,
            overdue=overdue,
            cursor=cursor,
            limit=limit,
        )
    if isinstance(found, Refusal):
        raise Refused(found)
    return page(found.items, found.next)


@router.get("/{submission}", summary="Один отчёт", responses=told(m.Submission))
def one(submission: str, context: InContext, caller: Caller) -> Response:
    """The state now, the form as it was saved last, and what is wrong in it."""
    with context.core.database.reading() as connection:
        seen_submission(context, connection, caller, submission)
        state = read_submission(connection, _streams(context), submission, context.core.clock())
        assert state is not None, "a row of the read model has a snapshot"
        view = submission_view(state, read_texts(connection, PREFIX + submission))
        return answer(full(context, connection, caller, view), headers=etag(state.version))


@router.put(
    "/{submission}/form", summary="Сохранить черновик формы", responses=told(m.Submission), openapi_extra=_FORM_BODY
)
def save_form(submission: str, given: InBody, context: InContext, caller: Caller, attempt: InAttempt) -> Response:
    """An incomplete draft is fine; unknown fields and values of another kind are refused with their places."""
    values = _json(*given)
    with context.core.database.reading() as connection:
        row = actable(context, connection, caller, submission, "fill_form")
        state = read_submission(connection, _streams(context), submission, context.core.clock())
        years = years_of(connection, row.campaign)
    assert state is not None, "a row of the read model has a snapshot"
    if found := draft_problems(context.core.library.forms.frozen(state.form), values, years):
        raise Faulty(_faulty("form_invalid", "Форма заполнена с ошибками", found))
    content = content_of(values)
    also = keeping(submission, content, caller.actor, context.core.clock())
    return act_on(context, caller, attempt, row, SaveForm(sha256=content.sha256), also=also)


@router.post("/{submission}/submission", summary="Отправить форму на проверку", responses=told(m.Submission))
def submit(
    submission: str,
    context: InContext,
    caller: Caller,
    attempt: InAttempt,
    body: shapes.SubmissionIn | None = None,
) -> Response:
    """A form without problems is frozen; files that are missing refuse nothing and are named in the answer."""
    with context.core.database.reading() as connection:
        row = actable(context, connection, caller, submission, "fill_form")
        state = read_submission(connection, _streams(context), submission, context.core.clock())
        assert state is not None, "a row of the read model has a snapshot"
        definition = context.core.library.forms.frozen(state.form)
        form = read_form(connection, submission, state.revision) or {}
        found = found_problems(connection, definition, row.campaign, row.respondent, form) if state.owed else []
    if found:
        raise Faulty(_faulty("form_incomplete", "Форма заполнена не полностью", found))
    revision = body.revision if body and body.revision is not None else state.revision
    command = SubmitForm(revision=revision, figures=figures_of(definition, form), by=caller.actor)
    return act_on(context, caller, attempt, row, command)


@router.get("/{submission}/events", summary="Журнал отчёта", responses=told(d.Page[d.Event]))
def events(submission: str, context: InContext, caller: Caller, cursor: Cursor = None, limit: Limit = 100) -> Response:
    """Everything that happened, in order."""
    begin = version_of(cursor)
    with context.core.database.reading() as connection:
        seen_submission(context, connection, caller, submission)
        found = read_journal(connection, PREFIX + submission, begin, limit)
    return page(found.items, found.next)


@router.get("/{submission}/deadlines", summary="Срок отчёта и его переносы", responses=told(m.SubmissionLedger))
def deadlines(submission: str, context: InContext, caller: Caller) -> Response:
    """The first date of the deadline beside every later one: when, why, by which order and whom.

    Timeliness is told raw (against the first date) and excused (against the one it was extended to).
    """
    now = context.core.clock()
    with context.core.database.reading() as connection:
        seen_submission(context, connection, caller, submission)
        state = read_submission(connection, _streams(context), submission, now)
        assert state is not None, "a row of the read model has a snapshot"
        return answer(read_submission_ledger(connection, state, now))


@router.get("/{submission}/revisions", summary="Редакции формы", responses=told(d.Page[m.Revision]))
def revisions(
    submission: str, context: InContext, caller: Caller, cursor: Cursor = None, limit: Limit = 100
) -> Response:
    """What was saved, by whom and when, each with the check code that its pages bear, and as which act it came."""
    begin = version_of(cursor)
    with context.core.database.reading() as connection:
        seen_submission(context, connection, caller, submission)
        state = read_submission(connection, _streams(context), submission, context.core.clock())
        found, numbers = read_revisions(connection, submission, begin, limit), handed_in(connection, submission)
    assert state is not None, "a row of the read model has a snapshot"
    accepted = state.accepted.revision if state.accepted else None
    return page(
        [
            {
                "revision": row.revision,
                "sha256": row.sha256,
                "check_code": row.code,
                "saved_at": row.saved_at,
                "by": row.by,
                "current": row.revision == state.revision,
                "submitted": row.revision in numbers,
                "number": numbers.get(row.revision),
                "accepted": row.revision == accepted,
            }
            for row in found.items
        ],
        found.next,
    )


@router.get("/{submission}/revisions/compare", summary="Чем отличаются две редакции", responses=told(d.Page[m.Change]))
def compare(
    submission: str,
    context: InContext,
    caller: Caller,
    earlier: Annotated[RevisionNumber | None, Query(alias="from")] = None,
    later: Annotated[RevisionNumber | None, Query(alias="to")] = None,
) -> Response:
    """Each place where they differ, by JSON pointer. By default what the centre has judged, accepted or else returned
    (the blank form before that), and what is there now.
    """
    before, now = (_revision(context, caller, submission, *one) for one in ((earlier, "judged"), (later, "present")))
    return page(list(changes(before, now)))


@router.get("/{submission}/revisions/{revision}", summary="Одна редакция формы", responses=told(m.RevisionForm))
def revision_form(submission: str, revision: int, context: InContext, caller: Caller) -> Response:
    """What was filled in then."""
    return answer({"revision": revision, "form": _revision(context, caller, submission, revision, "present")})


def _revision(
    context: Context, caller: Caller, submission: str, number: int | None, otherwise: Literal["judged", "present"]
) -> dict[str, Any]:
    with context.core.database.reading() as connection:
        seen_submission(context, connection, caller, submission)
        state = read_submission(connection, _streams(context), submission, context.core.clock())
        assert state is not None, "a row of the read model has a snapshot"
        if number is None:
            number = state.revision if otherwise == "present" else _judged(connection, state)
        form = read_form(connection, submission, number) if 0 <= number < 2**31 else None
    if form is None:
        raise Refused(Refusal(code="revision_not_found", facts={"revision": number}))
    return without_words(form) if hides_people(caller) else form


def _judged(connection: Connection, state: Submission) -> int:
    """The revision that counts, else the one that was last given back, else the blank form."""
    if state.accepted is not None:
        return state.accepted.revision
    returned = last_return(connection, state.id, state.version)
    return returned.event.revision if returned is not None else 0


def _json(kind: str, body: bytes) -> Any:
    if kind != "application/json" and not kind.endswith("+json"):
        raise HTTPException(415)
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        raise HTTPException(400) from None


def _streams(context: Context) -> SubmissionStreams:
    kind = context.core.kinds.of(PREFIX)
    assert isinstance(kind, SubmissionStreams)
    return kind


def _faulty(code: str, title: str, found: list[FormProblem]) -> Problem:
    errors = tuple({"pointer": one.pointer, "detail": one.detail} for one in found)
    detail = f"Исправьте отмеченные места: {len(found)}. Первое: {found[0].detail}"
    return Problem(422, code, title, detail, errors)
