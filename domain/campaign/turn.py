"""One turn of deciding on a campaign."""

from __future__ import annotations

from datetime import datetime

from domain.campaign.events import CampaignEvent, Happened
from domain.campaign.evolve import evolve
from domain.campaign.state import Campaign
from domain.plan import Timetable
from domain.turn import AnyTurn


class Turn(AnyTurn[Campaign, Timetable, CampaignEvent, Happened]):
    """Collects the events of a campaign."""

    def step(self, event: CampaignEvent, at: datetime) -> tuple[Happened, Campaign]:
        """What has happened, and the campaign after it."""
        one = Happened(at=at, event=event)
        return one, evolve(self.state, one)
