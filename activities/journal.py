"""The journal: append-only streams of events, each chained to the one before it by its hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, insert, select

from activities.tables import EventRow

BEGINNING = "0" * 64
"""What the first event of a stream follows."""

_TABLE: Table = EventRow.__table__  # type: ignore[attr-defined]
_ADD = insert(_TABLE)


class Draft(NamedTuple):
    """An event on its way into the journal; `data` is its JSON."""

    type: str
    at: datetime
    data: str


class Entry(NamedTuple):
    """A row of the journal."""

    stream: str
    version: int
    type: str
    at: datetime
    recorded_at: datetime
    by: str
    data: str
    previous: str
    hash: str

    def computed_hash(self) -> str:
        """What `hash` has to be if nobody has touched the row."""
        return chained(
            self.previous, self.stream, self.version, self.type, self.at, self.recorded_at, self.by, self.data
        )


def chained(
    previous: str, stream: str, version: int, kind: str, at: datetime, recorded_at: datetime, by: str, data: str
) -> str:
    """The hash of one event: SHA-256 over everything it says and over the hash before it."""
    parts = (previous, stream, str(version), kind, at.isoformat(), recorded_at.isoformat(), by, data)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def append(
    connection: Connection,
    stream: str,
    version: int,
    head: str,
    drafts: Sequence[Draft],
    by: str,
    recorded_at: datetime,
) -> str:
    """Add events after `version`, whose hash is `head`; the new head. IntegrityError when somebody was faster."""
    rows: list[dict[str, Any]] = []
    recorded_at = recorded_at.astimezone(UTC)
    for number, draft in enumerate(drafts, start=version + 1):
        at = draft.at.astimezone(UTC)  # the hash is over what will be read back
        previous, head = head, chained(head, stream, number, draft.type, at, recorded_at, by, draft.data)
        rows.append(
            {
                "stream": stream,
                "version": number,
                "type": draft.type,
                "at": at,
                "recorded_at": recorded_at,
                "by": by,
                "data": draft.data,
                "previous": previous,
                "hash": head,
            }
        )
    connection.execute(_ADD, rows)
    return head


def read(connection: Connection, stream: str, after: int = 0, limit: int | None = None) -> Iterator[Entry]:
    """The entries of a stream in order, those after version `after`."""
    query = (
        select(_TABLE)
        .where(_TABLE.c.stream == stream, _TABLE.c.version > after)
        .order_by(_TABLE.c.version)
        .limit(limit)
    )
    return (Entry._make(row) for row in connection.execute(query))


def streams(connection: Connection) -> list[str]:
    """Every stream there is."""
    return list(connection.scalars(select(_TABLE.c.stream).distinct().order_by(_TABLE.c.stream)))
