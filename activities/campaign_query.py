"""Questions about campaigns: one now, many, how far they have come."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, case, func, or_, select, true

from activities.campaigns import PREFIX, CampaignStreams
from activities.paging import Page, after, clamped, cursor_of, key_of
from activities.tables import CampaignRow, SnapshotRow, SubmissionRow
from domain.campaign.commands import OpenCampaign
from domain.campaign.state import Campaign
from domain.refusal import Refusal

_CAMPAIGN: Table = CampaignRow.__table__  # type: ignore[attr-defined]
_SUBMISSION: Table = SubmissionRow.__table__  # type: ignore[attr-defined]
_SNAPSHOT: Table = SnapshotRow.__table__  # type: ignore[attr-defined]
_ACCEPTED = _SUBMISSION.c.accepted_revision.is_not(None)
_RATES: dict[str, ColumnElement[bool]] = {
    "expected": true(),
    "received": or_(_ACCEPTED, _SUBMISSION.c.state.in_(("submitted", "accepted"))),
    "accepted": _ACCEPTED,
    "on_time": _SUBMISSION.c.on_time.is_(True),
    "on_time_excused": _SUBMISSION.c.on_time_excused.is_(True),
}
"""What the rates of a campaign count."""


def read_campaign(connection: Connection, streams: CampaignStreams, campaign: str) -> Campaign | None:
    """The state after the last recorded event."""
    text = connection.scalar(select(_SNAPSHOT.c.state).where(_SNAPSHOT.c.stream == PREFIX + campaign))
    return streams.parse_state(text) if text is not None else None


def visible_campaign(connection: Connection, scope: ColumnElement[bool], campaign: str) -> bool:
    """Whether there is such a campaign in the scope."""
    return connection.scalar(select(_CAMPAIGN.c.id).where(_CAMPAIGN.c.id == campaign, scope)) is not None


def runs_a_round(connection: Connection, centre: str) -> bool:
    """Whether a campaign of the centre is open."""
    here = (_CAMPAIGN.c.centre == centre) & (_CAMPAIGN.c.status == "open")
    return connection.scalar(select(_CAMPAIGN.c.id).where(here).limit(1)) is not None


def campaign_ids(connection: Connection) -> frozenset[str]:
    """The ids that are taken."""
    return frozenset(connection.scalars(select(_CAMPAIGN.c.id)))


def same_round(connection: Connection, form: str, opening: OpenCampaign) -> str | None:
    """The open round of the same title, form (its key) and years that one of the respondents is asked in already."""
    here, years = _CAMPAIGN.c, opening.years
    query = select(here.id).join(_SUBMISSION, _SUBMISSION.c.campaign == here.id)
    query = query.where(here.status == "open", here.form == form, here.title == opening.title)
    query = query.where(here.earlier == years.earlier, here.later == years.later)
    query = query.where(~_SUBMISSION.c.closed, _SUBMISSION.c.respondent.in_(opening.respondents))
    found: str | None = connection.scalar(query.order_by(here.id).limit(1))
    return found


def rates_of(connection: Connection, campaigns: Iterable[str], scope: ColumnElement[bool]) -> dict[str, dict[str, int]]:
    """How far each campaign has come, over the submissions in the scope.

    `received`: handed in and not given back, or accepted once; `on_time`: first handed in by the first deadline,
    `on_time_excused`: by the one it was extended to.
    """
    found = {campaign: dict.fromkeys(_RATES, 0) for campaign in campaigns}
    counts = (func.sum(case((counted, 1), else_=0)).label(name) for name, counted in _RATES.items())
    query = select(_SUBMISSION.c.campaign, *counts).where(_SUBMISSION.c.campaign.in_(found), scope)
    for row in connection.execute(query.group_by(_SUBMISSION.c.campaign)).mappings():
        found[row["campaign"]] = {name: int(row[name]) for name in _RATES}
    return found


def list_campaigns(
    connection: Connection,
    scope: ColumnElement[bool],
    counted: ColumnElement[bool],
    *,
    status: str | None = None,
    cursor: str | None = None,
    limit: int = 100,
) -> Page[dict[str, Any]] | Refusal:
    """Campaigns by id, with the rates of the submissions in the scope `counted`."""
    query = select(_CAMPAIGN).where(scope)
    if status is not None:
        query = query.where(_CAMPAIGN.c.status == status)
    if cursor is not None:
        key = key_of(cursor, (str,))
        if key is None:
            return Refusal(code="cursor_invalid", pointer="query:cursor")
        query = query.where(after([_CAMPAIGN.c.id], key))
    limit = clamped(limit)
    rows = connection.execute(query.order_by(_CAMPAIGN.c.id).limit(limit + 1)).mappings().all()
    rates = rates_of(connection, [row["id"] for row in rows[:limit]], counted)
    items = [_line(row, rates[row["id"]]) for row in rows[:limit]]
    return Page(items, cursor_of([items[-1]["id"]]) if len(rows) > limit else None)


def _line(row: Any, rates: dict[str, int]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "title": row["title"],
        "status": row["status"],
        "centre": row["centre"],
        "years": [row["earlier"], row["later"]],
        "deadline": row["due"],
        "version": row["version"],
        "rates": rates,
    }
