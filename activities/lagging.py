"""What the journal expects to run: the reconciler compares it with what does."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, func, select

from activities.beat import Facts
from activities.database import Database
from activities.streams import Streams
from activities.tables import BulkRow, QueueRow, SnapshotRow

GRACE = timedelta(seconds=10)
"""How long a workflow may take to do what is due before it counts as lagging."""

EACH = timedelta(seconds=0.05)
"""What a crowd gets on top for each further stream: a thousand deadlines at one instant are no lag, and nudges for
those whose turn has not come yet would only take the place of their timers."""

_SNAPSHOT: Table = SnapshotRow.__table__  # type: ignore[attr-defined]
_QUEUE: Table = QueueRow.__table__  # type: ignore[attr-defined]
_BULK: Table = BulkRow.__table__  # type: ignore[attr-defined]


class Expected:
    """Reads what has to run and what is late."""

    def __init__(self, database: Database, streams: Streams) -> None:
        self._database, self._streams = database, streams

    @property
    def kinds(self) -> list[str]:
        """The types of workflow that streams have."""
        return [kind.prefix.removesuffix("/") for kind in self._streams]

    def count_open(self, kind: str) -> int:
        """How many streams of a kind need a workflow."""
        with self._database.reading() as connection:
            return connection.scalar(select(func.count()).select_from(_SNAPSHOT).where(*_open(kind))) or 0

    def open_streams(self, kind: str) -> set[str]:
        """The streams of a kind that need a workflow."""
        with self._database.reading() as connection:
            return set(connection.scalars(select(_SNAPSHOT.c.stream).where(*_open(kind))))

    def late(self, now: datetime) -> dict[str, int]:
        """Streams whose moment has come or whose queue stands for longer than the grace, with their version."""
        before = now - GRACE
        due = func.coalesce(_QUEUE.c.retry_at, _QUEUE.c.queued_at)
        queue = _QUEUE.join(_SNAPSHOT, _QUEUE.c.stream == _SNAPSHOT.c.stream)
        slept = select(_SNAPSHOT.c.stream, _SNAPSHOT.c.version, _SNAPSHOT.c.wake_at).where(
            _SNAPSHOT.c.open, _SNAPSHOT.c.wake_at <= before
        )
        stuck = select(_SNAPSHOT.c.stream, _SNAPSHOT.c.version, due).select_from(queue).where(due <= before)
        with self._database.reading() as connection:
            found = [tuple(row) for query in (slept, stuck) for row in connection.execute(query)]
        before -= EACH * (len({stream for stream, _, _ in found}) - 1)
        return {stream: version for stream, version, since in found if since <= before}

    def facts(self, stream: str) -> Facts | None:
        """What the workflow of a stream is started with."""
        with self._database.reading() as connection:
            text = connection.scalar(select(_SNAPSHOT.c.state).where(_SNAPSHOT.c.stream == stream))
        return self._streams.facts(stream, self._streams.of(stream).parse_state(text)) if text else None

    def open_bulks(self) -> list[str]:
        """Bulk starts that are not finished."""
        with self._database.reading() as connection:
            return list(connection.scalars(select(_BULK.c.id).where(_BULK.c.finished_at.is_(None))))


def _open(kind: str) -> tuple[ColumnElement[bool], ...]:
    return _SNAPSHOT.c.open, _SNAPSHOT.c.stream.startswith(f"{kind}/", autoescape=True)
