"""A journal that was restored from a copy: what it still has to send may have been sent in the time that was lost."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select
from sqlmodel import SQLModel

from activities import audit, tables
from activities.database import Database

SUBJECT = "journal:restored"

_AUDIT = SQLModel.metadata.tables[str(tables.AuditRow.__tablename__)]
_STORED = SQLModel.metadata.tables[str(tables.StoredFileRow.__tablename__)]


def mark_restored(database: Database, now: datetime, copied_at: datetime | None) -> datetime | None:
    """Write down that the journal is as of an earlier moment: when the last event in it was recorded."""
    event = SQLModel.metadata.tables[str(tables.EventRow.__tablename__)]
    with database.writing() as connection:
        last: datetime | None = connection.scalar(select(func.max(event.c.recorded_at)))
        audit.note(connection, SUBJECT, {"copied_at": copied_at, "last_event": last}, {"at": now}, "cli", now)
    return last


def restored_at(connection: Connection) -> datetime | None:
    """When the journal was restored last; a letter of before it that has not gone out may have gone out."""
    at: datetime | None = connection.scalar(select(func.max(_AUDIT.c.at)).where(_AUDIT.c.subject == SUBJECT))
    return at


def files_spoken_of(connection: Connection) -> set[str]:
    """The SHA-256 of every file that the database counts on."""
    return set(connection.scalars(select(_STORED.c.sha256)))
