"""Streams whose workflows do not keep up: which they are, and why, as far as Temporal can be asked in a moment."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress

from activities.diagnosis.incidents import Incident, of_stream
from activities.diagnosis.journal import Stream, read_stream
from activities.lagging import Expected
from activities.wiring import Core
from domain.diagnosis.facts import Machine, Seen
from domain.diagnosis.finding import Finding
from domain.diagnosis.finding import of_stream as found_in
from workflows.look import TEMPORAL_AWAY, Look

MOST = 20
"""So many streams are asked about in one go; the others are named without a reason."""

EXPLAINS = frozenset({"database_down", "disk_full", "temporal_down", "worker_missing", "worker_version"})
"""While one of these holds everything lags, and that is said once."""

Places = Callable[[Collection[str]], Mapping[str, str]]
"""Of some streams those that the reader sees, each with its unit."""


class Stuck:
    """Compares what should run with what does."""

    def __init__(self, core: Core, look: Look) -> None:
        self._core, self._look = core, look
        self._expected = Expected(core.database, core.kinds)

    async def incidents(self, machine: Machine, whole: Iterable[Finding], places: Places) -> list[Incident]:
        """Of every stream that lags, is missing or fails, as far as the reader sees it."""
        if EXPLAINS & {one.key for one in whole}:
            return []
        late, missing, failing = await asyncio.gather(
            asyncio.to_thread(self._expected.late, machine.now), self._missing(), self._look.failing()
        )
        seen = await asyncio.to_thread(places, {*late, *missing, *failing})
        first = sorted(seen, key=lambda one: (one in late, one))[:MOST]
        known = await asyncio.gather(*(self._of(stream, seen[stream], machine) for stream in first))
        return [*(one for some in known for one in some), *_others(set(seen) - set(first), seen, missing, machine)]

    async def _of(self, stream: str, unit: str, machine: Machine) -> list[Incident]:
        seen, read = await asyncio.gather(
            self._look.stream(stream, ask=bool(machine.workers)), asyncio.to_thread(self._read, stream)
        )
        return list(of_stream(_technical(read, seen, machine), stream, unit, machine.now)) if read else []

    def _read(self, stream: str) -> Stream | None:
        with self._core.database.reading() as connection:
            return read_stream(connection, self._core.kinds, stream)

    async def _missing(self) -> set[str]:
        """Open streams without a workflow; counted first, for that is cheap."""
        found: set[str] = set()
        with suppress(*TEMPORAL_AWAY):
            for kind in self._expected.kinds:
                expected = await asyncio.to_thread(self._expected.count_open, kind)
                if await self._look.count(kind) != expected:
                    found |= await asyncio.to_thread(self._expected.open_streams, kind) - await self._look.running(kind)
        return found


def _technical(read: Stream, seen: Seen, machine: Machine) -> Iterator[Finding]:
    """Letters are told of once for all streams; a stream that lags for a reason is told of by its reason."""
    found = [one for one in found_in(read.kept, seen, machine.now) if one.cause.layer != "mail"]
    reasons = [one for one in found if one.key != "workflow_lagging"]
    yield from reasons or found


def _others(
    streams: Iterable[str], units: Mapping[str, str], missing: Collection[str], machine: Machine
) -> Iterator[Incident]:
    for stream in streams:
        key = "workflow_missing" if stream in missing else "workflow_lagging"
        finding = Finding(key, machine.now, {"how": "причина будет названа, когда отстающих станет меньше"})
        yield from of_stream([finding], stream, units[stream], machine.now)
