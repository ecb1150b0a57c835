"""Workers come and go, old and new; the years go on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from temporalio.api.workflow.v1 import WorkflowExecutionInfo

from tests import servers
from tests.workflows.conftest import MakeEngine
from tests.workflows.engine import SCHOOL, Engine
from workflows.client import current_build

REMINDED = datetime(2026, 9, 7, 2, tzinfo=UTC)
"""Three working days before the deadline of step 1."""


async def test_a_worker_is_started_again(engine: Engine):
    """What time brought while nobody worked is made good, each event at its own moment."""
    async with engine.worker():
        await engine.start()
        await engine.rested()
    engine.clock.go(REMINDED + timedelta(days=1))
    await engine.nudge()
    async with engine.worker():
        await engine.until(lambda: REMINDED in moments(engine), "the worker has caught up")
        await engine.rested()
        assert await engine.count("WORKFLOW_EXECUTION_STARTED") == 1


def moments(engine: Engine) -> list[datetime]:
    return [one.at for one in engine.happened("NoticeQueued")]


async def test_a_new_build_takes_over(engine: Engine):
    """A running year goes on under the next build, with its timers, without a restart."""
    async with engine.worker("a"):
        await engine.start()
        await engine.rested()
        assert await built(engine) == "a"
    async with engine.worker("b"):
        await engine.until(lambda: is_current(engine, "b"), "b is current")
        engine.clock.go(REMINDED - timedelta(seconds=1))
        await engine.nudge()
        await engine.until(lambda: REMINDED in moments(engine), "the timer fires under b")
        await engine.rested()
        assert await built(engine) == "b"
        assert await engine.count("WORKFLOW_EXECUTION_STARTED") == 1


async def test_an_old_build_does_not_fight(engine: Engine):
    """While both work, tasks go to the newer one, and the older one leaves it so."""
    async with engine.worker("a"):
        await engine.start()
        await engine.rested()
        async with engine.worker("b"):
            await engine.until(lambda: is_current(engine, "b"), "b is current")
            await engine.complete(1)

            async def moved() -> bool:
                await engine.nudge()
                return await built(engine) == "b"

            await engine.until(moved, "the next task goes to b")
            await engine.rested()
            assert await built(engine) == "b"
            assert await is_current(engine, "b")


async def is_current(engine: Engine, build: str) -> bool:
    return await current_build(engine.client) == build


async def built(engine: Engine) -> str:
    info: WorkflowExecutionInfo = (await engine.workflows.describe(SCHOOL)).raw_description.workflow_execution_info
    return info.versioning_info.deployment_version.build_id


async def test_a_long_history_is_continued(make_engine: MakeEngine):
    """When the server suggests it, a new run begins with nothing but the stream's id, and nothing is lost."""
    limit = {"limit.historyCount.suggestContinueAsNew": 40}
    with servers.TemporalServer(dynamic_config=limit) as server:
        engine = make_engine(server.address)
        await engine.connect()
        async with engine.worker():
            await engine.start()
            await engine.rested()
            first = (await engine.workflows.describe(SCHOOL)).run_id

            async def continued() -> bool:
                await engine.nudge()
                return (await engine.workflows.describe(SCHOOL)).run_id != first

            await engine.until(continued, "a new run has begun")
            engine.clock.go(REMINDED - timedelta(seconds=1))
            await engine.nudge()
            await engine.until(lambda: REMINDED in moments(engine), "the timer fires in the new run")
            await engine.rested()
        engine.core.database.close()
