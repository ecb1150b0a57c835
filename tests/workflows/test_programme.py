"""The workflow of a programme on a real Temporal: how it begins, what it tells, what it sends, how it ends."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, date, datetime, timedelta

from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowExecutionStatus

from domain.programme import commands as c
from tests.servers import Letter, SmtpServer
from tests.workflows.engine import SCHOOL, Engine
from workflows.attributes import NEXT_DEADLINE

REASON = "txt-" + "0" * 32


async def summaries(engine: Engine) -> list[str]:
    """What the timers of the present run say in Temporal's own pages."""
    payloads = [event.user_metadata.summary for event in await engine.history()]
    converter = engine.client.data_converter.payload_converter
    return [converter.from_payload(payload, str) for payload in payloads if payload.data]


async def test_a_nudge_begins_the_year(engine: Engine):
    """The first nudge starts the workflow; it says where it stands in words and in figures."""
    async with engine.worker():
        await engine.start()
        await engine.rested()
        standing = await engine.standing()
        state = engine.state()
        wake = engine.core.streams.wake_at(state)
        assert wake is not None
        assert standing == {
            "stream": SCHOOL,
            "version": state.version,
            "phase": 1,
            "phases": [phase.number for phase in state.phases if phase.status == "open"],
            "wake_at": wake.isoformat(),
            "wake_for": standing["wake_for"],
            "overdue": False,
            "closed": False,
            "in_flight": [],
            "resting": [],
        }
        assert standing["wake_for"] == (await summaries(engine))[-1]
        assert standing["wake_for"].startswith("5 сентября 00:00: ") or "напоминание, шаг" in standing["wake_for"]
        description = await engine.workflows.describe(SCHOOL)
        assert await description.static_summary() == "Программа наставничества sample-school, 2026/27"
        assert description.typed_search_attributes.search_attributes
        metadata = await engine.handle().query("__temporal_workflow_metadata")
        assert "Программа идёт. Этап 1: Подготовка условий" in str(metadata)


async def test_one_timer_waits(engine: Engine):
    """However much is to come, one timer is pending, and a nudge without news does not arm another for the same."""
    async with engine.worker():
        await engine.start()
        await engine.rested()
        assert await engine.count("TIMER_STARTED") == 1
        await engine.nudge()
        await engine.until(lambda: _signals(engine, 2), "the nudge was heard")
        await engine.until(lambda: _answered(engine), "its workflow task has ended")
        started, gone = await engine.count("TIMER_STARTED"), await engine.count("TIMER_CANCELED")
        assert started - gone == 1


async def _answered(engine: Engine) -> bool:
    kinds = Counter(event.event_type for event in await engine.history())
    return kinds[EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED] == kinds[EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED]


async def _signals(engine: Engine, number: int) -> bool:
    return await engine.count("WORKFLOW_EXECUTION_SIGNALED") == number


async def test_search_attributes_only_when_they_change(engine: Engine):
    """They are dear: the start sets them; only a phase, a delay or a deadline that comes earlier sets them again."""
    async with engine.worker():
        await engine.start()
        await engine.rested()
        before = await engine.count("UPSERT_WORKFLOW_SEARCH_ATTRIBUTES")
        assert before == 0
        await engine.complete(4)  # not the next deadline
        await engine.nudge()
        await engine.until(lambda: _signals(engine, 2), "the nudge was heard")
        await engine.rested()
        assert await engine.count("UPSERT_WORKFLOW_SEARCH_ATTRIBUTES") == 0
        await engine.complete(1)  # the next deadline is a later one: told with the next news
        await engine.nudge()
        await engine.until(lambda: _signals(engine, 3), "the nudge was heard")
        await engine.rested()
        assert await engine.count("UPSERT_WORKFLOW_SEARCH_ATTRIBUTES") == 0
        await engine.act(c.MoveDeadline(step=2, due=date(2026, 9, 7), reason=REASON), texts={REASON: "Совещание"})
        await engine.until(lambda: _upserts(engine, 1), "the next deadline came earlier")
        attributes = (await engine.workflows.describe(SCHOOL)).typed_search_attributes
        assert attributes.get(NEXT_DEADLINE) == datetime(2026, 9, 6, 17, tzinfo=UTC)


async def _upserts(engine: Engine, number: int) -> bool:
    return await engine.count("UPSERT_WORKFLOW_SEARCH_ATTRIBUTES") == number


async def test_time_brings_a_reminder(mailing: Engine, smtp_server: SmtpServer):
    """The timer fires at the agenda's moment, the journal holds that moment, the letter arrives."""
    async with mailing.worker():
        await mailing.start()
        await mailing.rested()
        wake = datetime(2026, 9, 7, 2, tzinfo=UTC)  # three working days before the deadline of step 1
        mailing.clock.go(wake - timedelta(seconds=1.5))
        beats = await mailing.count("TIMER_FIRED")
        await mailing.nudge()
        await mailing.until(lambda: bool(reminders(smtp_server)), "the letter is there")
        await mailing.rested()
        assert wake in [one.at for one in mailing.happened("NoticeQueued")]
        assert await mailing.count("TIMER_FIRED") == beats + 1, "the timer fired once, not too early"


def reminders(smtp_server: SmtpServer) -> list[Letter]:
    return [letter for letter in smtp_server.letters if letter.subject.startswith("Напоминание: срок ")]


async def test_the_end_of_a_year(engine: Engine):
    """A cancelled year ends its workflow once its last notices are out; a year started anew gets a new run."""
    async with engine.worker():
        await engine.start()
        await engine.rested()
        first = (await engine.workflows.describe(SCHOOL)).run_id
        await engine.act(c.CancelProgramme(reason=REASON), texts={REASON: "Школа закрыта"})
        await engine.until(lambda: _ended(engine), "the workflow has ended")
        assert not engine.state().items
        await engine.start()
        await engine.rested()
        again = await engine.workflows.describe(SCHOOL)
        assert again.run_id != first
        assert again.status is WorkflowExecutionStatus.RUNNING


async def _ended(engine: Engine) -> bool:
    return (await engine.workflows.describe(SCHOOL)).status is WorkflowExecutionStatus.COMPLETED


async def test_a_nudge_too_many(engine: Engine):
    """A nudge for a stream that is closed starts a run that ends at once."""
    async with engine.worker():
        await engine.start()
        await engine.rested()
        await engine.act(c.CancelProgramme(reason=REASON), texts={REASON: "Школа закрыта"})
        await engine.until(lambda: _ended(engine), "the workflow has ended")
        version = engine.state().version
        await engine.nudge()
        await engine.until(lambda: _ended(engine), "the second run has ended")
        assert engine.state().version == version


async def test_many_nudges_at_once(engine: Engine):
    """A burst of nudges is no burst of beats; the last one is always heard."""
    async with engine.worker():
        await engine.start()
        await engine.rested()
        await asyncio.gather(*(engine.nudge() for _ in range(20)))
        await engine.complete(1)
        await engine.nudge()
        await engine.rested()
