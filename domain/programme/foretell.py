"""What a year will bring when people act in it as planned: its agenda, from one act to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple

from domain.plan import Plan
from domain.programme.agenda import AgendaItem, agenda
from domain.programme.commands import ProgrammeCommand
from domain.programme.decide import after_time
from domain.programme.evolve import fold
from domain.programme.state import Programme
from domain.refusal import Refusal


class Deed(NamedTuple):
    """What somebody will do at an instant; the command may depend on where the programme stands then.

    `place`: where the deed was asked for, the pointer of its refusal.
    """

    at: datetime
    command: Callable[[Programme], ProgrammeCommand]
    place: str


class Stretch(NamedTuple):
    """The time up to a deed: where the programme stands, and what the clock brings meanwhile."""

    state: Programme
    items: list[AgendaItem]


def foretell(state: Programme, plan: Plan, deeds: Iterable[Deed]) -> list[Stretch] | Refusal:
    """The stretches of a year, the last one to its end. What falls on the instant of a deed comes before it.

    The first deed that the rules refuse is the answer.
    """
    stretches: list[Stretch] = []
    for deed in deeds:
        items = [item for item in agenda(state, plan) if item.at <= deed.at]
        stretches.append(Stretch(state, items))
        decision = after_time(state, deed.command(state), plan, deed.at)
        if isinstance(decision, Refusal):
            return decision.model_copy(update={"pointer": deed.place})
        state = fold(state, decision) or state
    return [*stretches, Stretch(state, agenda(state, plan))]
