"""Somebody who looks after an installation: asks what stands still as operators do, of a real Temporal."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from activities.cures.planning import Plan
from activities.diagnosis.incidents import Incident, told
from activities.diagnosis.reading import read_known
from activities.directory import Trees
from activities.heartbeat import Heart, beat_heart
from activities.recorder import Clock
from activities.tokens import Identity
from api.acting import Attempt
from api.context import Context
from api.curing import carried_out, planned
from api.incidents import all_incidents, incident_view
from domain.diagnosis.causes import CAUSES
from tests.workflows.engine import SCHOOL, Engine
from workflows.explaining import Explained, explain
from workflows.look import A_MOMENT, Look
from workflows.mending import Mending, MendingHands
from workflows.nudger import Nudger
from workflows.watch import Watch

OPERATOR = Identity("o", "operator", "tomsk-oblast", "operator")


class Desk:
    """The API's side of an engine, without its routes."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.watch = Watch(
            engine.core.database,
            engine.clock,
            Heart("api", "desk", "-", engine.settings.home),
            Look(engine.workflows, patience=A_MOMENT),
        )
        nudger = Nudger(engine.workflows.nudge)
        self.hands = MendingHands(Mending(engine.workflows), nudger.nudge, engine.loop)
        self.context = Context(engine.core, Trees(), engine.workflows, nudger, self.watch, self.hands)

    async def begun(self) -> None:
        """A year runs, and all is well with it."""
        await self.engine.start()
        await self.engine.rested()
        await self.engine.until(self._counted, "the server counts it")
        assert await self.incidents() == []
        assert (await self.why()).findings[0].key == "in_time"

    async def _counted(self) -> bool:
        return await self.engine.workflows.count_running("programme") == 1

    async def incidents(self) -> list[Incident]:
        return (await all_incidents(self.context, OPERATOR))[0]

    async def why(self, stream: str = SCHOOL) -> Explained:
        with self.engine.core.database.reading() as connection:
            known = read_known(connection, self.engine.core, stream, hidden=True)
        assert known is not None
        return await explain(self.watch, known)

    async def sees(self, key: str, layer: str, stream: str | None = SCHOOL, seconds: float = 30) -> None:
        """The incident appears in time, and it explains the stream; each is told as a sentence with a cure."""
        found: list[Incident] = []

        async def appears() -> bool:
            found[:] = [one for one in await self.incidents() if one.finding.key == key and one.stream == stream]
            return bool(found)

        await self.engine.until(appears, f"{key} is an incident", seconds)
        assert CAUSES[key].layer == layer
        _, tree = await all_incidents(self.context, OPERATOR)
        with self.engine.core.database.reading() as connection:
            (shown,) = told(connection, self.engine.core, found[:1])
        view = incident_view(shown, OPERATOR, tree)
        assert view["sentence"].endswith((".", ")")), view
        assert "None" not in view["sentence"], view
        assert view["cures"], view
        if stream is not None or CAUSES[key].harm == 3:
            await self.engine.until(lambda: self._explains(key, stream or SCHOOL), f"{key} explains", seconds)

    async def _explains(self, key: str, stream: str) -> bool:
        """What people owe may be explained by what they owe besides."""
        first = (await self.why(stream)).findings[0]
        return first.key == key or first.cause.layer == CAUSES[key].layer == "person"

    async def sees_nothing_of(self, key: str) -> None:
        async def gone() -> bool:
            return key not in {one.finding.key for one in await self.incidents()}

        await self.engine.until(gone, f"{key} is over")

    async def cure(self, name: str, action: str, **given: Any) -> Plan:
        """What an operator does about an incident or a stream, as it was shown before."""
        plan = await asyncio.to_thread(planned, self.context, OPERATOR, action, [name], given)
        nobody = Attempt(None, "", None)
        assert await asyncio.to_thread(carried_out, self.context, OPERATOR, plan, nobody) == [None] * len(plan.items)
        return plan

    @asynccontextmanager
    async def worker(self, build: str = "a", clock: Clock | None = None, heart: str = "worker") -> AsyncIterator[None]:
        """A worker of the engine whose heart beats, by a clock of its own if need be."""
        body = Heart("worker", heart, build, self.engine.settings.home)
        beating = asyncio.create_task(beat_heart(self.engine.core.database, body, clock or self.engine.clock))
        try:
            async with self.engine.worker(build):
                yield
        finally:
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)
