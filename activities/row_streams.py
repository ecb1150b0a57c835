"""Kinds of stream whose read model is one row for each stream, beside the queue."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import Connection, Table, bindparam, delete, insert, select, update

from activities import journal
from activities.definitions import Library
from activities.event_rows import drafted, typed
from activities.journal import Draft, Entry
from activities.queue_rows import erase_queue, project_queue, queued_streams, read_queue, rows_of
from activities.streams import Projection, Shown
from activities.texts import read_texts
from domain.adopting import AdoptCalendar
from domain.plan import Timetable, TimetableRef
from domain.queued import Queued
from domain.value import Value


class Timed(Protocol):
    """A state with its queue and the frozen versions that it runs by."""

    @property
    def plan(self) -> TimetableRef: ...

    @property
    def items(self) -> dict[int, Queued]: ...


class Told(Protocol):
    """An event and its moment."""

    @property
    def at(self) -> datetime: ...

    @property
    def event(self) -> Any: ...


S = TypeVar("S", bound=Timed)
H = TypeVar("H", bound=Told)


class RowStreams(ABC, Generic[S, H]):
    """What such kinds have in common; `title`: what the row is called where it differs from the journal."""

    prefix: str
    title: str
    table: Table
    state: type[Value]
    happened: type[Value]
    events: TypeAdapter[Any]

    def __init__(self, library: Library) -> None:
        self.library = library
        self._add = insert(self.table)
        self._change = update(self.table).where(self.table.c.id == bindparam("this"))

    @abstractmethod
    def fold(self, state: S | None, happened: Sequence[H]) -> S:
        """The state after the events."""

    @abstractmethod
    def body(self, state: S, texts: Mapping[str, str]) -> bytes:
        """The JSON that the API shows."""

    @abstractmethod
    def row(self, state: S) -> dict[str, Any]:
        """The row of the read model, without its id."""

    def plan(self, state: S) -> Timetable:
        """The frozen ladder and calendar that a stream runs by."""
        return self.library.timetable(state.plan)

    def adopted(self, state: S, command: Value) -> Timetable | None:
        """The timetable that a command goes over to."""
        if not isinstance(command, AdoptCalendar):
            return None
        return self.library.timetable(state.plan.model_copy(update={"calendar": command.calendar}))

    def parse_state(self, text: str) -> S:
        """A state from its snapshot."""
        return self.state.model_validate_json(text)  # type: ignore[return-value]

    def parse_event(self, entry: Entry) -> H:
        """An event from its row."""
        data = typed(self.prefix, entry.type, entry.data)
        event = self.events.validate_python(data, strict=False)
        return self.happened.model_validate({"at": entry.at, "event": event})  # type: ignore[return-value]

    def draft(self, one: H) -> Draft:
        """The row of an event."""
        return drafted(self.prefix, one.at, one.event)

    def shown(self, state: S, texts: Mapping[str, str]) -> Shown:
        """How the read model shows a state."""
        return Shown(self.body(state, texts), self.row(state))

    def project(self, connection: Connection, stream: str, before: S | None, after: S, shown: Shown) -> None:
        """Bring the read model from `before` to `after`."""
        key = stream.removeprefix(self.prefix)
        if before is None:
            connection.execute(self._add, {"id": key, **shown.row})
        else:
            connection.execute(self._change, {"this": key, **shown.row})
        project_queue(connection, stream, before.items if before else {}, after.items)

    def body_at(self, connection: Connection, stream: str, version: int) -> bytes:
        """The stream as it was shown after its event `version`."""
        entries = journal.read(connection, stream, limit=version)
        state = self.fold(None, [self.parse_event(entry) for entry in entries])
        return self.body(state, read_texts(connection, stream))

    def expected(self, stream: str, state: S, texts: Mapping[str, str]) -> Projection:  # noqa: ARG002
        """The rows that the read model has to hold for a stream."""
        row = {"id": stream.removeprefix(self.prefix), **self.row(state)}
        return self._projection(row, rows_of(stream, state.items))

    def found(self, connection: Connection, stream: str) -> Projection:
        """The rows that the read model holds for a stream."""
        mine = select(self.table).where(self.table.c.id == stream.removeprefix(self.prefix))
        row = connection.execute(mine).mappings().first()
        return self._projection(dict(row) if row else None, read_queue(connection, stream))

    def projected(self, connection: Connection) -> set[str]:
        """The streams that the read model has any row of."""
        found = {self.prefix + one for one in connection.scalars(select(self.table.c.id))}
        return found | set(queued_streams(connection, self.prefix))

    def erase_projection(self, connection: Connection) -> None:
        """Empty the read model before it is rebuilt."""
        connection.execute(delete(self.table))
        erase_queue(connection, self.prefix)

    def _projection(self, row: dict[str, Any] | None, queue: list[dict[str, Any]]) -> Projection:
        return {f"{self.title} расходится": row, "очередь поручений расходится": queue}
