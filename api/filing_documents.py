"""The shapes of answers about files of submissions, trays and mails that came in."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from api.documents import Document
from domain.submission.commands import DocumentKind


class FileSignature(Document):
    """`valid`: the document is as it was signed; `null`: that was not checked, `detail` says why."""

    signer: str | None
    at: datetime | None
    kind: Literal["embedded", "detached"]
    valid: bool | None
    detail: str


class FileCheckCode(Document):
    """`expected`: of the revision that the file belongs to; `found`: codes of this submission that are read in it;
    `foreign`: codes of other submissions.
    """

    expected: str | None
    found: list[str]
    foreign: list[str]
    matches: bool


class FileDifference(Document):
    """`frozen`: what the form says as it was printed, `uploaded`: what the file says; `null`: nothing."""

    place: str
    frozen: str | None
    uploaded: str | None


class FiledDocument(Document):
    """`current`: belongs to the present revision of the form; `as_printed`: a form as the engine prints it, neither
    signed nor sealed; `same_as`: the other papers that are this very file; `differences`: of a Word form, `null` for
    other kinds and where `not_compared` says why.
    """

    sha256: str
    size: int
    type: str
    pages: int | None
    name: str
    at: datetime
    revision: int | None
    current: bool
    check_code: FileCheckCode | None
    signatures: list[FileSignature]
    as_printed: bool
    same_as: list[str]
    differences: list[FileDifference] | None
    not_compared: str | None


class EarlierFile(Document):
    sha256: str
    name: str
    at: datetime


class SubmissionFileLine(Document):
    """`document`: what counts now; `earlier`: what came before it and can still be downloaded."""

    kind: DocumentKind
    title: str
    document: FiledDocument | None
    earlier: list[EarlierFile]


class SubmissionFiles(Document):
    items: list[SubmissionFileLine]
    revision: int


class TrayLine(Document):
    """`kind`: what it is likely to be, or was confirmed as; `reason`: why it was refused."""

    id: str
    name: str
    kind: DocumentKind | None
    type: str | None
    size: int
    pages: int | None
    state: Literal["waiting", "confirmed", "refused"]
    reason: str | None
    check_codes: list[str]
    signatures: list[FileSignature]
    sender: str | None
    subject: str | None
    at: datetime
    settled_at: datetime | None


class Tray(Document):
    items: list[TrayLine]


class MailAttachment(Document):
    id: str
    name: str
    size: int
    state: Literal["waiting", "confirmed", "refused"]
    reason: str | None


class MailLine(Document):
    """A mail that found no tray by itself; `submission`: whose it might be, or was found to be."""

    id: str
    sender: str | None
    subject: str | None
    outcome: Literal["unmatched", "automatic", "repeated", "unreadable"]
    reason: str
    sentence: str
    submission: str | None
    at: datetime
    answered_at: datetime | None
    settled_at: datetime | None
    attachments: list[MailAttachment]
