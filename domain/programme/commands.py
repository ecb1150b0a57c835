"""What a person may ask of a programme, and the one thing that time asks: `PassTime`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from domain.evidence import Evidence
from domain.ladder import OrganisationClass
from domain.mentoring_forms import MentoringForm
from domain.orders import Order as Order
from domain.plan import PlanRef
from domain.queue_commands import RecordDeferred as RecordDeferred
from domain.queue_commands import RecordDropped as RecordDropped
from domain.queue_commands import RecordSent as RecordSent
from domain.queue_commands import Redirect as Redirect
from domain.queue_commands import RepeatNotice as RepeatNotice
from domain.queue_commands import RetryItems as RetryItems
from domain.roadmap import Part
from domain.units import Sector
from domain.value import Identifier, TextRef, Value

OnResume = Literal["keep", "shift"]


class StartProgramme(Value):
    """Start the year of an organisation, or of a municipality by its own roadmap, which has no `sector`.

    `since`: the day it is counted from, not before the day of recording.
    """

    type: Literal["StartProgramme"] = "StartProgramme"
    organisation: Identifier
    organisation_class: OrganisationClass
    municipality: Identifier | None
    sector: Sector | None
    zone: str
    year: int
    plan: PlanRef
    forms: tuple[MentoringForm, ...] = ()
    deadlines: dict[int, date] = Field(default_factory=dict)
    responsible: dict[int, Identifier] = Field(default_factory=dict)
    since: datetime | None = None


class PassTime(Value):
    """Record everything that the clock has brought about."""

    type: Literal["PassTime"] = "PassTime"


class _OnStep(Value):
    step: int


class CompleteStep(_OnStep):
    """Complete a step, or one part or occurrence of it."""

    type: Literal["CompleteStep"] = "CompleteStep"
    part: Part | None = None
    occurrence: int | None = None
    evidence: Evidence = Evidence()
    forms: tuple[MentoringForm, ...] | None = None
    note: TextRef | None = None
    documents: tuple[str, ...] = ()


class SkipStep(_OnStep):
    """Leave a step out, with a reason and, if there is one, an order."""

    type: Literal["SkipStep"] = "SkipStep"
    reason: TextRef
    order: Order | None = None


class ReopenStep(_OnStep):
    """Take a completion or a skip back, wholly or for one part or occurrence."""

    type: Literal["ReopenStep"] = "ReopenStep"
    part: Part | None = None
    occurrence: int | None = None
    reason: TextRef


class MoveDeadline(_OnStep):
    """Move a deadline; the first date is kept beside the new one. `was`: the date that whoever asked has seen."""

    type: Literal["MoveDeadline"] = "MoveDeadline"
    occurrence: int | None = None
    due: date
    was: date | None = None
    reason: TextRef
    order: Order | None = None


class AdoptVersions(Value):
    """Go on by newer versions of roadmap, ladder or calendar. `was`: the versions that whoever asked has seen."""

    type: Literal["AdoptVersions"] = "AdoptVersions"
    plan: PlanRef
    was: PlanRef | None = None
    reason: TextRef
    order: Order | None = None


class RemindStep(_OnStep):
    """Remind whoever answers for a step, now; `insisting`: also when that was done hours ago."""

    type: Literal["RemindStep"] = "RemindStep"
    occurrence: int | None = None
    insisting: bool = False


class AssignStep(_OnStep):
    """Hand a step to a person."""

    type: Literal["AssignStep"] = "AssignStep"
    person: Identifier


class AppointPerson(Value):
    """Appoint the curator or navigator by an order (order 420-р, 7.2 and 8.2)."""

    type: Literal["AppointPerson"] = "AppointPerson"
    role: Literal["curator", "navigator"]
    person: Identifier
    order: Order


class ChooseForms(Value):
    """Change the planned forms of mentoring, until step 8 (college: 6) fixes them."""

    type: Literal["ChooseForms"] = "ChooseForms"
    forms: tuple[MentoringForm, ...]


class PlannedResult(Value):
    """What an organisation plans to reach with one form (order 420-р, 3.3), in persons and pairs."""

    mentors: int = Field(ge=0)
    mentees: int = Field(ge=0)
    pairs: int = Field(ge=0)


class PlanResult(Value):
    """Enter the planned result of one form."""

    type: Literal["PlanResult"] = "PlanResult"
    form: MentoringForm
    planned: PlannedResult


class IssueForms(_OnStep):
    """Send out questionnaires for a step of kind form; the links themselves live outside of the journal."""

    type: Literal["IssueForms"] = "IssueForms"
    occurrence: int | None = None
    count: int = Field(ge=1, le=2000)


class NoteReturn(_OnStep):
    """A questionnaire came back: what came in has to be gathered."""

    type: Literal["NoteReturn"] = "NoteReturn"
    occurrence: int | None = None


class RecordForms(Value):
    """What `collect_forms` gathered for a queued collection."""

    type: Literal["RecordForms"] = "RecordForms"
    item: int
    sent: int = Field(ge=0)
    returned: int = Field(ge=0)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.returned > self.sent:
            raise ValueError(f"{self.returned} questionnaires returned, {self.sent} were sent")
        return self


class PauseProgramme(Value):
    """Stop the clock of the year; `on_resume` says what the deadlines will do."""

    type: Literal["PauseProgramme"] = "PauseProgramme"
    reason: TextRef
    on_resume: OnResume = "shift"


class ResumeProgramme(Value):
    """Let the clock run again; `deadlines` overrides what the pause announced."""

    type: Literal["ResumeProgramme"] = "ResumeProgramme"
    deadlines: OnResume | None = None
    reason: TextRef | None = None


class CloseProgramme(Value):
    """Close the year with its open steps named as gaps."""

    type: Literal["CloseProgramme"] = "CloseProgramme"
    reason: TextRef


class CancelProgramme(Value):
    """Call the year off; it may be started anew in the same stream."""

    type: Literal["CancelProgramme"] = "CancelProgramme"
    reason: TextRef


ProgrammeCommand = Annotated[
    StartProgramme
    | PassTime
    | CompleteStep
    | SkipStep
    | ReopenStep
    | MoveDeadline
    | AdoptVersions
    | RemindStep
    | AssignStep
    | AppointPerson
    | ChooseForms
    | PlanResult
    | IssueForms
    | NoteReturn
    | RecordForms
    | RecordSent
    | RecordDropped
    | RecordDeferred
    | RetryItems
    | RepeatNotice
    | PauseProgramme
    | ResumeProgramme
    | CloseProgramme
    | CancelProgramme,
    Field(discriminator="type"),
]
