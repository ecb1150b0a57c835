"""A respondent's form to look at, to print and to sign, and what the region's records can put into it."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from fastapi.responses import HTMLResponse
from sqlalchemy import Connection
from starlette.responses import Response

from activities.documents.html import as_html
from activities.documents.model import Document
from activities.form_revisions import content_of, keeping, read_form
from activities.prefill import Prefill
from activities.submission_paper import submission_paper, years_of
from activities.submission_query import last_accepted, read_submission
from activities.submissions import PREFIX, SubmissionStreams
from activities.tokens import Identity
from api import documents as d
from api import form_documents as f
from api import monitoring_documents as m
from api import monitoring_shapes as shapes
from api.acting import InAttempt, hides_people
from api.answers import page
from api.context import Caller, Context, InContext
from api.documents import told
from api.files import document_answer, files
from api.problems import Refused
from api.reference import HEADERS
from api.submission_acting import act_on, actable, seen_submission
from domain.form.prefill import Proposal, with_proposals
from domain.form.reading import without_words
from domain.refusal import Refusal
from domain.submission.commands import SaveForm
from domain.submission.state import Submission

router = APIRouter(prefix="/submissions/{submission}", tags=["Отчёты респондентов"])

InRevision = Annotated[
    int | None, Query(ge=0, le=2**31 - 1, description="Номер редакции; по умолчанию последняя, 0 — пустая форма")
]
InPaper = Annotated[Literal["docx", "pdf"], Path(description="Вид файла")]


@router.get(
    "/form.html",
    summary="Форма для просмотра",
    response_class=HTMLResponse,
    responses={200: {"content": {"text/html": {"schema": {"type": "string"}}}, "description": "Страница"}},
)
def form_page(submission: str, context: InContext, caller: Caller, revision: InRevision = None) -> Response:
    """The form as it will be printed, with its check code."""
    document, _ = _paper(context, caller, submission, revision)
    return HTMLResponse(as_html(document), headers=HEADERS)


@router.get("/form.{paper}", summary="Форма для печати и подписи", responses=files("docx", "pdf"))
def form_file(
    submission: str, paper: InPaper, context: InContext, caller: Caller, revision: InRevision = None
) -> Response:
    """One revision with its check code on each page; the same revision is the same file, byte for byte."""
    document, number = _paper(context, caller, submission, revision)
    return document_answer(paper, f"Форма {submission}, редакция {number}", document)


@router.get("/prefill", summary="Что можно заполнить заранее", responses=told(d.Page[f.Prefilled]))
def prefill(submission: str, context: InContext, caller: Caller) -> Response:
    """Figures from the region's records and from last year's accepted report, each with where it comes from."""
    with context.core.database.reading() as connection:
        seen_submission(context, connection, caller, submission)
        source = _prefill(context, connection, _state(context, connection, submission))
        found = source.proposals(connection, context.tree(connection))
    return page([source.view(one) for one in found])


@router.post("/prefill", summary="Заполнить форму известными данными", responses=told(m.Submission))
def take_prefill(
    submission: str,
    context: InContext,
    caller: Caller,
    attempt: InAttempt,
    body: shapes.PrefillIn | None = None,
) -> Response:
    """Fills what is empty; places that are named in `pointers`, and only those, also where something stands."""
    with context.core.database.reading() as connection:
        row = actable(context, connection, caller, submission, "fill_form")
        state = _state(context, connection, submission)
        found = _prefill(context, connection, state).proposals(connection, context.tree(connection))
        form = read_form(connection, submission, state.revision) or {}
    chosen = _chosen(found, body.pointers if body else None)
    over = frozenset(body.pointers or ()) if body else frozenset[str]()
    content = content_of(with_proposals(form, chosen, over=over))
    expected = state.version if attempt.expected is None else attempt.expected  # the form was read at this version
    also = keeping(submission, content, caller.actor, context.core.clock())
    command = SaveForm(sha256=content.sha256)
    return act_on(context, caller, replace(attempt, expected=expected), row, command, also=also)


def _chosen(found: list[Proposal], pointers: tuple[str, ...] | None) -> list[Proposal]:
    if pointers is None:
        return found
    known = {one.pointer for one in found}
    for number, pointer in enumerate(pointers):
        if pointer not in known:
            raise Refused(
                Refusal(code="prefill_unknown", facts={"pointer": pointer}, pointer=f"/pointers/{number}")
            )  # fmt: skip
    return [one for one in found if one.pointer in pointers]


def _prefill(context: Context, connection: Connection, state: Submission) -> Prefill:
    years = years_of(connection, state.campaign)
    definition = context.core.library.forms.frozen(state.form)
    last = last_accepted(connection, definition.key, state.respondent, years[0])
    return Prefill(definition, state.respondent, years, last, single=state.respondent_class == "state")


def _paper(context: Context, caller: Identity, submission: str, revision: int | None) -> tuple[Document, int]:
    with context.core.database.reading() as connection:
        seen_submission(context, connection, caller, submission)
        state = _state(context, connection, submission)
        number = state.revision if revision is None else revision
        values: dict[str, Any] | None = read_form(connection, submission, number) if hides_people(caller) else None
        if values is not None:
            values = without_words(values)
        document = submission_paper(connection, context.core.library, state, number, values)
    if document is None:
        raise Refused(Refusal(code="revision_not_found", facts={"revision": number}))
    return document, number


def _state(context: Context, connection: Connection, submission: str) -> Submission:
    kind = context.core.kinds.of(PREFIX)
    assert isinstance(kind, SubmissionStreams)
    state = read_submission(connection, kind, submission, context.core.clock())
    assert state is not None, "a row of the read model has a snapshot"
    return state
