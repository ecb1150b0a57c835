"""A release where workers do not take over by themselves: side by side, by command, and back again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from temporalio.service import RPCError, RPCStatusCode
from typer.testing import CliRunner

from activities.heartbeat import Heart, Pulse, beat_heart, write_beat
from cli import app
from serving import builds_at_work
from tests.workflows.engine import Engine
from tests.workflows.test_workers import built
from worker import keep_current
from workflows.client import current_build
from workflows.look import Look
from workflows.releases import NobodyThere, earlier_build, release_build


@asynccontextmanager
async def at_work(engine: Engine, build: str) -> AsyncIterator[None]:
    """A worker of a build that waits for the command."""
    async with engine.worker(build, takes_over=False):
        heart = asyncio.create_task(beat_heart(engine.core.database, Heart("worker", build, build), engine.clock))
        try:
            yield
        finally:
            heart.cancel()


def alive(engine: Engine) -> set[str]:
    return builds_at_work(engine.core, Pulse())


async def release(engine: Engine, build: str, patience: float = 20) -> None:
    await release_build(engine.workflows, build, lambda: alive(engine), patience)


async def moved_to(engine: Engine, build: str) -> bool:
    await engine.nudge()
    return await built(engine) == build


async def test_a_release_and_its_rollback(engine: Engine):
    """The new worker stands beside the old one until the command; a running year goes over, and back."""
    async with at_work(engine, "old"):
        await release(engine, "old")
        await engine.start()
        await engine.rested()
        async with at_work(engine, "new"):
            await engine.until(lambda: "new" in alive(engine), "the new worker's heart beats")
            await engine.nudge()
            await engine.rested()
            assert await built(engine) == "old"
            await release(engine, "new")
            await engine.until(lambda: moved_to(engine, "new"), "the year goes on under the new build")
            assert await earlier_build(engine.workflows) == "old"
            await release(engine, "old")
            await engine.until(lambda: moved_to(engine, "old"), "and back under the old one")
            assert await engine.count("WORKFLOW_EXECUTION_STARTED") == 1
            assert await earlier_build(engine.workflows) == "new"


async def test_a_build_without_workers_is_not_released(engine: Engine):
    """Made current, it would let every programme stand still."""
    async with at_work(engine, "old"):
        await release(engine, "old")
        with pytest.raises(NobodyThere):
            await release(engine, "never-built", patience=0)
        assert await current_build(engine.client) == "old"


async def test_a_dead_build_whose_clock_was_ahead_is_not_released(engine: Engine):
    """Its last beat says for hours that it is yet to come."""
    with engine.core.database.writing() as connection:
        write_beat(connection, Heart("worker", "dead", "ahead"), lambda: engine.clock() + timedelta(hours=2))
    async with at_work(engine, "old"):
        await release(engine, "old")
        with pytest.raises(NobodyThere):
            await release(engine, "ahead", patience=1)


async def test_the_first_worker_needs_no_command(engine: Engine):
    """Where nobody is current, there is nobody to take over from: a fresh server, or one that lost its memory."""
    assert await earlier_build(engine.workflows) is None
    async with at_work(engine, "first"):

        async def current() -> bool:
            return await current_build(engine.client) == "first"

        await engine.until(current, "the first build is current")


async def test_a_worker_that_waits_does_not_fight(engine: Engine):
    """What keeps a build current leaves the released one alone."""
    async with at_work(engine, "old"):
        await release(engine, "old")
        async with engine.worker("new", takes_over=False):
            keeping = asyncio.create_task(keep_current(engine.client, "new", takes_over=False))
            await engine.start()
            await engine.rested()
            assert await current_build(engine.client) == "old"
            keeping.cancel()


async def test_a_busy_server_is_asked_again(engine: Engine):
    """Too many questions at once are no outage, and no reason to leave a release half done."""
    async with at_work(engine, "old"):
        await release(engine, "old")
        crowd = [asyncio.create_task(current_build(engine.client)) for _ in range(300)]
        looks = [asyncio.create_task(Look(engine.workflows).server(engine.clock())) for _ in range(20)]
        earlier = [asyncio.create_task(earlier_build(engine.workflows)) for _ in range(20)]
        await release(engine, "old")
        answers = await asyncio.gather(*crowd, return_exceptions=True)
        assert {one.status for one in answers if isinstance(one, RPCError)} == {RPCStatusCode.RESOURCE_EXHAUSTED}
        assert not any(server.trouble for server in await asyncio.gather(*looks))
        assert set(await asyncio.gather(*earlier)) == {None}


async def test_the_command(engine: Engine, monkeypatch: pytest.MonkeyPatch):
    """`mentoring release` says what is current now, and refuses what nobody works for."""
    settings = engine.settings
    offset = (engine.clock() - engine.clock.wall()).total_seconds()
    monkeypatch.setenv("MENTORING_TEMPORAL_ADDRESS", settings.temporal_address)
    monkeypatch.setenv("MENTORING_TEMPORAL_NAMESPACE", settings.temporal_namespace)
    monkeypatch.setenv("MENTORING_CLOCK_OFFSET", str(offset))

    async def told(*words: str) -> str:
        command = ["release", *words, "--home", str(settings.home)]
        return (await asyncio.to_thread(CliRunner().invoke, app, command)).output

    nothing = await asyncio.to_thread(CliRunner().invoke, app, ["release", "--rollback", "--home", str(settings.home)])
    assert (nothing.exit_code, nothing.output) == (1, "Прежней сборки Temporal не знает: возвращать нечего.\n")

    async with at_work(engine, "old"), at_work(engine, "new"):
        await engine.until(lambda: alive(engine) == {"old", "new"}, "both hearts beat")
        assert "Действует" in await told("old")
        assert await told("new") == "Действует new, раньше old.\n"
        assert await told("--rollback") == "Действует old, раньше new.\n"
        assert "Работают: new, old. Ничего не изменено." in await told("--wait", "0")
        assert await current_build(engine.client) == "old"
