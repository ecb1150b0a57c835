"""What became of an item that a journal has queued."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from domain.queue_commands import DropReason
from domain.value import Value


class NoticeRedirected(Value):
    """Nobody stood behind the addressees `vacant`; the rung of the key `rung` gets the notice, its addressees `to`."""

    type: Literal["NoticeRedirected"] = "NoticeRedirected"
    item: int
    vacant: tuple[str, ...]
    rung: str
    to: tuple[str, ...]


class NoticeSent(Value):
    """A notice went out: `to` got a letter, `bundled` read of it in the digest of their working day.

    `instead_of`: recipients who stood in, each with the persons who were away.
    """

    type: Literal["NoticeSent"] = "NoticeSent"
    item: int
    to: tuple[str, ...]
    bundled: tuple[str, ...] = ()
    instead_of: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class NoticeDropped(Value):
    type: Literal["NoticeDropped"] = "NoticeDropped"
    item: int
    reason: DropReason


class ItemDeferred(Value):
    type: Literal["ItemDeferred"] = "ItemDeferred"
    item: int
    retry_at: datetime


class RetryAsked(Value):
    """Somebody does not want to wait: the items are to be tried at once."""

    type: Literal["RetryAsked"] = "RetryAsked"
    items: tuple[int, ...]


class Repeated(Value):
    """What a queued notice says when it goes out anew: the number of the first one, and the only one who gets it."""

    again: int | None = None
    only: str | None = None
