"""A queued notice of a submission, with what its letters are made of."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, Table, select

from activities import journal
from activities.deliveries import ROLE
from activities.event_rows import typed
from activities.reaching import Reached, reach_by
from activities.recipients import Recipient, RecipientBook
from activities.respondents import places_of, resolve
from activities.submission_words import subject
from activities.tables import EventRow, SnapshotRow
from activities.texts import read_texts
from domain.campaign.state import Campaign
from domain.form.definition import FormDefinition
from domain.ladder import Rung
from domain.plan import Timetable, local_day
from domain.queued import Queued
from domain.submission import events as e
from domain.submission.notices import bundled, optional, still_true
from domain.submission.state import Submission

SUBMISSIONS = "submission/"
CAMPAIGNS = "campaign/"

_OWN = ("coordinator", "authority_head")
LEADS_TO: Mapping[str, tuple[str, ...]] = {
    "reminder": _OWN,
    "received": _OWN,
    "accepted": _OWN,
    "closed": _OWN,
    "opened": (*_OWN, "mentoring_centre"),
    "returned": (*_OWN, "mentoring_centre"),
    "reopened": (*_OWN, "mentoring_centre"),
}
"""Who gets a notice that its own addressees cannot: superiors hear of what is late, and read of that in digests; the
centre hears of everything that waits for somebody to act.
"""

E = TypeVar("E")
_OF_NOTICES = tuple(one.__name__ for one in (e.NoticeQueued, e.NoticeSent, e.DeadlineMoved))
_EVENT: Table = EventRow.__table__  # type: ignore[attr-defined]
_SNAPSHOT: Table = SnapshotRow.__table__  # type: ignore[attr-defined]


class Round(NamedTuple):
    """The campaign that a submission belongs to, and the text of its letter."""

    campaign: Campaign
    letter: str


class Sent(NamedTuple):
    """An earlier notice: when it went out, its kind, the date it spoke of, its addressees, who got it, its number."""

    at: datetime
    kind: str
    due: date | None
    addressees: tuple[str, ...]
    to: tuple[str, ...]
    item: int


@dataclass(frozen=True)
class SubmissionStory:
    """The events of a submission, oldest first, each with its version, and the free texts they refer to."""

    told: Sequence[tuple[int, e.Happened]] = ()
    texts: Mapping[str, str] = field(default_factory=dict)

    def last(self, kind: type[E], before: int) -> E | None:
        """The last event of a type before a version."""
        found = [one.event for version, one in self.told if isinstance(one.event, kind) and version < before]
        return found[-1] if found else None

    def sent(self) -> Iterator[Sent]:
        """Every notice that reached somebody."""
        queued: dict[int, e.NoticeQueued] = {}
        for version, one in self.told:
            if isinstance(one.event, e.NoticeQueued):
                queued[version] = one.event
            if isinstance(one.event, e.NoticeSent):
                notice, to = queued[one.event.item], (*one.event.to, *one.event.bundled)
                if to:
                    yield Sent(one.at, notice.kind, notice.due, notice.to, to, one.event.item)

    def moves(self, after: datetime) -> Iterator[e.DeadlineMoved]:
        """Every other date that was set after an instant."""
        for _, one in self.told:
            if isinstance(one.event, e.DeadlineMoved) and one.at > after:
                yield one.event

    def text(self, ref: str | None) -> str:
        """A free text in one line; empty when there is none or it was erased."""
        return " ".join(self.texts.get(ref or "", "").split())


@dataclass(frozen=True)
class SubmissionNotice:
    """A queued notice with everything that its letters are made of. `at`: the instant of sending."""

    submission: Submission
    plan: Timetable
    round: Round
    form: FormDefinition
    item: Queued
    book: RecipientBook
    story: SubmissionStory
    at: datetime

    @property
    def kind(self) -> str:
        """The kind of notice; an item that is none has no letter."""
        if self.item.notice is None:
            raise ValueError(f"item {self.item.number} is not a notice")
        return self.item.notice

    @property
    def today(self) -> date:
        """The local day of the respondent."""
        return local_day(self.at, self.submission.zone)

    @property
    def respondent(self) -> str:
        """The respondent's name."""
        unit = self.book.tree.units.get(self.submission.respondent)
        return unit.name if unit else self.submission.respondent

    @property
    def called_off(self) -> bool:
        """A submission is never begun anew."""
        return False

    def true(self) -> bool:
        """Whether its text would be true now."""
        return still_true(self.submission, self.item, self.at)

    def optional(self) -> bool:
        """Whether a person may decline it."""
        return optional(self.item, self.today)

    def bundled(self, recipient: Recipient) -> bool:
        """Whether the recipient reads it in a digest instead of a letter."""
        return bundled(self.item, recipient.as_)

    def reached(self, of_all_steps: bool = False) -> Reached:  # noqa: ARG002
        """Who gets it now; where nobody is, those who have a use for it."""
        above = [_only(rung, LEADS_TO.get(self.kind, ())) for rung in self.plan.ladder.after(self.item.rung)]
        return reach_by(
            lambda to: resolve(self.book, self.submission, to, self.today),
            [rung for rung in above if rung.to],
            self.item.to,
        )

    def vacancies(self, found: Reached) -> Iterator[Recipient]:
        """The addressees of a rung behind whom nobody stands, each at the unit where somebody is missing."""
        for addressee in found.unresolved if self.item.rung else ():
            if not addressee.startswith("person:"):
                places = [unit.id for unit in places_of(self.book, self.submission, addressee)]
                yield Recipient(
                    ROLE + addressee, "", None, next(iter(places), self.submission.respondent), (addressee,)
                )

    def subject(self) -> str:
        """What it is about."""
        title, sent_before = self.round.campaign.title, self.submission.submitted is not None
        return subject(self.kind, self.form, self.respondent, title, self.item.due, sent_before)

    def zone_of(self, unit: str | None) -> str:
        """The zone of a unit, else of the respondent."""
        return self.book.tree.zone(unit, self.submission.zone) if unit else self.submission.zone


def _only(rung: Rung, addressees: Sequence[str]) -> Rung:
    """The rung, as far as it addresses those; none at all means everybody."""
    return rung.model_copy(update={"to": tuple(to for to in rung.to if to in addressees)}) if addressees else rung


def read_submission_story(connection: Connection, stream: str) -> SubmissionStory:
    """Read what happened to a submission so far."""
    told = [(entry.version, _happened(entry)) for entry in journal.read(connection, stream)]
    return SubmissionStory(told, read_texts(connection, stream))


def read_notice_stories(connection: Connection, streams: Collection[str]) -> dict[str, SubmissionStory]:
    """Of each of many submissions, what was sent and which dates were set; the texts are not read."""
    told: dict[str, list[tuple[int, e.Happened]]] = {stream: [] for stream in streams}
    query = select(_EVENT.c.stream, _EVENT.c.version, _EVENT.c.type, _EVENT.c.at, _EVENT.c.data)
    query = query.where(_EVENT.c.stream.in_(streams), _EVENT.c.type.in_(_OF_NOTICES))
    for row in connection.execute(query.order_by(_EVENT.c.stream, _EVENT.c.version)):
        told[row.stream].append((row.version, _happened(row)))
    return {stream: SubmissionStory(happened) for stream, happened in told.items()}


def _happened(entry: Any) -> e.Happened:
    """An event from a row of the journal."""
    event = e.SUBMISSION_EVENT.validate_python(typed(SUBMISSIONS, entry.type, entry.data), strict=False)
    return e.Happened(at=entry.at, event=event)


def read_round(connection: Connection, campaign: str) -> Round:
    """The campaign of that id as it stands."""
    stream = CAMPAIGNS + campaign
    text = connection.scalar(select(_SNAPSHOT.c.state).where(_SNAPSHOT.c.stream == stream))
    assert text is not None, "a submission belongs to a campaign"
    state = Campaign.model_validate_json(text)
    return Round(state, read_texts(connection, stream).get(state.letter.text, ""))
