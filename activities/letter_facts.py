"""What a letter says, gathered from the programme, its plan and its journal; the templates only lay it out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from activities import russian
from activities.deliveries import ROLE
from activities.letter_words import ADDRESSEES, NOTICES, PARTS, STEP_ROLES, addressed, in_place_of, subject_of
from activities.notice_story import Sent, Story
from activities.reaching import Reached, reach
from activities.recipients import Recipient, RecipientBook
from domain.calendar import working_days_between
from domain.ladder import SUPERVISORS
from domain.ladder import Recipient as Addressee
from domain.plan import CATCH_UP_DAYS, Plan, local_day
from domain.programme.agenda import agenda_of
from domain.programme.notices import bundled, open_steps, optional, still_true
from domain.programme.state import Item, Occurrence, Programme
from domain.roadmap import StepPlan


@dataclass(frozen=True)
class StepFacts:
    """One step and its deadline in words; an empty text is left out of the letter."""

    number: int
    title: str
    phase: str
    due: str
    until: str
    rolled: str
    provisional: str
    catch_up: str
    first_due: str
    occasion: str
    parts_left: str
    responsible: str


@dataclass(frozen=True)
class Notice:
    """A queued notice with everything that its letters are made of. `at`: the instant of sending."""

    programme: Programme
    plan: Plan
    item: Item
    book: RecipientBook
    story: Story
    at: datetime

    @property
    def kind(self) -> str:
        """The kind of notice; an item that is none has no letter."""
        if self.item.notice is None:
            raise ValueError(f"item {self.item.number} is not a notice")
        return self.item.notice

    @property
    def today(self) -> date:
        """The local day of the organisation."""
        return local_day(self.at, self.programme.zone)

    @property
    def organisation(self) -> str:
        """The organisation's name."""
        unit = self.book.tree.units.get(self.programme.organisation)
        return unit.name if unit else self.programme.organisation

    @property
    def called_off(self) -> bool:
        """Whether it is of a year that was cancelled and started anew, perhaps by another roadmap."""
        return self.item.number < self.story.started

    def true(self) -> bool:
        """Whether its text would be true now."""
        return still_true(self.programme, self.item, self.at)

    def optional(self) -> bool:
        """Whether a person may decline it."""
        return optional(self.item, self.today)

    def bundled(self, recipient: Recipient) -> bool:
        """Whether the recipient reads it in a digest instead of a letter."""
        return bundled(self.item, (*recipient.as_, *recipient.vacant))

    def zone_of(self, unit: str | None) -> str:
        """The zone of a unit, else of the programme."""
        return self.book.tree.zone(unit, self.programme.zone) if unit else self.programme.zone

    def steps(self) -> list[tuple[StepPlan, Occurrence]]:
        """The steps it speaks of that are still owed."""
        return [(self.plan.roadmap.steps[step], o) for step, o in open_steps(self.programme, self.item)]

    def reached(self, of_all_steps: bool = False) -> Reached:
        """Who gets it now; `of_all_steps`: also for the steps that are not owed any more."""
        wanted = self.item.steps if of_all_steps else [(step.number, 0) for step, _ in self.steps()]
        numbers = [number for number, _ in wanted]
        return reach(self.book, self.programme, self.plan, numbers, self.item.to, self.item.rung, self.today)

    def vacancies(self, found: Reached) -> Iterator[Recipient]:
        """The addressees of a rung behind whom nobody stands, each at the unit where somebody is missing.

        A step's responsible person counts only where the rung addresses nobody else: its curator answers as well.
        """
        for addressee in found.unresolved if self.item.rung else ():
            alone = len(self.item.to) == 1
            if not addressee.startswith("person:") and (alone or addressee != "responsible"):
                yield Recipient(ROLE + addressee, "", None, self._place(addressee), (addressee,))

    def _place(self, addressee: str) -> str:
        tree, organisation = self.book.tree, self.programme.organisation
        if addressee not in SUPERVISORS or organisation not in tree.units:
            return organisation
        above = tree.supervisors(cast(Addressee, addressee), organisation, self.programme.forms)
        return above[0].id if above else organisation

    def subject(self) -> str:
        """What it was to be about when it was queued."""
        return subject_of(self.item, self.organisation, self.programme, self.plan)

    def responsible(self, step: int) -> str:
        """Names of who is responsible for a step, or the post that its roadmap names, or nothing."""
        found = self.book.resolve(self.programme, self.plan, step, ("responsible",), self.today).recipients
        if found:
            return ", ".join(in_place_of(one.name, [away.name for away in one.instead_of]) for one in found)
        return f"не назначен (по дорожной карте — {STEP_ROLES[self.plan.roadmap.steps[step].role]})"


def step_facts(notice: Notice, step: StepPlan, occurrence: Occurrence) -> StepFacts:
    """The card of one step."""
    programme, plan = notice.programme, notice.plan
    phase = next(phase for phase in plan.roadmap.phases if phase.number == plan.roadmap.phase_of[step.number])
    count, done = len(programme.steps[step.number].occurrences), programme.steps[step.number].parts
    moved = occurrence.first_due != occurrence.due
    left = [PARTS[part] for part in step.parts if part not in done]
    return StepFacts(
        number=step.number,
        title=step.title,
        phase=f"{phase.label}. {phase.title}",
        due=russian.weekday_date(occurrence.due),
        until=russian.last_moment(occurrence.due, programme.zone),
        rolled="" if occurrence.catch_up else russian.rolled(occurrence.asked, occurrence.due, plan.ref.rolling),
        provisional=russian.provisional(occurrence.due.year) if plan.calendar.provisional(occurrence.due) else "",
        catch_up=_catch_up(occurrence),
        first_due=russian.full_date(occurrence.first_due) if moved else "",
        occasion=f"{occurrence.number}-й из {count}" if count > 1 else "",
        parts_left=", ".join(left) if done else "",
        responsible=notice.responsible(step.number),
    )


def _catch_up(occurrence: Occurrence) -> str:
    if not occurrence.catch_up:
        return ""
    given = russian.working_days(CATCH_UP_DAYS)
    if occurrence.asked < occurrence.first_due == occurrence.due:
        before = russian.full_date(occurrence.asked)
        return f"Это догоняющий срок: обычный срок ({before}) прошёл до начала программы, поэтому дано {given}"
    return f"Это догоняющий срок: прежний прошёл, когда мероприятие выполнить было нельзя, поэтому дано {given}"


def deadline_facts(notice: Notice) -> dict[str, Any]:
    """Of a reminder, a missed deadline, an escalation, a handed step: the card and the distance to the deadline."""
    (step, occurrence), *_ = notice.steps()
    calendar, due, today = notice.plan.calendar, occurrence.due, notice.today
    return {
        "step": step_facts(notice, step, occurrence),
        "due": russian.full_date(due),
        "is_today": today == due,
        "days_left": working_days_between(calendar, today, due),
        "days_late": working_days_between(calendar, due, today),
        "late_since": russian.full_date(due + timedelta(days=1)),
        "next": _next_escalation(notice, step.number, occurrence.number),
        "paused": notice.programme.status == "paused",
    }


def _next_escalation(notice: Notice, step: int, occurrence: int) -> dict[str, str] | None:
    for item in agenda_of(notice.programme, notice.plan, step, occurrence):
        if item.kind == "escalation" and item.at > notice.at:
            day = local_day(item.at, notice.programme.zone)
            verb = "получит" if len(item.to) == 1 else "получат"
            return {"day": russian.full_date(day), "to": f"{verb} {addressed(item.to)}"}
    return None


def story_facts(notice: Notice) -> dict[str, Any]:
    """Of an escalation: what was already sent, when, and to whom by role."""
    (step, occurrence), *_ = notice.steps()
    sent = notice.story.sent_about(step.number, occurrence.number)
    municipality = notice.book.tree.units.get(notice.programme.municipality or "")
    return {
        "sent": list(dict.fromkeys(_sent_line(notice, step.number, one) for one in sent)),
        "municipality": municipality.name if municipality else "",
    }


def _sent_line(notice: Notice, step: int, sent: Sent) -> str:
    day = local_day(sent.at, notice.programme.zone)
    return f"{russian.full_date(day)}: {NOTICES[sent.kind]} — {', '.join(_roles(notice, step, sent, day))}"


def _roles(notice: Notice, step: int, sent: Sent, day: date) -> Iterator[str]:
    """The roles in which people got a notice; who can no longer be placed is named."""
    placed = notice.book.resolve(notice.programme, notice.plan, step, sent.addressees, day).by_addressee
    left = set(sent.to)
    for addressee, recipients in placed.items():
        if got := {one.id for one in recipients} & set(sent.to):
            left -= got
            yield ADDRESSEES[addressee.partition(":")[0]]
    for one in sorted(left):
        yield notice.book.name(one) or "адресат, которого больше нет в справочнике"
