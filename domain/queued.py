"""What a stream has queued for its workflow to carry out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TypeVar

from domain.value import Value


class Queued(Value):
    """Something queued that the workflow has to carry out; its number is the version of the event that queued it."""

    number: int
    kind: str
    queued_at: datetime
    retry_at: datetime | None = None
    deferred: int = 0
    notice: str | None = None
    rung: str | None = None
    due: date | None = None
    to: tuple[str, ...] = ()
    only: str | None = None
    """The one recipient who gets it: the others got it before."""


Q = TypeVar("Q", bound=Queued)


def without(items: Mapping[int, Q], number: int) -> dict[int, Q]:
    """The queue after an item was carried out or dropped. Raises ValueError when it is not queued."""
    if number not in items:
        raise ValueError(f"item {number} is not queued")
    return {key: item for key, item in items.items() if key != number}


def deferred(items: Mapping[int, Q], number: int, retry_at: datetime) -> dict[int, Q]:
    """The queue after an attempt that failed."""
    item = items[number]
    return {**items, number: item.model_copy(update={"retry_at": retry_at, "deferred": item.deferred + 1})}


def at_once(items: Mapping[int, Q], numbers: Iterable[int]) -> dict[int, Q]:
    """The queue when these items wait no longer."""
    return {**items, **{number: items[number].model_copy(update={"retry_at": None}) for number in numbers}}


def next_attempt(items: Iterable[Queued], after: datetime | None) -> datetime | None:
    """When the next item that waits beyond `after` is to be tried again."""
    moments = [item.retry_at for item in items if item.retry_at is not None]
    return min((at for at in moments if after is None or at > after), default=None)
