"""Whether journal and read model agree: the chain of hashes, the fold, every row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, select
from sqlalchemy.exc import SQLAlchemyError

from activities import journal
from activities.database import Database
from activities.snapshots import snapshot_row
from activities.streams import StreamKind, Streams
from activities.tables import SnapshotRow
from activities.texts import read_texts

_SNAPSHOT: Table = SnapshotRow.__table__  # type: ignore[attr-defined]


RESTORE, REBUILD = "Восстановите резервную копию.", "Выполните mentoring rebuild."


def differences(database: Database, streams: Streams) -> Iterator[str]:
    """Every difference, one Russian sentence each that names the stream and the place."""
    with database.reading(frozen=True) as connection:
        known = journal.streams(connection)
        for stream in known:
            yield from _of_stream(connection, streams.of(stream), stream)
        folded = set(connection.scalars(select(_SNAPSHOT.c.stream)))
        folded = folded.union(*(kind.projected(connection) for kind in streams))
        for stream in sorted(folded - set(known)):
            yield f"{stream}: строки в базе есть, а событий нет. {RESTORE}"


def _of_stream(connection: Connection, kind: StreamKind, stream: str) -> Iterator[str]:
    """What is wrong with the events; only where nothing is, how the rows that are folded from them differ."""
    entries = list(journal.read(connection, stream))
    row = connection.execute(select(_SNAPSHOT).where(_SNAPSHOT.c.stream == stream)).mappings().first()
    broken = list(broken_chain(entries)) or list(_lost_at_the_end(entries, row))
    if broken:
        yield from broken
        return
    try:
        state = kind.fold(None, [kind.parse_event(entry) for entry in entries])
        snapshot = {**snapshot_row(kind, state), "head": entries[-1].hash}
        wanted = kind.expected(stream, state, read_texts(connection, stream))
    except SQLAlchemyError:
        raise
    except Exception as error:  # whatever the rows make the rules do, it is a finding
        yield f"{stream}: события не складываются в состояние ({type(error).__name__}). {RESTORE}"
        return
    yield from _stale_snapshot(stream, snapshot, row)
    found = kind.found(connection, stream)
    for what, rows in wanted.items():
        if found[what] != rows:
            yield f"{stream}: {what} с журналом. {REBUILD}"


def _stale_snapshot(stream: str, wanted: Mapping[str, Any], row: RowMapping | None) -> Iterator[str]:
    if row is None:
        yield f"{stream}: снимка нет. {REBUILD}"
        return
    for name, value in wanted.items():
        if row[name] != value:
            yield f"{stream}: снимок расходится с журналом в «{name}». {REBUILD}"


def _lost_at_the_end(entries: list[journal.Entry], row: RowMapping | None) -> Iterator[str]:
    """The chain cannot show this, the snapshot can; so a rebuild, which would remove it, is not the advice."""
    if row is not None and row["version"] > len(entries) and row["head"] != entries[-1].hash:
        place = f"{entries[-1].stream}: событий {len(entries)}, а снимок сделан после {row['version']}"
        yield f"{place}: последние пропали. {RESTORE}"


def broken_chain(entries: list[journal.Entry]) -> Iterator[str]:
    """Gaps in the versions and links that do not hold."""
    head = journal.BEGINNING
    for number, entry in enumerate(entries, start=1):
        place = f"{entry.stream}: событие {entry.version}"
        if entry.version != number:
            yield f"{place} стоит на месте {number}: событие пропало. {RESTORE}"
            return
        if entry.previous != head or entry.hash != entry.computed_hash():
            yield f"{place} изменено после записи: хеш не сходится. {RESTORE}"
            return
        head = entry.hash
