"""A bulk act: every organisation of a cohort begins its year, moves a deadline, goes over to newer versions."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.beat import BulkShare

AT_ONCE = 4
"""How many organisations are served side by side."""


@workflow.defn(name="bulk")
class BulkStart:
    """Takes what is still missing, share by share; so it can be started again at any time."""

    @workflow.init
    def __init__(self, bulk: str) -> None:
        self._bulk = bulk
        self._percent = 0

    @workflow.run
    async def run(self, bulk: str) -> int:
        """Carry out everything; the percentage reached, 100."""
        while True:
            share: BulkShare = await workflow.execute_activity(
                "bulk_share", bulk, result_type=BulkShare, start_to_close_timeout=timedelta(seconds=30)
            )
            self._percent = share.percent
            workflow.set_current_details(f"Массовое действие: выполнено {share.percent} %.")
            if not share.organisations:
                return share.percent
            await self._start(share.organisations)
            if workflow.info().is_continue_as_new_suggested():
                await workflow.wait_condition(workflow.all_handlers_finished)
                workflow.continue_as_new(bulk)

    async def _start(self, organisations: list[str]) -> None:
        """Carry out one share, a few side by side; each act has its own retries."""
        places = asyncio.Semaphore(AT_ONCE)

        async def start(organisation: str) -> None:
            async with places:
                await workflow.execute_activity(
                    "bulk_start", args=[self._bulk, organisation], start_to_close_timeout=timedelta(seconds=30)
                )

        await asyncio.gather(*(start(organisation) for organisation in organisations))

    @workflow.signal
    def nudge(self) -> None:
        """Nothing to hear: the share that comes next is read from the database anyway."""

    @workflow.query
    def standing(self) -> dict[str, object]:
        """How far it has come."""
        return {"bulk": self._bulk, "percent": self._percent}
