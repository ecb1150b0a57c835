"""What requests for cures carry; which of the arguments a cure asks for stands in `activities.cures.arguments`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from activities.cohorts import Definition
from api.shapes import Body, Line, Note, OrderIn, Reason, StepKey, Yes, example
from domain.diagnosis.causes import Layer
from domain.evidence import Evidence
from domain.programme.commands import OnResume
from domain.units import Role
from domain.value import Day, Identifier, Words

Hash = Annotated[Words, Field(min_length=64, max_length=64)]
Name = Annotated[Words, Field(min_length=1, max_length=300)]
MOST = 1_000
"""Targets that one request may name or mean."""


class ArgumentsIn(Body):
    """What cures ask for; `GET /operations/cures` says which of it a cure takes, and what it cannot do without."""

    model_config = example(due="2026-10-24", reason="Карантин", order={"number": "15-од"})
    step: StepKey | None = None
    due: Day | None = None
    reason: Reason | None = None
    order: OrderIn | None = None
    person: Identifier | None = None
    deputy: Identifier | None = None
    since: Day | None = None
    until: Day | None = None
    role: Role | None = None
    email: Line | None = None
    evidence: Evidence | None = None
    note: Note | None = None
    insisting: Yes | None = None
    deadlines: OnResume | None = None
    adopt: tuple[Definition, ...] | None = None
    to: Literal["first", "last"] | None = None

    @property
    def given(self) -> dict[str, Any]:
        """What was given of it."""
        return self.model_dump(exclude_unset=True, exclude={"dry_run", "plan"})


class CureIn(ArgumentsIn):
    """The arguments of the cure beside `dry_run` and `plan`.

    Without `dry_run` the cure is carried out; with `plan`, the hash that a dry run answered, only if it would still do
    the same.
    """

    model_config = example(due="2026-10-24", reason="Карантин", dry_run=True)
    dry_run: Yes = False
    plan: Hash | None = None


class SelectIn(Body):
    """What is to be cured: incidents and streams by name, or whatever incidents there are of a cause, a layer, a kind
    of stream, under a unit.
    """

    model_config = example(cause="overdue", unit="mo-tomsk")
    incidents: tuple[Name, ...] = Field(default=(), max_length=MOST)
    streams: tuple[Name, ...] = Field(default=(), max_length=MOST)
    cause: Words | None = Field(default=None, max_length=64)
    layer: Layer | None = None
    kind: Words | None = Field(default=None, max_length=64)
    unit: Identifier | None = None


class CuresIn(Body):
    """One cure for many. `dry_run` is true unless told otherwise; to execute, give back the `plan` of the dry run."""

    model_config = example(action="remind", select={"cause": "overdue", "unit": "mo-tomsk"}, arguments={}, dry_run=True)
    action: Words = Field(max_length=32)
    select: SelectIn
    arguments: ArgumentsIn = ArgumentsIn()
    dry_run: Yes = True
    plan: Hash | None = None
