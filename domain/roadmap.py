"""The roadmap: phases and numbered steps of a programme year, versioned data (order 420-р, appendix)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from domain.dates import DateRule, Dates, Recurring, Relative
from domain.evidence import EVIDENCE_FIELDS, EvidenceKind
from domain.units import Sector
from domain.value import Day, Identifier, Value

StepRole = Literal["curator", "head", "form_teacher", "psychologist", "mentor", "navigator", "municipal_coordinator"]
Part = Literal["form", "consent"]

MAIN_ROADMAP: dict[Sector, str] = {"general": "school", "additional": "school", "vocational": "college"}
"""Which roadmap an organisation of a sector takes (DESIGN, 6)."""


class Gate(Value):
    """What has to be there before a step may be completed; figures are compared with the evidence given."""

    done: tuple[int, ...] = ()
    consent: tuple[int, ...] = ()
    baseline: tuple[int, ...] = ()

    def references(self) -> tuple[int, ...]:
        """Every step the gate looks at."""
        return (*self.done, *self.consent, *self.baseline)


class StepPlan(Value):
    """One step as the roadmap has it; `title` is word for word the document's."""

    number: int = Field(ge=1, le=999)
    title: str = Field(min_length=1)
    kind: EvidenceKind
    also: tuple[EvidenceKind, ...] = ()
    roles: tuple[StepRole, ...] = Field(min_length=1)
    date: DateRule
    parts: tuple[Part, ...] = ()
    requires: tuple[str, ...] = ()
    gate: Gate = Gate()
    fixes_forms: bool = False

    @property
    def role(self) -> StepRole:
        """Whose step it is by default."""
        return self.roles[0]

    @property
    def recurring(self) -> bool:
        """Whether the step takes place several times."""
        return isinstance(self.date, Recurring | Dates)

    def kinds(self, part: Part | None) -> tuple[EvidenceKind, ...]:
        """The kinds whose evidence fits the step, or one part of it."""
        if part is not None:
            return (part,)
        return (*self.parts, self.kind, *self.also) if self.parts else (self.kind, *self.also)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.parts and self.recurring:
            raise ValueError(f"мероприятие {self.number}: части и повторения вместе не поддерживаются")
        allowed = {name for kind in self.kinds(None) for name in EVIDENCE_FIELDS[kind]}
        for name in self.requires:
            if name not in allowed:
                raise ValueError(f"мероприятие {self.number}: требуется показатель «{name}», которого у него нет")
        return self


class PhasePlan(Value):
    """One phase; `label` shows joined phases («2–3»), `number` orders them."""

    number: int = Field(ge=1, le=99)
    label: str
    title: str = Field(min_length=1)
    steps: tuple[StepPlan, ...] = Field(min_length=1)


class Approval(Value):
    """The municipality that has approved a roadmap, and its order (order 420-р, 6.1)."""

    unit: Identifier
    number: str = Field(min_length=1, max_length=64)
    date: Day


class Roadmap(Value):
    """The plan of a year; `approval` is there where it is a municipality's own.

    Refuses duplicate numbers, unknown references and circles, naming the place.
    """

    key: str
    version: str
    title: str
    source: str
    approval: Approval | None = None
    phases: tuple[PhasePlan, ...] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _label_phases(cls, data: Any) -> Any:
        if isinstance(data, dict):
            for phase in data.get("phases", ()):
                if isinstance(phase, dict) and "number" in phase:
                    phase.setdefault("label", str(phase["number"]))
        return data

    @model_validator(mode="after")
    def _sound(self) -> Self:
        _refuse_duplicates(self)
        _refuse_unknown_references(self)
        _refuse_circles(self)
        return self

    def all_steps(self) -> Iterator[StepPlan]:
        """Every step, phase by phase."""
        for phase in self.phases:
            yield from phase.steps

    @cached_property
    def steps(self) -> dict[int, StepPlan]:
        """Steps by number."""
        return {step.number: step for step in self.all_steps()}

    @cached_property
    def phase_of(self) -> dict[int, int]:
        """Phase number by step number."""
        return {step.number: phase.number for phase in self.phases for step in phase.steps}


def _refuse_duplicates(roadmap: Roadmap) -> None:
    seen: set[int] = set()
    for step in roadmap.all_steps():
        if step.number in seen:
            raise ValueError(f"дорожная карта {roadmap.key}: номер мероприятия {step.number} указан дважды")
        seen.add(step.number)
    numbers = [phase.number for phase in roadmap.phases]
    if numbers != sorted(set(numbers)):
        raise ValueError(f"дорожная карта {roadmap.key}: номера этапов должны возрастать, а даны {numbers}")


def _refuse_unknown_references(roadmap: Roadmap) -> None:
    known = {step.number for step in roadmap.all_steps()}
    for step in roadmap.all_steps():
        names = list(step.gate.references())
        if isinstance(step.date, Relative):
            names.append(step.date.step)
        for name in names:
            if name not in known:
                raise ValueError(
                    f"дорожная карта {roadmap.key}: мероприятие {step.number} ссылается на {name}, а такого нет"
                )


def _refuse_circles(roadmap: Roadmap) -> None:
    dates: dict[int, tuple[int, ...]] = {
        s.number: (s.date.step,) for s in roadmap.all_steps() if isinstance(s.date, Relative)
    }
    gates = {s.number: s.gate.references() for s in roadmap.all_steps()}
    for what, edges in (("сроки", dates), ("условия", gates)):
        done: set[int] = set()
        for number in edges:
            _walk(roadmap.key, what, edges, number, (), done)


def _walk(
    key: str, what: str, edges: dict[int, tuple[int, ...]], at: int, path: tuple[int, ...], done: set[int]
) -> None:
    if at in path:
        circle = " → ".join(str(number) for number in (*path[path.index(at) :], at))
        raise ValueError(f"дорожная карта {key}: {what} мероприятий замкнуты в круг: {circle}")
    if at in done:
        return
    for target in edges.get(at, ()):
        _walk(key, what, edges, target, (*path, at), done)
    done.add(at)
