"""One transaction for every command, from the API and from the worker alike (DESIGN, 1.3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Select, Table, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from activities import journal
from activities.database import Database
from activities.programmes import ProgrammeStreams
from activities.tables import CommandRow, SnapshotRow
from activities.texts import REF_PREFIX, read_texts, write_texts
from domain.plan import Plan
from domain.programme.commands import PassTime, ProgrammeCommand
from domain.programme.state import Programme
from domain.refusal import Refusal

Clock = Callable[[], datetime]
Also = Callable[[Connection], None]
"""Rows that belong to a command and stand outside of the journal; written in its transaction."""

CLASHES = 100
"""How often a command decides again because somebody else was faster; more means that something is broken."""

REFUSED = 0
"""Stored status of a command that was refused."""

_COMMAND: Table = CommandRow.__table__  # type: ignore[attr-defined]
_SNAPSHOT: Table = SnapshotRow.__table__  # type: ignore[attr-defined]

# Statements of the hot path are built once: building one costs three times as much as running it.
_FIND_COMMAND = select(_COMMAND).where(_COMMAND.c.actor == bindparam("actor"), _COMMAND.c.key == bindparam("key"))
_ADD_COMMAND = insert(_COMMAND)
_FIND_SNAPSHOT = select(_SNAPSHOT.c.version, _SNAPSHOT.c.head, _SNAPSHOT.c.state, _SNAPSHOT.c.wake_at).where(
    _SNAPSHOT.c.stream == bindparam("stream")
)
_TAKE_SNAPSHOT = _FIND_SNAPSHOT.with_for_update()
"""On PostgreSQL the writers of one stream queue up here, so that each decides once; SQLite has one writer anyway."""
_ADD_SNAPSHOT = insert(_SNAPSHOT)
_CHANGE_SNAPSHOT = update(_SNAPSHOT).where(_SNAPSHOT.c.stream == bindparam("this"))


def wall_clock() -> datetime:
    """The time of this machine."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Recorded:
    """What a command has led to. `nudge`: its workflow has to hear of it before its timer fires."""

    stream: str
    version: int
    status: int
    body: bytes
    state: Programme | None = None
    replayed: bool = False
    nudge: bool = False


@dataclass(frozen=True)
class Request:
    """A command with everything that comes with it."""

    stream: str
    command: ProgrammeCommand
    by: str
    key: str | None = None
    fingerprint: str = ""
    status: int = 200
    texts: Mapping[str, str] = field(default_factory=dict)
    expected: int | None = None
    also: Also | None = None


@dataclass(frozen=True)
class _Loaded:
    version: int
    head: str
    state: Programme | None
    wake_at: datetime | None
    has_texts: bool = False


class States:
    """The states that were recorded last, by the hash of their last event: spares reading them again."""

    def __init__(self, room: int = 256) -> None:
        self._room = room
        self._kept: dict[str, tuple[str, Programme]] = {}

    def get(self, stream: str, head: str) -> Programme | None:
        """The state, if it is the one that the stream has now."""
        kept = self._kept.get(stream)
        return kept[1] if kept is not None and kept[0] == head else None

    def put(self, stream: str, head: str, state: Programme) -> None:
        """Keep the state; the one that was put first makes room."""
        self._kept.pop(stream, None)
        self._kept[stream] = (head, state)
        if len(self._kept) > self._room:
            self._kept.pop(next(iter(self._kept)), None)


class Recorder:
    """Decides commands on the journal's state and appends what happened: all or nothing."""

    def __init__(self, database: Database, streams: ProgrammeStreams, clock: Clock = wall_clock) -> None:
        self.database, self.streams, self.clock = database, streams, clock
        self._states = States()

    def record(self, stream: str, command: ProgrammeCommand, *, by: str, **given: Any) -> Recorded | Refusal:
        """Record one command; see `Request` for what may be given with it.

        A known `key` gets its stored answer, or the refusal `key_reused` when the fingerprint differs. `expected`
        refuses `version_stale` when the stream has moved on. Raises RuntimeError when writers clash without end.
        """
        request = Request(stream=stream, command=command, by=by, **given)
        for _ in range(CLASHES):
            try:
                with self.database.writing() as connection:
                    return self._turn(connection, request)
            except IntegrityError as clash:  # another writer took the version or the key: load and decide again
                last = clash
        raise RuntimeError(f"{stream}: writers clash without end") from last

    def pass_time(self, stream: str, *, by: str) -> Programme | None:
        """Record what time has brought; the state after it, `None` for an unknown stream.

        Looks before it asks for the place to write: most beats find nothing due.
        """
        with self.database.reading() as connection:
            loaded = self._load(connection, stream, _FIND_SNAPSHOT)
        if loaded.state is None or loaded.wake_at is None or loaded.wake_at > self.clock():
            return loaded.state
        result = self.record(stream, PassTime(), by=by)
        return result.state if isinstance(result, Recorded) else None

    def state(self, stream: str) -> Programme | None:
        """The state after the last recorded event."""
        with self.database.reading() as connection:
            return self._load(connection, stream, _FIND_SNAPSHOT).state

    def plan(self, state: Programme) -> Plan:
        """The frozen versions that a programme runs by."""
        return self.streams.plan(state)

    def _turn(self, connection: Connection, request: Request) -> Recorded | Refusal:
        if request.key is not None and (answered := self._answered(connection, request)):
            return answered
        loaded = self._load(connection, request.stream, _TAKE_SNAPSHOT)
        if request.expected is not None and request.expected != loaded.version:
            return Refusal(code="version_stale", facts={"expected": request.expected, "version": loaded.version})
        at = max(self.clock(), loaded.state.last_at) if loaded.state else self.clock()
        decision = self.streams.decide(loaded.state, request.command, at, loaded.wake_at)
        if isinstance(decision, Refusal):
            if request.key is not None:
                _remember(connection, request, at, REFUSED, answer=decision.model_dump_json().encode())
            return decision
        result = self._append(connection, request, loaded, decision, at)
        if request.also is not None:
            request.also(connection)
        if request.key is not None:
            _remember(connection, request, at, request.status, version=result.version)
        return result

    def _append(
        self, connection: Connection, request: Request, loaded: _Loaded, happened: tuple[Any, ...], at: datetime
    ) -> Recorded:
        stream, before = request.stream, loaded.state
        if not happened:
            assert before is not None, "only a known stream can decide nothing"
            return Recorded(stream, loaded.version, request.status, b"", before)
        after = self.streams.fold(before, happened)
        drafts = [self.streams.draft(one) for one in happened]
        head = journal.append(connection, stream, loaded.version, loaded.head, drafts, request.by, at)
        write_texts(connection, stream, request.texts, at)
        self._states.put(stream, head, after)
        row = snapshot_row(self.streams, after, head)
        write_snapshot(connection, stream, row, new=before is None)
        body = self.streams.project(connection, stream, before, after, _texts(connection, request, loaded.has_texts))
        queued = any(number not in before.items for number in after.items) if before else True
        wake = row["wake_at"]
        earlier = wake is not None and (loaded.wake_at is None or wake < loaded.wake_at)
        return Recorded(stream, after.version, request.status, body, after, nudge=queued or earlier)

    def _load(self, connection: Connection, stream: str, query: Select[Any]) -> _Loaded:
        row = connection.execute(query, {"stream": stream}).first()
        if row is None:
            return _Loaded(0, journal.BEGINNING, None, None)
        state = self._states.get(stream, row.head)
        if state is None:
            state = self.streams.parse_state(row.state)
            self._states.put(stream, row.head, state)
        return _Loaded(row.version, row.head, state, row.wake_at, has_texts=REF_PREFIX in row.state)

    def _answered(self, connection: Connection, request: Request) -> Recorded | Refusal | None:
        row = connection.execute(_FIND_COMMAND, {"actor": request.by, "key": request.key}).first()
        if row is None:
            return None
        if row.fingerprint != request.fingerprint or row.stream != request.stream:
            return Refusal(code="key_reused", facts={"key": request.key})
        if row.status == REFUSED:
            return Refusal.model_validate_json(row.answer)
        version = int(row.etag)
        body = self.streams.body_at(connection, request.stream, version)
        return Recorded(request.stream, version, row.status, body, replayed=True)


def _remember(
    connection: Connection, request: Request, at: datetime, status: int, version: int | None = None, answer: bytes = b""
) -> None:
    """Keep the answer: of an accepted command the version says it all, for the journal gives the rest again."""
    row = {
        "actor": request.by,
        "key": request.key,
        "fingerprint": request.fingerprint,
        "stream": request.stream,
        "status": status,
        "etag": str(version) if version is not None else None,
        "answer": answer,
        "at": at,
    }
    connection.execute(_ADD_COMMAND, row)


def snapshot_row(streams: ProgrammeStreams, state: Programme, head: str) -> dict[str, Any]:
    """The snapshot of a state, without its stream."""
    return {
        "version": state.version,
        "head": head,
        "state": state.model_dump_json(exclude_defaults=True),
        "wake_at": streams.wake_at(state),
        "open": streams.open(state),
    }


def write_snapshot(connection: Connection, stream: str, row: Mapping[str, Any], new: bool) -> None:
    """Put the snapshot of a stream in place of the one before."""
    if new:
        connection.execute(_ADD_SNAPSHOT, {"stream": stream, **row})
    else:
        connection.execute(_CHANGE_SNAPSHOT, {"this": stream, **row})


def _texts(connection: Connection, request: Request, has_texts: bool) -> Mapping[str, str]:
    """The texts that the state refers to; most states refer to none, which spares a query."""
    if not has_texts:
        return request.texts
    return {**read_texts(connection, request.stream), **request.texts}
