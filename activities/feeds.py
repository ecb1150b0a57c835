"""Calendar feeds: one secret address for each person, given out once in clear, kept as SHA-256."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update
from sqlmodel import SQLModel

from activities import audit, tables
from activities.people import find_person
from activities.tables import FeedRow
from domain.refusal import Refusal

_FEED = SQLModel.metadata.tables[str(tables.FeedRow.__tablename__)]


def give_feed(connection: Connection, person: str, by: str, at: datetime) -> tuple[FeedRow, str] | Refusal:
    """A new secret for a person's calendar, which nobody can read again; the one before it ends."""
    audit.one_at_a_time(connection)
    if find_person(connection, person) is None:
        return Refusal(code="person_unseen", facts={"person": person})
    clear = secrets.token_urlsafe(32)
    before = _row(connection, person)
    row = FeedRow(person=person, hash=_hash(clear), created_at=at)
    if before is None:
        connection.execute(insert(_FEED), row.model_dump())
    else:
        connection.execute(update(_FEED).where(_FEED.c.person == person), row.model_dump())
    audit.note(connection, f"feed:{person}", before.model_dump() if before else None, row.model_dump(), by, at)
    return row, clear


def end_feed(connection: Connection, person: str, by: str, at: datetime) -> None:
    """Revoke the secret of a person's calendar; where there is none, nothing changes."""
    audit.one_at_a_time(connection)
    if (before := _row(connection, person)) is not None:
        connection.execute(delete(_FEED).where(_FEED.c.person == person))
        audit.note(connection, f"feed:{person}", before.model_dump(), None, by, at)


def person_behind(connection: Connection, clear: str) -> str | None:
    """Whose calendar a secret opens, `None` for an unknown or revoked one. One indexed look-up."""
    found: str | None = connection.scalar(select(_FEED.c.person).where(_FEED.c.hash == _hash(clear)))
    return found


def _row(connection: Connection, person: str) -> FeedRow | None:
    row = connection.execute(select(_FEED).where(_FEED.c.person == person)).mappings().first()
    return FeedRow(**row) if row else None


def _hash(clear: str) -> str:
    return hashlib.sha256(clear.encode()).hexdigest()
