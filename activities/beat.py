"""What a workflow learns from its activities: ids, dates and figures, nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Work:
    """A queued item that can be carried out now."""

    number: int
    kind: str


@dataclass(frozen=True)
class Beat:
    """Where a stream stands after its last event.

    `now`: the journal's clock when this was true. `wake_at`: when it brings something next; `wake_for` says what, for
    people. `phases`: the open ones; none but in a programme.
    """

    stream: str
    version: int
    now: datetime
    wake_at: datetime | None
    wake_for: str
    phase: int | str
    phases: list[int]
    next_deadline: datetime | None
    overdue: bool
    closed: bool
    details: str
    queued: list[Work] = field(default_factory=list)


@dataclass(frozen=True)
class Facts:
    """What the workflow of a stream is found by; set when it is started.

    `organisation`: whose stream it is; `phase`: of a submission or a campaign, its state; `summary`: for people.
    """

    organisation: str
    municipality: str | None
    year: int
    phase: int | str
    next_deadline: datetime | None
    overdue: bool
    summary: str


@dataclass(frozen=True)
class BulkShare:
    """The next items of a bulk act, mostly organisations, and how far it has come, in percent."""

    organisations: list[str]
    percent: int
