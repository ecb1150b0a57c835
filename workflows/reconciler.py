"""Every worker's good conscience: compares the journal with what runs and mends the difference."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from activities.beat import Facts
from activities.digest_days import DigestDays
from activities.lagging import Expected
from activities.proposals import Proposals
from activities.recorder import Clock
from workflows.client import TemporalError, Workflows, ensure_namespace, ensure_search_attributes
from workflows.names import MAIL

EVERY = timedelta(seconds=15)
FIRST_PAUSE = timedelta(seconds=0.5)
THOROUGH = 20
"""In every so-manieth round the streams are compared one by one, for two differences may cancel out in the count."""

AGAIN = timedelta(minutes=2)
"""How long a late stream that was nudged is left alone while its version stays the same."""

DIGEST_GRACE = timedelta(minutes=1)
"""How long a schedule may take to wake the digests before they count as forgotten."""

log = structlog.get_logger()


class Reconciler:
    """Runs at the start of a worker and every 15 seconds; everything it does may be done twice."""

    def __init__(
        self,
        workflows: Workflows,
        nudge: Callable[[str, Facts | None], None],
        expected: Expected,
        clock: Clock,
        digests: DigestDays | None = None,
        proposals: Proposals | None = None,
        mail_every: timedelta | None = None,
    ) -> None:
        self._workflows, self._nudge, self._expected, self._clock = workflows, nudge, expected, clock
        self._digests, self._proposals, self._mail_every = digests, proposals, mail_every
        self._proposing = False
        self._scheduled: set[str] = set()
        self._nudged: dict[tuple[str, int], datetime] = {}
        self._rounds = 0

    async def run(self) -> None:
        """Reconcile until cancelled; an outage of Temporal or of the database is waited out."""
        pause = FIRST_PAUSE
        while True:
            try:
                await self.once()
                pause = EVERY
            except TemporalError as error:
                pause = self._failed("reconcile_temporal", type(error).__name__, pause)
            except Exception as error:
                pause = self._failed("reconcile_failed", type(error).__name__, pause)
            await asyncio.sleep(pause.total_seconds())

    def _failed(self, what: str, why: str, pause: timedelta) -> timedelta:
        """After a failure look again soon, then less and less often."""
        log.warning(what, error=why)
        return FIRST_PAUSE if pause == EVERY else min(2 * pause, EVERY)

    async def once(self) -> int:
        """One round; how many streams were nudged."""
        await ensure_namespace(self._workflows.client)
        await ensure_search_attributes(self._workflows.client)
        streams = await self._missing() | await asyncio.to_thread(self._late)
        for stream in streams:
            facts = await asyncio.to_thread(self._expected.facts, stream)
            if facts is not None:
                self._nudge(stream, facts)
            else:  # begun after the moment to which the journal was restored
                await self._workflows.wake(stream)
        for bulk in await asyncio.to_thread(self._expected.open_bulks):
            await self._workflows.start_bulk(bulk)
        await self._wake_digests()
        await self._propose()
        await self._read_mail()
        if streams:
            log.info("reconciled", nudged=len(streams))
        return len(streams)

    async def _wake_digests(self) -> None:
        """A schedule for every zone; one that was slept through, or whose clock is not the engine's, is made good."""
        if self._digests is None:
            return
        late = await asyncio.to_thread(self._digests.late, self._clock(), DIGEST_GRACE)
        for zone in await asyncio.to_thread(self._digests.zones):
            if zone in late or zone not in self._scheduled:
                await self._workflows.schedule_digests(zone)
                self._scheduled.add(zone)
        for zone in late:
            await self._workflows.trigger_digests(zone)

    async def _propose(self) -> None:
        """A schedule for the yearly proposal, made good like that of the digests."""
        if self._proposals is None:
            return
        if not self._proposing:
            await self._workflows.schedule_proposals(await asyncio.to_thread(self._proposals.zone))
            self._proposing = True
        if await asyncio.to_thread(self._proposals.due, self._clock()):
            await self._workflows.trigger_proposals()

    async def _read_mail(self) -> None:
        """A schedule for the mailbox, where there is one."""
        if self._mail_every is not None and MAIL not in self._scheduled:
            await self._workflows.schedule_mail(self._mail_every)
            self._scheduled.add(MAIL)

    async def _missing(self) -> set[str]:
        """Open streams without a workflow, and workflows whose stream is closed; counted first, for that is cheap."""
        thorough, self._rounds = self._rounds % THOROUGH == 0, self._rounds + 1
        found = [await self._missing_of(kind, thorough) for kind in self._expected.kinds]
        return set().union(*found)

    async def _missing_of(self, kind: str, thorough: bool) -> set[str]:
        expected = await asyncio.to_thread(self._expected.count_open, kind)
        if not thorough and await self._workflows.count_running(kind) == expected:
            return set()
        running = {stream async for stream in self._workflows.running(kind)}
        return running ^ await asyncio.to_thread(self._expected.open_streams, kind)

    def _late(self) -> set[str]:
        now = self._clock()
        self._nudged = {key: at for key, at in self._nudged.items() if now - at < AGAIN}
        fresh = {one for one in self._expected.late(now).items() if one not in self._nudged}
        self._nudged |= dict.fromkeys(fresh, now)
        return {stream for stream, _ in fresh}
