"""Going over to another calendar in a stream without a roadmap: a campaign or a submission."""

from __future__ import annotations

from typing import Literal

from domain.orders import Order
from domain.plan import TimetableRef
from domain.refusal import Refusal
from domain.value import TextRef, Value


class AdoptCalendar(Value):
    """Go on by another frozen calendar: the decree on days off came out after the opening. `was`: the one that whoever
    asked has seen.
    """

    type: Literal["AdoptCalendar"] = "AdoptCalendar"
    calendar: str
    was: str
    reason: TextRef
    order: Order | None = None


def calendar_refused(now: TimetableRef, command: AdoptCalendar) -> Refusal | None:
    """Why a stream that runs by `now` does not go over to it."""
    if command.was != now.calendar:
        return Refusal(code="calendar_changed")
    return Refusal(code="calendar_unchanged") if command.calendar == now.calendar else None
