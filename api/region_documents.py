"""The shapes of answers about the region: roadmaps, units, people, keys, bulk starts, imports."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from api.documents import Cure, Document, Page
from domain.diagnosis.causes import Layer
from domain.evidence import EvidenceKind
from domain.ladder import NoticeKind, Obligation, OrganisationClass, Recipient
from domain.mentoring_forms import MentoringForm
from domain.roadmap import StepRole
from domain.units import Role, Sector, UnitKind

Counts = dict[Literal["created", "changed", "unchanged"], int]


class RoadmapLine(Document):
    key: str
    version: str
    title: str
    phases: int
    steps: int


class RoadmapStep(BaseModel):
    """`date` is the rule that gives the step its date."""

    number: int
    title: str
    phase: int
    kind: EvidenceKind
    role: StepRole
    roles: list[StepRole]
    date: dict[str, Any]


class RoadmapPhase(Document):
    number: int
    label: str
    title: str
    steps: list[RoadmapStep]


class Approval(Document):
    """The municipality that has approved its own roadmap, and its order."""

    unit: str
    number: str
    date: date


class Roadmap(Document):
    key: str
    version: str
    title: str
    source: str
    approval: Approval | None = None
    phases: list[RoadmapPhase]


class Rung(Document):
    """`days`: working days before the deadline (`reminder`) or after the missed-morning (`escalation`)."""

    kind: NoticeKind
    days: int
    to: list[Recipient]


class Ladder(Document):
    """The newest version: programmes that start from now on run by it."""

    key: str
    version: str
    obligation: Obligation
    organisations: OrganisationClass
    rungs: list[Rung]


class Unit(Document):
    id: str
    kind: UnitKind
    name: str
    parent: str | None
    sector: Sector | None
    zone: str | None
    email: str | None
    operates: list[MentoringForm]
    version: int


class Person(Document):
    id: str
    name: str | None
    post: str | None
    email: str | None
    phone: str | None
    version: int


class Incident(Document):
    """`stream` is `null` for what all streams share; `unit`: where it is; `harm`: 3 when everything stands, 0 when
    somebody is late; `recipient` and `letters`: of letters that nobody got.
    """

    id: str
    stream: str | None
    unit: str | None
    kind: str
    layer: Layer
    cause: str
    harm: int
    sentence: str
    since: datetime
    recipient: str | None
    letters: int | None
    cures: list[Cure]


class CauseCount(Document):
    cause: str
    layer: Layer
    harm: int
    count: int


class Incidents(Page[Incident]):
    """`counts`: by cause, before `layer` and `cause` are chosen."""

    counts: list[CauseCount]


class PersonCard(Person):
    """`delivery_incident` is there while letters to the person's present address do not arrive."""

    early_reminders: bool
    delivery_incident: Incident | None


class Preferences(Document):
    """`version` is 0 while nothing was ever chosen."""

    person: str
    early_reminders: bool
    version: int


class Holder(Document):
    role: Role
    since: date
    until: date | None
    person: Person


class HeldRole(Document):
    person: str
    role: Role
    unit: str
    since: date
    until: date | None


class Absence(Document):
    """Both days are inclusive; `reason` is for those who may change it."""

    id: str
    person: str
    since: date = Field(alias="from")
    until: date
    deputy: str
    reason: str | None


class Token(Document):
    """`token` is shown this once; a repeated request answers `null` in its place."""

    id: str
    token: str | None
    name: str
    unit: str
    role: Role
    created_at: datetime
    expires_at: datetime | None


class Feed(Document):
    """`url` is shown this once; a repeated request answers `null` in its place."""

    person: str
    url: str | None
    created_at: datetime


class BulkItem(Document):
    organisation: str
    outcome: str | None


class BulkOutcome(BulkItem):
    """`title`: why it was refused, in words."""

    programme: str
    title: str | None


class BulkPlan(Document):
    """`start` and `existing` name the organisations; `id` is there once it has begun."""

    dry_run: bool
    parent: str
    year: int
    plan_hash: str
    start: list[str]
    existing: list[str]
    items: list[BulkItem]
    id: str | None = None


class Bulk(Document):
    """`kind`: years begun, a deadline moved, newer versions adopted.

    Outcomes are `started`, `done` or the code of a refusal.
    """

    id: str
    kind: Literal["start", "deadline", "versions"]
    parent: str
    year: int
    plan_hash: str
    by: str
    created_at: datetime
    finished_at: datetime | None
    percent: int
    items: list[BulkOutcome]


class RowError(Document):
    row: int | None
    column: str | None
    detail: str


class ApprovedRoadmap(Document):
    """`notes`: what was understood in a way that one should know; `roadmap` is `null` while there are errors."""

    dry_run: bool
    roadmap: Roadmap | None
    notes: list[str]
    errors: list[RowError]
    error_count: int


class Imported(Document):
    dry_run: bool
    units: Counts
    persons: Counts
    roles: Counts
    ignored: list[str]
    errors: list[RowError]
    error_count: int
