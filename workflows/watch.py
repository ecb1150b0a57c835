"""What a process remembers of the machine between two questions: beats, outages, and who may ask without a database."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from time import monotonic
from typing import NamedTuple

from activities.database import UNREACHABLE, Database
from activities.diagnosis.machine import postponed, trouble_of
from activities.heartbeat import EVERY, Heart, Pulse, clear_away, workers_of, write_beat
from activities.recorder import Clock
from activities.tokens import Identity, Keys
from domain.diagnosis.facts import SKEWED, Machine, Process, Server, Trouble
from domain.diagnosis.finding import Finding, of_machine
from workflows.look import Look

PATIENCE = 8.0
"""Seconds after which a beat that still waits says that nothing is written."""

HESITATION = 2.0
"""Seconds after which it says that others may wait like that: their silence means nothing then."""


class _Beat(NamedTuple):
    """A beat that is under way: since when, by our clock and by one that nobody sets."""

    at: datetime
    began: float

    @property
    def waits(self) -> float:
        """For how many seconds."""
        return monotonic() - self.began


class Watch:
    """Beats, looks at the others, and notes when something began. `look` asks Temporal."""

    def __init__(self, database: Database, clock: Clock, heart: Heart, look: Look) -> None:
        self.look = look
        self._database, self._clock, self._heart = database, clock, heart
        self._pulse, self._keys = Pulse(), Keys()
        self._refused: Trouble | None = None
        self._under_way: _Beat | None = None
        self._began: dict[str, datetime] = {}
        self.worker_lives = True
        """As it was seen last; a workflow is asked only while somebody can answer for it."""

    async def run(self) -> None:
        """Beat and look every five seconds until cancelled."""
        while True:
            with suppress(*UNREACHABLE):
                await asyncio.to_thread(self._beat)
            self.findings(await self.machine())
            await asyncio.sleep(EVERY)

    async def machine(self) -> Machine:
        """Everything that all streams share, as it is now. Takes a second when Temporal is down."""
        now = self._clock()
        server, machine = await asyncio.gather(self.look.server(now), asyncio.to_thread(self._read, now))
        return replace(machine, server=server)

    def processes(self) -> tuple[Process, ...]:
        """Who has ever beaten, and who of them lives. Raises what is in `UNREACHABLE`."""
        with self._database.reading() as connection:
            return self._pulse.feel(connection, self._clock())

    async def look_first(self) -> None:
        """For whoever asks but once: where clocks leave a doubt who lives, the next beat is waited for."""
        machine = await asyncio.to_thread(self._read, self._clock())
        ahead = any(one.at - machine.now > SKEWED for one in machine.processes)
        if ahead or (machine.processes and not machine.workers):
            await asyncio.sleep(EVERY + 1)

    def findings(self, machine: Machine) -> list[Finding]:
        """What holds everything up; what has no beginning of its own began when it was first seen."""
        found = list(of_machine(machine))
        began = {f"{one.key}:{one.place}": one for one in found if one.since == machine.now}
        self._began = {key: self._began.get(key, machine.now) for key in began}
        return [
            replace(one, since=self._began[f"{one.key}:{one.place}"]) if one.since == machine.now else one
            for one in found
        ]

    def identity(self, token: str) -> Identity | None:
        """An operator or administrator whose token was valid when the database answered last."""
        return self._keys.find(token, self._clock())

    def _beat(self) -> None:
        self._heart = self._heart.next
        self._under_way = beat = _Beat(self._clock(), monotonic())
        try:
            with self._database.writing() as connection:
                write_beat(connection, self._heart, self._clock)
                clear_away(connection, self._pulse.long_gone)
        except UNREACHABLE as error:
            self._refused = trouble_of(error, self._refused.since if self._refused else beat.at)
            raise
        finally:
            self._under_way = None
        self._refused = None
        with self._database.reading() as connection:
            self._keys.keep(connection, self._clock())

    def _read(self, now: datetime) -> Machine:
        try:
            with self._database.reading() as connection:
                processes = self._pulse.feel(connection, now)
                mail = postponed(connection, now)
        except UNREACHABLE as error:
            return Machine(now, trouble_of(error, self._refused.since if self._refused else now))
        last = max((one.at for one in processes if one.kind == "worker"), default=None)
        self.worker_lives = bool(workers_of(processes))
        beat = self._under_way
        waits = beat.waits if beat else 0.0
        trouble = self._refused
        if trouble is None and beat and waits > PATIENCE:
            trouble = Trouble(beat.at, "запись ждёт своей очереди")
        silent = min(last, now) if last else None  # a clock may have been ahead
        return Machine(now, trouble, processes, Server(), mail, silent, hesitates=waits > HESITATION)
