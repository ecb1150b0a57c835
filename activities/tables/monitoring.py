"""What belongs to submissions and stands outside of the journal."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from activities.tables.columns import instant, text


class FormRevisionRow(SQLModel, table=True):
    """The content of a form as it was saved: revisions are only ever added. Revision 0 is the empty form.

    `name`: what the respondent was called then; its pages say so for ever.
    """

    __tablename__ = "form_revision"
    submission: str = Field(primary_key=True, max_length=160)
    revision: int = Field(primary_key=True)
    name: str = Field(max_length=500)
    sha256: str = Field(max_length=64)
    code: str = Field(max_length=9, index=True)
    body: str = text()
    saved_at: datetime = instant()
    by: str = Field(max_length=200)


class StoredFileRow(SQLModel, table=True):
    """A file that somebody sent; its content lies in the store under the SHA-256, `type` is what it really is.

    `found`: what was seen in it when it came, see `activities.files.inspection`.
    """

    __tablename__ = "stored_file"
    sha256: str = Field(primary_key=True, max_length=64)
    size: int
    type: str = Field(max_length=100)
    name: str = Field(max_length=300)
    found: str = text()
    at: datetime = instant()
    by: str = Field(max_length=200)


class SubmissionDocumentRow(SQLModel, table=True):
    """A file of a submission as its sender named it; `signature`: the SHA-256 of the one that came beside it."""

    __tablename__ = "submission_document"
    submission: str = Field(primary_key=True, max_length=160)
    kind: str = Field(primary_key=True, max_length=16)
    sha256: str = Field(primary_key=True, max_length=64)
    name: str = Field(max_length=300)
    signature: str | None = Field(default=None, max_length=64)
    signatures: str | None = text(nullable=True)
    at: datetime = instant()
    by: str = Field(max_length=200)


class IncomingMailRow(SQLModel, table=True):
    """A mail that came in, read once. `place`, `uid`: where it lies; `message_id`: its own name, which may come again.

    `outcome`: `matched`, `unmatched`, `automatic`, `repeated`, `unreadable`; `answer`: what its sender is told, as
    JSON; `submission`: whose it is, or might be.
    """

    __tablename__ = "incoming_mail"
    id: str = Field(primary_key=True, max_length=32)
    place: str = Field(max_length=200, index=True)
    uid: int
    message_id: str = Field(max_length=80, index=True)
    sender: str = Field(max_length=320, index=True)
    subject: str = Field(max_length=500)
    outcome: str = Field(max_length=16, index=True)
    reason: str = Field(max_length=64)
    submission: str | None = Field(default=None, max_length=160)
    answer: str | None = text(nullable=True)
    at: datetime = instant(index=True)
    answered_at: datetime | None = instant(nullable=True)
    settled_at: datetime | None = instant(nullable=True)
    settled_by: str | None = Field(default=None, max_length=200)


class TrayRow(SQLModel, table=True):
    """An attachment that waits for a person. `state`: `waiting`, `confirmed`, `refused`; `code`: why the checks said
    no to it, and then there is no file. `submission` is empty until somebody knows whose it is.
    """

    __tablename__ = "tray"
    id: str = Field(primary_key=True, max_length=40)
    mail: str = Field(max_length=32, index=True)
    submission: str | None = Field(default=None, max_length=160, index=True)
    name: str = Field(max_length=300)
    kind: str | None = Field(default=None, max_length=16)
    sha256: str | None = Field(default=None, max_length=64)
    size: int
    state: str = Field(max_length=16)
    reason: str | None = text(nullable=True)
    signature: str | None = Field(default=None, max_length=64)
    signatures: str | None = text(nullable=True)
    at: datetime = instant()
    settled_at: datetime | None = instant(nullable=True)
    settled_by: str | None = Field(default=None, max_length=200)
