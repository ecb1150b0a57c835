"""The monitoring in digests: who is late with a form, and who got more time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from activities.digest_lines import Extension, FormLine, Told
from activities.reaching import reach_by
from activities.recipients import Recipient, RecipientBook, merged
from activities.respondents import resolve
from activities.submission_notice import SubmissionStory
from domain.access import hears_of_submission
from domain.calendar import working_days_between
from domain.form.definition import FormDefinition
from domain.ladder import SUPERVISORS
from domain.plan import Timetable, local_day
from domain.submission.state import Submission


@dataclass(frozen=True)
class Owing:
    """A submission as it is at the moment of the digest. `reached`: when each superior was to hear that it is late.

    `title`: that of its campaign; `undelivered`: numbers of its notices that some recipient never got.
    """

    submission: Submission
    plan: Timetable
    title: str
    form: FormDefinition
    reached: Mapping[str, datetime]
    book: RecipientBook
    story: SubmissionStory
    undelivered: frozenset[int] = frozenset()

    @property
    def respondent(self) -> str:
        """The respondent's name."""
        unit = self.book.tree.units.get(self.submission.respondent)
        return unit.name if unit else self.submission.respondent


def form_news(
    one: Owing, at: datetime, before: datetime, told: Mapping[str, datetime]
) -> Iterator[tuple[Recipient, FormLine | Extension]]:
    """What there is to say of a submission, and to whom; nobody hears of a respondent that is not theirs to see."""
    day = local_day(at, one.submission.zone)
    for recipient, reached in _told_of(one, day):
        last = told.get(recipient.id)
        yield recipient, _line(one, day, [last is None or at > last for at in reached])
    for recipient, extension in _extensions(one, day, before):
        yield recipient, extension


def _told_of(one: Owing, day: date) -> list[tuple[Recipient, list[datetime]]]:
    """Who hears that it is late, and the moments of the rungs that say so.

    In place of a rung that nobody stands behind the rung above.
    """
    found: dict[str, tuple[Recipient, list[datetime]]] = {}
    for rung in one.plan.ladder.rungs:
        to = tuple(addressee for addressee in rung.to if addressee in one.reached)
        if rung.kind != "escalation" or not to:
            continue
        since = min(one.reached[addressee] for addressee in to)
        above = one.plan.ladder.after(rung.key)
        for who in reach_by(lambda some: resolve(one.book, one.submission, some, day), above, to).recipients:
            if _may_hear(one, who):
                known = found.get(who.id)
                found[who.id] = (merged(known[0], who), [*known[1], since]) if known else (who, [since])
    return list(found.values())


def _extensions(one: Owing, day: date, before: datetime) -> Iterator[tuple[Recipient, Extension]]:
    """Who was told that it is late is told that it has more time."""
    moves = list(one.story.moves(before))
    if not moves or not one.submission.owed:
        return
    superiors = tuple(to for to in one.submission.told if to in SUPERVISORS)
    for recipient in resolve(one.book, one.submission, superiors, day).recipients:
        if _may_hear(one, recipient):
            state = one.submission
            yield recipient, Extension(state.id, one.respondent, state.campaign, moves[0].was, state.due)


def _may_hear(one: Owing, recipient: Recipient) -> bool:
    state = one.submission
    return hears_of_submission(one.book.tree, recipient.unit or "", state.respondent, state.centre)


def _line(one: Owing, day: date, unread: list[bool]) -> FormLine:
    state = one.submission
    return FormLine(
        submission=state.id,
        respondent=one.respondent,
        municipal=state.respondent_class == "municipal",
        campaign=state.campaign,
        title=one.title,
        of=one.form.of,
        round=one.form.words.round,
        since=state.due + timedelta(days=1),
        days=working_days_between(one.plan.calendar, state.due, day),
        first_due=state.first_due if state.extended else None,
        returned=state.status == "returned",
        new=all(unread),
        higher=any(unread),
        sent=tuple(_told(one)),
    )


def _told(one: Owing) -> Iterator[Told]:
    """The ladder of the present date, as far as it was climbed."""
    for sent in one.story.sent():
        if sent.kind in ("reminder", "missed", "escalation") and sent.due == one.submission.due:
            day = local_day(sent.at, one.submission.zone)
            yield Told(day, sent.kind, sent.addressees, sent.item in one.undelivered)
