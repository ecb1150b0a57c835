"""A file that has been looked into becomes a document of a submission: one command, one transaction."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection
from starlette.responses import Response

from activities.files.signatures_found import Signature
from activities.files.uploads import Upload
from activities.recorder import Also
from activities.submission_files import (
    SubmissionDocument,
    WrongPaper,
    adding,
    as_json,
    keep_document,
    revision_for,
)
from activities.submission_query import read_submission
from api.acting import Attempt
from api.context import Caller, Context
from api.problems import Refused
from api.submission_acting import act_on, seen_submission
from domain.submission.commands import DocumentKind


@dataclass(frozen=True)
class Filing:
    """`beside`: the file of a detached signature with what was found in it; `revision`: where it is known already."""

    submission: str
    kind: DocumentKind
    upload: Upload
    beside: Upload | None = None
    signed: tuple[Signature, ...] = ()
    revision: int | None = None


def file_document(
    context: Context, caller: Caller, attempt: Attempt, filing: Filing, also: Also | None = None
) -> Response:
    """Record the document with its files; `also`: what else belongs to the same transaction. Raises Refused."""
    core, upload = context.core, filing.upload
    with core.database.reading() as connection:
        row = seen_submission(context, connection, caller, filing.submission)
        streams = core.kinds.of("submission/")
        state = read_submission(connection, streams, filing.submission, core.clock())  # type: ignore[arg-type]
        assert state is not None, "a row of the read model has a snapshot"
        try:
            revision = filing.revision or revision_for(connection, state, filing.kind, upload.found.codes)
        except WrongPaper as wrong:
            raise Refused(wrong.refusal) from None
    signed = (*upload.found.signatures, *filing.signed)
    command, texts = adding(state, filing.kind, upload.sha256, upload.size, revision, signed)

    def keep(connection: Connection) -> None:
        now = core.clock()
        core.uploads.keep(connection, upload, caller.actor, now)
        if filing.beside is not None:
            core.uploads.keep(connection, filing.beside, caller.actor, now)
        keep_document(connection, _row(filing, caller.actor, core.clock()))
        if also is not None:
            also(connection)

    with ExitStack() as putting:
        for one in (upload, filing.beside):
            if one is not None:
                putting.enter_context(core.uploads.put(one))
        return act_on(context, caller, attempt, row, command, texts=texts, also=keep)


def _row(filing: Filing, by: str, at: datetime) -> SubmissionDocument:
    beside = filing.beside
    return SubmissionDocument(
        submission=filing.submission, kind=filing.kind, sha256=filing.upload.sha256, name=filing.upload.name,
        signature=beside.sha256 if beside else None, signatures=as_json(filing.signed) if beside else None,
        at=at, by=by,
    )  # fmt: skip
