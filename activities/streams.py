"""Kinds of stream: what the recorder, the rebuild and the reconciler have to know of each, found by its prefix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from sqlalchemy import Connection

from activities.beat import Beat, Facts
from activities.journal import Draft, Entry
from domain.refusal import Refusal


class Shown(NamedTuple):
    """A stream as the API shows it, and its row in the read model."""

    body: bytes
    row: dict[str, Any]


Projection = Mapping[str, Any]
"""What the read model holds of one stream, by the words that say where it differs from the journal."""


class StreamKind(Protocol):
    """The rules of one kind of stream, wired to their tables. States and commands are the kind's own affair.

    A state has at least `version`, `last_at` and `items`, what is queued, by number.
    """

    prefix: str
    """How the ids of its streams begin; without the slash, the type of their workflows."""

    time: Any
    """The command by which time arrives."""

    def plan(self, state: Any) -> Any:
        """The frozen versions that a stream runs by."""
        ...

    def begins(self, command: Any) -> bool:
        """Whether a command is the first of a stream."""
        ...

    def parse_state(self, text: str) -> Any:
        """A state from its snapshot."""
        ...

    def parse_event(self, entry: Entry) -> Any:
        """An event from its row."""
        ...

    def draft(self, one: Any) -> Draft:
        """The row of an event."""
        ...

    def decide(self, state: Any, command: Any, at: datetime, wake_at: datetime | None) -> tuple[Any, ...] | Refusal:
        """What happens at `at`: first what time has brought, if the planner's moment `wake_at` has come."""
        ...

    def fold(self, state: Any, happened: Sequence[Any]) -> Any:
        """The state after the events."""
        ...

    def wake_at(self, state: Any) -> datetime | None:
        """When its workflow has to look next."""
        ...

    def open(self, state: Any) -> bool:
        """Whether a workflow has to run for it."""
        ...

    def shown(self, state: Any, texts: Mapping[str, str]) -> Shown:
        """How the read model shows a state."""
        ...

    def project(self, connection: Connection, stream: str, before: Any, after: Any, shown: Shown) -> None:
        """Bring the read model from `before` to `after`."""
        ...

    def body_at(self, connection: Connection, stream: str, version: int) -> bytes:
        """The stream as it was shown after its event `version`."""
        ...

    def expected(self, stream: str, state: Any, texts: Mapping[str, str]) -> Projection:
        """The rows that the read model has to hold for a stream."""
        ...

    def found(self, connection: Connection, stream: str) -> Projection:
        """The rows that the read model holds for a stream."""
        ...

    def projected(self, connection: Connection) -> set[str]:
        """The streams that the read model has any row of."""
        ...

    def erase_projection(self, connection: Connection) -> None:
        """Empty the read model before it is rebuilt."""
        ...

    def facts(self, stream: str, state: Any) -> Facts:
        """What its workflow is found by."""
        ...

    def beat(self, stream: str, state: Any, now: datetime) -> Beat:
        """Where a stream stands at `now`."""
        ...


class Streams:
    """The kinds that there are."""

    def __init__(self, *kinds: StreamKind) -> None:
        self._kinds = {kind.prefix: kind for kind in kinds}

    def __iter__(self) -> Iterator[StreamKind]:
        return iter(self._kinds.values())

    def of(self, stream: str) -> StreamKind:
        """The kind of a stream. Raises KeyError for one of a kind that is not known here."""
        return self._kinds[stream[: stream.index("/") + 1]] if "/" in stream else self._kinds[stream]

    def facts(self, stream: str, state: Any) -> Facts:
        """What the workflow of a stream is found by."""
        return self.of(stream).facts(stream, state)


def workflow_type(stream: str) -> str:
    """The type of the workflow of a stream."""
    return stream.partition("/")[0]
