"""Digests on a real Temporal: a schedule for each zone, and a reconciler that makes good what it slept through."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import SQLModel
from temporalio.client import ScheduleOverlapPolicy

from tests.workflows.engine import Engine
from worker import digest_days
from workflows.reconciler import Reconciler

DELIVERY = SQLModel.metadata.tables["delivery"]
DAY = SQLModel.metadata.tables["digest_day"]
TOMSK = ZoneInfo("Asia/Tomsk")
ESCALATED = datetime(2026, 9, 16, 10, tzinfo=TOMSK).astimezone(UTC)
"""Step 1 was due on 10 September: on this morning its municipality hears of it."""


def reconciler(engine: Engine) -> Reconciler:
    return Reconciler(engine.workflows, lambda *_: None, engine.expected, engine.clock, digest_days(engine.core))


def rows(engine: Engine, table: Any) -> list[dict[str, Any]]:
    with engine.core.database.reading() as connection:
        return [dict(row) for row in connection.execute(select(table)).mappings()]


def letters(engine: Engine) -> list[dict[str, Any]]:
    return [row for row in rows(engine, DELIVERY) if row["kind"] == "digest"]


async def test_a_schedule_wakes_them_every_morning_of_the_zone(engine: Engine):
    await reconciler(engine).once()
    await reconciler(engine).once()
    described = await engine.client.get_schedule_handle("digests/Asia/Tomsk").describe()
    policy, upcoming = described.schedule.policy, described.info.next_action_times
    assert {at.astimezone(TOMSK).time() for at in upcoming} == {time(9)}
    assert upcoming[1] - upcoming[0] == timedelta(days=1)
    assert policy.overlap is ScheduleOverlapPolicy.SKIP
    assert policy.catchup_window
    assert policy.catchup_window < timedelta(days=1)


async def test_what_the_schedule_slept_through_goes_out_once(engine: Engine):
    async with engine.worker():
        await engine.start()
        await engine.rested()
        engine.clock.go(ESCALATED)
        await engine.nudge()
        await engine.rested()
        for _ in range(3):
            await reconciler(engine).once()
        await engine.until(lambda: len(rows(engine, DAY)) == 1, "the day's digests have been sent")
        await reconciler(engine).once()
    (letter,) = letters(engine)
    assert letter["stream"] == "digest/2026-09-16"
    assert (letter["status"], letter["handovers"]) == ("sent", 1)
    assert letter["file"] is not None
    source = (engine.settings.mail_folder / letter["file"]).read_bytes()
    assert letter["message_id"].encode() in source


async def test_the_workflow_of_a_day_off_sends_nothing(engine: Engine):
    async with engine.worker():
        await engine.start()
        engine.clock.go(ESCALATED + timedelta(days=3))  # a Saturday
        await reconciler(engine).once()
        await engine.client.get_schedule_handle("digests/Asia/Tomsk").trigger()

        async def done() -> bool:
            found = [one async for one in engine.client.list_workflows('WorkflowType = "digests"')]
            return [one.status.name for one in found if one.status] == ["COMPLETED"]

        await engine.until(done, "the workflow has looked at the calendar")
    assert letters(engine) == []
    assert rows(engine, DAY) == []
