"""The digests of one zone and working day, woken by a schedule at 09:00 there."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

PATIENCE = timedelta(hours=12)
"""After it the day is over: the next one's digest says what is still open."""


@workflow.defn(name="digests")
class DigestsOfDay:
    """Holds no date: which day it is, and whether it is a working day, is decided when the letters are written."""

    @workflow.run
    async def run(self, zone: str) -> int:
        """Send them; a mail server that is away is waited for until the evening."""
        letters: int = await workflow.execute_activity(
            "send_digests",
            zone,
            result_type=int,
            start_to_close_timeout=timedelta(minutes=15),
            schedule_to_close_timeout=PATIENCE,
            heartbeat_timeout=timedelta(minutes=1),
            retry_policy=RetryPolicy(initial_interval=timedelta(seconds=30), maximum_interval=timedelta(minutes=10)),
            summary=f"Сводки руководителям, {zone}",
        )
        return letters
