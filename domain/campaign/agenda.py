"""The planner: a campaign's own clock brings nothing but the next attempt at what is queued."""

from __future__ import annotations

from datetime import datetime

from domain.campaign.state import Campaign
from domain.queued import next_attempt


def wake_at(campaign: Campaign, after: datetime | None = None) -> datetime | None:
    """When the workflow has to look again: the next attempt of an item deferred beyond `after`."""
    return next_attempt(campaign.items.values(), after)
