"""The monitoring as digests tell of it, read from snapshots, journal, directory and deliveries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, Table, or_, select

from activities.definitions import Library
from activities.deliveries import undelivered
from activities.digest_forms import Owing
from activities.recipients import RecipientBook
from activities.submission_notice import SUBMISSIONS, read_notice_stories
from activities.tables import CampaignRow, SnapshotRow, SubmissionRow
from domain.submission.lateness import as_of, reached_superiors
from domain.submission.state import Submission

_SNAPSHOT: Table = SnapshotRow.__table__  # type: ignore[attr-defined]
_SUBMISSION: Table = SubmissionRow.__table__  # type: ignore[attr-defined]
_CAMPAIGN: Table = CampaignRow.__table__  # type: ignore[attr-defined]

A_DAY = timedelta(days=1)
"""Somewhere it is a day later than by UTC."""

TOGETHER = 200
"""Submissions whose people, stories and letters are read at once."""


def read_owing(connection: Connection, library: Library, at: datetime, before: datetime) -> Iterator[Owing]:
    """By id, every submission that is late at `at`, or that got more time after `before`."""
    behind = _SUBMISSION.c.due < (at + A_DAY).date()
    query = (
        select(_SNAPSHOT.c.stream, _SNAPSHOT.c.state, _CAMPAIGN.c.title)
        .join_from(_SUBMISSION, _SNAPSHOT, _SNAPSHOT.c.stream == SUBMISSIONS + _SUBMISSION.c.id)
        .join(_CAMPAIGN, _CAMPAIGN.c.id == _SUBMISSION.c.campaign)
        .where(~_SUBMISSION.c.closed, _SUBMISSION.c.state.in_(("draft", "returned")))
        .where(or_(behind, _SUBMISSION.c.moved_at > before))
        .order_by(_SUBMISSION.c.id)
    )
    found = (_Late(library, at, *row) for row in connection.execute(query).all())
    told = [one for one in found if one.reached or (one.state.moved_at or before) > before]
    for start in range(0, len(told), TOGETHER):
        yield from _owing(connection, library, told[start : start + TOGETHER])


class _Late:
    """A submission as it is at the moment of the digest."""

    def __init__(self, library: Library, at: datetime, stream: str, text: str, title: str) -> None:
        state = Submission.model_validate_json(text)
        self.stream, self.title, self.plan = stream, title, library.timetable(state.plan)
        self.state = as_of(state, self.plan, at)
        self.reached = reached_superiors(self.state, self.plan, at)


def _owing(connection: Connection, library: Library, some: Sequence[_Late]) -> Iterator[Owing]:
    """What is read of some submissions at once."""
    streams = [one.stream for one in some]
    book = RecipientBook.around_all(connection, {one.state.respondent for one in some})
    stories, lost = read_notice_stories(connection, streams), undelivered(connection, streams)
    for one in some:
        form, story = library.forms.frozen(one.state.form), stories[one.stream]
        yield Owing(one.state, one.plan, one.title, form, one.reached, book, story, lost[one.stream])
