"""Nudges on their way: a bounded queue, one in flight for each stream; a lost one is the reconciler's."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import structlog
from opentelemetry.context import Context

from activities.beat import Facts
from activities.tracing import here, inside

Send = Callable[[str, Facts | None], Awaitable[None]]
LANES = 4
ROOM = 20_000

CROWD = 3
"""So many commands in flight are a crowd: one lane goes on, at `PACE` seconds a nudge, until they have answers."""

PACE = 1.0

log = structlog.get_logger()


class Nudger:
    """Takes nudges from any thread and sends them from the event loop that `run` runs in."""

    def __init__(self, send: Send, lanes: int = LANES, room: int = ROOM) -> None:
        self._send, self._lanes, self._room = send, lanes, room
        self._waiting: dict[str, tuple[Facts | None, Context]] = {}
        self._in_flight: set[str] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._work = asyncio.Event()
        self._people = 0
        self._counting = threading.Lock()

    @contextmanager
    def person_waits(self) -> Iterator[None]:
        """Around a command that somebody waits for: answers go before nudges."""
        with self._counting:
            self._people += 1
        try:
            yield
        finally:
            with self._counting:
                self._people -= 1

    def nudge(self, stream: str, facts: Facts | None) -> None:
        """Send soon; dropped when nobody runs the nudger or the queue is full."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._put, stream, facts, here())

    async def run(self) -> None:
        """Send until cancelled."""
        self._loop = asyncio.get_running_loop()
        self._work.set()
        async with asyncio.TaskGroup() as group:
            for lane in range(self._lanes):
                group.create_task(self._lane(first=lane == 0))

    def _put(self, stream: str, facts: Facts | None, place: Context) -> None:
        if stream in self._waiting or len(self._waiting) < self._room:
            self._waiting[stream] = facts, place
            self._work.set()

    def _take(self) -> tuple[str, Facts | None, Context] | None:
        for stream in self._waiting:
            if stream not in self._in_flight:
                return stream, *self._waiting.pop(stream)
        return None

    async def _lane(self, first: bool) -> None:
        while True:
            if self._people >= CROWD:
                await asyncio.sleep(PACE)
                if not first:
                    continue
            taken = self._take()
            if taken is None:
                self._work.clear()
                await self._work.wait()
                continue
            stream, facts, place = taken
            self._in_flight.add(stream)
            try:
                with inside(place):
                    await self._send(stream, facts)
            except Exception as error:
                log.info("nudge_lost", stream=stream, error=type(error).__name__)
            finally:
                self._in_flight.discard(stream)
                self._work.set()
