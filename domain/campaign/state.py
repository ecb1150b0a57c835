"""The state of a campaign: the fold of its stream."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from domain.campaign.commands import Letter, Years
from domain.plan import TimetableRef, local_day
from domain.queued import Queued
from domain.value import Value

CampaignStatus = Literal["open", "closed"]


class Campaign(Value):
    """One monitoring round."""

    version: int
    status: CampaignStatus = "open"
    last_at: datetime
    opened_at: datetime
    title: str
    years: Years
    asked: date
    due: date
    letter: Letter
    centre: str
    zone: str
    plan: TimetableRef
    form: str
    respondents: tuple[str, ...]
    closed_at: datetime | None = None
    gaps: tuple[str, ...] = ()
    """As they were named when the round was last closed."""
    note: str | None = None
    reopened: tuple[str, ...] = ()
    """Respondents let in again since the round was first closed."""
    items: dict[int, Queued] = Field(default_factory=dict)

    @property
    def closed_early(self) -> bool:
        """Whether it was closed while forms could still come in time."""
        return self.closed_at is not None and local_day(self.closed_at, self.zone) <= self.due

    @property
    def active(self) -> bool:
        """Whether the round goes on."""
        return self.status == "open"


def campaign_id(form: str, due: date, taken: frozenset[str] = frozenset()) -> str:
    """`monitoring-2027` by the key of its form; a second round of the same year is `monitoring-2027-2`."""
    first = f"{form}-{due.year}"
    if first not in taken:
        return first
    number = 2
    while f"{first}-{number}" in taken:
        number += 1
    return f"{first}-{number}"
