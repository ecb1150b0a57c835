"""One turn of deciding, for every kind of stream: the events so far and the state they lead to."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import date, datetime
from typing import Generic, Protocol, TypeVar

from domain.plan import Timetable, local_day


class Zoned(Protocol):
    """A state that knows where it is."""

    @property
    def zone(self) -> str:
        """IANA name of the zone."""


S = TypeVar("S", bound=Zoned)
P = TypeVar("P", bound=Timetable)
E = TypeVar("E")
H = TypeVar("H")


class AnyTurn(ABC, Generic[S, P, E, H]):
    """Collects events; `state` already includes them. Lives for one call of `decide`."""

    def __init__(self, state: S, plan: P, at: datetime) -> None:
        self.state, self.plan, self.at = state, plan, at
        self.happened: list[H] = []

    @property
    def today(self) -> date:
        """The local day."""
        return local_day(self.at, self.state.zone)

    def emit(self, event: E, at: datetime | None = None) -> None:
        """Add an event that belongs to `at` (default: the moment of the command)."""
        one, self.state = self.step(event, at or self.at)
        self.happened.append(one)

    @abstractmethod
    def step(self, event: E, at: datetime) -> tuple[H, S]:
        """What has happened, and the state after it."""
