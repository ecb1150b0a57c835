"""What happened in a programme. Ids and figures only; free texts are references."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from domain.evidence import Evidence
from domain.ladder import OrganisationClass
from domain.mentoring_forms import MentoringForm
from domain.plan import PlanRef
from domain.programme.commands import OnResume, Order, PlannedResult
from domain.queue_events import ItemDeferred as ItemDeferred
from domain.queue_events import NoticeDropped as NoticeDropped
from domain.queue_events import NoticeRedirected as NoticeRedirected
from domain.queue_events import NoticeSent as NoticeSent
from domain.queue_events import Repeated
from domain.queue_events import RetryAsked as RetryAsked
from domain.roadmap import Part
from domain.units import Sector
from domain.value import TextRef, Value

NoticeKindAll = Literal[
    "reminder", "missed", "escalation", "started", "moved", "handed", "appointed", "paused", "resumed", "ended",
    "adopted",
]  # fmt: skip


class Due(Value):
    """One deadline: `asked` before rolling, `due` after it; both inclusive local days.

    `anchor` is the day of the other step that a relative date was counted from.
    """

    step: int
    occurrence: int
    asked: date
    due: date
    catch_up: bool = False
    pinned: bool = False
    anchor: date | None = None


class ProgrammeStarted(Value):
    type: Literal["ProgrammeStarted"] = "ProgrammeStarted"
    organisation: str
    organisation_class: OrganisationClass
    municipality: str | None
    sector: Sector | None
    zone: str
    year: int
    plan: PlanRef
    forms: tuple[MentoringForm, ...]
    since: datetime
    phase_numbers: tuple[int, ...]
    phases: dict[int, date]
    """First day of each phase that has a window of its own."""
    dues: tuple[Due, ...]
    responsible: dict[int, str]


class PhaseOpened(Value):
    type: Literal["PhaseOpened"] = "PhaseOpened"
    phase: int


class PhaseCompleted(Value):
    type: Literal["PhaseCompleted"] = "PhaseCompleted"
    phase: int


class PhaseReopened(Value):
    type: Literal["PhaseReopened"] = "PhaseReopened"
    phase: int


class PartCompleted(Value):
    """One part or occurrence of a step is done, others are still open."""

    type: Literal["PartCompleted"] = "PartCompleted"
    step: int
    part: Part | None = None
    occurrence: int
    late: bool
    evidence: Evidence
    note: TextRef | None = None
    documents: tuple[str, ...] = ()


class StepCompleted(Value):
    """The step is done; `part` and `occurrence` name what was completed last."""

    type: Literal["StepCompleted"] = "StepCompleted"
    step: int
    part: Part | None = None
    occurrence: int
    late: bool
    evidence: Evidence
    note: TextRef | None = None
    documents: tuple[str, ...] = ()


class FormsFixed(Value):
    type: Literal["FormsFixed"] = "FormsFixed"
    forms: tuple[MentoringForm, ...]


class FormsChosen(Value):
    type: Literal["FormsChosen"] = "FormsChosen"
    forms: tuple[MentoringForm, ...]


class StepSkipped(Value):
    type: Literal["StepSkipped"] = "StepSkipped"
    step: int
    reason: TextRef
    order: Order | None = None


class StepReopened(Value):
    """Taken back: all of the step, or one part or occurrence of it."""

    type: Literal["StepReopened"] = "StepReopened"
    step: int
    part: Part | None = None
    occurrence: int | None = None
    reason: TextRef
    unfixes_forms: bool = False


class StepMissed(Value):
    """The deadline passed and the step was open."""

    type: Literal["StepMissed"] = "StepMissed"
    step: int
    occurrence: int
    due: date


class DeadlineMoved(Value):
    """A deadline got another date; `cause` says by what, `reference` by which other step."""

    type: Literal["DeadlineMoved"] = "DeadlineMoved"
    step: int
    occurrence: int
    was: date
    asked: date
    due: date
    cause: Literal["command", "reference", "pause", "reopening", "calendar", "roadmap"]
    catch_up: bool = False
    reference: int | None = None
    anchor: date | None = None
    reason: TextRef | None = None
    order: Order | None = None


class VersionsAdopted(Value):
    """Other versions hold from now on; no rung of the past is told by them.

    Of another roadmap: its phases with their first days, the deadlines it brings (`added`), and those that it does
    without (`removed`: step, occurrence). Deadlines that move follow as events of their own.
    """

    type: Literal["VersionsAdopted"] = "VersionsAdopted"
    plan: PlanRef
    was: PlanRef
    reason: TextRef
    order: Order | None = None
    phase_numbers: tuple[int, ...] = ()
    phases: dict[int, date] = Field(default_factory=dict)
    added: tuple[Due, ...] = ()
    removed: tuple[tuple[int, int], ...] = ()


class ReminderAsked(Value):
    """Somebody has asked for a reminder out of turn; it follows as a notice."""

    type: Literal["ReminderAsked"] = "ReminderAsked"
    step: int
    occurrence: int


class StepAssigned(Value):
    type: Literal["StepAssigned"] = "StepAssigned"
    step: int
    person: str


class PersonAppointed(Value):
    type: Literal["PersonAppointed"] = "PersonAppointed"
    role: Literal["curator", "navigator"]
    person: str
    order: Order


class ResultPlanned(Value):
    type: Literal["ResultPlanned"] = "ResultPlanned"
    form: MentoringForm
    planned: PlannedResult


class FormsIssued(Value):
    type: Literal["FormsIssued"] = "FormsIssued"
    step: int
    occurrence: int
    count: int


class CollectionQueued(Value):
    type: Literal["CollectionQueued"] = "CollectionQueued"
    step: int
    occurrence: int


class FormsCollected(Value):
    type: Literal["FormsCollected"] = "FormsCollected"
    item: int
    step: int
    occurrence: int
    sent: int
    returned: int


class NoticeQueued(Repeated):
    """A notice is to be sent. `steps`: (step, occurrence) it speaks of; `to`: addressees, resolved at send time."""

    type: Literal["NoticeQueued"] = "NoticeQueued"
    kind: NoticeKindAll
    rung: str | None = None
    steps: tuple[tuple[int, int], ...] = ()
    due: date | None = None
    to: tuple[str, ...]


class ProgrammePaused(Value):
    type: Literal["ProgrammePaused"] = "ProgrammePaused"
    reason: TextRef
    on_resume: OnResume


class ProgrammeResumed(Value):
    type: Literal["ProgrammeResumed"] = "ProgrammeResumed"
    on_resume: OnResume
    days: int
    """Whole local days the pause lasted."""
    reason: TextRef | None = None


class ProgrammeClosed(Value):
    """The year is over; `gaps` are the steps that were left open."""

    type: Literal["ProgrammeClosed"] = "ProgrammeClosed"
    gaps: tuple[int, ...]
    reason: TextRef | None = None


class ProgrammeReopened(Value):
    """A closed year runs again because one of its steps was reopened."""

    type: Literal["ProgrammeReopened"] = "ProgrammeReopened"
    step: int


class ProgrammeCancelled(Value):
    type: Literal["ProgrammeCancelled"] = "ProgrammeCancelled"
    reason: TextRef


ProgrammeEvent = Annotated[
    ProgrammeStarted
    | PhaseOpened
    | PhaseCompleted
    | PhaseReopened
    | PartCompleted
    | StepCompleted
    | FormsFixed
    | FormsChosen
    | StepSkipped
    | StepReopened
    | StepMissed
    | DeadlineMoved
    | VersionsAdopted
    | ReminderAsked
    | StepAssigned
    | PersonAppointed
    | ResultPlanned
    | FormsIssued
    | CollectionQueued
    | FormsCollected
    | NoticeQueued
    | NoticeRedirected
    | NoticeSent
    | NoticeDropped
    | ItemDeferred
    | RetryAsked
    | ProgrammePaused
    | ProgrammeResumed
    | ProgrammeClosed
    | ProgrammeReopened
    | ProgrammeCancelled,
    Field(discriminator="type"),
]

PROGRAMME_EVENT: TypeAdapter[ProgrammeEvent] = TypeAdapter(ProgrammeEvent)


class Happened(Value):
    """An event and the moment it belongs to (UTC)."""

    at: datetime
    event: ProgrammeEvent
