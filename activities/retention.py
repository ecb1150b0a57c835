"""What is kept for a time only: stored answers to commands, for 30 days; files that nobody kept, for an hour."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Table, delete
from sqlalchemy.exc import SQLAlchemyError

from activities.database import Database
from activities.files.kept import release_unkept
from activities.files.store import FileStore, StoreAway
from activities.recorder import Clock, wall_clock
from activities.tables import CommandRow

KEPT = timedelta(days=30)
EVERY = timedelta(hours=1)

_COMMAND: Table = CommandRow.__table__  # type: ignore[attr-defined]
log = structlog.get_logger()


def forget_answers(database: Database, now: datetime) -> int:
    """Delete the answers whose time is over; how many there were."""
    with database.writing() as connection:
        return connection.execute(delete(_COMMAND).where(_COMMAND.c.at < now - KEPT)).rowcount


async def keep_tidy(database: Database, clock: Clock, store: FileStore) -> None:
    """Forget every hour, until cancelled. The store has a clock of its own, which is never shifted."""
    while True:
        try:
            await asyncio.to_thread(forget_answers, database, clock())
            await asyncio.to_thread(release_unkept, database, store, wall_clock())
        except (SQLAlchemyError, StoreAway) as error:
            log.warning("retention_failed", error=type(error).__name__)
        await asyncio.sleep(EVERY.total_seconds())
