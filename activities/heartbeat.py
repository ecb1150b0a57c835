"""Rows that say: this process is alive. Whoever reads them again sees who lives, whatever the clocks say."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any, Literal

import structlog
from sqlalchemy import Connection, Row, Table, delete, func, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from activities.database import Database
from activities.recorder import Clock
from activities.tables import HeartbeatRow
from domain.diagnosis.facts import Process

EVERY = 5.0
FRESH = timedelta(seconds=15)
"""A process whose row is older counts as dead, unless it goes on beating."""

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
    """One beat; rows of processes long gone are cleared away."""
    now = clock()
    row = {"kind": heart.kind, "build": heart.build, "at": now, "beats": heart.beats, "free": free_bytes(heart.home)}
    connection.execute(delete(_TABLE).where(_TABLE.c.at < now - timedelta(hours=1), _TABLE.c.process != heart.process))
    if not connection.execute(update(_TABLE).where(_TABLE.c.process == heart.process), row).rowcount:
        connection.execute(insert(_TABLE), {"process": heart.process, **row})


def free_bytes(folder: Path | None) -> int | None:
    """How much room is left on the disk of a folder; `None` where nobody can tell."""
    try:
        return shutil.disk_usage(folder).free if folder is not None else None
    except OSError:
        return None


def builds_at_work(connection: Connection, clock: Clock) -> set[str]:
    """The builds of the workers that have beaten lately."""
    return set(
        connection.scalars(select(_TABLE.c.build).where(_TABLE.c.kind == "worker", _TABLE.c.at > clock() - FRESH))
    )


def worker_alive(connection: Connection, clock: Clock) -> bool:
    """Whether any worker has beaten lately."""
    newest = connection.scalar(select(func.max(_TABLE.c.at)).where(_TABLE.c.kind == "worker"))
    return newest is not None and clock() - newest < FRESH


@dataclass(frozen=True)
class _Glance:
    """The last beat that was seen: `moved`, when that was, by a clock that nobody sets."""

    beats: int
    moved: float | None
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
        self._seen = {row.process: self._glance(row, now, moment) for row in rows}
        return tuple(_process(row, self._seen[row.process], now, moment) for row in rows)

    def _glance(self, row: Row[Any], now: datetime, moment: float) -> _Glance:
        last = self._seen.get(row.process)
        if last is None or last.beats == row.beats:
            return last or _Glance(row.beats, None)
        return _Glance(row.beats, moment, row.at - now)


def _process(row: Row[Any], glance: _Glance, now: datetime, moment: float) -> Process:
    fresh = abs(now - row.at) < FRESH if glance.moved is None else moment - glance.moved < FRESH.total_seconds()
    return Process(row.process, row.kind, row.build, row.at, fresh, glance.off, row.free)
