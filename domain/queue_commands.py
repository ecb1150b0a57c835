"""What the hands of a stream report of an item that its journal has queued."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from domain.value import Value


class Redirect(Value):
    """Nobody stood behind the addressees `vacant`; the rung above, of that key, got the notice: its addressees `to`."""

    vacant: tuple[str, ...]
    rung: str
    to: tuple[str, ...]


class RecordSent(Value):
    """A queued notice reached its recipients (ids of persons and units); `bundled` read it in their digests.

    `instead_of`: recipients who stood in, with the persons who were away. `redirect`: why it went to somebody else.
    """

    type: Literal["RecordSent"] = "RecordSent"
    item: int
    to: tuple[str, ...]
    bundled: tuple[str, ...] = ()
    instead_of: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    redirect: Redirect | None = None


DropReason = Literal["untrue", "nobody", "opted_out"]
"""Its text would be untrue now; nobody stands behind its addressees; everybody who does has declined such letters."""


class RecordDropped(Value):
    """A queued notice was not sent."""

    type: Literal["RecordDropped"] = "RecordDropped"
    item: int
    reason: DropReason


class RecordDeferred(Value):
    """A queued item could not be carried out yet; try again at `retry_at`."""

    type: Literal["RecordDeferred"] = "RecordDeferred"
    item: int
    retry_at: datetime


class RetryItems(Value):
    """Try everything that waits for its next attempt at once; when nothing waits, nothing happens."""

    type: Literal["RetryItems"] = "RetryItems"


class RepeatNotice(Value):
    """Send a notice anew to the one recipient `only` whose letter did not arrive.

    `again`: its number, the version of the event that had queued it; `kind`, `steps`, `due` and `to` are what that
    event said.
    """

    type: Literal["RepeatNotice"] = "RepeatNotice"
    again: int
    kind: str
    steps: tuple[tuple[int, int], ...] = ()
    due: date | None = None
    to: tuple[str, ...]
    only: str
