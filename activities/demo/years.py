"""Living one programme from its start to now: commands recorded at the moments at which they would have come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection

from activities.deliveries import Delivery, add_delivery
from activities.demo.acts import Act, day_of, instant, next_act
from activities.demo.figures import evidence_of
from activities.demo.organisations import Place
from activities.demo.past import PastStream
from activities.demo.past_mail import PastMail
from activities.demo.people import teacher
from activities.demo.planned import Intentions, text_of
from activities.demo.stories import Story
from activities.programme_view import programme_id
from activities.programmes import PREFIX, ProgrammeStreams
from activities.recipients import RecipientBook
from domain.plan import local_day
from domain.programme import commands as c
from domain.programme.agenda import next_wakeup
from domain.programme.state import Programme
from domain.refusal import Refusal

_HANDED_OVER_AFTER = timedelta(seconds=20)


def begins(story: Story, start: c.StartProgramme, now: datetime) -> datetime:
    """When the year of a story starts; an early bird has always started."""
    at = instant(day_of(story.starts, start.year), start.zone, story.organisation)
    return min(at, now - timedelta(hours=1)) if story.early_bird else at


class Life:
    """One programme on its way from its start to now; `given_up` are steps that the rules let nobody close."""

    def __init__(
        self, streams: ProgrammeStreams, story: Story, place: Place, start: c.StartProgramme, now: datetime
    ) -> None:
        self._story, self._place, self._now = story, place, now
        self._past = PastStream(streams, f"{PREFIX}{programme_id(start.organisation, start.year)}")
        at = begins(story, start, now)
        self._intentions = Intentions(story, place, self._past.stream, start.year, start.zone, at, now)
        self._planned = self._intentions.all()
        self._letters: list[Delivery] = []
        self.given_up: set[int] = set()
        self._state = self._started(start, at)
        self._plan = streams.plan(self._state)

    def live(self, connection: Connection, mail_domain: str) -> None:
        """Everything up to now, the notices included; written in the caller's transaction."""
        book = RecipientBook.load(connection, self._state, [f"person:{teacher(self._place)}"])
        mail = PastMail(self._past.stream, book, mail_domain)
        self._send_notices(mail)
        while self._turn():
            self._send_notices(mail)
        self._past.write(connection)
        for letter in self._letters:
            add_delivery(connection, letter)

    def _started(self, start: c.StartProgramme, at: datetime) -> Programme:
        state = self._past.record(start, self._intentions.leader, at)
        if isinstance(state, Refusal):
            raise ValueError(f"{self._past.stream}: {state}")
        return state

    def _turn(self) -> bool:
        """Whatever comes first: the clock, an intention, a step that somebody closes; False when nothing is left."""
        wake = next_wakeup(self._state, self._plan)
        intention = self._planned[0] if self._planned else None
        act = next_act(self._story, self._state, self._plan, frozenset(self.given_up))
        moments = (wake, intention.at if intention else None, act.at if act else None)
        first = min((at for at in moments if at is not None), default=None)
        if first is None or first > self._now:
            return False
        if wake == first:
            self._record(c.PassTime(), first, "worker")
        elif intention is not None and intention.at == first:
            self._planned.pop(0)
            self._record(intention.command, first, intention.by, texts=intention.texts)
        elif act is not None:
            self._close(act)
        return True

    def _close(self, act: Act) -> None:
        step = self._plan.roadmap.steps[act.step]
        texts: dict[str, str] = {}

        def keep(body: str) -> str:
            reference, texts[reference] = text_of(f"{self._past.stream}/{act.occurrence}", body)
            return reference

        day = local_day(act.at, self._state.zone)
        command = c.CompleteStep(
            step=act.step,
            part=act.part,
            occurrence=act.occurrence if step.recurring else None,
            evidence=evidence_of(step, act.part, self._place, self._story.forms, day, keep),
            forms=self._story.forms if step.fixes_forms else None,
        )
        by = self._intentions.head if step.role == "head" else self._intentions.leader
        self._record(command, act.at, by, texts=texts)

    def _send_notices(self, mail: PastMail) -> None:
        while self._state.items:
            item = self._state.items[min(self._state.items)]
            at = min(max(item.queued_at, self._state.last_at) + _HANDED_OVER_AFTER, self._now)
            command, letters = mail.outcome(self._state, self._plan, item, at)
            self._record(command, at, "worker")
            self._letters += letters

    def _record(
        self, command: c.ProgrammeCommand, at: datetime, by: str, texts: Mapping[str, str] | None = None
    ) -> None:
        state = self._past.record(command, by, at, texts)
        if isinstance(state, Refusal):
            self.given_up.add(getattr(command, "step", 0))
        else:
            self._state = state
