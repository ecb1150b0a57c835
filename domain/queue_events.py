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
