"""One transaction for every command, from the API and from the worker alike (DESIGN, 1.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, bindparam, insert, select
from sqlalchemy.exc import IntegrityError

from activities import journal
from activities.database import Database
from activities.journal import Draft
from activities.recording import recording
from activities.snapshots import NOTHING, Snapshot, Snapshots, snapshot_row, take_head, write_snapshot
from activities.streams import Shown, Streams
from activities.tables import CommandRow
from activities.texts import REF_PREFIX, read_texts, write_texts
from domain.plan import Plan
from domain.programme.state import Programme
from domain.refusal import Refusal

Clock = Callable[[], datetime]
Also = Callable[[Connection], None]
"""Rows that belong to a command and stand outside of the journal; written in its transaction."""

CLASHES = 100
"""How often a command decides again because somebody else was faster; more means that something is broken."""

PROGRAMMES = "programme/"

REFUSED = 0
"""Stored status of a command that was refused."""

_COMMAND: Table = CommandRow.__table__  # type: ignore[attr-defined]
_FIND_COMMAND = select(_COMMAND).where(_COMMAND.c.actor == bindparam("actor"), _COMMAND.c.key == bindparam("key"))
_ADD_COMMAND = insert(_COMMAND)


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
    state: Any = None
    replayed: bool = False
    nudge: bool = False


class Passed(NamedTuple):
    """A stream after time was passed, `state` is `None` for an unknown one. `news`: something was due."""

    state: Any
    news: bool


@dataclass(frozen=True)
class Request:
    """A command with everything that comes with it."""

    stream: str
    command: Any
    by: str
    key: str | None = None
    fingerprint: str = ""
    status: int = 200
    texts: Mapping[str, str] = field(default_factory=dict)
    expected: int | None = None
    also: Also | None = None


@dataclass(frozen=True)
class _Proposal:
    """What will happen if the stream still stands at `before`. `outcome`: the state after it, or why not."""

    before: Snapshot
    at: datetime
    outcome: Any
    drafts: tuple[Draft, ...] = ()
    row: Mapping[str, Any] = field(default_factory=dict)
    shown: Shown | None = None


class Recorder:
    """Decides commands on the journal's state and appends what happened: all or nothing."""

    def __init__(self, database: Database, kinds: Streams, clock: Clock = wall_clock) -> None:
        self.database, self.kinds, self.clock = database, kinds, clock
        self._snapshots = Snapshots(kinds)

    def record(self, stream: str, command: Any, *, by: str, **given: Any) -> Recorded | Refusal:
        """Record one command; see `Request` for what may be given with it.

        A known `key` gets its stored answer, or the refusal `key_reused` when the fingerprint differs. `expected`
        refuses `version_stale` when the stream has moved on. Raises RuntimeError when writers clash without end.
        """
        result = self.record_together([Request(stream=stream, command=command, by=by, **given)])
        return result if isinstance(result, Refusal) else result[0]

    def record_together(self, requests: Sequence[Request]) -> tuple[Recorded, ...] | Refusal:
        """Record commands on different streams in one transaction: all of them, or none and the first refusal.

        The first request carries the key of all; a repeated one is answered for the first stream alone.
        """
        first = requests[0]
        with recording(first.stream, type(first.command).__name__, first.by):
            return self._record_together(requests)

    def _record_together(self, requests: Sequence[Request]) -> tuple[Recorded, ...] | Refusal:
        proposals = [self._beforehand(request) for request in requests]
        for _ in range(CLASHES):
            try:
                with self.database.writing() as connection:
                    return self._turn(connection, requests, proposals)
            except IntegrityError as clash:  # another writer took a version or the key: load and decide again
                last, proposals = clash, [None] * len(requests)
        raise RuntimeError(f"{requests[0].stream}: writers clash without end") from last

    def pass_time(self, stream: str, *, by: str) -> Passed:
        """Record what time has brought.

        Looks before it asks for the place to write: most beats find nothing due.
        """
        with self.database.reading() as connection:
            found = self._snapshots.load(connection, stream)
        if found.state is None or found.wake_at is None or found.wake_at > self.clock():
            return Passed(found.state, news=False)
        result = self.record(stream, self.kinds.of(stream).time, by=by)
        assert isinstance(result, Recorded), "nothing refuses the passing of time"
        return Passed(result.state, news=result.version > found.version)

    def pass_time_together(self, streams: Iterable[str], *, by: str) -> None:
        """The same for several streams: one transaction, one place to write. All of them or none."""
        with self.database.reading() as connection:
            found = [(stream, self._snapshots.load(connection, stream)) for stream in streams]
        passing = [
            (Request(stream, self.kinds.of(stream).time, by), before)
            for stream, before in found
            if before.state is not None
        ]
        due = [(request, one) for request, before in passing if (one := self._propose(request, before)).drafts]
        if due:
            first = due[0][0]
            with recording(first.stream, type(first.command).__name__, by), self.database.writing() as connection:
                self._turn(connection, *zip(*due, strict=True))

    def state(self, stream: str) -> Any:
        """The state after the last recorded event, `None` for an unknown stream."""
        with self.database.reading() as connection:
            return self._snapshots.load(connection, stream).state

    def stream_of(self, by: str, key: str) -> str | None:
        """The stream that an answered command was for, of somebody who has used this key before."""
        with self.database.reading() as connection:
            row = connection.execute(_FIND_COMMAND, {"actor": by, "key": key}).first()
        return str(row.stream) if row is not None and row.stream is not None else None

    def plan(self, state: Programme) -> Plan:
        """The frozen versions that a programme runs by."""
        plan: Plan = self.kinds.of(PROGRAMMES).plan(state)
        return plan

    def _beforehand(self, request: Request) -> _Proposal | None:
        """Decide on what is at hand before taking the place to write: thinking there would keep everybody waiting."""
        before = self._snapshots.at_hand(request.stream)
        if before is None and self.kinds.of(request.stream).begins(request.command):
            before = NOTHING
        return self._propose(request, before) if before is not None else None

    def _turn(
        self, connection: Connection, requests: Sequence[Request], proposals: Sequence[_Proposal | None]
    ) -> tuple[Recorded, ...] | Refusal:
        """Decide everything before anything is written: a refusal leaves nothing to take back."""
        first = requests[0]
        if first.key is not None and (answered := self._answered(connection, first)):
            return answered if isinstance(answered, Refusal) else (answered,)
        heads = {stream: take_head(connection, stream) for stream in sorted(one.stream for one in requests)}
        decided = [self._decided(connection, heads, *one) for one in zip(requests, proposals, strict=True)]
        refused = next((one.outcome for one in decided if isinstance(one.outcome, Refusal)), None)
        results = () if refused else tuple(self._write(connection, *one) for one in zip(requests, decided, strict=True))
        if first.key is not None and (refused is None or refused.code != "version_stale"):
            _remember(connection, first, decided[0].at, refused or results[0])  # who was stale may try anew
        return refused or results

    def _decided(
        self, connection: Connection, heads: Mapping[str, str], request: Request, proposal: _Proposal | None
    ) -> _Proposal:
        if proposal is not None and proposal.before.head == heads[request.stream]:
            return proposal
        return self._propose(request, self._snapshots.load(connection, request.stream))

    def _propose(self, request: Request, before: Snapshot) -> _Proposal:
        at = max(self.clock(), before.state.last_at) if before.state else self.clock()
        if request.expected is not None and request.expected != before.version:
            stale = Refusal(code="version_stale", facts={"expected": request.expected, "version": before.version})
            return _Proposal(before, at, stale)
        kind = self.kinds.of(request.stream)
        decision = kind.decide(before.state, request.command, at, before.wake_at)
        if isinstance(decision, Refusal):
            return _Proposal(before, at, decision)
        if not decision:
            assert before.state is not None, "only a known stream can decide nothing"
            return _Proposal(before, at, before.state)
        after = kind.fold(before.state, decision)
        drafts = tuple(kind.draft(one) for one in decision)
        # The stored texts that a state refers to are read at the moment of writing: they may be erased before.
        shown = None if before.has_texts else kind.shown(after, request.texts)
        return _Proposal(before, at, after, drafts, snapshot_row(kind, after), shown)

    def _write(self, connection: Connection, request: Request, proposal: _Proposal) -> Recorded:
        after = proposal.outcome
        result = Recorded(request.stream, after.version, request.status, b"", after)
        if proposal.drafts:
            result = self._append(connection, request, proposal, after)
        if request.also is not None:
            request.also(connection)
        return result

    def _append(self, connection: Connection, request: Request, proposal: _Proposal, after: Any) -> Recorded:
        stream, before, kind = request.stream, proposal.before, self.kinds.of(request.stream)
        head = journal.append(connection, stream, before.version, before.head, proposal.drafts, request.by, proposal.at)
        write_texts(connection, stream, request.texts, proposal.at)
        row = proposal.row
        write_snapshot(connection, stream, head, row, new=before.state is None)
        shown = proposal.shown or kind.shown(after, {**read_texts(connection, stream), **request.texts})
        kind.project(connection, stream, before.state, after, shown)
        snapshot = Snapshot(after.version, head, after, row["wake_at"], REF_PREFIX in row["state"])
        self._snapshots.keep(stream, snapshot)
        nudge = _has_news(before, snapshot)
        return Recorded(stream, after.version, request.status, shown.body, after, nudge=nudge)

    def _answered(self, connection: Connection, request: Request) -> Recorded | Refusal | None:
        row = connection.execute(_FIND_COMMAND, {"actor": request.by, "key": request.key}).first()
        if row is None:
            return None
        if row.fingerprint != request.fingerprint or row.stream != request.stream:
            return Refusal(code="key_reused", facts={"key": request.key})
        if row.status == REFUSED:
            return Refusal.model_validate_json(row.answer)
        version = int(row.etag)
        body = self.kinds.of(request.stream).body_at(connection, request.stream, version)
        return Recorded(request.stream, version, row.status, body, replayed=True)


def _has_news(before: Snapshot, after: Snapshot) -> bool:
    """Whether the workflow has to hear of it: something is queued, or its next moment came earlier."""
    if before.state is None or after.state is None:
        return True
    queued = any(_stirs(before.state.items.get(number), item) for number, item in after.state.items.items())
    earlier = after.wake_at is not None and (before.wake_at is None or after.wake_at < before.wake_at)
    return queued or earlier


def _stirs(before: Any, item: Any) -> bool:
    """Whether an item was queued now, or need not wait for its next attempt any more."""
    return before is None or (before.retry_at is not None and item.retry_at is None)


def _remember(connection: Connection, request: Request, at: datetime, result: Recorded | Refusal) -> None:
    """Keep the answer: of an accepted command the version says it all, for the journal gives the rest again."""
    row = {
        "actor": request.by,
        "key": request.key,
        "fingerprint": request.fingerprint,
        "stream": request.stream,
        "status": REFUSED if isinstance(result, Refusal) else request.status,
        "etag": None if isinstance(result, Refusal) else str(result.version),
        "answer": result.model_dump_json().encode() if isinstance(result, Refusal) else b"",
        "at": at,
    }
    connection.execute(_ADD_COMMAND, row)
