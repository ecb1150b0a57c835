"""What people do besides closing steps: appointing, planning, moving, pausing, ending."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from activities.demo.acts import day_of, instant
from activities.demo.organisations import Place
from activities.demo.people import Post, leader, teacher
from activities.demo.stories import REASONS, Story
from domain.plan import local_day
from domain.programme import commands as c

_PAUSED_FOR = timedelta(days=9)
_RUNS_BEFORE_A_PAUSE = timedelta(days=7)


@dataclass(frozen=True)
class Planned:
    """A command at its moment; `texts` are the bodies behind the references in it."""

    at: datetime
    command: c.ProgrammeCommand
    by: str
    texts: Mapping[str, str] = field(default_factory=dict)


def text_of(stream: str, body: str) -> tuple[str, str]:
    """A reference that is the same whenever the demonstration is loaded, and its text."""
    return f"txt-{hashlib.sha256(f'{stream}/{body}'.encode()).hexdigest()[:32]}", body


@dataclass(frozen=True)
class Intentions:
    """What a story has in store for one programme that begins at `begins`."""

    story: Story
    place: Place
    stream: str
    year: int
    zone: str
    begins: datetime
    now: datetime

    @property
    def leader(self) -> str:
        """The actor who closes the steps."""
        return f"person:{leader(self.place).person}"

    @property
    def head(self) -> str:
        """The actor who signs orders."""
        return f"person:{Post(self.place.id, 'head').person}"

    def all(self) -> list[Planned]:
        """Everything in the order of time."""
        return sorted((*self._beginnings(), *self._changes(), *self._endings()), key=lambda one: one.at)

    def _beginnings(self) -> Iterator[Planned]:
        post = leader(self.place)
        order = c.Order(number=f"{len(self.place.id)}-н", date=local_day(self.begins, self.zone))
        assert post.role in ("curator", "navigator")
        appoint = c.AppointPerson.model_validate({"role": post.role, "person": post.person, "order": order})
        yield Planned(self.begins + timedelta(minutes=40), appoint, self.head)
        pairs = max(1, self.place.mentors // len(self.story.forms))
        for number, form in enumerate(self.story.forms if self.story.plans_forms else ()):
            result = c.PlannedResult(mentors=pairs, mentees=self.place.mentees // len(self.story.forms), pairs=pairs)
            at = self.begins + timedelta(minutes=45 + number)
            yield Planned(at, c.PlanResult(form=form, planned=result), self.leader)

    def _changes(self) -> Iterator[Planned]:
        if self.story.hands:
            step, day = self.story.hands
            yield Planned(self._on(day), c.AssignStep(step=step, person=teacher(self.place)), self.leader)
        if self.story.moves:
            step, day, due = self.story.moves
            reference, body = text_of(self.stream, REASONS["moved"])
            order = c.Order(number="47-о", date=day_of(day, self.year))
            move = c.MoveDeadline(step=step, due=day_of(due, self.year), reason=reference, order=order)
            yield Planned(self._on(day), move, self.head, {reference: body})
        if self.story.skips:
            step, day = self.story.skips
            reference, body = text_of(self.stream, REASONS["skipped"])
            yield Planned(self._on(day), c.SkipStep(step=step, reason=reference), self.leader, {reference: body})

    def _endings(self) -> Iterator[Planned]:
        if self.story.ending is None:
            return
        reference, body = text_of(self.stream, REASONS[self.story.ending])
        command: c.ProgrammeCommand
        match self.story.ending:
            case "paused":
                command = c.PauseProgramme(reason=reference)
            case "cancelled":
                command = c.CancelProgramme(reason=reference)
            case "closed":
                command = c.CloseProgramme(reason=reference)
        at = self._on(self.story.ends) if self.story.ends else self._paused_at()
        if at is not None:
            yield Planned(at, command, self.head, {reference: body})

    def _paused_at(self) -> datetime | None:
        """Some days ago, whenever now is; not at all while the programme is young."""
        at = instant(local_day(self.now - _PAUSED_FOR, self.zone), self.zone, self.story.organisation)
        return at if at > self.begins + _RUNS_BEFORE_A_PAUSE else None

    def _on(self, day: tuple[int, int]) -> datetime:
        return instant(self._date(day), self.zone, f"{self.story.organisation}{day}")

    def _date(self, day: tuple[int, int]) -> date:
        return day_of(day, self.year)
