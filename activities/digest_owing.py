"""The monitoring as digests tell of it, read from snapshots, journal, directory and deliveries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Connection, Table, or_, select

from activities.definitions import Library
from activities.deliveries import undelivered
from activities.digest_forms import Owing
from activities.recipients import RecipientBook
from activities.submission_notice import SUBMISSIONS, read_submission_story
from activities.tables import CampaignRow, EventRow, SnapshotRow, SubmissionRow
from domain.submission.events import DeadlineMoved
from domain.submission.lateness import as_of, reached_superiors
from domain.submission.state import Submission

_EVENT: Table = EventRow.__table__  # type: ignore[attr-defined]
_SNAPSHOT: Table = SnapshotRow.__table__  # type: ignore[attr-defined]
_SUBMISSION: Table = SubmissionRow.__table__  # type: ignore[attr-defined]
_CAMPAIGN: Table = CampaignRow.__table__  # type: ignore[attr-defined]

A_DAY = timedelta(days=1)
"""Somewhere it is a day later than by UTC."""


def read_owing(connection: Connection, library: Library, at: datetime, before: datetime) -> Iterator[Owing]:
    """By id, every submission that is late at `at`, or that got more time after `before`."""
    moved = _moved(connection, before)
    behind = _SUBMISSION.c.due < (at + A_DAY).date()
    query = (
        select(_SUBMISSION.c.id, _SNAPSHOT.c.state, _CAMPAIGN.c.title)
        .join_from(_SUBMISSION, _SNAPSHOT, _SNAPSHOT.c.stream == SUBMISSIONS + _SUBMISSION.c.id)
        .join(_CAMPAIGN, _CAMPAIGN.c.id == _SUBMISSION.c.campaign)
        .where(~_SUBMISSION.c.closed, _SUBMISSION.c.state.in_(("draft", "returned")))
        .where(or_(behind, _SNAPSHOT.c.stream.in_(moved)))
        .order_by(_SUBMISSION.c.id)
    )
    for submission, text, title in connection.execute(query).all():
        stream, state = SUBMISSIONS + submission, Submission.model_validate_json(text)
        plan = library.timetable(state.plan)
        state = as_of(state, plan, at)
        reached = reached_superiors(state, plan, at)
        if reached or stream in moved:
            book = RecipientBook.around(connection, state.respondent)
            story, lost = read_submission_story(connection, stream), undelivered(connection, stream)
            form = library.forms.frozen(state.form)
            yield Owing(state, plan, title, form, reached, book, story, lost)


def _moved(connection: Connection, after: datetime) -> set[str]:
    """The submissions that got another date after the instant."""
    mine = _EVENT.c.stream.startswith(SUBMISSIONS, autoescape=True)
    query = select(_EVENT.c.stream).where(mine, _EVENT.c.type == DeadlineMoved.__name__, _EVENT.c.at > after)
    return set(connection.scalars(query.distinct()))
