"""A stream whose past is decided first and written in one go."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from activities import journal
from activities.journal import Draft
from activities.programmes import ProgrammeStreams
from activities.snapshots import snapshot_row, write_snapshot
from activities.texts import write_texts
from domain.programme.commands import ProgrammeCommand
from domain.programme.state import Programme
from domain.refusal import Refusal


class PastStream:
    """Decides like the recorder, one command after the other, and leaves the same rows.

    A recorder writes snapshot and read model after every command; a past of a thousand commands needs them once.
    """

    def __init__(self, streams: ProgrammeStreams, stream: str) -> None:
        self.streams, self.stream = streams, stream
        self.state: Programme | None = None
        self._turns: list[tuple[list[Draft], str, datetime]] = []
        self._texts: list[tuple[Mapping[str, str], datetime]] = []

    def record(
        self, command: ProgrammeCommand, by: str, at: datetime, texts: Mapping[str, str] | None = None
    ) -> Programme | Refusal:
        """Decide one command at its moment; the state after it."""
        at = max(at, self.state.last_at) if self.state else at
        wake_at = self.streams.wake_at(self.state) if self.state else None
        decision = self.streams.decide(self.state, command, at, wake_at)
        if isinstance(decision, Refusal):
            return decision
        self.state = self.streams.fold(self.state, decision)
        if decision:
            self._turns.append(([self.streams.draft(one) for one in decision], by, at))
            self._texts.append((texts or {}, at))
        return self.state

    def write(self, connection: Connection) -> None:
        """Journal, snapshot and read model, in the caller's transaction."""
        assert self.state is not None, "nothing has happened"
        version, head = 0, journal.BEGINNING
        for drafts, by, at in self._turns:
            head = journal.append(connection, self.stream, version, head, drafts, by, at)
            version += len(drafts)
        bodies: dict[str, str] = {}
        for texts, at in self._texts:
            write_texts(connection, self.stream, texts, at)
            bodies |= texts
        write_snapshot(connection, self.stream, head, snapshot_row(self.streams, self.state), new=True)
        self.streams.project(connection, self.stream, None, self.state, self.streams.shown(self.state, bodies))
