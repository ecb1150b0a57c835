"""The audit of ordinary tables: who changed what, in the same transaction; ids grow in the order of commits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, text
from sqlmodel import SQLModel

from activities import tables

_AUDIT = SQLModel.metadata.tables[str(tables.AuditRow.__tablename__)]
_LOCK = 0x6469726563  # "direc": the key of PostgreSQL's advisory lock
_SECRET = frozenset({"hash"})
LATEST = select(func.max(_AUDIT.c.id))


def one_at_a_time(connection: Connection) -> None:
    """Wait until nobody else changes the directory; held to the end of the transaction.

    A tree cannot be checked while it changes, and `latest` may not skip a change that commits later.
    """
    if connection.dialect.name == "postgresql":  # SQLite knows one writer at a time anyway
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def note(
    connection: Connection,
    subject: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    by: str,
    at: datetime,
) -> None:
    """Write down one change of `subject` (`unit:…`, `person:…`, `role:…`, `token:…`)."""
    one_at_a_time(connection)
    action = "created" if before is None else "changed" if after is not None else "removed"
    row = {"at": at, "by": by, "subject": subject, "action": action, "before": _json(before), "after": _json(after)}
    connection.execute(insert(_AUDIT), row)


def latest(connection: Connection) -> int:
    """A number that grows with every change of the directory."""
    return connection.scalar(LATEST) or 0


def subjects_since(connection: Connection, stamp: int, prefix: str) -> set[str]:
    """What changed after `latest` gave `stamp`, of the subjects that begin with `prefix`."""
    later = (_AUDIT.c.id > stamp) & _AUDIT.c.subject.startswith(prefix, autoescape=True)
    return set(connection.scalars(select(_AUDIT.c.subject).where(later)))


def _json(row: Mapping[str, Any] | None) -> str | None:
    if row is None:
        return None
    return json.dumps({key: row[key] for key in row if key not in _SECRET}, ensure_ascii=False, default=str)
