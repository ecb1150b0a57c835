"""Campaigns as a kind of stream: how they are decided and shown in the read model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from activities.beat import Beat, Facts
from activities.campaign_view import campaign_body
from activities.form_definitions import form_key
from activities.monitoring_standing import campaign_beat, campaign_facts
from activities.row_streams import RowStreams
from activities.tables import CampaignRow
from domain.campaign.agenda import wake_at
from domain.campaign.commands import CampaignCommand, OpenCampaign, PassTime
from domain.campaign.decide import decide
from domain.campaign.events import CAMPAIGN_EVENT, Happened
from domain.campaign.evolve import fold
from domain.campaign.state import Campaign
from domain.refusal import Refusal

PREFIX = "campaign/"


class CampaignStreams(RowStreams[Campaign, Happened]):
    """The rules of `domain.campaign`. The submissions of a campaign are streams of their own."""

    prefix = PREFIX
    title = "строка мониторинга"
    table = CampaignRow.__table__  # type: ignore[attr-defined]
    state, happened, events = Campaign, Happened, CAMPAIGN_EVENT
    time = PassTime()

    def begins(self, command: CampaignCommand) -> bool:
        """Whether a command is the first of a campaign."""
        return isinstance(command, OpenCampaign)

    def decide(
        self, state: Campaign | None, command: CampaignCommand, at: datetime, wake_at: datetime | None
    ) -> tuple[Happened, ...] | Refusal:
        """What happens at `at`; time by itself brings a campaign nothing."""
        del wake_at
        if isinstance(command, OpenCampaign):
            return decide(state, command, self.library.timetable(command.plan), at)
        if state is None:
            return Refusal(code="campaign_unknown")
        return decide(state, command, self.plan(state), at, self.adopted(state, command))

    def fold(self, state: Campaign | None, happened: Sequence[Happened]) -> Campaign:
        """The state after the events."""
        folded = fold(state, happened)
        assert folded is not None, "a stream begins with CampaignOpened"
        return folded

    def wake_at(self, state: Campaign) -> datetime | None:
        """When its workflow has to look next."""
        return wake_at(state)

    def open(self, state: Campaign) -> bool:
        """Whether a workflow has to run for it: it goes on, or something is still queued."""
        return state.active or bool(state.items)

    def body(self, state: Campaign, texts: Mapping[str, str]) -> bytes:
        """The JSON that the API shows, but for its id and its submissions."""
        return campaign_body(state, texts)

    def row(self, state: Campaign) -> dict[str, Any]:
        """The row of the read model, without its id."""
        same = {name: getattr(state, name) for name in ("title", "status", "centre", "due", "version")}
        years = {"earlier": state.years.earlier, "later": state.years.later}
        return {**same, **years, "form": form_key(state.form), "respondents": len(state.respondents)}

    def facts(self, stream: str, state: Campaign) -> Facts:  # noqa: ARG002
        """What its workflow is found by."""
        return campaign_facts(state)

    def beat(self, stream: str, state: Campaign, now: datetime) -> Beat:
        """Where a campaign stands at `now`."""
        return campaign_beat(stream, state, now, self.open(state))
