"""What is known when one asks why something stands: of the machine, of the workflow, of the journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

SKEWED = timedelta(seconds=30)
"""How far two clocks may differ: a heartbeat is up to five seconds old when it is read."""

LITTLE_ROOM = 200_000_000
NO_ROOM = 8_000_000
"""Bytes on a disk: warned of, and too few to write anything."""


@dataclass(frozen=True)
class Process:
    """A process that beats: `off`, how far its clock is ahead of ours, once we know; `free`: bytes on its disk."""

    name: str
    kind: Literal["worker", "api"]
    build: str
    at: datetime
    alive: bool
    off: timedelta | None = None
    free: int | None = None


@dataclass(frozen=True)
class Trouble:
    """Something does not answer; `full`: for want of room on its disk."""

    since: datetime
    error: str
    full: bool = False


@dataclass(frozen=True)
class Letters:
    """Letters that the mail server has postponed; `error`: what it said last."""

    waiting: int = 0
    since: datetime | None = None
    next: datetime | None = None
    attempts: int = 0
    error: str | None = None
    away: bool = False
    """Whether no server has answered, so that no other letter would fare better."""


@dataclass(frozen=True)
class Server:
    """What Temporal says of itself: the build that tasks go to, and who polls for them."""

    trouble: Trouble | None = None
    build: str | None = None
    pollers: tuple[Poller, ...] = ()


@dataclass(frozen=True)
class Poller:
    identity: str
    build: str | None
    last_seen: datetime | None


@dataclass(frozen=True)
class Machine:
    """Everything that all streams share at one moment."""

    now: datetime
    database: Trouble | None = None
    processes: tuple[Process, ...] = ()
    server: Server = Server()
    mail: Letters = Letters()
    silent_since: datetime | None = None
    """Since when no worker beats, as far as anybody here knows."""

    hesitates: bool = False
    """Whether we ourselves wait to write: then others may be unable to say that they live."""

    @property
    def workers(self) -> tuple[Process, ...]:
        """The workers that live."""
        return tuple(one for one in self.processes if one.kind == "worker" and one.alive)


@dataclass(frozen=True)
class Pending:
    """An activity that is tried again and again."""

    activity: str
    attempt: int
    failure: str | None
    failure_type: str | None
    next: datetime | None


@dataclass(frozen=True)
class Task:
    """A workflow task that does not come to an end: its attempt, and how the first one failed."""

    attempt: int
    since: datetime | None
    failure: str | None
    nondeterministic: bool


@dataclass(frozen=True)
class Seen:
    """The workflow of a stream as Temporal knows it; `saw`: the version that it believes to stand at.

    `state`: `unknown` while nobody can be asked. `resting`: items whose attempts are exhausted, until when, and why.
    """

    state: Literal["running", "ended", "missing", "unknown"] = "unknown"
    run: str | None = None
    status: str | None = None
    started_at: datetime | None = None
    events: int = 0
    build: str | None = None
    pending: tuple[Pending, ...] = ()
    task: Task | None = None
    saw: int | None = None
    resting: tuple[Resting, ...] = ()
    standing: dict[str, object] | None = None


@dataclass(frozen=True)
class Resting:
    item: int
    until: datetime
    failure: str


@dataclass(frozen=True)
class Item:
    """Something queued; `due`: since when it may be carried out."""

    number: int
    kind: str
    queued_at: datetime
    retry_at: datetime | None
    deferred: int

    @property
    def due(self) -> datetime:
        """Since when it may be carried out."""
        return self.retry_at or self.queued_at


@dataclass(frozen=True)
class Kept:
    """What the journal says of a stream: `open` while a workflow has to run for it; `last_at`: its last event."""

    stream: str
    version: int
    open: bool
    last_at: datetime
    wake_at: datetime | None
    items: tuple[Item, ...] = ()
    letters: Letters = Letters()

    def late_since(self, now: datetime, grace: timedelta) -> datetime | None:
        """Since when something waits for the workflow, for longer than the grace."""
        moments = [item.due for item in self.items]
        if self.open and self.wake_at is not None:
            moments.append(self.wake_at)
        return min((at for at in moments if at <= now - grace), default=None)
