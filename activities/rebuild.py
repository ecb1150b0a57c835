"""The read model anew, from nothing but the journal."""

from __future__ import annotations

from sqlalchemy import Connection, Table, delete, text

from activities import journal
from activities.database import Database
from activities.programmes import ProgrammeStreams
from activities.snapshots import snapshot_row, write_snapshot
from activities.tables import SnapshotRow
from activities.texts import read_texts
from domain.programme.state import Programme

_SNAPSHOT: Table = SnapshotRow.__table__  # type: ignore[attr-defined]


def rebuild(database: Database, streams: ProgrammeStreams) -> int:
    """Empty snapshots, read model and queue, then fold every stream into them; how many streams there are.

    One transaction: readers see the old rows until the new ones are there, writers wait.
    """
    with database.writing() as connection:
        if not database.is_sqlite:
            connection.execute(text("LOCK TABLE snapshot, event IN EXCLUSIVE MODE"))  # in the writers' order
        connection.execute(delete(_SNAPSHOT))
        streams.erase_projection(connection)
        known = journal.streams(connection)
        for stream in known:
            _rebuild_one(connection, streams, stream)
    return len(known)


def _rebuild_one(connection: Connection, streams: ProgrammeStreams, stream: str) -> None:
    state, head = folded(connection, streams, stream)
    write_snapshot(connection, stream, head, snapshot_row(streams, state), new=True)
    streams.project(connection, stream, None, state, streams.shown(state, read_texts(connection, stream)))


def folded(connection: Connection, streams: ProgrammeStreams, stream: str) -> tuple[Programme, str]:
    """The state of a stream by its events alone, and the hash of the last one."""
    entries = list(journal.read(connection, stream))
    return streams.fold(None, [streams.parse_event(entry) for entry in entries]), entries[-1].hash
