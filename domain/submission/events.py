"""What happened to a submission. Ids, hashes and figures only; free texts are references."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from domain.ladder import OrganisationClass
from domain.orders import Order
from domain.plan import TimetableRef
from domain.queue_events import ItemDeferred as ItemDeferred
from domain.queue_events import NoticeDropped as NoticeDropped
from domain.queue_events import NoticeRedirected as NoticeRedirected
from domain.queue_events import NoticeSent as NoticeSent
from domain.queue_events import Repeated
from domain.queue_events import RetryAsked as RetryAsked
from domain.submission.commands import DOCUMENT_KINDS, Comment, DocumentKind
from domain.value import TextRef, Value

SubmissionNotice = Literal[
    "opened",
    "reminder",
    "missed",
    "escalation",
    "extended",
    "moved",
    "received",
    "returned",
    "accepted",
    "reopened",
    "closed",
]


MoveCause = Literal["extension", "return", "reopening", "calendar"]


class SubmissionOpened(Value):
    """A respondent is asked for its form: `asked` before rolling, `due` after it; both inclusive local days."""

    type: Literal["SubmissionOpened"] = "SubmissionOpened"
    campaign: str
    respondent: str
    respondent_class: OrganisationClass
    centre: str
    zone: str
    plan: TimetableRef
    form: str
    wanted: tuple[DocumentKind, ...] = DOCUMENT_KINDS
    asked: date
    due: date
    sha256: str


class FormSaved(Value):
    type: Literal["FormSaved"] = "FormSaved"
    revision: int
    sha256: str


class FormSubmitted(Value):
    """The act `number` of submitting: revision and content are frozen until it is returned.

    `late`: after the deadline that held then. `figures`: by JSON pointer.
    """

    type: Literal["FormSubmitted"] = "FormSubmitted"
    number: int
    revision: int
    sha256: str
    late: bool = False
    figures: dict[str, int] = Field(default_factory=dict)
    by: str


class FormReturned(Value):
    type: Literal["FormReturned"] = "FormReturned"
    number: int
    revision: int
    comments: tuple[Comment, ...]
    by: str


class FormAccepted(Value):
    """The form is locked."""

    type: Literal["FormAccepted"] = "FormAccepted"
    number: int
    revision: int
    sha256: str
    remarks: TextRef | None = None
    by: str


class FormReopened(Value):
    """An accepted form may be changed; the accepted revision counts until another one is accepted."""

    type: Literal["FormReopened"] = "FormReopened"
    revision: int
    reason: TextRef


class DeadlineMoved(Value):
    """The deadline got another date; `cause` says by what."""

    type: Literal["DeadlineMoved"] = "DeadlineMoved"
    was: date
    asked: date
    due: date
    cause: MoveCause
    reason: TextRef | None = None
    order: Order | None = None


class CalendarAdopted(Value):
    """The submission goes on by another frozen calendar."""

    type: Literal["CalendarAdopted"] = "CalendarAdopted"
    calendar: str
    was: str
    reason: TextRef
    order: Order | None = None


class SubmissionMissed(Value):
    """The deadline passed and nothing had been submitted."""

    type: Literal["SubmissionMissed"] = "SubmissionMissed"
    due: date


class ReminderAsked(Value):
    """Somebody has asked for a reminder out of turn; it follows as a notice."""

    type: Literal["ReminderAsked"] = "ReminderAsked"


class DocumentAdded(Value):
    """A file came in; one of the same kind before it is replaced."""

    type: Literal["DocumentAdded"] = "DocumentAdded"
    kind: DocumentKind
    sha256: str
    size: int
    revision: int | None = None
    signer: TextRef | None = None


class DocumentCleared(Value):
    type: Literal["DocumentCleared"] = "DocumentCleared"
    kind: DocumentKind


class NoticeQueued(Repeated):
    """A notice is to be sent; `to`: addressees, resolved at send time."""

    type: Literal["NoticeQueued"] = "NoticeQueued"
    kind: SubmissionNotice
    rung: str | None = None
    due: date | None = None
    to: tuple[str, ...]


class SubmissionClosed(Value):
    type: Literal["SubmissionClosed"] = "SubmissionClosed"


class SubmissionReopened(Value):
    """A late respondent may go on after the campaign was closed."""

    type: Literal["SubmissionReopened"] = "SubmissionReopened"
    reason: TextRef


SubmissionEvent = Annotated[
    SubmissionOpened
    | FormSaved
    | FormSubmitted
    | FormReturned
    | FormAccepted
    | FormReopened
    | DeadlineMoved
    | CalendarAdopted
    | SubmissionMissed
    | ReminderAsked
    | DocumentAdded
    | DocumentCleared
    | NoticeQueued
    | NoticeRedirected
    | NoticeSent
    | NoticeDropped
    | ItemDeferred
    | RetryAsked
    | SubmissionClosed
    | SubmissionReopened,
    Field(discriminator="type"),
]

SUBMISSION_EVENT: TypeAdapter[SubmissionEvent] = TypeAdapter(SubmissionEvent)


class Happened(Value):
    """An event and the moment it belongs to (UTC)."""

    at: datetime
    event: SubmissionEvent
