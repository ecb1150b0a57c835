"""What the journal knows of one stream: its version, its next moment, what is queued, which letters wait."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, select

from activities.diagnosis.machine import postponed_of
from activities.queue_rows import read_queue
from activities.streams import Streams
from activities.tables import SnapshotRow
from domain.diagnosis.facts import Item, Kept

_SNAPSHOT: Table = SnapshotRow.__table__  # type: ignore[attr-defined]


class Stream(NamedTuple):
    """A stream: what the journal says of it, and its state."""

    kept: Kept
    state: Any


def read_stream(connection: Connection, kinds: Streams, stream: str) -> Stream | None:
    """The stream as it was last recorded; `None` for an unknown one."""
    row = connection.execute(select(_SNAPSHOT).where(_SNAPSHOT.c.stream == stream)).first()
    if row is None:
        return None
    state = kinds.of(stream).parse_state(row.state)
    items = tuple(
        Item(one["number"], one["kind"], one["queued_at"], one["retry_at"], one["deferred"])
        for one in read_queue(connection, stream)
    )
    letters = postponed_of(connection, stream)
    return Stream(Kept(stream, row.version, row.open, state.last_at, row.wake_at, items, letters), state)


def stream_named(connection: Connection, kinds: Streams, name: str) -> str | None:
    """The stream of a programme, a submission or a campaign of that id; its full name will do."""
    wanted = [name, *(f"{kind.prefix}{name}" for kind in kinds)]
    return connection.scalar(select(_SNAPSHOT.c.stream).where(_SNAPSHOT.c.stream.in_(wanted)).limit(1))
