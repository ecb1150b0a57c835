"""What the database knows of the machine: who beats, and which letters the mail server has postponed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, select

from activities.deliveries import DIGESTS
from activities.tables import DeliveryRow, QueueRow
from domain.diagnosis.facts import Letters, Trouble

AWAY = ("0 ", "421 ")
"""What an error begins with when no server has answered; see `activities.mail.MailDeferred`."""

_DELIVERY: Table = DeliveryRow.__table__  # type: ignore[attr-defined]
_QUEUE: Table = QueueRow.__table__  # type: ignore[attr-defined]
_A_DAY = timedelta(days=1)

_FULL = ("disk is full", "No space left on device", "disk I/O error")


def trouble_of(error: Exception, since: datetime) -> Trouble:
    """An outage of the database, by what it said; without the statement and its figures."""
    said = str(getattr(error, "orig", None) or error)
    return Trouble(since, f"{type(error).__name__}: {said}", any(word in said for word in _FULL))


def postponed(connection: Connection, now: datetime) -> Letters:
    """All letters that a mail server has postponed, with the digests of the last day."""
    return _letters([*connection.execute(_queued()), *connection.execute(_digests(now))])


def postponed_of(connection: Connection, stream: str) -> Letters:
    """Those of one stream."""
    return _letters(connection.execute(_queued().where(_QUEUE.c.stream == stream)).all())


def postponed_by_stream(connection: Connection) -> dict[str, Letters]:
    """Those of every stream that has any."""
    found: dict[str, list[Row[Any]]] = {}
    for row in connection.execute(_queued()):
        found.setdefault(row.stream, []).append(row)
    return {stream: _letters(rows) for stream, rows in found.items()}


def _queued() -> Select[Any]:
    """Held for the night is another status: a server has said nothing then."""
    here = (_DELIVERY.c.stream == _QUEUE.c.stream) & (_DELIVERY.c.number == _QUEUE.c.number)
    query = select(
        _QUEUE.c.stream, _QUEUE.c.queued_at, _QUEUE.c.retry_at, _QUEUE.c.deferred.label("attempts"), _DELIVERY.c.error
    )
    return query.join(_DELIVERY, here).where(_QUEUE.c.deferred > 0, _DELIVERY.c.status == "deferred")


def _digests(now: datetime) -> Select[Any]:
    nothing = _DELIVERY.c.bounced_at
    query = select(
        _DELIVERY.c.at.label("queued_at"),
        nothing.label("retry_at"),
        _DELIVERY.c.handovers.label("attempts"),
        _DELIVERY.c.error,
    )
    late = (_DELIVERY.c.at > now - _A_DAY) & (_DELIVERY.c.status == "deferred")
    return query.where(late, _DELIVERY.c.stream.startswith(DIGESTS, autoescape=True))


def _letters(rows: Sequence[Row[Any]]) -> Letters:
    if not rows:
        return Letters()
    said = [row.error for row in rows if row.error]
    silent = [one for one in said if one.startswith(AWAY)]
    return Letters(
        waiting=len(rows),
        since=min(row.queued_at for row in rows),
        next=min((row.retry_at for row in rows if row.retry_at), default=None),
        attempts=max(row.attempts for row in rows),
        error=next(iter(silent or said), "").removeprefix("0 ") or None,
        away=bool(silent),
    )
