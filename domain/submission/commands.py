"""What a person may ask of a submission, and the one thing that time asks: `PassTime`."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Annotated, Literal, Self, get_args

from pydantic import Field, StringConstraints, model_validator

from domain.adopting import AdoptCalendar as AdoptCalendar
from domain.ladder import OrganisationClass
from domain.orders import Order
from domain.plan import TimetableRef
from domain.queue_commands import RecordDeferred as RecordDeferred
from domain.queue_commands import RecordDropped as RecordDropped
from domain.queue_commands import RecordSent as RecordSent
from domain.queue_commands import Redirect as Redirect
from domain.queue_commands import RepeatNotice as RepeatNotice
from domain.queue_commands import RetryItems as RetryItems
from domain.value import Identifier, TextRef, Value

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

EMPTY_FORM = sha256(b"{}").hexdigest()
"""Content hash of revision 0."""

DocumentKind = Literal["form-docx", "form-pdf", "programme", "roadmap"]
DOCUMENT_KINDS: tuple[DocumentKind, ...] = get_args(DocumentKind)


class OpenSubmission(Value):
    """Ask a respondent for its form. `asked`: the deadline before rolling; `form`: the frozen definition,
    `key@version`; `wanted`: the files that belong to it; `centre`: the unit that runs the campaign.
    """

    type: Literal["OpenSubmission"] = "OpenSubmission"
    campaign: Identifier
    respondent: Identifier
    respondent_class: OrganisationClass
    centre: Identifier
    zone: str
    plan: TimetableRef
    form: str
    wanted: tuple[DocumentKind, ...] = DOCUMENT_KINDS
    asked: date
    sha256: Sha256 = EMPTY_FORM


class PassTime(Value):
    """Record everything that the clock has brought about."""

    type: Literal["PassTime"] = "PassTime"


class SaveForm(Value):
    """Keep another content of the form, named by its hash; the same content again changes nothing."""

    type: Literal["SaveForm"] = "SaveForm"
    sha256: Sha256


class SubmitForm(Value):
    """Hand the form in. `revision`: the one that was found to be without problems; `by`: who answers for it.

    `figures`: what the report counts, by JSON pointer; no names and no narratives.
    """

    type: Literal["SubmitForm"] = "SubmitForm"
    revision: int
    figures: dict[str, int] = Field(default_factory=dict)
    by: str


class Comment(Value):
    """What is to be changed, and where: `pointer` is a JSON pointer into the form, empty for the whole of it."""

    pointer: str = Field(max_length=200, pattern=r"^(/.*)?$")
    comment: TextRef


class ReturnForm(Value):
    """Give the form back with comments. `due`: a new deadline; a default one when the old one has passed."""

    type: Literal["ReturnForm"] = "ReturnForm"
    comments: tuple[Comment, ...] = Field(min_length=1)
    due: date | None = None
    by: str


class AcceptForm(Value):
    """Accept the form as it was submitted, with remarks that ask for nothing. `by`: never who submitted it."""

    type: Literal["AcceptForm"] = "AcceptForm"
    revision: int | None = None
    remarks: TextRef | None = None
    by: str


class ExtendDeadline(Value):
    """Give more time. `was`: the date that whoever asked has seen."""

    type: Literal["ExtendDeadline"] = "ExtendDeadline"
    due: date
    was: date | None = None
    reason: TextRef
    order: Order | None = None


class RemindRespondent(Value):
    """Remind whoever fills in the form, now; `insisting`: also when that was done hours ago."""

    type: Literal["RemindRespondent"] = "RemindRespondent"
    insisting: bool = False


class ReopenForm(Value):
    """Unlock an accepted form for a numbered resubmission; until that is accepted, the accepted one counts."""

    type: Literal["ReopenForm"] = "ReopenForm"
    reason: TextRef
    due: date | None = None


class AddDocument(Value):
    """A file that belongs to the submission. `revision`: the one that a form was printed from.

    `signer`: whose electronic signature it bears, kept as a text because it is a person's name.
    """

    type: Literal["AddDocument"] = "AddDocument"
    kind: DocumentKind
    sha256: Sha256
    size: int = Field(ge=1)
    revision: int | None = None
    signer: TextRef | None = None

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.kind.startswith("form-") and self.revision is None:
            raise ValueError("a printed form belongs to a revision")
        return self


class ClearDocument(Value):
    """Take a file away that was the wrong one."""

    type: Literal["ClearDocument"] = "ClearDocument"
    kind: DocumentKind


class CloseSubmission(Value):
    """The campaign is closed: what is there by now is all that counts."""

    type: Literal["CloseSubmission"] = "CloseSubmission"


class ReopenSubmission(Value):
    """Let a late respondent in again after the campaign was closed; an accepted form is unlocked too."""

    type: Literal["ReopenSubmission"] = "ReopenSubmission"
    due: date
    reason: TextRef
    order: Order | None = None


SubmissionCommand = Annotated[
    OpenSubmission
    | PassTime
    | SaveForm
    | SubmitForm
    | ReturnForm
    | AcceptForm
    | ExtendDeadline
    | AdoptCalendar
    | RemindRespondent
    | ReopenForm
    | AddDocument
    | ClearDocument
    | CloseSubmission
    | ReopenSubmission
    | RecordSent
    | RecordDropped
    | RecordDeferred
    | RetryItems
    | RepeatNotice,
    Field(discriminator="type"),
]
