"""What holds everything up, really produced: an incident of the right layer in time, and it explains."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from activities import heartbeat
from activities.heartbeat import Heart, write_beat
from activities.migrations import migrate
from tests import servers
from tests.moulds import Moulds
from tests.workflows.conftest import MakeEngine
from tests.workflows.desk import Desk
from tests.workflows.engine import SCHOOL, Engine
from workflows import watch
from workflows.client import current_build, make_current


async def test_no_worker(desk: Desk):
    async with desk.worker():
        await desk.begun()
    desk.engine.clock.go(desk.engine.clock() + heartbeat.FRESH)
    await desk.sees("worker_missing", "worker", None)
    told = await desk.why()
    assert told.known.human.next_act is not None
    async with desk.worker():
        await desk.sees_nothing_of("worker_missing")


async def test_a_worker_of_a_version_that_is_not_current(desk: Desk):
    async with desk.worker("a"):
        await desk.begun()
        async with desk.engine.worker("b"):
            await desk.engine.until(lambda: current(desk.engine, "b"), "b takes over")
        await desk.sees("worker_version", "worker", None)
        await make_current(desk.engine.client, "a")
        await desk.sees_nothing_of("worker_version")


async def current(engine: Engine, build: str) -> bool:
    return await current_build(engine.client) == build


async def test_clocks_that_differ(desk: Desk):
    def slow() -> object:
        return desk.engine.clock() - timedelta(minutes=10)

    async with desk.worker():
        await desk.begun()
    async with desk.worker(clock=slow, heart="slow"):  # type: ignore[arg-type]
        await desk.sees("clock_skew", "worker", None)
        found = [one for one in await desk.incidents() if one.finding.key == "clock_skew"]
        assert [one.id for one in found] == ["machine:clock_skew:slow"]
        assert "worker_missing" not in {one.finding.key for one in await desk.incidents()}, "it lives all the same"


async def test_a_clock_that_was_ahead_hides_no_dead_worker(desk: Desk):
    """Its last beat lies in the future, and clears nobody else away."""
    with desk.engine.core.database.writing() as connection:
        ahead = Heart("worker", "ahead", "a", desk.engine.settings.home)
        write_beat(connection, ahead, lambda: desk.engine.clock() + timedelta(hours=2))
    async with desk.worker():
        await desk.begun()
    desk.engine.clock.go(desk.engine.clock() + heartbeat.FRESH)
    await desk.sees("worker_missing", "worker", None)
    (found,) = [one for one in await desk.incidents() if one.finding.key == "worker_missing"]
    assert found.since <= desk.engine.clock()


async def test_a_database_that_lets_nobody_write(
    make_engine: MakeEngine, monkeypatch: pytest.MonkeyPatch, temporal_server: servers.TemporalServer
):
    """Workers cannot say that they live then: it is the database that is told of."""
    monkeypatch.setattr(heartbeat, "EVERY", 0.2)
    monkeypatch.setattr(watch, "EVERY", 0.2)
    monkeypatch.setattr(heartbeat, "FRESH", timedelta(seconds=3))
    engine = make_engine(temporal_server.address)
    await engine.connect()
    desk = Desk(engine)
    watching = asyncio.create_task(desk.watch.run())
    async with desk.worker():
        await engine.start()
        await engine.rested()
        with closing(sqlite3.connect(engine.core.database.url.database or "")) as other:
            other.execute("BEGIN IMMEDIATE")
            told = set[str]()

            async def appears() -> bool:
                told.update(one.finding.key for one in await desk.incidents())
                return "database_down" in told

            await engine.until(appears, "the database is told of", 30)
            assert "worker_missing" not in told
            other.rollback()
        await desk.sees_nothing_of("database_down")
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    engine.core.database.close()


@pytest.fixture
async def lonely(
    make_engine: MakeEngine, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Desk, servers.TemporalServer]]:
    """An installation with a Temporal of its own, which may die."""
    monkeypatch.setattr(heartbeat, "EVERY", 0.2)
    with servers.TemporalServer() as server:
        engine = make_engine(server.address)
        await engine.connect()
        yield Desk(engine), server
        engine.core.database.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of sixteen megabytes."""
    folder = tmp_path / f"disk-{uuid4().hex[:12]}"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "none", folder], capture_output=True)
    if mounted.returncode:
        pytest.skip("only root may mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


async def test_a_disk_that_is_full(
    temporal_server: servers.TemporalServer, moulds: Moulds, small_disk: Path, monkeypatch: pytest.MonkeyPatch
):
    """It is warned of before; then what was written can be read, and everything goes on once there is room again."""
    monkeypatch.setattr(heartbeat, "EVERY", 0.2)
    monkeypatch.setattr(watch, "EVERY", 0.2)
    engine = Engine(small_disk, temporal_server.address, moulds.sqlite(small_disk, migrate)[0])
    await engine.connect()
    desk = Desk(engine)
    watching = asyncio.create_task(desk.watch.run())
    async with desk.worker():
        await engine.start()
        await engine.rested()
        await desk.sees("disk_low", "database", None)
        ballast = small_disk / "ballast"
        with suppress(OSError), ballast.open("wb") as file:
            while True:
                file.write(bytes(100_000))
        await desk.sees("disk_full", "database", None)
        ballast.unlink()
        await desk.sees_nothing_of("disk_full")
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    engine.core.database.close()


async def test_temporal_is_down(lonely: tuple[Desk, servers.TemporalServer]):
    desk, server = lonely
    async with desk.worker():
        await desk.begun()
        server.kill()
        await desk.sees("temporal_down", "temporal", None)
        told = await desk.why()
        assert told.known.kept.stream == SCHOOL
        server.start()
        await desk.sees_nothing_of("temporal_down")
