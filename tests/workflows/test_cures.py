"""What an operator does about the machine, on a real Temporal: what stood still goes on, and nothing is lost."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from activities import delivery, heartbeat
from activities.delivery import Delivery
from activities.jobs import read_bulk, stop_bulk
from activities.recorder import Recorder
from activities.tables import AuditRow
from activities.tokens import create_token
from api.curing import begin_job, planned
from domain.programme import commands as c
from tests import servers
from tests.workflows.desk import OPERATOR, Desk
from tests.workflows.engine import SCHOOL, Engine
from workflows import stream
from workflows.stream import StreamLife

SCHOOLS = 50


def audited(engine: Engine) -> list[str]:
    """The cures that stand in the audit of the workflow."""
    audit = AuditRow.__table__  # type: ignore[attr-defined]
    with engine.core.database.reading() as connection:
        return list(connection.scalars(select(audit.c.after).where(audit.c.subject == f"workflow:{SCHOOL}")))


@pytest.mark.parametrize(("action", "given"), [("restart", {}), ("reset", {"to": "first"})])
async def test_code_that_does_not_fit_its_history(
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
    action: str,
    given: dict[str, Any],
):
    async with desk.worker():
        await desk.begun()
    live, before = StreamLife.live, desk.engine.state().version

    async def another_story(self: StreamLife, name: str) -> None:
        await asyncio.sleep(0.1)
        await live(self, name)

    monkeypatch.setattr(StreamLife, "live", another_story)
    async with desk.worker():
        desk.engine.clock.go(desk.engine.clock() + timedelta(days=7))
        await desk.engine.nudge()
        await desk.sees("nondeterminism", "code")
        await desk.cure(f"nondeterminism:{SCHOOL}", action, **given)
        await desk.sees_nothing_of("nondeterminism")
        await desk.engine.rested()
    assert desk.engine.state().version >= before, "the journal has everything"
    assert [action in told for told in audited(desk.engine)] == [True]


async def test_a_workflow_goes_back_to_its_last_task_and_goes_on(desk: Desk):
    engine = desk.engine
    async with desk.worker():
        await desk.begun()
        run, version = (await engine.handle().describe()).run_id, engine.state().version
        await desk.cure(SCHOOL, "reset", to="last")
        assert (await engine.handle().describe()).run_id != run
        engine.clock.go(engine.clock() + timedelta(days=30))
        await engine.nudge()
        await engine.until(lambda: engine.state().version > version, "what was due is recorded")
        await engine.rested()
        assert {one.finding.cause.layer for one in await desk.incidents()} <= {"person"}


async def test_a_workflow_that_is_missing(desk: Desk):
    async with desk.worker():
        await desk.begun()
        await desk.engine.handle().terminate()
        await desk.sees("workflow_missing", "temporal")
        await desk.cure(f"workflow_missing:{SCHOOL}", "restart")
        await desk.sees_nothing_of("workflow_missing")
        await desk.engine.rested()


async def test_a_workflow_that_lags_behind_its_journal(desk: Desk):
    async with desk.worker():
        await desk.begun()
        desk.engine.record(c.AssignStep(step=1, person="head-sample-school"))
        desk.engine.clock.go(desk.engine.clock() + timedelta(seconds=15))
        await desk.sees("workflow_lagging", "temporal")
        await desk.cure(f"workflow_lagging:{SCHOOL}", "retry")
        await desk.sees_nothing_of("workflow_lagging")


async def test_an_act_that_waits_for_its_next_attempt(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    def broken(*given: object, **named: object) -> object:
        raise ValueError("a bug")

    async with desk.worker():
        await desk.begun()
        pass_time = Recorder.pass_time
        monkeypatch.setattr(Recorder, "pass_time", broken)
        desk.engine.clock.go(desk.engine.clock() + timedelta(days=7))
        await desk.engine.nudge()
        await desk.sees("act_fails", "code")
        await desk.engine.until(lambda: _attempts(desk, 4), "the next attempt is seconds away")
        monkeypatch.setattr(Recorder, "pass_time", pass_time)
        await desk.cure(f"act_fails:{SCHOOL}", "retry")
        await desk.engine.until(lambda: _attempts(desk, 0), "it was tried at once", seconds=3)


async def _attempts(desk: Desk, least: int) -> bool:
    pending = (await desk.why()).seen.pending
    return any(one.attempt >= least for one in pending) if least else not pending


async def test_an_act_whose_attempts_are_exhausted(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    def broken(*given: object) -> None:
        raise KeyError("no such template")

    monkeypatch.setattr(stream, "PATIENCE", timedelta(seconds=1))
    async with desk.worker():
        await desk.begun()
        send = Delivery.send_notice
        monkeypatch.setattr(Delivery, "send_notice", broken)
        await desk.engine.act(c.AssignStep(step=1, person="head-sample-school"))
        desk.engine.clock.go(desk.engine.clock() + timedelta(seconds=15))
        await desk.sees("exhausted", "code")
        monkeypatch.setattr(Delivery, "send_notice", send)
        await desk.cure(f"exhausted:{SCHOOL}", "retry")
        await desk.sees_nothing_of("exhausted")
        await desk.engine.rested()


async def test_letters_that_waited_for_the_mail_server(
    mailing: Engine, smtp_server: servers.SmtpServer, monkeypatch: pytest.MonkeyPatch
):
    """The next attempt is an hour away; the queue of every stream is tried at once instead."""
    monkeypatch.setattr(delivery, "FIRST_RETRY", timedelta(hours=1))
    monkeypatch.setattr(heartbeat, "EVERY", 0.2)
    office = Desk(mailing)
    smtp_server.stop()
    async with office.worker():
        await mailing.start()
        await office.sees("mail_down", "mail", None)
        smtp_server.start()
        plan = await office.cure("machine:mail_down", "retry")
        assert [one.target.stream for one in plan.items] == [SCHOOL]
        assert plan.ready[0][1].changes == ("Сейчас будет выполнено 1 поручение из очереди",)
        await mailing.rested()
        await office.sees_nothing_of("mail_down")
    assert mailing.happened("RetryAsked")


async def test_a_job_goes_on_with_another_worker_and_is_stopped(desk: Desk):
    engine = desk.engine
    with engine.core.database.writing() as connection:
        made = create_token(connection, "o", OPERATOR.unit, OPERATOR.role, None, "test", engine.clock())
    assert isinstance(made, tuple)
    operator = replace(OPERATOR, id=made[0].id)
    streams = [await engine.start(one, nudge=False) for one in engine.add_schools(SCHOOLS)]

    def begin(action: str, **given: Any) -> str:
        plan = planned(desk.context, operator, action, streams, given)
        assert len(plan.ready) == SCHOOLS
        with engine.core.database.writing() as connection:
            return begin_job(desk.context, connection, operator, plan, given)

    job = await asyncio.to_thread(begin, "remind", step=1)
    async with desk.worker():
        await engine.workflows.start_bulk(job)
        await engine.until(lambda: done(engine, job) > 0, "some are done")
    assert done(engine, job) < SCHOOLS, "the worker went away midway"
    async with desk.worker():
        await engine.until(lambda: done(engine, job) == SCHOOLS, "the other one does the rest", seconds=60)
        assert all(len(engine.happened("ReminderAsked", one)) == 1 for one in streams)

        job = await asyncio.to_thread(begin, "pause", reason="Карантин")
        await engine.workflows.start_bulk(job)
        await engine.until(lambda: done(engine, job) > 0, "some rest")
        with engine.core.database.writing() as connection:
            assert stop_bulk(connection, job, OPERATOR.actor, engine.clock()) is None
        await engine.until(lambda: finished(engine, job), "it has come to its end")
    paused = sum(engine.state(one).status == "paused" for one in streams)
    assert 0 < paused == done(engine, job) < SCHOOLS


def done(engine: Engine, job: str) -> int:
    with engine.core.database.reading() as connection:
        found = read_bulk(connection, job)
    assert found is not None
    return sum(one["outcome"] == "done" for one in found["items"])


def finished(engine: Engine, job: str) -> bool:
    with engine.core.database.reading() as connection:
        found = read_bulk(connection, job)
    return found is not None and found["finished_at"] is not None
