"""Every worker's good conscience: compares the journal with what runs and mends the difference."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from activities.beat import Facts
from activities.lagging import Expected
from activities.recorder import Clock
from workflows.client import TemporalError, Workflows, ensure_namespace, ensure_search_attributes

EVERY = timedelta(seconds=15)
AGAIN = timedelta(minutes=2)
"""How long a late stream that was nudged is left alone while its version stays the same."""

log = structlog.get_logger()


class Reconciler:
    """Runs at the start of a worker and every 15 seconds; everything it does may be done twice."""

    def __init__(
        self, workflows: Workflows, nudge: Callable[[str, Facts | None], None], expected: Expected, clock: Clock
    ) -> None:
        self._workflows, self._nudge, self._expected, self._clock = workflows, nudge, expected, clock
        self._nudged: dict[tuple[str, int], datetime] = {}

    async def run(self) -> None:
        """Reconcile until cancelled; an outage of Temporal or of the database is waited out."""
        while True:
            try:
                await self.once()
            except TemporalError as error:
                log.warning("reconcile_temporal", error=error.status.name)
            except Exception as error:
                log.warning("reconcile_failed", error=type(error).__name__)
            await asyncio.sleep(EVERY.total_seconds())

    async def once(self) -> int:
        """One round; how many streams were nudged."""
        await ensure_namespace(self._workflows.client)
        await ensure_search_attributes(self._workflows.client)
        streams = await self._missing() | await asyncio.to_thread(self._late)
        for stream in streams:
            facts = await asyncio.to_thread(self._expected.facts, stream)
            if facts is not None:
                self._nudge(stream, facts)
        for bulk in await asyncio.to_thread(self._expected.open_bulks):
            await self._workflows.start_bulk(bulk)
        if streams:
            log.info("reconciled", nudged=len(streams))
        return len(streams)

    async def _missing(self) -> set[str]:
        """Open streams without a workflow, and workflows whose stream is closed; counted first, for that is cheap."""
        expected = await asyncio.to_thread(self._expected.count_open)
        if await self._workflows.count_running("programme") == expected:
            return set()
        running = {stream async for stream in self._workflows.running("programme")}
        return running ^ await asyncio.to_thread(self._expected.open_streams)

    def _late(self) -> set[str]:
        now = self._clock()
        self._nudged = {key: at for key, at in self._nudged.items() if now - at < AGAIN}
        fresh = {one for one in self._expected.late(now).items() if one not in self._nudged}
        self._nudged |= dict.fromkeys(fresh, now)
        return {stream for stream, _ in fresh}
