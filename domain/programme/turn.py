"""One turn of deciding on a programme."""

from __future__ import annotations

from datetime import datetime

from domain.plan import Plan
from domain.programme.events import Happened, ProgrammeEvent
from domain.programme.evolve import evolve
from domain.programme.state import Programme
from domain.turn import AnyTurn


class Turn(AnyTurn[Programme, Plan, ProgrammeEvent, Happened]):
    """Collects the events of a programme."""

    def step(self, event: ProgrammeEvent, at: datetime) -> tuple[Happened, Programme]:
        """What has happened, and the programme after it."""
        one = Happened(at=at, event=event)
        return one, evolve(self.state, one)
