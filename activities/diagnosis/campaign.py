"""Whom a campaign waits for: its respondents, then whoever closes it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, select

from activities.diagnosis.human import Human, NextAct
from activities.letter_words import ADDRESSEES
from activities.submissions import PREFIX, SubmissionStreams
from activities.tables import SnapshotRow, SubmissionRow
from domain.campaign.state import Campaign
from domain.diagnosis.finding import Finding
from domain.plan import local_day
from domain.submission.agenda import agenda

_SUBMISSION: Table = SubmissionRow.__table__  # type: ignore[attr-defined]
_SNAPSHOT: Table = SnapshotRow.__table__  # type: ignore[attr-defined]


def human_side(
    connection: Connection, campaign: str, state: Campaign, streams: SubmissionStreams, now: datetime
) -> Human:
    """What a round waits for at the instant `now`."""
    if not state.active:
        return Human((Finding("round_closed", state.closed_at),), state.zone, state.centre)
    rows = list(
        connection.execute(
            select(_SUBMISSION.c.state, _SUBMISSION.c.due, _SUBMISSION.c.accepted_revision).where(
                _SUBMISSION.c.campaign == campaign
            )
        )
    )
    return Human(
        (_finding(rows, state, now),),
        state.zone,
        state.centre,
        responsible=state.centre,
        next_act=_next_act(connection, campaign, streams),
    )


def _finding(rows: Sequence[Any], state: Campaign, now: datetime) -> Finding:
    """Counted by day, for a deadline that nobody has recorded yet has passed all the same."""
    today = local_day(now, state.zone)
    owed = [row for row in rows if row.state in ("draft", "returned")]
    late = [row.due for row in owed if row.due < today]
    accepted = sum(row.accepted_revision is not None for row in rows)
    counts = {"expected": len(rows), "accepted": accepted}
    if late:
        return Finding("forms_overdue", min(late), {**counts, "forms": len(late), "due": min(late)})
    if owed:
        return Finding("forms_in_time", None, {**counts, "due": min(row.due for row in owed)})
    return Finding("forms_in_review", None, counts)


def _next_act(connection: Connection, campaign: str, streams: SubmissionStreams) -> NextAct | None:
    """The next of what the clock brings to any of its submissions."""
    query = select(_SNAPSHOT.c.state).join(_SUBMISSION, _SNAPSHOT.c.stream == PREFIX + _SUBMISSION.c.id)
    query = query.where(_SUBMISSION.c.campaign == campaign, _SNAPSHOT.c.open, _SNAPSHOT.c.wake_at.is_not(None))
    text = connection.scalar(query.order_by(_SNAPSHOT.c.wake_at).limit(1))
    if text is None:
        return None
    state = streams.parse_state(text)
    upcoming = next((item for item in agenda(state, streams.plan(state)) if item.to), None)
    if upcoming is None:
        return None
    return NextAct(upcoming.at, upcoming.kind, tuple(ADDRESSEES[to] for to in upcoming.to))
