"""Stories as given(past).when(command, at).then(events or a refusal code)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from domain.plan import Plan
from domain.programme import commands as c
from domain.programme import events as e
from domain.programme.decide import Decision, after_time
from domain.programme.evolve import fold
from domain.programme.state import Occurrence, Programme
from domain.refusal import Refusal
from tests.domain.programme.plans import SCHOOL, day

TOMSK = ZoneInfo("Asia/Tomsk")
Dated = tuple[datetime, c.ProgrammeCommand]


def moment(text: str) -> datetime:
    """`10.09 08:30` in Tomsk, in the school year 2025/26; noon when no time is given."""
    on, _, at = text.partition(" ")
    clock = datetime.strptime(at or "12:00", "%H:%M").time()  # noqa: DTZ007
    return datetime.combine(day(on), clock, TOMSK).astimezone(UTC)


def on(at: str, *commands: c.ProgrammeCommand) -> list[Dated]:
    """Commands of one moment."""
    return [(moment(at), command) for command in commands]


class Given:
    """A stream with a past."""

    def __init__(self, plan: Plan, happened: Iterable[e.Happened] = ()) -> None:
        self.plan, self.happened = plan, tuple(happened)

    @property
    def state(self) -> Programme:
        state = fold(None, self.happened)
        assert state is not None
        return state

    def and_(self, *past: list[Dated]) -> Given:
        """The same stream after more commands, none of which may be refused."""
        happened = self.happened
        for at, command in (one for group in past for one in group):
            decision = after_time(fold(None, happened), command, self.plan, at)
            assert not isinstance(decision, Refusal), f"{command} was refused: {decision}"
            happened += decision
        return Given(self.plan, happened)

    def when(self, command: c.ProgrammeCommand, at: str) -> Outcome:
        """What the command brings about, with what time brought about before it."""
        state = fold(None, self.happened)
        return Outcome(self, after_time(state, command, self.plan, moment(at)))

    def occurrence(self, step: int, number: int = 1) -> Occurrence:
        found = self.state.steps[step].occurrence(number)
        assert found is not None
        return found

    def due(self, step: int, number: int = 1) -> Any:
        return self.occurrence(step, number).due

    def events(self, *types: type[Any]) -> list[Any]:
        """Everything of some types that ever happened."""
        return [one.event for one in self.happened if isinstance(one.event, types)]


def given(*past: list[Dated], plan: Plan = SCHOOL) -> Given:
    """A stream in which commands were recorded before."""
    return Given(plan).and_(*past)


class Outcome:
    """What came of a command."""

    def __init__(self, before: Given, decision: Decision) -> None:
        self.before, self.decision = before, decision

    @property
    def happened(self) -> tuple[e.Happened, ...]:
        assert not isinstance(self.decision, Refusal), self.decision
        return self.decision

    @property
    def after(self) -> Given:
        return Given(self.before.plan, (*self.before.happened, *self.happened))

    def then(self, *expected: Any, **facts: Any) -> Given:
        """Exactly these events (a type stands for any of its kind), or a refusal by code with some of its facts."""
        if expected and isinstance(expected[0], str):
            self._refused(expected[0], facts)
            return self.before
        found = [one.event for one in self.happened]
        pattern = [type(f) if isinstance(x, type) else f for f, x in zip(found, expected, strict=False)]
        assert [*pattern, *found[len(expected) :]] == list(expected)
        return self.after

    def then_nothing(self) -> Given:
        """The command is fine and changes nothing."""
        assert self.happened == ()
        return self.after

    def then_among(self, *expected: Any) -> Given:
        """These events in this order, others around them."""
        rest = iter([one.event for one in self.happened])
        for one in expected:
            kind = isinstance(one, type)
            assert any(isinstance(found, one) if kind else found == one for found in rest), (one, self.happened)
        return self.after

    def _refused(self, code: str, facts: dict[str, Any]) -> None:
        assert isinstance(self.decision, Refusal), f"not refused: {self.decision}"
        assert self.decision.code == code
        assert facts.items() <= self.decision.facts.items(), self.decision.facts
