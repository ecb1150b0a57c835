"""Programmes as a kind of stream: how they are parsed, decided and shown in the read model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, insert, select, update

from activities import journal, standing
from activities.beat import Beat, Facts
from activities.definitions import Library
from activities.event_rows import drafted, typed
from activities.journal import Draft, Entry
from activities.programme_view import programme_body
from activities.queue_rows import erase_queue, project_queue, queued_streams, read_queue, rows_of
from activities.recipients import people_of
from activities.streams import Projection, Shown
from activities.tables import NamedRow, ProgrammeRow
from activities.texts import read_texts
from domain.plan import Plan
from domain.programme.agenda import outline, wake_at
from domain.programme.commands import AdoptVersions, PassTime, ProgrammeCommand, StartProgramme
from domain.programme.decide import after_time, decide
from domain.programme.events import PROGRAMME_EVENT, Happened
from domain.programme.evolve import fold
from domain.programme.lateness import Standstill, standstill
from domain.programme.state import Programme
from domain.refusal import Refusal

PREFIX = "programme/"
_PROGRAMME: Table = ProgrammeRow.__table__  # type: ignore[attr-defined]
_NAMED: Table = NamedRow.__table__  # type: ignore[attr-defined]
_ADD_PROGRAMME = insert(_PROGRAMME)
_CHANGE_PROGRAMME = update(_PROGRAMME).where(_PROGRAMME.c.id == bindparam("this"))


class ProgrammeStreams:
    """The rules of `domain.programme` with the plans they need."""

    prefix = PREFIX
    time = PassTime()

    def __init__(self, library: Library) -> None:
        self._library = library

    def plan(self, state: Programme) -> Plan:
        """The frozen versions that a programme runs by."""
        return self._library.plan(state.plan)

    def begins(self, command: ProgrammeCommand) -> bool:
        """Whether a command is the first of a year."""
        return isinstance(command, StartProgramme)

    def parse_state(self, text: str) -> Programme:
        """A state from its snapshot."""
        return Programme.model_validate_json(text)

    def parse_event(self, entry: Entry) -> Happened:
        """An event from its row."""
        data = typed(PREFIX, entry.type, entry.data)
        return Happened(at=entry.at, event=PROGRAMME_EVENT.validate_python(data, strict=False))

    def draft(self, one: Happened) -> Draft:
        """The row of an event."""
        return drafted(PREFIX, one.at, one.event)

    def decide(
        self, state: Programme | None, command: ProgrammeCommand, at: datetime, wake_at: datetime | None
    ) -> tuple[Happened, ...] | Refusal:
        """What happens at `at`: first what time has brought, if the planner's moment `wake_at` has come."""
        if isinstance(command, StartProgramme):
            return after_time(state, command, self._library.plan(command.plan), at)
        if state is None:
            return Refusal(code="programme_unknown")
        due = wake_at is not None and wake_at <= at
        adopted = self.adopted(command)
        return (after_time if due else decide)(state, command, self.plan(state), at, adopted)

    def adopted(self, command: ProgrammeCommand) -> Plan | None:
        """The plan that a command goes over to."""
        return self._library.plan(command.plan) if isinstance(command, AdoptVersions) else None

    def fold(self, state: Programme | None, happened: Sequence[Happened]) -> Programme:
        """The state after the events."""
        folded = fold(state, happened)
        assert folded is not None, "a stream begins with ProgrammeStarted"
        return folded

    def wake_at(self, state: Programme) -> datetime | None:
        """When its workflow has to look next."""
        return wake_at(state, self.plan(state))

    def open(self, state: Programme) -> bool:
        """Whether a workflow has to run for it: it goes on, or something is still queued."""
        return state.active or bool(state.items)

    def shown(self, state: Programme, texts: Mapping[str, str]) -> Shown:
        """How the read model shows a state."""
        body = programme_body(state, self.plan(state), texts)
        return Shown(body, _row(state, standstill(state, self.plan(state)), body))

    def project(
        self, connection: Connection, stream: str, before: Programme | None, after: Programme, shown: Shown
    ) -> None:
        """Bring the read model from `before` to `after`."""
        key = stream.removeprefix(PREFIX)
        if before is None:
            connection.execute(_ADD_PROGRAMME, {"id": key, **shown.row})
        else:
            connection.execute(_CHANGE_PROGRAMME, {"this": key, **shown.row})
        project_queue(connection, stream, before.items if before else {}, after.items)
        _project_named(connection, key, people_of(before) if before else set(), people_of(after))

    def body_at(self, connection: Connection, stream: str, version: int) -> bytes:
        """The programme as it was shown after its event `version`: folding again gives the same bytes."""
        entries = journal.read(connection, stream, limit=version)
        state = self.fold(None, [self.parse_event(entry) for entry in entries])
        return programme_body(state, self.plan(state), read_texts(connection, stream))

    def expected(self, stream: str, state: Programme, texts: Mapping[str, str]) -> Projection:
        """The rows that the read model has to hold for a stream."""
        programme = {"id": stream.removeprefix(PREFIX), **self.shown(state, texts).row}
        return _projection(programme, rows_of(stream, state.items), sorted(people_of(state)))

    def found(self, connection: Connection, stream: str) -> Projection:
        """The rows that the read model holds for a stream."""
        mine = select(_PROGRAMME).where(_PROGRAMME.c.id == stream.removeprefix(PREFIX))
        row = connection.execute(mine).mappings().first()
        named = select(_NAMED.c.person).where(_NAMED.c.programme == stream.removeprefix(PREFIX))
        return _projection(
            dict(row) if row else None, read_queue(connection, stream), sorted(connection.scalars(named))
        )

    def projected(self, connection: Connection) -> set[str]:
        """The streams that the read model has any row of."""
        programmes = {PREFIX + one for one in connection.scalars(select(_PROGRAMME.c.id))}
        programmes |= {PREFIX + one for one in connection.scalars(select(_NAMED.c.programme).distinct())}
        return programmes | set(queued_streams(connection, PREFIX))

    def erase_projection(self, connection: Connection) -> None:
        """Empty the read model before it is rebuilt."""
        connection.execute(delete(_PROGRAMME))
        connection.execute(delete(_NAMED))
        erase_queue(connection, PREFIX)

    def facts(self, stream: str, state: Programme) -> Facts:  # noqa: ARG002
        """What its workflow is found by."""
        return standing.facts_of(state)

    def beat(self, stream: str, state: Programme, now: datetime) -> Beat:
        """Where a programme stands at `now`."""
        return standing.beat_of(stream, state, self.plan(state), now)


def _projection(programme: dict[str, Any] | None, queue: list[dict[str, Any]], named: list[str]) -> Projection:
    return {
        "строка программы расходится": programme,
        "названные в программе люди расходятся": named,
        "очередь поручений расходится": queue,
    }


def _row(state: Programme, stands: Standstill, body: bytes) -> dict[str, Any]:
    seen = outline(state)
    return {
        "organisation": state.organisation,
        "municipality": state.municipality,
        "year": state.year,
        "roadmap": state.plan.roadmap,
        "status": state.status,
        "phase": state.current_phase.number,
        "version": state.version,
        "overdue": seen.overdue,
        "next_deadline": seen.next_deadline,
        "late_since": stands.late,
        "held_since": stands.held,
        "forms": f",{','.join(state.forms)},",
        "changes_at": seen.changes_at,
        "body": body.decode(),
    }


def _project_named(connection: Connection, programme: str, before: set[str], after: set[str]) -> None:
    if gone := before - after:
        here = (_NAMED.c.programme == programme) & _NAMED.c.person.in_(gone)
        connection.execute(delete(_NAMED).where(here))
    if added := after - before:
        connection.execute(insert(_NAMED), [{"person": one, "programme": programme} for one in sorted(added)])
