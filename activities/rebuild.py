"""The read model anew, from nothing but the journal."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Table, delete, text

from activities import journal
from activities.database import Database
from activities.snapshots import snapshot_row, write_snapshot
from activities.streams import StreamKind, Streams
from activities.tables import SnapshotRow
from activities.texts import read_texts

_SNAPSHOT: Table = SnapshotRow.__table__  # type: ignore[attr-defined]


def rebuild(database: Database, streams: Streams) -> int:
    """Empty snapshots, read model and queue, then fold every stream into them; how many streams there are.

    One transaction: readers see the old rows until the new ones are there, writers wait.
    """
    with database.writing() as connection:
        if not database.is_sqlite:
            connection.execute(text("LOCK TABLE snapshot, event IN EXCLUSIVE MODE"))  # in the writers' order
        connection.execute(delete(_SNAPSHOT))
        for kind in streams:
            kind.erase_projection(connection)
        known = journal.streams(connection)
        for stream in known:
            _rebuild_one(connection, streams.of(stream), stream)
    return len(known)


def _rebuild_one(connection: Connection, kind: StreamKind, stream: str) -> None:
    state, head = folded(connection, kind, stream)
    write_snapshot(connection, stream, head, snapshot_row(kind, state), new=True)
    kind.project(connection, stream, None, state, kind.shown(state, read_texts(connection, stream)))


def folded(connection: Connection, kind: StreamKind, stream: str) -> tuple[Any, str]:
    """The state of a stream by its events alone, and the hash of the last one."""
    entries = list(journal.read(connection, stream))
    return kind.fold(None, [kind.parse_event(entry) for entry in entries]), entries[-1].hash
