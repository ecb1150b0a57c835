"""What requests carry: strict, with examples for the OpenAPI document."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from domain.evidence import Evidence
from domain.forms import MentoringForm, form_key
from domain.programme.commands import OnResume
from domain.roadmap import Part
from domain.units import Role, Sector, UnitKind
from domain.value import Identifier


class Body(BaseModel):
    """A request body; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


def _form(value: object) -> object:
    return form_key(value) if isinstance(value, str) else value


Form = Annotated[MentoringForm, BeforeValidator(_form)]
"""A form of mentoring by key or by its Russian title with any dash."""

Whole = Annotated[int, Field(strict=True)]
Reason = Annotated[str, Field(min_length=1, max_length=4000, examples=["Карантин с 5 по 19 октября"])]


class OrderIn(Body):
    number: str = Field(min_length=1, max_length=64, examples=["15-од"])
    date: datetime.date


class ProgrammeIn(Body):
    """`responsible`: one person for every step, or persons by step number. `from`: the first day of the year's count."""

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        json_schema_extra={
            "example": {
                "organisation": "school-1",
                "year": 2026,
                "roadmap": "school",
                "forms": ["ученик – ученик"],
                "deadlines": {"8": "2026-10-12"},
            }
        },
    )
    organisation: Identifier
    year: Whole
    roadmap: str | None = Field(default=None, max_length=64)
    forms: tuple[Form, ...] = ()
    deadlines: dict[int, datetime.date] = Field(default_factory=dict)
    responsible: Identifier | dict[int, Identifier] = Field(default_factory=dict)
    since: datetime.date | None = Field(default=None, alias="from")


class BulkIn(Body):
    """`dry_run` is true unless told otherwise; to execute, give back the `plan_hash` of the dry run."""

    parent: Identifier
    year: Whole
    forms: tuple[Form, ...] = ()
    dry_run: bool = True
    plan_hash: str | None = Field(default=None, max_length=64)


class CompletionIn(Body):
    model_config = ConfigDict(
        json_schema_extra={"example": {"part": "form", "evidence": {"sent": 120, "returned": 96}, "note": "5–9 классы"}}
    )
    part: Part | None = None
    occurrence: Whole | None = None
    evidence: Evidence = Evidence()
    forms: tuple[Form, ...] | None = None
    note: str | None = Field(default=None, max_length=4000)
    documents: tuple[Annotated[str, Field(max_length=200)], ...] = Field(default=(), max_length=50)


class SkipIn(Body):
    reason: Reason
    order: OrderIn | None = None


class ReopeningIn(Body):
    reason: Reason
    part: Part | None = None
    occurrence: Whole | None = None


class DeadlineIn(Body):
    due: datetime.date = Field(examples=["2026-10-20"])
    reason: Reason
    order: OrderIn | None = None
    occurrence: Whole | None = None


class ResponsibleIn(Body):
    person: Identifier


class AppointmentIn(Body):
    role: Literal["curator", "navigator"]
    person: Identifier
    order: OrderIn


class FormsIn(Body):
    forms: tuple[Form, ...]


class PlannedIn(Body):
    mentors: Annotated[int, Field(strict=True, ge=0)]
    mentees: Annotated[int, Field(strict=True, ge=0)]
    pairs: Annotated[int, Field(strict=True, ge=0)]


class QuestionnairesIn(Body):
    count: Annotated[int, Field(strict=True, ge=1, le=2000)]
    occurrence: Whole | None = None


class PauseIn(Body):
    """`deadlines`: what they will do on resumption: `shift` by the length of the pause, or `keep` their dates."""

    reason: Reason
    deadlines: OnResume = "shift"


class ResumptionIn(Body):
    deadlines: OnResume | None = None


class ReasonIn(Body):
    reason: Reason


class UnitIn(Body):
    kind: UnitKind
    name: str = Field(min_length=1, max_length=500)
    parent: Identifier | None = None
    sector: Sector | None = None
    zone: str | None = Field(default=None, max_length=64)
    email: str | None = Field(default=None, max_length=320)
    operates: tuple[Form, ...] = ()


class RoleIn(Body):
    role: Role
    unit: Identifier
    since: datetime.date | None = None
    until: datetime.date | None = None


class PersonIn(Body):
    name: str = Field(min_length=1, max_length=300)
    post: str | None = Field(default=None, max_length=300)
    email: str | None = Field(default=None, max_length=320)
    phone: str | None = Field(default=None, max_length=64)


class TokenIn(Body):
    name: str = Field(min_length=1, max_length=200)
    unit: Identifier
    role: Role
    expires_at: datetime.datetime | None = None
