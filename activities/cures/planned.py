"""What a cure would do, so exactly that it can be shown, hashed and then done."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple, Protocol

import orjson
from sqlalchemy import Connection

from activities.beat import Facts
from activities.recorder import Also
from activities.snapshots import Snapshot, Snapshots
from activities.wiring import Core
from domain.refusal import Refusal
from domain.units import UnitTree


class Hands(Protocol):
    """What a cure may do to the workflow of a stream. Raises while Temporal does not answer."""

    def nudge(self, stream: str, facts: Facts) -> None:
        """Let it hear of its journal."""
        ...

    def retry(self, stream: str, facts: Facts) -> None:
        """Let it try at once whatever waits for its next attempt; one that does not run begins to."""
        ...

    def reset(self, stream: str, to: str) -> None:
        """Take it back to its `first` workflow task, or to the `last` one that was completed."""
        ...

    def restart(self, stream: str, facts: Facts) -> None:
        """End it and let another one begin from the journal."""
        ...


@dataclass(frozen=True)
class Bench:
    """What cures are planned with: one moment, one reading of the database."""

    core: Core
    connection: Connection
    tree: UnitTree
    now: datetime

    def load(self, stream: str) -> Snapshot:
        """Where a stream stands."""
        return self._snapshots.load(self.connection, stream)

    @cached_property
    def _snapshots(self) -> Snapshots:
        return Snapshots(self.core.kinds)

    def state(self, stream: str) -> Any:
        """Its state, `None` of an unknown one."""
        return self.load(stream).state


class Target(NamedTuple):
    """What is to be cured: `name` as whoever asked has said it.

    `cause`: of an incident. `stream`: whose; `recipient`: whose letters are lost; `unit` and `addressee`: a role that
    nobody holds; `letter`: a lost one, by its Message-ID.
    """

    name: str
    cause: str | None = None
    stream: str | None = None
    recipient: str | None = None
    unit: str | None = None
    addressee: str | None = None
    letter: str | None = None

    @property
    def kind(self) -> str:
        """`programme`, `submission`, `campaign`; `letter` of a lost one, `delivery` of all of a recipient, `vacancy`;
        `machine` of what all streams share.
        """
        if self.letter:
            return "letter"
        if self.stream:
            return self.stream.partition("/")[0]
        return "delivery" if self.recipient else "vacancy" if self.unit else "machine"


class Reader(NamedTuple):
    """Who gets a letter. `how`: `letter`, `digest`, `later` (after quiet hours) or `declined`."""

    id: str
    name: str
    how: str


class Letter(NamedTuple):
    """A letter that the cure brings about."""

    kind: str
    subject: str
    to: tuple[Reader, ...]


Rows = Callable[[Connection, str, datetime], Refusal | None]
"""Changes rows outside of the journal, by whom and when; a refusal changes nothing."""


@dataclass(frozen=True)
class Planned:
    """What a cure would do. `changes`: a sentence each, without names of people; `letters`: who hears of it.

    It is done by a `command` on the stream with its `texts`, by `rows`, or by what the hands do `after`.
    """

    action: str
    target: Target
    changes: tuple[str, ...]
    letters: tuple[Letter, ...] = ()
    command: Any = None
    texts: Mapping[str, str] = field(default_factory=dict)
    also: Also | None = None
    rows: Rows | None = None
    after: Callable[[Hands], None] | None = None

    @property
    def hash(self) -> str:
        """Changes when what would happen does, or to whom."""
        told = [[one.kind, sorted(to.id for to in one.to)] for one in self.letters]
        text = orjson.dumps([self.action, self.target.name, self.changes, told])
        return hashlib.sha256(text).hexdigest()


def hash_of(items: list[str]) -> str:
    """The hash of several plans: changes when one of them does."""
    return hashlib.sha256("\n".join(items).encode()).hexdigest()
