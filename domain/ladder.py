"""Ladders: the ordered reminders and escalations of one obligation, as data."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from domain.value import Value

Recipient = Literal[
    "responsible",
    "curator",
    "head",
    "municipal_authority",
    "operating_centre",
    "department",
]
"""Whom a rung addresses; resolved to persons through the unit tree when the notice is sent."""

NoticeKind = Literal["reminder", "missed", "escalation"]
OrganisationClass = Literal["municipal", "state"]


class Rung(Value):
    """One rung. `days`: working days before the deadline (`reminder`) or after the missed-morning (`escalation`)."""

    kind: NoticeKind
    days: int = Field(default=0, ge=0, le=250)
    to: tuple[Recipient, ...] = Field(min_length=1)

    @property
    def key(self) -> str:
        """Stable name inside its ladder: `before-10`, `missed`, `after-3`."""
        if self.kind == "missed":
            return "missed"
        return f"{'before' if self.kind == 'reminder' else 'after'}-{self.days}"


class Ladder(Value):
    """The ladder of one kind of organisation and one kind of obligation (DESIGN, 5)."""

    key: str
    version: str
    obligation: Literal["step"]
    organisations: OrganisationClass
    rungs: tuple[Rung, ...]

    @model_validator(mode="after")
    def _sound(self) -> Self:
        keys = [rung.key for rung in self.rungs]
        for key in keys:
            if keys.count(key) > 1:
                raise ValueError(f"лестница {self.key}: ступень {key} указана дважды")
        for rung in self.rungs:
            if len(set(rung.to)) < len(rung.to):
                raise ValueError(f"лестница {self.key}: на ступени {rung.key} один адресат указан дважды")
            if self.organisations == "state" and "municipal_authority" in rung.to:
                raise ValueError(
                    f"лестница {self.key}: на ступени {rung.key} указан муниципалитет,"
                    " но у областной организации его нет"
                )
        return self
