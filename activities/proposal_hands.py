"""The activity of the yearly proposal."""

from __future__ import annotations

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.proposals import Proposals
from activities.recorder import Clock


class ProposalHands:
    """Proposes the next round; what day it is says the engine's clock, not the one that woke the workflow."""

    def __init__(self, proposals: Proposals, clock: Clock) -> None:
        self._proposals, self._clock = proposals, clock

    @activity.defn(name="propose_campaign", no_thread_cancel_exception=True)
    def propose_campaign(self) -> int:
        """How many letters there are; fails, to be tried again, while some letter has to wait."""
        outcome = self._proposals.send(self._clock())
        if outcome is not None and outcome.deferred:
            raise ApplicationError("почтовый сервер просит подождать", type="deferred")
        return outcome.letters if outcome else 0
