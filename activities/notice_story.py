"""What the journal tells about the background of a notice: what was sent before, what moved a date, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, select
from sqlmodel import SQLModel

from activities import tables
from activities.event_rows import typed
from activities.texts import read_texts
from domain.programme import events as e
from domain.programme.state import Item
from domain.value import Value

E = TypeVar("E")
Deadlines = Collection[tuple[int, int]]
"""Steps with their occurrences."""

_Row = tuple[int, datetime, dict[str, Any]]

_EVENT = SQLModel.metadata.tables[str(tables.EventRow.__tablename__)]

_TOLD_BY: Mapping[str, tuple[type[Value], ...]] = {
    "escalation": (e.NoticeQueued, e.NoticeSent),
    "moved": (e.DeadlineMoved,),
    "adopted": (e.VersionsAdopted,),
    "appointed": (e.PersonAppointed,),
    "paused": (e.ProgrammePaused,),
    "resumed": (e.ProgrammePaused, e.ProgrammeResumed),
    "ended": (e.ProgrammeClosed, e.ProgrammeCancelled),
}
"""The types of events that a notice of each kind speaks of."""


class Told(NamedTuple):
    """One event of the stream with its place and moment."""

    version: int
    at: datetime
    event: e.ProgrammeEvent


class Sent(NamedTuple):
    """An earlier notice about the same deadline: when it went out, its kind, its addressees, who got it, its number."""

    at: datetime
    kind: str
    addressees: tuple[str, ...]
    to: tuple[str, ...]
    item: int


@dataclass(frozen=True)
class Story:
    """The events that matter for one notice, oldest first, and the free texts they refer to."""

    told: Sequence[Told] = ()
    texts: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def started(self) -> int:
        """Version at which the present run of the programme began; 0 when it is not known."""
        return max((one.version for one in self.told if isinstance(one.event, e.ProgrammeStarted)), default=0)

    def last(self, kind: type[E], before: int) -> E | None:
        """The last event of a type before a version."""
        found = [one.event for one in self.told if isinstance(one.event, kind) and one.version < before]
        return found[-1] if found else None

    def moved(self, step: int, occurrence: int, before: int) -> e.DeadlineMoved | None:
        """The last move of a deadline before a version."""
        found = None
        for one in self.told:
            event = one.event
            if isinstance(event, e.DeadlineMoved) and (event.step, event.occurrence) == (step, occurrence):
                found = event if one.version < before else found
        return found

    def sent_about(self, step: int, occurrence: int) -> Iterator[Sent]:
        """Every notice of this run about a deadline that reached somebody."""
        queued: dict[int, e.NoticeQueued] = {}
        for one in self.told:
            if isinstance(one.event, e.NoticeQueued) and one.version > self.started:
                queued[one.version] = one.event
            if isinstance(one.event, e.NoticeSent) and one.event.item in queued:
                notice = queued[one.event.item]
                to = (*one.event.to, *one.event.bundled)
                if (step, occurrence) in notice.steps and to:
                    yield Sent(one.at, notice.kind, notice.to, to, one.event.item)

    def moves(self, after: datetime) -> Iterator[e.DeadlineMoved]:
        """The deadlines that moved after an instant, each with where it moved from first."""
        found: dict[tuple[int, int], e.DeadlineMoved] = {}
        for one in self.told:
            if isinstance(one.event, e.DeadlineMoved) and one.version > self.started and one.at > after:
                found.setdefault((one.event.step, one.event.occurrence), one.event)
        yield from found.values()

    @property
    def recipients(self) -> tuple[str, ...]:
        """Ids of everybody who got a notice, as far as the story goes."""
        return tuple(
            to for one in self.told if isinstance(one.event, e.NoticeSent) for to in one.event.to + one.event.bundled
        )

    def text(self, ref: str | None) -> str | None:
        """A free text, `None` when there is none or it was erased."""
        return self.texts.get(ref) if ref else None


def read_story(connection: Connection, stream: str, item: Item) -> Story:
    """Read what a queued notice needs from the journal."""
    told = _read(connection, stream, _TOLD_BY.get(item.notice or "", ()), item.steps)
    texts = read_texts(connection, stream) if any(_ref(one.event) for one in told) else {}
    return Story(told, texts)


def read_sent(connection: Connection, stream: str) -> Story:
    """Read what a stream has sent so far, and which deadlines moved."""
    return Story(_read(connection, stream, (e.NoticeQueued, e.NoticeSent, e.DeadlineMoved)))


def streams_with_moves(connection: Connection, after: datetime) -> set[str]:
    """The streams in which a deadline moved after the instant."""
    moved = (_EVENT.c.type == e.DeadlineMoved.__name__) & (_EVENT.c.at > after)
    return set(connection.scalars(select(_EVENT.c.stream).where(moved).distinct()))


def _read(
    connection: Connection, stream: str, wanted: tuple[type[Value], ...], about: Deadlines | None = None
) -> list[Told]:
    """Events of some types; of the notices only those that speak of a deadline in `about`, if it is given."""
    kinds = [e.ProgrammeStarted.__name__, *(kind.__name__ for kind in wanted)]
    query = select(_EVENT.c.version, _EVENT.c.at, _EVENT.c.type, _EVENT.c.data)
    query = query.where(_EVENT.c.stream == stream, _EVENT.c.type.in_(kinds)).order_by(_EVENT.c.version)
    found = connection.execute(query)
    rows = ((version, at, typed(stream, kind, data)) for version, at, kind, data in found)
    kept = rows if about is None else _notices_about(about, rows)
    return [Told(version, at, e.PROGRAMME_EVENT.validate_python(data)) for version, at, data in kept]


def _notices_about(about: Deadlines, rows: Iterable[_Row]) -> Iterator[_Row]:
    """Everything but notices of other deadlines; a year sends hundreds, and to validate them all takes its time."""
    queued: set[int] = set()
    for version, at, data in rows:
        if data["type"] == "NoticeQueued":
            if not any(tuple(step) in about for step in data.get("steps", ())):
                continue
            queued.add(version)
        if data["type"] != "NoticeSent" or data["item"] in queued:
            yield version, at, data


def _ref(event: e.ProgrammeEvent) -> str | None:
    return getattr(event, "reason", None)
