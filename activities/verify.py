"""Whether journal and read model agree: the chain of hashes, the fold, every row."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, Table, select

from activities import journal
from activities.database import Database
from activities.programmes import ProgrammeStreams
from activities.recorder import snapshot_row
from activities.tables import SnapshotRow
from activities.texts import read_texts

_SNAPSHOT: Table = SnapshotRow.__table__  # type: ignore[attr-defined]


def differences(database: Database, streams: ProgrammeStreams) -> Iterator[str]:
    """Every difference, one Russian sentence each that names the stream and the place."""
    with database.reading(frozen=True) as connection:
        known = journal.streams(connection)
        for stream in known:
            yield from _of_stream(connection, streams, stream)
        for stream in set(connection.scalars(select(_SNAPSHOT.c.stream))) - set(known):
            yield f"{stream}: снимок есть, а событий нет. Выполните mentoring rebuild."


def _of_stream(connection: Connection, streams: ProgrammeStreams, stream: str) -> Iterator[str]:
    entries = list(journal.read(connection, stream))
    yield from broken_chain(entries)
    try:
        state = streams.fold(None, [streams.parse_event(entry) for entry in entries])
    except (ValueError, KeyError) as error:
        yield f"{stream}: события не складываются в состояние ({type(error).__name__}). Восстановите резервную копию."
        return
    expected = snapshot_row(streams, state, entries[-1].hash)
    row = connection.execute(select(_SNAPSHOT).where(_SNAPSHOT.c.stream == stream)).mappings().first()
    for name, value in expected.items():
        if row is None or row[name] != value:
            yield f"{stream}: снимок расходится с журналом в «{name}». Выполните mentoring rebuild."
    wanted = streams.expected(stream, state, read_texts(connection, stream))
    found = streams.found(connection, stream)
    if found.programme != wanted.programme:
        yield f"{stream}: строка программы расходится с журналом. Выполните mentoring rebuild."
    if found.queue != sorted(wanted.queue, key=lambda item: item["number"]):
        yield f"{stream}: очередь поручений расходится с журналом. Выполните mentoring rebuild."


def broken_chain(entries: list[journal.Entry]) -> Iterator[str]:
    """Gaps in the versions and links that do not hold."""
    head = journal.BEGINNING
    for number, entry in enumerate(entries, start=1):
        place = f"{entry.stream}: событие {entry.version}"
        if entry.version != number:
            yield f"{place} стоит на месте {number}: событие пропало. Восстановите резервную копию."
            return
        if entry.previous != head or entry.hash != entry.computed_hash():
            yield f"{place} изменено после записи: хеш не сходится. Восстановите резервную копию."
            return
        head = entry.hash
