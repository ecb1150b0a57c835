"""Ladders: the ordered reminders and escalations of one obligation, as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple, Self

from pydantic import Field, model_validator

from domain.value import Value

Recipient = Literal[
    "responsible",
    "curator",
    "head",
    "municipal_authority",
    "operating_centre",
    "department",
    "coordinator",
    "authority_head",
    "mentoring_centre",
    "working_group",
]
"""Whom a rung addresses; resolved to persons through the unit tree when the notice is sent."""

Obligation = Literal["step", "monitoring"]

SUPERVISORS: frozenset[str] = frozenset(
    {"municipal_authority", "operating_centre", "department", "mentoring_centre", "working_group"}
)
"""Who hears of many organisations, and so in one digest a working day instead of one letter for each (DESIGN, 5)."""

NoticeKind = Literal["reminder", "missed", "escalation"]
OrganisationClass = Literal["municipal", "state"]

_OBLIGED: Mapping[Obligation, frozenset[Recipient]] = {
    "step": frozenset({"responsible", "curator", "head", "municipal_authority", "operating_centre", "department"}),
    "monitoring": frozenset({"coordinator", "authority_head", "mentoring_centre", "department", "working_group"}),
}
"""Whom each obligation knows: a step has a responsible person, a monitoring submission has a coordinator."""

_ORDER: Mapping[NoticeKind, int] = {"reminder": 0, "missed": 1, "escalation": 2}


class Rung(Value):
    """One rung. `days`: working days before the deadline (`reminder`) or after the missed-morning (`escalation`, where
    0 is that morning itself); `missed` has none.
    """

    kind: NoticeKind
    days: int = Field(default=0, ge=0, le=250)
    to: tuple[Recipient, ...] = Field(min_length=1)

    @property
    def key(self) -> str:
        """Stable name inside its ladder: `before-10`, `missed`, `after-3`."""
        if self.kind == "missed":
            return "missed"
        return f"{'before' if self.kind == 'reminder' else 'after'}-{self.days}"

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands in time among the rungs of its ladder."""
        return _ORDER[self.kind], -self.days if self.kind == "reminder" else self.days


class Fault(NamedTuple):
    """What is wrong with one rung (its index), in Russian; `field` is the part of it that has to change."""

    rung: int
    field: str
    reason: str


def faults(obligation: Obligation, organisations: OrganisationClass, rungs: Sequence[Rung]) -> Iterator[Fault]:
    """Everything that no region could mean: doubled rungs, rungs out of their order, recipients nobody can ever be."""
    for index, rung in enumerate(rungs):
        name = f"ступень {index + 1} ({rung.key})"
        earlier = rungs[:index]
        if rung.kind == "missed" and rung.days:
            yield Fault(index, "days", f"{name}: у сообщения о пропуске нет числа дней, оно уходит на следующее утро")
        if any(one.key == rung.key for one in earlier):
            yield Fault(index, "days", f"{name}: ступень {rung.key} указана дважды")
        elif earlier and rung.place < earlier[-1].place:
            reason = f"стоит после ступени {earlier[-1].key}, а наступает раньше неё; поставьте ступени по порядку"
            yield Fault(index, "days", f"{name}: {reason}")
        if len(set(rung.to)) < len(rung.to):
            yield Fault(index, "to", f"{name}: один адресат указан дважды")
        for recipient in dict.fromkeys(rung.to):
            if reason := _nobody(recipient, obligation, organisations):
                yield Fault(index, "to", f"{name}: {reason}")


def _nobody(recipient: Recipient, obligation: Obligation, organisations: OrganisationClass) -> str:
    """Why nobody can ever be this recipient; empty when somebody can."""
    if recipient not in _OBLIGED[obligation]:
        known = ", ".join(sorted(_OBLIGED[obligation]))
        return f"адресата {recipient} у такой обязанности не бывает, можно {known}"
    if organisations == "state" and recipient == "municipal_authority":
        return "указан муниципалитет, но у областной организации его нет"
    return ""


class Ladder(Value):
    """The ladder of one kind of organisation and one kind of obligation (DESIGN, 5)."""

    key: str
    version: str
    obligation: Obligation
    organisations: OrganisationClass
    rungs: tuple[Rung, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        for fault in faults(self.obligation, self.organisations, self.rungs):
            raise ValueError(f"лестница {self.key}, {fault.reason}")
        return self

    def after(self, rung: str | None) -> tuple[Rung, ...]:
        """The rungs above the one of that key; all of them when it is not (or no longer) a rung of this ladder."""
        keys = [one.key for one in self.rungs]
        return self.rungs[keys.index(rung) + 1 :] if rung in keys else self.rungs
