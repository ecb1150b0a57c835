"""The files of a submission: signed and approved papers come in, are looked at, go out again."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

import orjson
from fastapi import APIRouter, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from activities.files.checks.kinds import wanted_words
from activities.files.checks.unfit import Unfit
from activities.files.inspection import inspect_signature
from activities.files.kept import find_file
from activities.files.store import FileMissing, StoreAway
from activities.files.uploads import ENDINGS, Upload
from activities.submission_files import WANTED, find_document
from activities.submission_files_view import read_files
from activities.submission_query import read_submission
from api import filing_documents as f
from api import monitoring_documents as m
from api.acting import Attempt, InAttempt, InKeys, fingerprinted, hides_people
from api.answers import answer
from api.context import Caller, Context, InContext
from api.documents import told
from api.problems import Faulty, Problem, Refused
from api.shapes import Place
from api.submission_acting import act_on, actable, seen_submission
from api.submission_filing import Filing, file_document
from api.uploads import Sent, received, unfit_problem
from domain.refusal import Refusal
from domain.submission.commands import ClearDocument, DocumentKind
from domain.submission.state import Submission

router = APIRouter(prefix="/submissions/{submission}/documents", tags=["Документы отчётов"])

InKind = Annotated[DocumentKind, Path()]
FileName = Annotated[str | None, Query(max_length=300, description="Имя файла; иначе из Content-Disposition")]
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_FILE_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "Содержимое файла; или форма с несколькими картинками, из которых будет один PDF",
        "content": {"application/octet-stream": _BINARY, "multipart/form-data": _BINARY},
    }
}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": _BINARY}, "description": "Файл"}
}

STORE_AWAY = Problem(
    503,
    "files-unavailable",
    "Временно недоступно",
    "Хранилище файлов не отвечает. Ничего не записано; повторите позже.",
)


@router.get("", summary="Документы отчёта", responses=told(f.SubmissionFiles))
def listed(submission: str, context: InContext, caller: Caller) -> Response:
    """What has come and what is missing, with signatures, check codes and every difference to the form as printed."""
    core = context.core
    with core.database.reading() as connection:
        seen_submission(context, connection, caller, submission)
        state = _state(context, connection, submission)
        found = read_files(connection, core.library, state, not hides_people(caller))
    return answer({"items": found.compared(core.uploads.store), "revision": state.revision})


@router.put("/{document}", summary="Загрузить документ", responses=told(m.Submission), openapi_extra=_FILE_BODY)
async def put(
    submission: str, document: InKind, context: InContext, caller: Caller, keys: InKeys, request: Request,
    name: FileName = None,
) -> Response:  # fmt: skip
    """A file of the kind takes the place of the one before it; what it really is says its content alone."""
    await run_in_threadpool(_may_file, context, caller, submission)
    async with received(request, context.core.uploads, name) as sent:
        attempt = fingerprinted(keys, request, sent.digest)
        return await run_in_threadpool(_filed, context, caller, attempt, submission, document, sent)


@router.put(
    "/{document}/signature",
    summary="Загрузить подпись к документу",
    responses=told(m.Submission),
    openapi_extra=_FILE_BODY,
)
async def sign(
    submission: str, document: InKind, context: InContext, caller: Caller, keys: InKeys, request: Request,
    name: FileName = None,
) -> Response:  # fmt: skip
    """A detached electronic signature (P7S, SIG) of the document that is there; whose it is will be shown with it."""
    await run_in_threadpool(_may_file, context, caller, submission)
    async with received(request, context.core.uploads, name) as sent:
        attempt = fingerprinted(keys, request, sent.digest)
        return await run_in_threadpool(_signed, context, caller, attempt, submission, document, sent)


@router.get("/{document}", summary="Скачать документ", responses=_FILE)
def download(submission: str, document: InKind, context: InContext, caller: Caller, sha256: Place = None) -> Response:
    """To be saved, never shown by the browser; `sha256`: an earlier file of the kind."""
    with context.core.database.reading() as connection:
        row = seen_submission(context, connection, caller, submission)
        if hides_people(caller):
            raise Refused(Refusal(code="forbidden"))
        present = _state(context, connection, submission).documents.get(document)
        wanted = sha256 or (present.sha256 if present else "")
        came = find_document(connection, submission, document, wanted)
        file = find_file(connection, wanted)
    if came is None or file is None:
        raise Refused(Refusal(code="document_unknown", facts={"kind": document}))
    ending = next((one for one in ENDINGS.values() if came.name.lower().endswith(one)), None)
    name = came.name if ending else f"{row.respondent}-{document}{_ending(file.found)}"
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Length": str(file.size),
        "ETag": f'"{wanted}"',
    }
    try:
        pieces = context.core.uploads.store.read(wanted)
    except (StoreAway, FileMissing):
        raise Faulty(STORE_AWAY) from None
    return StreamingResponse(pieces, headers=headers, media_type=file.type)


@router.delete("/{document}", summary="Убрать документ", responses=told(m.Submission))
def clear(submission: str, document: InKind, context: InContext, caller: Caller, attempt: InAttempt) -> Response:
    """The wrong file is not counted any more; the journal keeps that it was there."""
    with context.core.database.reading() as connection:
        row = actable(context, connection, caller, submission, "fill_form")
    return act_on(context, caller, attempt, row, ClearDocument(kind=document))


def _may_file(context: Context, caller: Caller, submission: str) -> None:
    """Before megabytes are sent in vain. Raises Refused."""
    with context.core.database.reading() as connection:
        actable(context, connection, caller, submission, "fill_form")
        state = _state(context, connection, submission)
    if state.closed:
        raise Refused(Refusal(code="submission_closed"))


def _filed(
    context: Context, caller: Caller, attempt: Attempt, submission: str, kind: DocumentKind, sent: Sent
) -> Response:
    try:
        upload = _examined(context, kind, sent)
    except Unfit as problem:
        raise Faulty(unfit_problem(problem)) from None
    try:
        return file_document(context, caller, attempt, Filing(submission, kind, upload))
    except StoreAway:
        raise Faulty(STORE_AWAY) from None
    finally:
        upload.incoming.close()


def _examined(context: Context, kind: DocumentKind, sent: Sent) -> Upload:
    uploads = context.core.uploads
    if len(sent.files) > 1:
        if "pdf" not in WANTED[kind]:
            raise Unfit("file_type_unknown", seen="несколько файлов", wanted=wanted_words(WANTED[kind]))
        return uploads.joined(sent.files, sent.name)
    return uploads.examined(sent.files[0], sent.name, WANTED[kind])


def _signed(
    context: Context, caller: Caller, attempt: Attempt, submission: str, kind: DocumentKind, sent: Sent
) -> Response:
    uploads = context.core.uploads
    with context.core.database.reading() as connection:
        state = _state(context, connection, submission)
        document = state.documents.get(kind)
        came = find_document(connection, submission, kind, document.sha256) if document else None
        file = find_file(connection, document.sha256) if document else None
    if document is None or file is None:
        raise Refused(Refusal(code="document_unknown", facts={"kind": kind}))
    if not state.owed and came is not None and came.signature not in (None, sent.files[0].sha256):
        raise Refused(Refusal(code=f"form_{state.status}"))  # like the file, it does not change under the reviewer
    try:
        if len(sent.files) > 1:
            raise Unfit("file_type_unknown", seen="несколько файлов", wanted="один файл подписи (P7S, SIG)")
        with uploads.fetched(file) as signed:
            found = inspect_signature(sent.files[0].file, signed.incoming.file)
            beside = uploads.signature(sent.files[0], sent.name)
            filing = Filing(submission, kind, signed, beside, found, document.revision)
            return file_document(context, caller, attempt, filing)
    except Unfit as problem:
        raise Faulty(unfit_problem(problem)) from None
    except (StoreAway, FileMissing):
        raise Faulty(STORE_AWAY) from None


def _state(context: Context, connection: Any, submission: str) -> Submission:
    streams = context.core.kinds.of("submission/")
    state = read_submission(connection, streams, submission, context.core.clock())  # type: ignore[arg-type]
    assert state is not None, "a row of the read model has a snapshot"
    return state


def _ending(found: str) -> str:
    return ENDINGS[orjson.loads(found)["type"]]
