"""What digests are made of, read from snapshots, journal, directory and deliveries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, Table, and_, or_, select

from activities.deliveries import undelivered
from activities.digest_content import Overdue
from activities.notice_story import read_sent, streams_with_moves
from activities.programmes import PREFIX, ProgrammeStreams
from activities.recipients import RecipientBook
from activities.tables import ProgrammeRow, SnapshotRow
from domain.programme.lateness import as_of, late_for_superiors

_PROGRAMME: Table = ProgrammeRow.__table__  # type: ignore[attr-defined]
_SNAPSHOT: Table = SnapshotRow.__table__  # type: ignore[attr-defined]


def read_overdue(
    connection: Connection, streams: ProgrammeStreams, at: datetime, before: datetime
) -> Iterator[Overdue]:
    """By id, every programme that runs and is late at `at`, or that moved a deadline, be it in a pause."""
    moved = streams_with_moves(connection, before)
    joined = _SNAPSHOT.join(_PROGRAMME, _SNAPSHOT.c.stream == PREFIX + _PROGRAMME.c.id)
    running = _PROGRAMME.c.status == "running"
    behind = and_(running, or_(_PROGRAMME.c.overdue > 0, _PROGRAMME.c.changes_at <= at))
    changed = and_(_PROGRAMME.c.status.in_(("running", "paused")), _SNAPSHOT.c.stream.in_(moved))
    query = select(_PROGRAMME.c.id, _SNAPSHOT.c.state).select_from(joined)
    query = query.where(or_(behind, changed)).order_by(_PROGRAMME.c.id)
    for programme, text in connection.execute(query).all():
        state = streams.parse_state(text)
        plan = streams.plan(state)
        state = as_of(state, plan, at)
        stream = PREFIX + programme
        late = late_for_superiors(state, plan, at)
        if late or stream in moved:
            story, lost = read_sent(connection, stream), undelivered(connection, [stream])[stream]
            yield Overdue(programme, state, plan, late, RecipientBook.load(connection, state), story, lost)
