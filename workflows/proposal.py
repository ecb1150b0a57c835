"""The proposal of the next monitoring round, woken by a schedule once a year."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

PATIENCE = timedelta(days=7)


@workflow.defn(name="proposal")
class CampaignProposal:
    """Holds no date: whether a round is to be prepared is decided when the letter is written."""

    @workflow.run
    async def run(self) -> int:
        """Write to the centre; a mail server that is away is waited for."""
        letters: int = await workflow.execute_activity(
            "propose_campaign",
            result_type=int,
            start_to_close_timeout=timedelta(minutes=5),
            schedule_to_close_timeout=PATIENCE,
            retry_policy=RetryPolicy(initial_interval=timedelta(seconds=30), maximum_interval=timedelta(hours=1)),
            summary="Предложение открыть мониторинг",
        )
        return letters
