"""Roles that nobody holds although letters go to them: an incident each, until somebody is appointed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, select, tuple_

from activities.deliveries import ROLE, Delivery
from activities.event_rows import content
from activities.programmes import ProgrammeStreams
from activities.recipients import RecipientBook, people_of
from activities.respondents import resolve
from activities.staff import Staff
from activities.submission_notice import SUBMISSIONS
from activities.tables import DeliveryRow, EventRow, SnapshotRow
from domain.plan import local_day
from domain.programme.state import Programme
from domain.submission.state import Submission
from domain.units import UnitTree

_DELIVERY: Table = DeliveryRow.__table__  # type: ignore[attr-defined]
_EVENT: Table = EventRow.__table__  # type: ignore[attr-defined]
_SNAPSHOT: Table = SnapshotRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Vacancy:
    """The letters that an addressee of the ladder should have got at a unit, had there been anybody."""

    unit: str
    addressee: str
    since: datetime
    lost: tuple[str, ...]
    last: Delivery

    @property
    def id(self) -> str:
        """The same as long as nobody is there."""
        return f"vacancy:{self.unit}:{self.addressee}"


def open_vacancies(
    connection: Connection,
    streams: ProgrammeStreams,
    tree: UnitTree,
    now: datetime,
    scope: ColumnElement[bool] | None = None,
) -> list[Vacancy]:
    """Every addressee that still nobody is, among the letters of `scope`; the newest first."""
    query = select(_DELIVERY).where(_DELIVERY.c.status == "vacant", _DELIVERY.c.closed_at.is_(None))
    rows = connection.execute((query if scope is None else query.where(scope)).order_by(_DELIVERY.c.at)).mappings()
    lost: dict[tuple[str, str], list[Delivery]] = {}
    for row in rows:
        lost.setdefault((row["unit"], row["recipient"].removeprefix(ROLE)), []).append(Delivery(**row))
    if not lost:
        return []
    empty = _Empty.load(connection, streams, tree, [letters[-1] for letters in lost.values()], now)
    found = [
        Vacancy(unit, to, letters[0].at, tuple(one.message_id for one in letters), letters[-1])
        for (unit, to), letters in lost.items()
        if empty.still(letters[-1], to)
    ]
    return sorted(found, key=lambda one: (one.last.at, one.id), reverse=True)


@dataclass(frozen=True)
class _Empty:
    """Whether nobody stands behind an addressee today; programmes and people are read once for all of them."""

    streams: ProgrammeStreams
    programmes: Mapping[str, Programme]
    submissions: Mapping[str, Submission]
    steps: Mapping[tuple[str, int], int]
    book: RecipientBook
    now: datetime

    @classmethod
    def load(
        cls,
        connection: Connection,
        streams: ProgrammeStreams,
        tree: UnitTree,
        letters: Sequence[Delivery],
        now: datetime,
    ) -> _Empty:
        here = {letter.stream for letter in letters if letter.stream.startswith(streams.prefix)}
        programmes = {stream: streams.parse_state(state) for stream, state in _states(connection, here)}
        owed = {letter.stream for letter in letters if letter.stream.startswith(SUBMISSIONS)}
        submissions = {one: Submission.model_validate_json(state) for one, state in _states(connection, owed)}
        named = {person for programme in programmes.values() for person in people_of(programme)}
        book = RecipientBook(tree, Staff.load(connection, tree.units, named))
        return cls(streams, programmes, submissions, _steps(connection, letters), book, now)

    def still(self, letter: Delivery, addressee: str) -> bool:
        if submission := self.submissions.get(letter.stream):
            day = local_day(self.now, submission.zone)
            return not submission.closed and bool(resolve(self.book, submission, (addressee,), day).unresolved)
        programme = self.programmes.get(letter.stream)
        if programme is None or not programme.active:
            return False
        day, step = local_day(self.now, programme.zone), self.steps.get((letter.stream, letter.number))
        plan = self.streams.plan(programme)
        return bool(self.book.resolve(programme, plan, step, (addressee,), day).unresolved)


def _states(connection: Connection, streams: Collection[str]) -> list[tuple[str, str]]:
    query = select(_SNAPSHOT.c.stream, _SNAPSHOT.c.state).where(_SNAPSHOT.c.stream.in_(streams))
    return [(row.stream, row.state) for row in connection.execute(query)]


def _steps(connection: Connection, letters: Sequence[Delivery]) -> dict[tuple[str, int], int]:
    """By stream and number, the step that a notice spoke of first: who is responsible is another one for each."""
    mine = tuple_(_EVENT.c.stream, _EVENT.c.version).in_([(one.stream, one.number) for one in letters])
    found = connection.execute(select(_EVENT.c.stream, _EVENT.c.version, _EVENT.c.type, _EVENT.c.data).where(mine))
    told = {(row.stream, row.version): content(row.stream, row.type, row.data) for row in found}
    return {notice: steps[0][0] for notice, one in told.items() if (steps := one.get("steps"))}
