"""The activity of the digests' workflow."""

from __future__ import annotations

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.digests import Digests
from activities.recorder import Clock


class DigestHands:
    """Sends the digests of a zone; what day it is says the engine's clock, not the one that woke the workflow."""

    def __init__(self, digests: Digests, clock: Clock) -> None:
        self._digests, self._clock = digests, clock

    @activity.defn(name="send_digests", no_thread_cancel_exception=True)
    def send_digests(self, zone: str) -> int:
        """How many there are; fails, to be tried again, while some letter has to wait."""
        outcome = self._digests.send(zone, self._clock(), activity.heartbeat)
        if outcome is not None and outcome.deferred:
            raise ApplicationError("почтовый сервер просит подождать", type="deferred")
        return outcome.letters if outcome else 0
