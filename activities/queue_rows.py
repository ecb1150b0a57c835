"""What the journal has queued, as rows: the reconciler and the operators look there for what stands still."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Table, bindparam, delete, insert, select, update

from activities.tables import QueueRow

_QUEUE: Table = QueueRow.__table__  # type: ignore[attr-defined]
_ADD = insert(_QUEUE)
_CHANGE = update(_QUEUE).where(_QUEUE.c.stream == bindparam("here"), _QUEUE.c.number == bindparam("item"))
_REMOVE = delete(_QUEUE).where(_QUEUE.c.stream == bindparam("here"), _QUEUE.c.number == bindparam("item"))


class Queued(Protocol):
    """An item as every kind of stream has it; `number` is the version of the event that queued it."""

    @property
    def number(self) -> int: ...

    @property
    def kind(self) -> str: ...

    @property
    def queued_at(self) -> datetime: ...

    @property
    def retry_at(self) -> datetime | None: ...

    @property
    def deferred(self) -> int: ...


One = TypeVar("One", bound=Queued)


def ready(items: Mapping[int, One], now: datetime) -> list[One]:
    """What is queued and may be carried out by now."""
    return [item for item in items.values() if item.retry_at is None or item.retry_at <= now]


def row_of(stream: str, item: Queued) -> dict[str, Any]:
    """The row of an item."""
    return {
        "stream": stream,
        "number": item.number,
        "kind": item.kind,
        "queued_at": item.queued_at,
        "retry_at": item.retry_at,
        "deferred": item.deferred,
    }


def rows_of(stream: str, items: Mapping[int, Queued]) -> list[dict[str, Any]]:
    """The rows of all items, in order."""
    return [row_of(stream, items[number]) for number in sorted(items)]


def project_queue(connection: Connection, stream: str, before: Mapping[int, One], after: Mapping[int, One]) -> None:
    """Bring the rows of a stream from one state to the next."""
    gone = [{"here": stream, "item": number} for number in before if number not in after]
    if gone:
        connection.execute(_REMOVE, gone)
    added = [row_of(stream, item) for item in after.values() if item.number not in before]
    if added:
        connection.execute(_ADD, added)
    for item in after.values():
        if item.number in before and item != before[item.number]:
            change = {"here": stream, "item": item.number, "retry_at": item.retry_at, "deferred": item.deferred}
            connection.execute(_CHANGE, change)


def read_queue(connection: Connection, stream: str) -> list[dict[str, Any]]:
    """The rows of a stream, in order."""
    query = select(_QUEUE).where(_QUEUE.c.stream == stream).order_by(_QUEUE.c.number)
    return [dict(item) for item in connection.execute(query).mappings()]


def queued_streams(connection: Connection, prefix: str) -> Sequence[str]:
    """The streams of a kind that have something queued."""
    return connection.scalars(select(_QUEUE.c.stream).where(_of(prefix)).distinct()).all()


def erase_queue(connection: Connection, prefix: str) -> None:
    """Empty the queue of a kind of stream."""
    connection.execute(delete(_QUEUE).where(_of(prefix)))


def _of(prefix: str) -> Any:
    return _QUEUE.c.stream.startswith(prefix, autoescape=True)
