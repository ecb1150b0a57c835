"""Digests as a pure function of what is late, who stands above it and the moment: who reads which lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby

from activities.digest_forms import Owing, form_news
from activities.digest_lines import Extension, FormLine, Line, Move, News, Told
from activities.notice_story import Story
from activities.reaching import reach
from activities.recipients import Recipient, RecipientBook, merged
from domain.access import hears_of
from domain.calendar import working_days_between
from domain.ladder import SUPERVISORS
from domain.plan import Plan, local_day
from domain.programme.lateness import Late
from domain.programme.state import Programme
from domain.units import UnitTree

STATE = "Областные организации"
"""Over the organisations that belong to no municipality."""


@dataclass(frozen=True)
class Overdue:
    """A programme as it is at the moment of the digest, what is `late` in it, those above it and what it has sent.

    `undelivered`: numbers of its notices that some recipient never got.
    """

    id: str
    programme: Programme
    plan: Plan
    late: Sequence[Late]
    book: RecipientBook
    story: Story
    undelivered: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Digest:
    """What one recipient reads on one working day; the lines by municipality, the oldest first.

    `units`: the places because of which it is read; more than one when somebody answers for several.
    """

    recipient: Recipient
    zone: str
    units: frozenset[str]
    lines: tuple[Line, ...] = ()
    moves: tuple[Move, ...] = ()
    forms: tuple[FormLine, ...] = ()
    extensions: tuple[Extension, ...] = ()

    @property
    def has_news(self) -> bool:
        """Whether it says anything that the digests before it did not."""
        fresh = any(line.new for line in self.lines) or any(form.higher for form in self.forms)
        return fresh or bool(self.moves or self.extensions)

    @property
    def organisations(self) -> int:
        """How many organisations it speaks of."""
        return len({line.programme for line in self.lines})

    @property
    def by_municipality(self) -> list[tuple[str, list[Line]]]:
        """The lines under their municipality."""
        return [(name, list(lines)) for name, lines in groupby(self.lines, key=lambda line: line.municipality)]


def digests(
    overdue: Iterable[Overdue],
    at: datetime,
    before: datetime,
    told: Mapping[str, datetime],
    owing: Iterable[Owing] = (),
) -> list[Digest]:
    """The digest of every superior for whom there is something new at `at`, with everything that is still open.

    New is what has climbed up since the last digest that the superior got, by recipient in `told`, and a deadline that
    was moved after `before`. Without news there is no letter: what is read every morning is read no longer.
    """
    found: dict[str, Digest] = {}
    for late in overdue:
        for recipient, line in _lines(late, at, told):
            found[recipient.id] = _with(found.get(recipient.id), late.book.tree, recipient, line)
        for recipient, move in _moves(late, at, before):
            found[recipient.id] = _with(found.get(recipient.id), late.book.tree, recipient, move)
    for form in owing:
        for recipient, news in form_news(form, at, before, told):
            found[recipient.id] = _with(found.get(recipient.id), form.book.tree, recipient, news)
    return [_in_order(one) for one in found.values() if one.has_news]


def _with(known: Digest | None, tree: UnitTree, recipient: Recipient, said: News) -> Digest:
    """The digest with one line more."""
    digest = known or Digest(recipient, tree.zone(recipient.unit or ""), frozenset())
    units = digest.units | {recipient.unit or ""}
    digest = replace(digest, recipient=merged(digest.recipient, recipient), units=units)
    match said:
        case Line():
            return replace(digest, lines=(*digest.lines, said))
        case Move():
            return replace(digest, moves=(*digest.moves, said))
        case FormLine():
            return replace(digest, forms=(*digest.forms, said))
        case Extension():
            return replace(digest, extensions=(*digest.extensions, said))


def _in_order(one: Digest) -> Digest:
    forms = sorted(one.forms, key=lambda form: (form.campaign, not form.municipal, form.since, form.respondent))
    extensions = sorted(one.extensions, key=lambda found: (found.campaign, found.respondent))
    return replace(one, lines=tuple(sorted(one.lines, key=_place)), forms=tuple(forms), extensions=tuple(extensions))


def _place(line: Line) -> tuple[bool, str, date, str, int, int]:
    return line.municipality == STATE, line.municipality, line.since, line.organisation, line.step, line.occasion


def _lines(one: Overdue, at: datetime, told: Mapping[str, datetime]) -> Iterator[tuple[Recipient, Line]]:
    day = local_day(at, one.programme.zone)
    for late in one.late:
        for recipient, reached in _told_of(one, late, day):
            if _may_hear(one, recipient):
                yield recipient, _line(one, late, day, new=recipient.id not in told or reached > told[recipient.id])


def _told_of(one: Overdue, late: Late, day: date) -> list[tuple[Recipient, datetime]]:
    """Who hears of it and since when; in place of a rung that nobody stands behind the rung above."""
    found: dict[str, tuple[Recipient, datetime]] = {}
    for rung in one.plan.ladder.rungs:
        to = tuple(addressee for addressee in rung.to if addressee in late.reached)
        if rung.kind != "escalation" or not to:
            continue
        since = min(late.reached[addressee] for addressee in to)
        for who in reach(one.book, one.programme, one.plan, (late.step,), to, rung.key, day).recipients:
            known = found.get(who.id)
            found[who.id] = (merged(known[0], who), min(known[1], since)) if known else (who, since)
    return list(found.values())


def _moves(one: Overdue, at: datetime, before: datetime) -> Iterator[tuple[Recipient, Move]]:
    """What was told of a deadline is told of its move."""
    tree, programme, day = one.book.tree, one.programme, local_day(at, one.programme.zone)
    for event in one.story.moves(before):
        occurrence = programme.steps[event.step].occurrence(event.occurrence)
        if occurrence not in programme.steps[event.step].open_occurrences or occurrence is None:
            continue
        told = tuple(to for to in occurrence.told if to in SUPERVISORS)
        found = one.book.resolve(programme, one.plan, event.step, told, day).recipients
        name, title = tree.units[programme.organisation].name, one.plan.roadmap.steps[event.step].title
        for recipient in found:
            if _may_hear(one, recipient):
                yield recipient, Move(one.id, name, event.step, title, event.was, occurrence.due)


def _may_hear(one: Overdue, recipient: Recipient) -> bool:
    """No letter names a foreign organisation."""
    programme = one.programme
    return hears_of(one.book.tree, recipient.unit or "", programme.organisation, programme.forms)


def _line(one: Overdue, late: Late, day: date, new: bool) -> Line:
    tree, programme = one.book.tree, one.programme
    municipality = tree.municipality(programme.organisation)
    repeated = len(programme.steps[late.step].occurrences) > 1
    return Line(
        programme=one.id,
        organisation=tree.units[programme.organisation].name,
        municipality=municipality.name if municipality else STATE,
        step=late.step,
        title=one.plan.roadmap.steps[late.step].title,
        occasion=late.occurrence if repeated else 0,
        since=late.due + timedelta(days=1),
        days=working_days_between(one.plan.calendar, late.due, day),
        new=new,
        sent=tuple(_told(one, late)),
    )


def _told(one: Overdue, late: Late) -> Iterator[Told]:
    for sent in one.story.sent_about(late.step, late.occurrence):
        day = local_day(sent.at, one.programme.zone)
        yield Told(day, sent.kind, sent.addressees, sent.item in one.undelivered)


AGES: Sequence[tuple[int, str]] = (
    (10, "Больше 10 рабочих дней"),
    (5, "От 6 до 10 рабочих дней"),
    (0, "До 5 рабочих дней"),
)
"""More than so many working days late, in the words of a heading."""


def by_age(lines: Iterable[Line]) -> Mapping[str, list[Line]]:
    """The lines of one municipality under headings of age, the oldest first."""
    grouped: dict[str, list[Line]] = {heading: [] for _, heading in AGES}
    for line in lines:
        heading = next((words for more, words in AGES if line.days > more), AGES[-1][1])
        grouped[heading].append(line)
    return {heading: found for heading, found in grouped.items() if found}
