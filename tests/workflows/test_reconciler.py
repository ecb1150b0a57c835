"""Each half survives the loss of the other: the journal's open streams run, whatever Temporal has forgotten."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

import pytest

import workflows.reconciler
from activities.settings import Settings
from domain.programme import commands as c
from tests import servers
from tests.workflows.conftest import MakeEngine
from tests.workflows.engine import SCHOOL, Engine
from worker import run
from workflows.agreement import workflow_differences
from workflows.client import ensure_search_attributes

REASON = "txt-" + "0" * 32
FEW = 30
"""So many are for every day: there the worker looks more often than every fifteen seconds."""


async def test_a_missing_workflow(engine: Engine):
    """A start whose nudge was lost runs after the next look."""
    await engine.start(nudge=False)
    async with engine.worker():
        assert await engine.mend() == [SCHOOL]
        await engine.rested()


async def test_nothing_to_mend(engine: Engine):
    """Where all is well nobody is nudged."""
    async with engine.worker():
        await engine.start()
        await engine.rested()
        await engine.until(lambda: seen(engine, 1), "the server counts it")
        assert await engine.mend() == []


async def seen(engine: Engine, running: int) -> bool:
    return await engine.workflows.count_running("programme") == running


async def test_a_lost_nudge(engine: Engine):
    """What was queued without a nudge is carried out after the grace; a late stream is not nudged at every look."""
    async with engine.worker():
        await engine.start()
        await engine.rested()
        engine.record(c.AssignStep(step=1, person="head-sample-school"))
        assert engine.state().items
        reconciler = engine.reconciler()
        await engine.until(lambda: seen(engine, 1), "the server counts it")
        assert await reconciler.once() == 0, "it may still be on its way"
        engine.clock.go(engine.clock() + timedelta(seconds=15))
        assert await reconciler.once() == 1
        assert await reconciler.once() == 0
        await engine.nudge()
        await engine.rested()


async def test_a_deadline_that_nobody_saw(engine: Engine):
    """A stream whose moment has passed is nudged, although its workflow sleeps."""
    async with engine.worker():
        await engine.start()
        await engine.rested()
        engine.clock.go(engine.clock() + timedelta(days=7))
        assert SCHOOL in await engine.mend()
        await engine.rested()
        assert engine.happened("NoticeQueued")


async def test_a_closed_stream_whose_workflow_runs(engine: Engine):
    """It is told, and ends; a missing one beside it is found although the counts agree."""
    async with engine.worker():
        await engine.start()
        await engine.rested()
        await engine.until(lambda: seen(engine, 1), "the server counts it")
    engine.record(c.CancelProgramme(reason=REASON), texts={REASON: "Школа закрыта"})
    for number in list(engine.state().items):
        engine.record(c.RecordDropped(item=number, reason="untrue"))
    (other,) = engine.add_schools(1)
    stream = await engine.start(other, nudge=False)
    assert sorted(await engine.mend()) == sorted([SCHOOL, stream])
    async with engine.worker():
        await engine.rested(stream)
        await engine.until(lambda: ended(engine), "the closed one has ended")
        found = await workflow_differences(engine.workflows, engine.expected, engine.clock)
        assert found == []


async def ended(engine: Engine) -> bool:
    description = await engine.workflows.describe(SCHOOL)
    return description.status is not None and description.status.name == "COMPLETED"


async def test_a_fresh_server(temporal_server: servers.TemporalServer, make_engine: MakeEngine):
    """Neither namespace nor search attributes: the worker brings them, and the year runs."""
    engine = make_engine(temporal_server.address)
    await engine.start(nudge=False)
    stop = asyncio.Event()
    working = asyncio.create_task(run(engine.settings, stop))
    try:
        await engine.connect()
        await engine.until(lambda: running(engine), "the workflow answers", 60)
        await ensure_search_attributes(engine.client)
    finally:
        stop.set()
        await working
        engine.core.database.close()


async def running(engine: Engine, stream: str = SCHOOL) -> bool:
    return (await engine.standing(stream))["version"] is not None


@pytest.mark.parametrize("count", [FEW, pytest.param(500, marks=pytest.mark.slow)])
async def test_temporal_has_lost_everything(count: int, make_engine: MakeEngine, monkeypatch: pytest.MonkeyPatch):
    """Every open programme runs again within a minute, under the worker that lived on, and no letter goes out twice."""
    if count == FEW:
        monkeypatch.setattr(workflows.reconciler, "EVERY", timedelta(seconds=3))
    with servers.TemporalServer() as server:
        engine = make_engine(server.address)
        streams = [await engine.start(one, nudge=False) for one in engine.add_schools(count)]
        stop = asyncio.Event()
        working = asyncio.create_task(run(shifted(engine), stop))
        try:
            await engine.connect()
            await engine.until(lambda: all_rest(engine, streams), "all run", 60 + count / 2)
            sent = letters(engine.settings.mail_folder)
            assert len(sent) == count
            server.restart(server.db.with_name("empty.db"))
            await engine.until(lambda: all_run(engine, streams), "all run again", 60)
            assert Counter(letters(engine.settings.mail_folder)) == Counter(sent)
        finally:
            stop.set()
            await working
            engine.core.database.close()


def shifted(engine: Engine) -> Settings:
    """The settings of a worker in the season of the engine's clock."""
    offset = (engine.clock() - engine.clock.wall()).total_seconds()
    return engine.settings.model_copy(update={"clock_offset": offset})


async def all_run(engine: Engine, streams: list[str]) -> bool:
    if {one async for one in engine.workflows.running("programme")} != set(streams):
        return False
    return all([await running(engine, stream) for stream in streams])


async def all_rest(engine: Engine, streams: list[str]) -> bool:
    return await all_run(engine, streams) and not any(engine.state(stream).items for stream in streams)


def letters(folder: Path) -> list[str]:
    return [str(message_from_bytes(file.read_bytes())["Message-ID"]) for file in folder.glob("*.eml")]
