"""The state of a programme: the fold of its stream."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Literal

from pydantic import Field

from domain.evidence import Evidence
from domain.ladder import OrganisationClass
from domain.mentoring_forms import MentoringForm
from domain.plan import PlanRef
from domain.programme.commands import OnResume, PlannedResult
from domain.queued import Queued
from domain.roadmap import Part
from domain.units import Sector
from domain.value import Value

Status = Literal["running", "paused", "closed", "cancelled"]


class Occurrence(Value):
    """One deadline of a step; a step that does not recur has exactly one, number 1."""

    number: int
    due: date
    asked: date
    first_due: date
    told_until: datetime
    """Rungs up to this moment are settled: sent, or dropped because they lay before the date was set."""
    told: tuple[str, ...] = ()
    """Addressees who have been told of this date."""
    sent: tuple[str, ...] = ()
    """Rungs of this date that were reached; they stay so when another calendar would place them later."""
    catch_up: bool = False
    pinned: bool = False
    anchor: date | None = None
    set_by: int = 1
    """Version of the event that set this date: it grows with every move, also when a cancelled year starts anew."""
    set_at: datetime | None = None
    """When it was moved; `None` for a date of the start."""
    overdue: bool = False
    missed: bool = False
    """Whether a deadline of this occurrence ever passed unmet; `overdue` is only while it is so."""
    reminded_at: datetime | None = None
    """When somebody last asked for a reminder out of turn."""
    done_at: datetime | None = None
    late: bool = False
    evidence: Evidence | None = None


class StepState(Value):
    number: int
    status: Literal["pending", "done", "skipped"] = "pending"
    occurrences: tuple[Occurrence, ...]
    parts: dict[Part, Evidence] = Field(default_factory=dict)
    """Parts that are done, with their figures."""
    responsible: str | None = None
    issued: dict[int, int] = Field(default_factory=dict)
    """Questionnaires sent out, by occurrence."""
    returned: dict[int, int] = Field(default_factory=dict)

    @property
    def open_occurrences(self) -> tuple[Occurrence, ...]:
        """Occurrences that are still owed."""
        if self.status != "pending":
            return ()
        return tuple(o for o in self.occurrences if o.done_at is None)

    @property
    def current(self) -> Occurrence:
        """The next open occurrence, or the last one."""
        return next(iter(self.open_occurrences), self.occurrences[-1])

    def occurrence(self, number: int) -> Occurrence | None:
        """The occurrence of that number."""
        return next((o for o in self.occurrences if o.number == number), None)


class PhaseState(Value):
    number: int
    opens: date | None
    """First day of the phase's earliest window."""
    status: Literal["waiting", "open", "done"] = "waiting"


class Item(Queued):
    """A notice, or a collection of questionnaires. `steps`: (step, occurrence) it speaks of."""

    kind: Literal["notice", "collection"]
    steps: tuple[tuple[int, int], ...] = ()


class Programme(Value):
    """Everything that `decide` needs to know of a year."""

    version: int
    status: Status
    last_at: datetime
    organisation: str
    organisation_class: OrganisationClass
    municipality: str | None
    sector: Sector | None
    """`None` for a municipality, which runs the roadmap that it has approved itself (order 420-р, 6.1)."""
    zone: str
    year: int
    plan: PlanRef
    forms: tuple[MentoringForm, ...]
    forms_fixed: bool = False
    since: datetime
    steps: dict[int, StepState]
    phases: tuple[PhaseState, ...]
    appointed: dict[str, str] = Field(default_factory=dict)
    results: dict[MentoringForm, PlannedResult] = Field(default_factory=dict)
    items: dict[int, Item] = Field(default_factory=dict)
    told_until: datetime | None = None
    """Like that of an occurrence, for all of them: set when the clock runs again, or other versions hold."""
    paused_at: datetime | None = None
    on_resume: OnResume = "shift"

    def open_obligations(self) -> Iterator[tuple[StepState, Occurrence]]:
        """Every deadline that is still owed."""
        for step in self.steps.values():
            for occurrence in step.open_occurrences:
                yield step, occurrence

    def phase(self, number: int) -> PhaseState:
        """The phase of that number."""
        return next(phase for phase in self.phases if phase.number == number)

    @property
    def active(self) -> bool:
        """Whether the year still goes on, running or paused."""
        return self.status in ("running", "paused")

    @property
    def current_phase(self) -> PhaseState:
        """The furthest phase that is open; before any has opened the first, after all are done the last."""
        reached = [phase for phase in self.phases if phase.status == "open"]
        if reached:
            return reached[-1]
        done = [phase for phase in self.phases if phase.status == "done"]
        return done[-1] if done else self.phases[0]

    @property
    def overdue_steps(self) -> tuple[int, ...]:
        """Numbers of the steps that are late now."""
        return tuple(sorted({step.number for step, o in self.open_obligations() if o.overdue}))

    @property
    def next_deadline(self) -> date | None:
        """The nearest deadline that has not passed; the oldest missed one when nothing else is left."""
        dues = sorted((o.overdue, o.due) for _, o in self.open_obligations())
        return dues[0][1] if dues else None
