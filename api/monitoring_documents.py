"""The shapes of answers about campaigns and submissions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from api.cohort_documents import TimelyPair
from api.documents import Document
from domain.calendar import Rolling
from domain.campaign.state import CampaignStatus
from domain.submission.commands import DocumentKind
from domain.submission.events import MoveCause
from domain.submission.state import SubmissionStatus


class Rates(Document):
    """Counts of respondents. `received`: handed in and not given back, or accepted once; `on_time`: first handed in by
    the first deadline, `on_time_excused`: by the one it was extended to.
    """

    expected: int
    received: int
    accepted: int
    on_time: int
    on_time_excused: int


class SubmissionLine(Document):
    """`artefacts`: how many of the files are there, of `artefacts_of`."""

    id: str
    campaign: str
    respondent: str
    respondent_name: str | None
    state: SubmissionStatus
    closed: bool
    revision: int
    number: int
    deadline: date
    first_deadline: date
    overdue: bool
    on_time: bool | None
    on_time_excused: bool | None
    submitted_at: datetime | None
    accepted: bool
    artefacts: int
    artefacts_of: int
    version: int


class CampaignLetter(Document):
    number: str
    date: date
    text: str


class CampaignLine(Document):
    id: str
    title: str
    status: CampaignStatus
    centre: str
    years: list[int]
    deadline: date
    version: int
    rates: Rates


class Campaign(Document):
    """`deadline` is after rolling by `rule`, `deadline_asked` before. `submissions`: those that the caller may see,
    and the rates are of the same; the project office has the rates of all. `gaps`: as it was last closed.

    `respondents`, `gaps` and `reopened` name those whom the caller may know by name, and `note` is for those who see
    the whole round.
    """

    id: str
    title: str
    status: CampaignStatus
    version: int
    years: list[int]
    deadline: date
    deadline_asked: date
    rolled: bool
    rule: Rolling
    letter: CampaignLetter
    centre: str
    form_version: str
    respondents: list[str]
    opened_at: datetime
    closed_at: datetime | None
    gaps: list[str]
    note: str | None
    reopened: list[str]
    submissions: list[SubmissionLine]
    rates: Rates


class CampaignPlan(Document):
    """What opening would do: a dry run changes nothing."""

    dry_run: Literal[True]
    title: str
    deadline_asked: date
    deadline: date
    rolled: bool
    rule: Rolling
    centre: str
    respondents: list[str]


class CampaignProposal(Document):
    """`deadline` is `deadline_asked` after rolling, `reason` why in words; `provisional` while the decree on the year's
    days off is not out.
    """

    title: str
    years: list[int]
    deadline_asked: date
    deadline: date
    rolled: bool
    rule: Rolling
    reason: str
    provisional: bool
    centre: str | None
    respondents: list[str]


class FormProblem(Document):
    pointer: str
    detail: str


class SubmissionComment(Document):
    """`comment`: `null` for those who read no words of people."""

    pointer: str
    comment: str | None


class SubmissionFile(Document):
    kind: DocumentKind
    sha256: str
    size: int
    revision: int | None
    at: datetime
    signer: str | None


class SubmissionAct(Document):
    """One act of handing in; `number` above 1 is a resubmission, `version` that of its event."""

    number: int
    revision: int
    at: datetime
    by: str
    version: int


class ReturnedAct(Document):
    """The return of what was handed in as `number`; a comment without a pointer is on the whole form."""

    number: int
    revision: int
    at: datetime
    by: str
    comments: list[SubmissionComment]


class AcceptedAct(SubmissionAct):
    accepted_at: datetime
    accepted_by: str
    remarks: str | None


class Submission(Document):
    """`form`: the values of the present `revision`; `problems`: what keeps it from being submitted, with a JSON pointer
    into the form each, while it is owed. `accepted` is the act that counts, also while a resubmission is on its way.
    `comments`: what is still to be corrected; `returned`: the last return with its comments, until a form is accepted.
    """

    id: str
    campaign: str
    respondent: str
    state: SubmissionStatus
    closed: bool
    version: int
    revision: int
    check_code: str
    form_version: str
    deadline: date
    deadline_asked: date
    first_deadline: date
    overdue: bool
    missed: bool
    first_submitted_at: datetime | None
    on_time: bool | None
    on_time_excused: bool | None
    submitted: SubmissionAct | None
    accepted: AcceptedAct | None
    comments: list[SubmissionComment]
    returned: ReturnedAct | None
    documents: list[SubmissionFile]
    missing_documents: list[DocumentKind]
    form: dict[str, Any]
    problems: list[FormProblem]


class Revision(Document):
    """`submitted`: it was handed in once, as act `number` (the last one of a revision that came twice), whatever became
    of it; `accepted`: it is the one that counts.
    """

    revision: int
    sha256: str
    check_code: str
    saved_at: datetime
    by: str
    current: bool
    submitted: bool
    number: int | None
    accepted: bool


class RevisionForm(Document):
    revision: int
    form: dict[str, Any]


class Change(Document):
    """`null`: there was or is nothing."""

    pointer: str
    was: Any = Field(alias="from")
    to: Any


class SubmissionMove(Document):
    """One later date of a deadline; `asked` before rolling."""

    version: int
    at: datetime
    by: str
    was: date
    due: date
    asked: date
    cause: MoveCause
    reason: str | None
    order: dict[str, str | None] | None


class SubmissionLedger(Document):
    """`first_asked`: the first date before rolling; `done_on`: the day on which the form was first handed in."""

    submission: str
    version: int
    first_asked: date
    first_due: date
    due: date
    done_on: date | None
    timeliness: TimelyPair
    moves: list[SubmissionMove]
