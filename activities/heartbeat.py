"""Rows that say: this process is alive. Whoever reads them again sees who lives, whatever the clocks say."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any, Literal

import structlog
from sqlalchemy import Connection, Row, Table, delete, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from activities.database import Database
from activities.recorder import Clock
from activities.tables import HeartbeatRow
from domain.diagnosis.facts import Process

EVERY = 5.0
FRESH = timedelta(seconds=15)
"""A process whose row is older counts as dead, unless it goes on beating."""

LONG_GONE = timedelta(hours=1)
"""A row that has not moved for so long is cleared away."""

Kind = Literal["worker", "api"]

_TABLE: Table = HeartbeatRow.__table__  # type: ignore[attr-defined]
log = structlog.get_logger()


@dataclass(frozen=True)
class Heart:
    """Whose heart it is; `home`: the folder whose disk it watches."""

    kind: Kind
    process: str
    build: str
    home: Path | None = None
    beats: int = 0

    @property
    def next(self) -> Heart:
        """The same, one beat later."""
        return replace(self, beats=self.beats + 1)


async def beat_heart(database: Database, heart: Heart, clock: Clock) -> None:
    """Write the row every five seconds until cancelled; a database that does not answer is waited out."""

    def beat(now: Heart) -> None:
        with database.writing() as connection:
            write_beat(connection, now, clock)

    while True:
        heart = heart.next
        try:
            await asyncio.to_thread(beat, heart)
        except SQLAlchemyError as error:
            log.warning("heartbeat_failed", error=type(error).__name__)
        await asyncio.sleep(EVERY)


def write_beat(connection: Connection, heart: Heart, clock: Clock) -> None:
    """One beat."""
    row = {
        "kind": heart.kind, "build": heart.build, "at": clock(), "beats": heart.beats, "free": free_bytes(heart.home),
    }  # fmt: skip
    if not connection.execute(update(_TABLE).where(_TABLE.c.process == heart.process), row).rowcount:
        connection.execute(insert(_TABLE), {"process": heart.process, **row})


def free_bytes(folder: Path | None) -> int | None:
    """How much room is left on the disk of a folder; `None` where nobody can tell."""
    try:
        return shutil.disk_usage(folder).free if folder is not None else None
    except OSError:
        return None


def clear_away(connection: Connection, processes: Collection[str]) -> None:
    """Forget processes; one that lives after all writes its row anew."""
    if processes:
        connection.execute(delete(_TABLE).where(_TABLE.c.process.in_(processes)))


def workers_of(processes: Iterable[Process]) -> tuple[Process, ...]:
    """The workers among them that live."""
    return tuple(one for one in processes if one.kind == "worker" and one.alive)


@dataclass(frozen=True)
class _Glance:
    """The last beat that was seen, and `first`, when, by a clock that nobody sets; `moved`: seen to come."""

    beats: int
    first: float
    moved: bool = False
    off: timedelta | None = None


class Pulse:
    """Remembers the beats that it has seen: a row that goes on beating lives, also when its clock is wrong."""

    def __init__(self) -> None:
        self._seen: dict[str, _Glance] = {}
        self._looked = 0.0

    def feel(self, connection: Connection, now: datetime) -> tuple[Process, ...]:
        """Every process with a row; how far its clock is off is known from the second beat on."""
        rows = connection.execute(select(_TABLE).order_by(_TABLE.c.process)).all()
        moment = monotonic()
        if moment - self._looked > FRESH.total_seconds():
            self._seen = {}  # whoever has not looked for long does not know when a beat was
        self._looked = moment
        seen = {row.process: self._glance(row, now, moment) for row in rows}
        self._seen = seen
        return tuple(_process(row, seen[row.process], now, moment) for row in rows)

    @property
    def long_gone(self) -> list[str]:
        """Processes whose hearts have not beaten for an hour, as it was seen: their own clocks may say anything."""
        latest = self._looked - LONG_GONE.total_seconds()
        return [process for process, glance in self._seen.items() if glance.first < latest]

    def _glance(self, row: Row[Any], now: datetime, moment: float) -> _Glance:
        last = self._seen.get(row.process)
        if last is None or last.beats == row.beats:
            return last or _Glance(row.beats, moment)
        return _Glance(row.beats, moment, True, row.at - now)


def _process(row: Row[Any], glance: _Glance, now: datetime, moment: float) -> Process:
    fresh = moment - glance.first < FRESH.total_seconds() if glance.moved else abs(now - row.at) < FRESH
    return Process(row.process, row.kind, row.build, row.at, fresh, glance.off, row.free)
