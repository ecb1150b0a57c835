"""Every table of the database. Journal rows are only ever added; the read model can be rebuilt from them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Column, DateTime, Dialect, Index, LargeBinary, Text
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant; SQLite drops the zone, so everything is stored and returned as UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse naive values, store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime is not an instant")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _instant(nullable: bool = False, index: bool = False) -> Any:
    return Field(default=None, sa_column=Column(UtcDateTime(), nullable=nullable, index=index))


def _text(nullable: bool = False) -> Any:
    return Field(default=None, sa_column=Column(Text(), nullable=nullable))


# --- the journal -----------------------------------------------------------------------------------------------------


class EventRow(SQLModel, table=True):
    """One event. `hash` covers the row and `previous`, the hash of the event before it in the stream."""

    __tablename__ = "event"
    stream: str = Field(primary_key=True, max_length=200)
    version: int = Field(primary_key=True)
    type: str = Field(max_length=64)
    at: datetime = _instant()
    recorded_at: datetime = _instant()
    by: str = Field(max_length=200)
    data: str = _text()
    previous: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class CommandRow(SQLModel, table=True):
    """An answered command, kept for 30 days: the same key gets the same answer."""

    __tablename__ = "command"
    actor: str = Field(primary_key=True, max_length=200)
    key: str = Field(primary_key=True, max_length=200)
    fingerprint: str = Field(max_length=64)
    stream: str | None = Field(default=None, max_length=200)
    status: int
    etag: str | None = Field(default=None, max_length=64)
    answer: bytes = Field(sa_column=Column(LargeBinary(), nullable=False))
    at: datetime = _instant(index=True)


class TextRow(SQLModel, table=True):
    """A free text that events refer to; erasing it leaves the journal whole."""

    __tablename__ = "text"
    id: str = Field(primary_key=True, max_length=40)
    stream: str = Field(max_length=200, index=True)
    body: str = _text()
    at: datetime = _instant()


class DefinitionRow(SQLModel, table=True):
    """A frozen version of a roadmap, ladder or calendar that some stream runs by."""

    __tablename__ = "definition"
    name: str = Field(primary_key=True, max_length=200)
    body: str = _text()
    created_at: datetime = _instant()


# --- what is folded from the journal ---------------------------------------------------------------------------------


class SnapshotRow(SQLModel, table=True):
    """The state of a stream after its last event; `wake_at` is the planner's next moment."""

    __tablename__ = "snapshot"
    stream: str = Field(primary_key=True, max_length=200)
    version: int
    head: str = Field(max_length=64)
    state: str = _text()
    wake_at: datetime | None = _instant(nullable=True, index=True)
    open: bool


class ProgrammeRow(SQLModel, table=True):
    """A programme as lists and the API show it; `body` is the answer of `GET /programmes/{id}`."""

    __tablename__ = "programme"
    __table_args__ = (Index("ix_programme_organisation_year", "organisation", "year"),)
    id: str = Field(primary_key=True, max_length=80)
    organisation: str = Field(max_length=64)
    municipality: str | None = Field(default=None, max_length=64, index=True)
    year: int
    roadmap: str = Field(max_length=80)
    status: str = Field(max_length=16)
    phase: int
    version: int
    overdue: int
    next_deadline: date | None = None
    forms: str = Field(max_length=400)
    changes_at: datetime | None = _instant(nullable=True)
    body: str = _text()


class NamedRow(SQLModel, table=True):
    """A programme names a person: appointed, or responsible for a step."""

    __tablename__ = "named"
    person: str = Field(primary_key=True, max_length=64)
    programme: str = Field(primary_key=True, max_length=80, index=True)


class CampaignRow(SQLModel, table=True):
    """A monitoring round as lists show it. `form`: the key of its form, whatever the version; `earlier` and `later`:
    the years that it asks for.
    """

    __tablename__ = "campaign"
    id: str = Field(primary_key=True, max_length=80)
    title: str = Field(max_length=300)
    status: str = Field(max_length=16)
    centre: str = Field(max_length=64, index=True)
    form: str = Field(max_length=64)
    earlier: int
    later: int
    due: date
    respondents: int
    version: int


class SubmissionRow(SQLModel, table=True):
    """A respondent's form as lists and reports look for it.

    `revision`: of the present content; `accepted_revision`: of the one that counts; `artefacts`: how many of the
    files that belong to it are there.
    """

    __tablename__ = "submission"
    id: str = Field(primary_key=True, max_length=160)
    campaign: str = Field(max_length=80, index=True)
    respondent: str = Field(max_length=64, index=True)
    centre: str = Field(max_length=64, index=True)
    state: str = Field(max_length=16)
    closed: bool
    revision: int
    sha256: str = Field(max_length=64)
    number: int
    accepted_revision: int | None = None
    due: date
    first_due: date
    overdue: bool
    on_time: bool | None = None
    on_time_excused: bool | None = None
    submitted_at: datetime | None = _instant(nullable=True)
    artefacts: int
    version: int


class QueueRow(SQLModel, table=True):
    """Something a workflow still has to carry out; `number` is the version of the event that queued it."""

    __tablename__ = "queue"
    stream: str = Field(primary_key=True, max_length=200)
    number: int = Field(primary_key=True)
    kind: str = Field(max_length=32)
    queued_at: datetime = _instant(index=True)
    retry_at: datetime | None = _instant(nullable=True)
    deferred: int = 0


# --- what the world told us: kept by `rebuild` -----------------------------------------------------------------------


class UnitRow(SQLModel, table=True):
    """A unit of the region; `path` is the line of ids from the region down, each followed by `/`."""

    __tablename__ = "unit"
    id: str = Field(primary_key=True, max_length=64)
    kind: str = Field(max_length=16, index=True)
    name: str = Field(max_length=500)
    search: str = Field(max_length=600)
    parent: str | None = Field(default=None, max_length=64, index=True)
    sector: str | None = Field(default=None, max_length=16)
    zone: str | None = Field(default=None, max_length=64)
    email: str | None = Field(default=None, max_length=320)
    operates: str = Field(default="", max_length=400)
    path: str = Field(max_length=700, index=True)
    version: int = 1


class PersonRow(SQLModel, table=True):
    """A person; the journal knows the id only."""

    __tablename__ = "person"
    id: str = Field(primary_key=True, max_length=64)
    name: str = Field(max_length=300)
    post: str | None = Field(default=None, max_length=300)
    email: str | None = Field(default=None, max_length=320)
    phone: str | None = Field(default=None, max_length=64)
    version: int = 1


class RoleRow(SQLModel, table=True):
    """A person holds a role at a unit, from `since` to `until` (inclusive days, open-ended when empty)."""

    __tablename__ = "role"
    person: str = Field(primary_key=True, max_length=64)
    role: str = Field(primary_key=True, max_length=32)
    unit: str = Field(primary_key=True, max_length=64, index=True)
    since: date = Field(primary_key=True)
    until: date | None = None


class AbsenceRow(SQLModel, table=True):
    """A person is away from `since` to `until` (inclusive days); the deputy gets their letters and steps."""

    __tablename__ = "absence"
    id: str = Field(primary_key=True, max_length=16)
    person: str = Field(max_length=64, index=True)
    since: date
    until: date
    deputy: str = Field(max_length=64)
    reason: str | None = Field(default=None, max_length=300)


class TokenRow(SQLModel, table=True):
    """An API token; only its SHA-256 is kept."""

    __tablename__ = "token"
    id: str = Field(primary_key=True, max_length=64)
    hash: str = Field(max_length=64, unique=True)
    name: str = Field(max_length=200)
    unit: str = Field(max_length=64)
    role: str = Field(max_length=32)
    created_at: datetime = _instant()
    expires_at: datetime | None = _instant(nullable=True)
    revoked_at: datetime | None = _instant(nullable=True)


class FeedRow(SQLModel, table=True):
    """The calendar of a person behind a secret address; only the secret's SHA-256 is kept."""

    __tablename__ = "feed"
    person: str = Field(primary_key=True, max_length=64)
    hash: str = Field(max_length=64, unique=True)
    created_at: datetime = _instant()


class AuditRow(SQLModel, table=True):
    """Who changed an ordinary table, from what to what: its dated history."""

    __tablename__ = "audit"
    id: int | None = Field(default=None, primary_key=True)
    at: datetime = _instant()
    by: str = Field(max_length=200)
    subject: str = Field(max_length=200, index=True)
    action: str = Field(max_length=32)
    before: str | None = _text(nullable=True)
    after: str | None = _text(nullable=True)


class FormRevisionRow(SQLModel, table=True):
    """The content of a form as it was saved: revisions are only ever added. Revision 0 is the empty form.

    `name`: what the respondent was called then; its pages say so for ever.
    """

    __tablename__ = "form_revision"
    submission: str = Field(primary_key=True, max_length=160)
    revision: int = Field(primary_key=True)
    name: str = Field(max_length=500)
    sha256: str = Field(max_length=64)
    body: str = _text()
    saved_at: datetime = _instant()
    by: str = Field(max_length=200)


class DeliveryRow(SQLModel, table=True):
    """A letter to one recipient. `handing_over` is written before DATA, so a crash there shows (DESIGN, 5).

    `kind`: of its notice, or `digest`; `unit`: where the recipient was asked for; `bounced_at`: when it
    came back; `closed_at`: when somebody said that this is settled.
    """

    __tablename__ = "delivery"
    message_id: str = Field(primary_key=True, max_length=200)
    stream: str = Field(max_length=200, index=True)
    number: int
    recipient: str = Field(max_length=80, index=True)
    address: str | None = Field(default=None, max_length=320)
    status: str = Field(max_length=16)
    handovers: int = 0
    subject: str | None = Field(default=None, max_length=500)
    at: datetime = _instant(index=True)
    error: str | None = _text(nullable=True)
    file: str | None = Field(default=None, max_length=300)
    kind: str = Field(default="", max_length=16)
    unit: str | None = Field(default=None, max_length=64)
    bounced_at: datetime | None = _instant(nullable=True)
    closed_at: datetime | None = _instant(nullable=True)


class DigestDayRow(SQLModel, table=True):
    """The digests of one zone's local day have all been handed over; `at`: the moment that they speak of."""

    __tablename__ = "digest_day"
    zone: str = Field(primary_key=True, max_length=64)
    day: date = Field(primary_key=True)
    at: datetime = _instant()


class PreferenceRow(SQLModel, table=True):
    """What letters a person has asked for; who has no row gets all of them."""

    __tablename__ = "preference"
    person: str = Field(primary_key=True, max_length=64)
    early_reminders: bool
    version: int = 1


class QuestionnaireRow(SQLModel, table=True):
    """One questionnaire behind a one-time public link; only the link's SHA-256 is kept."""

    __tablename__ = "questionnaire"
    link: str = Field(primary_key=True, max_length=64)
    stream: str = Field(max_length=200, index=True)
    step: int
    occurrence: int
    issued_at: datetime = _instant()
    answered_at: datetime | None = _instant(nullable=True)
    answers: str | None = _text(nullable=True)


class BulkRow(SQLModel, table=True):
    """A bulk act: what was asked and planned. `reason` is kept until each journal has it."""

    __tablename__ = "bulk"
    id: str = Field(primary_key=True, max_length=80)
    kind: str = Field(max_length=16)
    parent: str = Field(max_length=64)
    year: int
    plan_hash: str = Field(max_length=64)
    by: str = Field(max_length=200)
    created_at: datetime = _instant()
    finished_at: datetime | None = _instant(nullable=True)
    reason: str | None = _text(nullable=True)


class BulkItemRow(SQLModel, table=True):
    """One organisation of a bulk act; `command` is what to record."""

    __tablename__ = "bulk_item"
    bulk: str = Field(primary_key=True, max_length=80)
    organisation: str = Field(primary_key=True, max_length=64)
    command: str = _text()
    outcome: str | None = Field(default=None, max_length=64)


class HeartbeatRow(SQLModel, table=True):
    """A worker that is alive."""

    __tablename__ = "heartbeat"
    process: str = Field(primary_key=True, max_length=100)
    build: str = Field(max_length=64)
    at: datetime = _instant()


class StoredFileRow(SQLModel, table=True):
    """A file that somebody sent; its content lies in the store under the SHA-256, `type` is what it really is.

    `found`: what was seen in it when it came, see `activities.files.inspection`.
    """

    __tablename__ = "stored_file"
    sha256: str = Field(primary_key=True, max_length=64)
    size: int
    type: str = Field(max_length=100)
    name: str = Field(max_length=300)
    found: str = _text()
    at: datetime = _instant()
    by: str = Field(max_length=200)


class SubmissionDocumentRow(SQLModel, table=True):
    """A file of a submission as its sender named it; `signature`: the SHA-256 of the one that came beside it."""

    __tablename__ = "submission_document"
    submission: str = Field(primary_key=True, max_length=160)
    kind: str = Field(primary_key=True, max_length=16)
    sha256: str = Field(primary_key=True, max_length=64)
    name: str = Field(max_length=300)
    signature: str | None = Field(default=None, max_length=64)
    signatures: str | None = _text(nullable=True)
    at: datetime = _instant()
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
    answer: str | None = _text(nullable=True)
    at: datetime = _instant(index=True)
    answered_at: datetime | None = _instant(nullable=True)
    settled_at: datetime | None = _instant(nullable=True)
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
    reason: str | None = _text(nullable=True)
    signature: str | None = Field(default=None, max_length=64)
    signatures: str | None = _text(nullable=True)
    at: datetime = _instant()
    settled_at: datetime | None = _instant(nullable=True)
    settled_by: str | None = Field(default=None, max_length=200)
