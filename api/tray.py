"""The tray of a submission: what came by e-mail and waits for a person to say that it belongs there."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

import orjson
from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from activities.files.checks.kinds import wanted_words
from activities.files.checks.unfit import Unfit
from activities.files.inspection import Found, signatures_from
from activities.files.kept import StoredFile, find_file
from activities.files.store import FileMissing, StoreAway
from activities.files.uploads import Upload
from activities.mail_in.rows import IncomingMail, TrayItem, find_item, find_mail, items_of, settle_item
from activities.submission_files import WANTED
from activities.submission_files_view import signature_view
from api import filing_documents as f
from api import filing_shapes as shapes
from api import monitoring_documents as m
from api.acting import Attempt, InAttempt, hides_people
from api.answers import answer
from api.context import Caller, Context, InContext
from api.documents import told
from api.once import once
from api.problems import Faulty, Refused
from api.submission_acting import actable, seen_submission
from api.submission_documents import STORE_AWAY
from api.submission_filing import Filing, file_document
from api.uploads import unfit_problem
from domain.refusal import Refusal
from domain.submission.commands import DocumentKind

router = APIRouter(prefix="/submissions/{submission}/tray", tags=["Документы отчётов"])


@router.get("", summary="Присланное по почте", responses=told(f.Tray))
def tray(submission: str, context: InContext, caller: Caller) -> Response:
    """Attachments of mails, checked like uploads; none of them counts before somebody confirms it."""
    with context.core.database.reading() as connection:
        seen_submission(context, connection, caller, submission)
        lines = [_line(connection, one, hides_people(caller)) for one in items_of(connection, submission)]
    return answer({"items": lines})


@router.post("/{item}/confirmation", summary="Принять присланное", responses=told(m.Submission))
def confirm(
    submission: str, item: str, context: InContext, caller: Caller, attempt: InAttempt,
    body: shapes.ConfirmationIn | None = None,
) -> Response:  # fmt: skip
    """The file becomes a document of the submission, as if it had been uploaded."""
    with context.core.database.reading() as connection:
        found = _found(context, connection, caller, submission, item)
        kind = body.kind if body and body.kind else found.kind
        file = find_file(connection, found.sha256) if found.sha256 else None
        beside = find_file(connection, found.signature) if found.signature else None
    if found.state != "waiting" and attempt.key is None:
        raise Refused(Refusal(code="tray_settled"))
    if file is None:
        raise Refused(Refusal(code="tray_without_file"))
    if kind is None:
        raise Refused(Refusal(code="tray_kind_missing", pointer="/kind"))
    try:
        return _confirmed(context, caller, attempt, found, kind, file, beside)  # type: ignore[arg-type]
    except Unfit as problem:
        raise Faulty(unfit_problem(problem)) from None
    except (StoreAway, FileMissing):
        raise Faulty(STORE_AWAY) from None


@router.post("/{item}/refusal", summary="Отказать в присланном", responses=told(f.TrayLine))
def refuse(
    submission: str, item: str, body: shapes.TrayRefusalIn, context: InContext, caller: Caller, attempt: InAttempt
) -> Response:
    """It stays in the list with the reason, and does not count."""

    def change(connection: Connection) -> tuple[int, dict[str, Any], None]:
        found = _found(context, connection, caller, submission, item)
        now = context.core.clock()
        if not settle_item(connection, item, "refused", caller.actor, now, found.kind, body.reason):
            raise Refused(Refusal(code="tray_settled"))
        after = find_item(connection, submission, item)
        assert after is not None, "it was there a moment ago"
        return 200, _line(connection, after, hides_people(caller)), None

    return once(context, caller, attempt, change)


def _found(context: Context, connection: Connection, caller: Caller, submission: str, item: str) -> TrayItem:
    """What waits there, for who fills in the form and for who reviews it. Raises Refused."""
    try:
        actable(context, connection, caller, submission, "fill_form")
    except Refused as problem:
        if problem.refusal.code != "forbidden":
            raise
        actable(context, connection, caller, submission, "review_form")
    found = find_item(connection, submission, item)
    if found is None:
        raise Refused(Refusal(code="tray_unknown"))
    return found


def _confirmed(
    context: Context, caller: Caller, attempt: Attempt, found: TrayItem, kind: DocumentKind, file: StoredFile,
    beside: StoredFile | None,
) -> Response:  # fmt: skip
    told_type = Found.from_json(file.found).type
    if told_type not in WANTED[kind]:
        raise Unfit("file_type_unknown", seen="файл другого вида", wanted=wanted_words(WANTED[kind]))

    def settle(connection: Connection) -> None:
        if not settle_item(connection, found.id, "confirmed", caller.actor, context.core.clock(), kind):
            raise Refused(Refusal(code="tray_settled"))

    uploads = context.core.uploads
    with ExitStack() as fetched:
        upload = fetched.enter_context(uploads.fetched(file))
        named = Upload(upload.incoming, found.name, upload.found)
        signature = fetched.enter_context(uploads.fetched(beside)) if beside else None
        signed = signatures_from(orjson.loads(found.signatures)) if found.signatures else ()
        filing = Filing(found.submission or "", kind, named, signature, signed)
        return file_document(context, caller, attempt, filing, also=settle)


def _line(connection: Connection, one: TrayItem, hidden: bool) -> dict[str, Any]:
    file = find_file(connection, one.sha256) if one.sha256 else None
    found = Found.from_json(file.found) if file else None
    beside = signatures_from(orjson.loads(one.signatures)) if one.signatures else ()
    mail: IncomingMail | None = find_mail(connection, one.mail)
    return {
        "id": one.id,
        "name": one.name,
        "kind": one.kind,
        "type": file.type if file else None,
        "size": one.size,
        "pages": found.pages if found else None,
        "state": one.state,
        "reason": one.reason,
        "check_codes": list(found.codes) if found else [],
        "signatures": [signature_view(sign, not hidden) for sign in (*(found.signatures if found else ()), *beside)],
        "sender": mail.sender if mail and not hidden else None,
        "subject": mail.subject if mail and not hidden else None,
        "at": one.at,
        "settled_at": one.settled_at,
    }
