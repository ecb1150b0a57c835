"""What people do about a stream: whom it waits for, what comes by itself, and who is missing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from domain.diagnosis.finding import Finding


@dataclass(frozen=True)
class NextAct:
    """What the planner brings next: `to` as people read it, `recipients` as they are today, by id."""

    at: datetime
    kind: str
    to: tuple[str, ...]
    recipients: tuple[str, ...] = ()
    step: int | None = None


@dataclass(frozen=True)
class Human:
    """A stream as the journal and the planner know it, whatever the machine does.

    `unit`: where one has to have rights for a cure, `centre`: to review a form; `responsible` is the deputy while
    `instead_of` is away; `vacant`: addressees of the ladder behind whom nobody stands.
    """

    findings: tuple[Finding, ...]
    zone: str
    unit: str
    forms: tuple[Any, ...] = ()
    responsible: str | None = None
    instead_of: str | None = None
    next_act: NextAct | None = None
    vacant: tuple[str, ...] = ()
    evidence: dict[str, Any] = field(default_factory=dict)
    centre: str | None = None
