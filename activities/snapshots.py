"""Snapshots: the state of a stream after its last event, as a row and, of the streams used last, at hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, Table, bindparam, insert, select, update

from activities import journal
from activities.streams import StreamKind, Streams
from activities.tables import SnapshotRow
from activities.texts import REF_PREFIX

_TABLE: Table = SnapshotRow.__table__  # type: ignore[attr-defined]

# Statements of the hot path are built once: building one costs three times as much as running it.
_FIND = select(_TABLE.c.version, _TABLE.c.head, _TABLE.c.state, _TABLE.c.wake_at).where(
    _TABLE.c.stream == bindparam("stream")
)
_TAKE_HEAD = select(_TABLE.c.head).where(_TABLE.c.stream == bindparam("stream")).with_for_update()
"""On PostgreSQL the writers of one stream queue up here; SQLite has one writer anyway."""
_ADD = insert(_TABLE)
_CHANGE = update(_TABLE).where(_TABLE.c.stream == bindparam("this"))


@dataclass(frozen=True)
class Snapshot:
    """Where a stream stands. `head`: the hash of its last event; `wake_at`: when time brings something next."""

    version: int
    head: str
    state: Any
    wake_at: datetime | None
    has_texts: bool = False


NOTHING = Snapshot(0, journal.BEGINNING, None, None)
"""Where a stream stands that has not begun."""


class Snapshots:
    """Reads snapshots; those used last stay at hand, which spares parsing them again."""

    def __init__(self, streams: Streams, room: int = 256) -> None:
        self._streams, self._room = streams, room
        self._kept: dict[str, Snapshot] = {}

    def at_hand(self, stream: str) -> Snapshot | None:
        """What this process saw last; somebody else may have written since."""
        return self._kept.get(stream)

    def keep(self, stream: str, snapshot: Snapshot) -> None:
        """Have it at hand; the one that was kept first makes room."""
        self._kept.pop(stream, None)
        self._kept[stream] = snapshot
        if len(self._kept) > self._room:
            self._kept.pop(next(iter(self._kept)), None)

    def load(self, connection: Connection, stream: str) -> Snapshot:
        """The snapshot as it stands in the database."""
        row = connection.execute(_FIND, {"stream": stream}).first()
        if row is None:
            return NOTHING
        kept = self._kept.get(stream)
        if kept is not None and kept.head == row.head:
            return kept
        state = self._state(connection, stream, row.state)
        snapshot = Snapshot(row.version, row.head, state, row.wake_at, REF_PREFIX in row.state)
        self.keep(stream, snapshot)
        return snapshot

    def _state(self, connection: Connection, stream: str, text: str) -> Any:
        """What a row says, or the journal, where another version has written what this one cannot read."""
        kind = self._streams.of(stream)
        try:
            return kind.parse_state(text)
        except ValidationError:
            return kind.fold(None, [kind.parse_event(entry) for entry in journal.read(connection, stream)])


def take_head(connection: Connection, stream: str) -> str:
    """The hash of the stream's last event; nobody else changes the stream in this transaction's time."""
    return connection.scalar(_TAKE_HEAD, {"stream": stream}) or journal.BEGINNING


def snapshot_row(kind: StreamKind, state: Any) -> dict[str, Any]:
    """The snapshot of a state, without its stream and the hash of its last event."""
    return {
        "version": state.version,
        "state": state.model_dump_json(exclude_defaults=True),
        "wake_at": kind.wake_at(state),
        "open": kind.open(state),
    }


def write_snapshot(connection: Connection, stream: str, head: str, row: Mapping[str, Any], new: bool) -> None:
    """Put the snapshot of a stream in place of the one before."""
    if new:
        connection.execute(_ADD, {"stream": stream, "head": head, **row})
    else:
        connection.execute(_CHANGE, {"this": stream, "head": head, **row})
