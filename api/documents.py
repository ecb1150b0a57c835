"""The shapes of answers for the OpenAPI document; answers themselves are bytes, and tests hold the two together."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from activities.deliveries import Status as LetterStatus
from domain.calendar import Rolling
from domain.diagnosis.causes import Layer
from domain.evidence import EvidenceKind
from domain.mentoring_forms import MentoringForm
from domain.programme.state import Status
from domain.roadmap import StepRole

T = TypeVar("T")


def told(shape: Any, *statuses: int) -> dict[int | str, dict[str, Any]]:
    """What a route's document says of its good answers, 200 where nothing else is said."""
    return {status: {"model": shape, "description": _WORDS[status]} for status in statuses or (200,)}


_WORDS = {200: "Выполнено", 201: "Создано", 202: "Принято, выполняется"}


class Document(BaseModel):
    """An answer; a field that is not here is not sent."""

    model_config = ConfigDict(extra="forbid")


class Page(Document, Generic[T]):
    """Some rows; `next` is the cursor of the rows after them."""

    items: list[T]
    next: str | None


class RoadmapRef(Document):
    key: str
    version: str
    title: str | None = None


class VersionRef(Document):
    key: str
    version: str


class CalendarRef(Document):
    """`provisional`: the years whose decree on transferred days was not out; `rolling`: where a day off leads."""

    version: str
    rolling: Rolling
    provisional: list[int]


class ProgrammeStep(Document):
    """`due` is that of the next open occurrence; `first_due` is kept for ever; `provisional` until a decree is out."""

    number: int
    title: str
    phase: int
    kind: EvidenceKind
    role: StepRole
    state: Literal["waiting", "open", "done", "skipped"]
    due: date
    due_asked: date
    provisional: bool
    first_due: date
    catch_up: bool
    overdue: bool
    missed: bool
    responsible: str | None
    done_at: datetime | None
    parts: list[dict[str, Any]] | None = None
    occurrences: list[dict[str, Any]] | None = None
    evidence: dict[str, Any] | None = None
    questionnaires: dict[str, int] | None = None


class ProgrammePhase(Document):
    number: int
    label: str
    title: str
    state: Literal["waiting", "open", "done"]
    opens: date | None


class Programme(Document):
    id: str = Field(examples=["school-1-2026"])
    organisation: str
    municipality: str | None
    year: int
    roadmap: RoadmapRef
    ladder: VersionRef
    calendar: CalendarRef
    status: Status
    phase: int
    phases: list[ProgrammePhase]
    version: int
    zone: str
    since: datetime
    forms: list[MentoringForm]
    forms_fixed: bool
    appointed: dict[str, str]
    results: dict[MentoringForm, dict[str, Any]]
    overdue: list[int]
    next_deadline: date | None
    waiting_items: int
    on_resume: Literal["keep", "shift"] | None
    steps: list[ProgrammeStep]


class ProgrammeLine(Document):
    """One programme of a list; `overdue` counts its late steps."""

    id: str
    organisation: str
    organisation_name: str
    municipality: str | None
    year: int
    roadmap: RoadmapRef
    status: Status
    phase: int
    version: int
    overdue: int
    next_deadline: date | None


class Event(Document):
    version: int
    type: str
    at: datetime
    recorded_at: datetime
    by: str
    data: dict[str, Any]
    hash: str


class AgendaItem(BaseModel):
    """`to` is a person or a unit, `null` where nobody stands behind it yet; `to_name` is `null` for those who see no
    personal data; `phase` only with `all=true`.
    """

    at: datetime
    kind: str
    step: int | None
    to: str | None
    to_name: str | None = None
    subject: str | None = None
    provisional: bool = False


class Cure(Document):
    """`instruction`: what somebody has to do by hand; a `command` is carried out on request."""

    action: str
    label: str
    kind: Literal["command", "instruction"]


class Vacancy(Document):
    """An addressee of the ladder behind whom nobody stands today: notices for it go to the rung above."""

    addressee: str
    label: str


class NextAction(Document):
    """`to` as people read it, `recipients` as they are today, by id; `retry` is another attempt at what is queued."""

    at: datetime
    kind: str
    step: int | None
    to: list[str]
    recipients: list[str]


class OtherCause(Document):
    """`cures`: what this reader can do about it, whatever holds first."""

    cause: str
    layer: Layer
    sentence: str
    since: date | datetime | None
    cures: list[Cure]


class Explanation(Document):
    """`responsible` is the deputy while the responsible person, `instead_of`, is away; `others`: what holds besides.

    `evidence` holds the raw facts: of the journal, of the workflow and its activities, of processes and pollers.
    """

    sentence: str
    layer: Layer
    cause: str
    since: date | datetime | None
    responsible: str | None
    instead_of: str | None
    next_action: NextAction | None
    vacant: list[Vacancy]
    others: list[OtherCause]
    cures: list[Cure]
    evidence: dict[str, Any]


class Workflow(Document):
    id: str
    run: str | None
    status: str | None
    started_at: datetime
    standing: dict[str, Any] | None
    sentence: str
    timer: dict[str, Any] | None
    pending_activities: list[dict[str, Any]]
    history_events: int


class Letter(Document):
    """`programme` and `submission` are `null` for a digest; `reason` says what the status means, `error` what the mail
    server said, `trace_id` where to look in traces and logs.
    """

    id: str
    programme: str | None
    submission: str | None
    kind: str
    notice: int
    to: str
    unit: str | None
    address: str | None
    subject: str | None
    status: LetterStatus
    reason: str
    handovers: int
    at: datetime
    bounced_at: datetime | None
    error: str | None
    trace_id: str | None


class Questionnaires(Document):
    step: int
    count: int
    links: list[str]
