"""The state of a submission: the fold of its stream."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from domain.ladder import OrganisationClass
from domain.plan import TimetableRef
from domain.queued import Queued
from domain.submission.commands import DOCUMENT_KINDS, Comment, DocumentKind
from domain.value import Value

SubmissionStatus = Literal["draft", "submitted", "returned", "accepted"]


class Handed(Value):
    """One act of submitting: what was handed in, when, and by whom."""

    number: int
    revision: int
    sha256: str
    at: datetime
    by: str
    version: int
    """Version of its event."""
    figures: dict[str, int] = Field(default_factory=dict)


class Document(Value):
    """A file of the submission; `revision` of the form it was printed from."""

    kind: DocumentKind
    sha256: str
    size: int
    at: datetime
    revision: int | None = None
    signer: str | None = None


class Submission(Value):
    """Everything that `decide` needs to know of one respondent's form."""

    version: int
    status: SubmissionStatus = "draft"
    closed: bool = False
    last_at: datetime
    campaign: str
    respondent: str
    respondent_class: OrganisationClass
    centre: str
    zone: str
    plan: TimetableRef
    form: str
    wanted: tuple[DocumentKind, ...] = DOCUMENT_KINDS
    """The files that belong to it, in their order."""
    opened_at: datetime

    revision: int = 0
    sha256: str
    submitted: Handed | None = None
    """The last act of submitting, also after it was returned."""
    accepted: Handed | None = None
    """The act that counts; it stays while a resubmission is on its way."""
    accepted_at: datetime | None = None
    accepted_by: str | None = None
    remarks: str | None = None
    comments: tuple[Comment, ...] = ()
    """Of the last return, until the form is submitted again."""
    documents: dict[DocumentKind, Document] = Field(default_factory=dict)

    asked: date
    due: date
    first_due: date
    excused_due: date
    """The date after which a submission is late whatever is said: extensions and decrees move it, a closed campaign
    that is opened again for a late arrival does not."""
    moved_at: datetime | None = None
    """When it last got another date."""
    told_until: datetime
    """Rungs up to this moment are settled: sent, or dropped because they lay before the date was set."""
    told: tuple[str, ...] = ()
    """Addressees who have been told of this date."""
    sent: tuple[str, ...] = ()
    """Rungs of this date that were reached."""
    overdue: bool = False
    missed: bool = False
    """Whether a deadline ever passed unmet; `overdue` is only while it is so."""
    reminded_at: datetime | None = None
    """When somebody last asked for a reminder out of turn."""
    first_submitted_at: datetime | None = None
    on_time: bool | None = None
    """Whether the first submission came by the first date; `None` before it came."""
    on_time_excused: bool | None = None
    """The same by the date to which it was extended."""
    items: dict[int, Queued] = Field(default_factory=dict)

    @property
    def id(self) -> str:
        """Its own id."""
        return submission_id(self.campaign, self.respondent)

    @property
    def owed(self) -> bool:
        """Whether the respondent is to submit something: only then its deadline counts."""
        return is_owed(self.status, self.closed)

    @property
    def late(self) -> bool:
        """Whether nothing has come although time was up; a late arrival that may still come is late."""
        return self.first_submitted_at is None and self.missed and (self.overdue or self.due != self.excused_due)

    @property
    def extended(self) -> bool:
        """Whether another date holds than the first one."""
        return self.due != self.first_due

    @property
    def missing_documents(self) -> tuple[DocumentKind, ...]:
        """Files that have not come, or were printed from another revision than the present one."""
        return tuple(kind for kind in self.wanted if not self._counts(kind))

    def _counts(self, kind: DocumentKind) -> bool:
        found = self.documents.get(kind)
        return found is not None and found.revision in (None, self.revision)


def is_owed(status: SubmissionStatus, closed: bool) -> bool:
    """Whether the respondent may change the form and is to hand it in."""
    return not closed and status in ("draft", "returned")


def submission_id(campaign: str, respondent: str) -> str:
    """The id of a respondent's submission."""
    return f"{campaign}-{respondent}"
