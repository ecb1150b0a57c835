"""A row that says: this worker is alive."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import structlog
from sqlalchemy import Connection, Table, delete, func, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from activities.database import Database
from activities.recorder import Clock
from activities.tables import HeartbeatRow

EVERY = 5.0
FRESH = timedelta(seconds=15)
"""A worker whose row is older counts as dead."""

_TABLE: Table = HeartbeatRow.__table__  # type: ignore[attr-defined]
log = structlog.get_logger()


async def beat_heart(database: Database, process: str, build: str, clock: Clock) -> None:
    """Write the row every five seconds until cancelled; a database that does not answer is waited out."""

    def beat() -> None:
        with database.writing() as connection:
            write_beat(connection, process, build, clock)

    while True:
        try:
            await asyncio.to_thread(beat)
        except SQLAlchemyError as error:
            log.warning("heartbeat_failed", error=type(error).__name__)
        await asyncio.sleep(EVERY)


def write_beat(connection: Connection, process: str, build: str, clock: Clock) -> None:
    """One beat; rows of workers long gone are cleared away."""
    now = clock()
    connection.execute(delete(_TABLE).where(_TABLE.c.at < now - timedelta(hours=1)))
    if not connection.execute(update(_TABLE).where(_TABLE.c.process == process), {"build": build, "at": now}).rowcount:
        connection.execute(insert(_TABLE), {"process": process, "build": build, "at": now})


def builds_at_work(connection: Connection, clock: Clock) -> set[str]:
    """The builds of the workers that have beaten lately."""
    return set(connection.scalars(select(_TABLE.c.build).where(_TABLE.c.at > clock() - FRESH)))


def worker_alive(connection: Connection, clock: Clock) -> bool:
    """Whether any worker has beaten lately."""
    newest = connection.scalar(select(func.max(_TABLE.c.at)))
    return newest is not None and clock() - newest < FRESH
