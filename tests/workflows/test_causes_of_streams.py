"""What holds one stream up, really produced: an incident of the right layer in time, and it explains."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from activities.delivery import Delivery
from activities.recorder import Recorder
from domain.programme import commands as c
from tests.workflows.desk import Desk
from workflows import stream
from workflows.stream import StreamLife


async def test_code_that_raises_while_it_records(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    async with desk.worker():
        await desk.begun()
        pass_time = Recorder.pass_time

        def broken(*given: object, **named: object) -> object:
            raise ValueError("a bug")

        monkeypatch.setattr(Recorder, "pass_time", broken)
        desk.engine.clock.go(desk.engine.clock() + timedelta(days=7))
        await desk.engine.nudge()
        await desk.sees("act_fails", "code")
        (pending,) = (await desk.why()).seen.pending
        assert (pending.activity, pending.failure, pending.failure_type) == ("record", "ValueError", "ValueError")
        assert pending.next is not None
        monkeypatch.setattr(Recorder, "pass_time", pass_time)
        await desk.sees_nothing_of("act_fails")


async def test_workflow_code_that_is_not_deterministic(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    async with desk.worker():
        await desk.begun()
    live = StreamLife.live

    async def another_story(self: StreamLife, stream: str) -> None:
        await asyncio.sleep(1)
        await live(self, stream)

    monkeypatch.setattr(StreamLife, "live", another_story)
    async with desk.worker():
        desk.engine.clock.go(desk.engine.clock() + timedelta(days=7))
        await desk.engine.nudge()
        await desk.sees("nondeterminism", "code")
        monkeypatch.setattr(StreamLife, "live", live)
    async with desk.worker():
        await desk.sees_nothing_of("nondeterminism")


async def test_a_workflow_that_is_missing(desk: Desk):
    async with desk.worker():
        await desk.begun()
        await desk.engine.handle().terminate()
        await desk.sees("workflow_missing", "temporal")
        await desk.engine.mend()
        await desk.sees_nothing_of("workflow_missing")


async def test_a_workflow_that_lags_behind_its_journal(desk: Desk):
    async with desk.worker():
        await desk.begun()
        desk.engine.record(c.AssignStep(step=1, person="head-sample-school"))
        desk.engine.clock.go(desk.engine.clock() + timedelta(seconds=15))
        await desk.sees("workflow_lagging", "temporal")
        told = await desk.why()
        assert told.seen.saw is not None
        assert told.seen.saw < told.known.kept.version
        await desk.engine.nudge()
        await desk.sees_nothing_of("workflow_lagging")


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
        (resting,) = (await desk.why()).seen.resting
        assert resting.failure == "KeyError", "what it says stays where it was said"
        monkeypatch.setattr(Delivery, "send_notice", send)
