"""One turn of deciding: the events so far and the state they lead to."""

from __future__ import annotations

from datetime import date, datetime

from domain.plan import Plan, local_day
from domain.programme.events import Happened, ProgrammeEvent
from domain.programme.evolve import evolve
from domain.programme.state import Programme


class Turn:
    """Collects events; `state` already includes them. Lives for one call of `decide`."""

    def __init__(self, state: Programme, plan: Plan, at: datetime) -> None:
        self.state, self.plan, self.at = state, plan, at
        self.happened: list[Happened] = []

    @property
    def today(self) -> date:
        """The local day of the organisation."""
        return local_day(self.at, self.state.zone)

    def emit(self, event: ProgrammeEvent, at: datetime | None = None) -> None:
        """Add an event that belongs to `at` (default: the moment of the command)."""
        one = Happened(at=at or self.at, event=event)
        self.state = evolve(self.state, one)
        self.happened.append(one)
