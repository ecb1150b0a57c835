"""Each cause of a standstill, really produced: it is an incident of the right layer in time, and it explains."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from activities import delivery, heartbeat
from activities.bounce_mailbox import BounceMailbox
from activities.delivery import Delivery
from activities.directory import load_tree, put_unit
from activities.migrations import migrate
from activities.people import Person, put_person
from activities.recorder import Recorder
from activities.sample import sample_place
from domain.programme import commands as c
from domain.units import Unit
from tests import servers
from tests.activities.bounced import report
from tests.moulds import Moulds
from tests.servers.imap import PASSWORD, USER
from tests.workflows.conftest import MakeEngine
from tests.workflows.desk import Desk
from tests.workflows.engine import SCHOOL, Engine
from workflows import stream, watch
from workflows.client import current_build, make_current
from workflows.stream import StreamLife


@pytest.fixture
def desk(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(heartbeat, "EVERY", 0.2)
    return Desk(engine)


async def begun(desk: Desk) -> None:
    """A year runs, and all is well with it."""
    await desk.engine.start()
    await desk.engine.rested()
    await desk.engine.until(lambda: counted(desk.engine), "the server counts it")
    assert await desk.incidents() == []
    assert (await desk.why()).findings[0].key == "in_time"


async def counted(engine: Engine) -> bool:
    return await engine.workflows.count_running("programme") == 1


async def test_no_worker(desk: Desk):
    async with desk.worker():
        await begun(desk)
    desk.engine.clock.go(desk.engine.clock() + heartbeat.FRESH)
    await desk.sees("worker_missing", "worker", None)
    told = await desk.why()
    assert told.known.human.next_act is not None
    async with desk.worker():
        await desk.sees_nothing_of("worker_missing")


async def test_a_worker_of_a_version_that_is_not_current(desk: Desk):
    async with desk.worker("a"):
        await begun(desk)
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
        await begun(desk)
    async with desk.worker(clock=slow, heart="slow"):  # type: ignore[arg-type]
        await desk.sees("clock_skew", "worker", None)
        found = [one for one in await desk.incidents() if one.finding.key == "clock_skew"]
        assert [one.id for one in found] == ["machine:clock_skew:slow"]
        assert "worker_missing" not in {one.finding.key for one in await desk.incidents()}, "it lives all the same"


async def test_code_that_raises_while_it_records(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    async with desk.worker():
        await begun(desk)
        pass_time = Recorder.pass_time

        def broken(*given: object, **named: object) -> object:
            raise ValueError("a bug")

        monkeypatch.setattr(Recorder, "pass_time", broken)
        desk.engine.clock.go(desk.engine.clock() + timedelta(days=7))
        await desk.engine.nudge()
        await desk.sees("act_fails", "code")
        (pending,) = (await desk.why()).seen.pending
        assert (pending.activity, pending.failure, pending.failure_type) == ("record", "a bug", "ValueError")
        assert pending.next is not None
        monkeypatch.setattr(Recorder, "pass_time", pass_time)
        await desk.sees_nothing_of("act_fails")


async def test_workflow_code_that_is_not_deterministic(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    async with desk.worker():
        await begun(desk)
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
        await begun(desk)
        await desk.engine.handle().terminate()
        await desk.sees("workflow_missing", "temporal")
        await desk.engine.mend()
        await desk.sees_nothing_of("workflow_missing")


async def test_a_workflow_that_lags_behind_its_journal(desk: Desk):
    async with desk.worker():
        await begun(desk)
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
        await begun(desk)
        send = Delivery.send_notice
        monkeypatch.setattr(Delivery, "send_notice", broken)
        await desk.engine.act(c.AssignStep(step=1, person="head-sample-school"))
        desk.engine.clock.go(desk.engine.clock() + timedelta(seconds=15))
        await desk.sees("exhausted", "code")
        (resting,) = (await desk.why()).seen.resting
        assert "no such template" in resting.failure
        monkeypatch.setattr(Delivery, "send_notice", send)


async def test_a_mail_server_that_is_away(mailing: Engine, smtp_server: servers.SmtpServer, monkeypatch):
    monkeypatch.setattr(delivery, "FIRST_RETRY", timedelta(seconds=2))
    monkeypatch.setattr(heartbeat, "EVERY", 0.2)
    desk = Desk(mailing)
    smtp_server.stop()
    async with desk.worker():
        await mailing.start()
        await desk.sees("mail_down", "mail", None)
        first = (await desk.why()).findings[0]
        assert (first.key, first.cause.layer) == ("mail_down", "mail")
        smtp_server.start()
        await mailing.rested()
        await desk.sees_nothing_of("mail_down")


async def test_a_letter_that_is_put_off_again_and_again(
    mailing: Engine, smtp_server: servers.SmtpServer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(delivery, "FIRST_RETRY", timedelta(seconds=0.3))
    monkeypatch.setattr(heartbeat, "EVERY", 0.2)
    desk = Desk(mailing)
    smtp_server.refuse_next(451, "greylisted", at="RCPT", times=50)
    async with desk.worker():
        await mailing.start()
        await desk.sees("mail_postponed", "mail")


async def test_a_letter_that_came_back(
    temporal_server: servers.TemporalServer,
    make_engine: MakeEngine,
    smtp_server: servers.SmtpServer,
    imap_server: servers.ImapServer,
):
    """The mail server takes it, and sends it back to the mailbox that is read over IMAP."""
    mail = {"smtp_host": smtp_server.host, "smtp_port": smtp_server.port, "quiet_hours": ""}
    box = {"imap_host": imap_server.host, "imap_port": imap_server.port, "imap_security": "none"}
    engine = make_engine(temporal_server.address, **mail, **box, imap_user=USER, imap_password=PASSWORD)
    await engine.connect()
    desk = Desk(engine)
    async with desk.worker():
        await begun(desk)
        imap_server.deliver(report(smtp_server.letters[0].message))
        await asyncio.to_thread(BounceMailbox(engine.core.database, engine.settings, engine.clock).look)
        await desk.sees("bounced", "mail")
        with engine.core.database.writing() as connection:
            curator = Person(id="curator-sample-school", name="Куратор", email="right@e.example")
            put_person(connection, curator, "test", engine.clock())
        await desk.sees_nothing_of("bounced")
    engine.core.database.close()


async def test_a_role_that_nobody_holds(desk: Desk):
    """The reminder of step 1 finds neither curator nor head at a school that has just been founded."""
    engine = desk.engine
    with engine.core.database.writing() as connection:
        tree = load_tree(connection)
        parent = sample_place(tree, "school").parent
        school = Unit(id="empty", kind="organisation", parent=parent, sector="general", name="Новая школа")
        put_unit(connection, school, "test", engine.clock())
    async with desk.worker():
        stream = await engine.start("empty", deadlines={1: date(2026, 9, 2)})
        await engine.rested(stream)
        engine.clock.go(engine.clock() + timedelta(days=2))
        await engine.workflows.nudge(stream, engine.expected.facts(stream))
        await desk.sees("vacant", "person", stream)


async def test_a_step_that_others_hold_up(desk: Desk):
    """Nobody enters step 7 without the consents of 5 and 6; its deadline comes first, and passes."""
    async with desk.worker():
        await desk.engine.start(deadlines={7: date(2026, 9, 3)})
        await desk.engine.rested()
        desk.engine.clock.go(desk.engine.clock() + timedelta(days=4))
        await desk.engine.nudge()
        await desk.sees("gate", "data")


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
        await begun(desk)
        server.kill()
        await desk.sees("temporal_down", "temporal", None)
        told = await desk.why()
        assert told.known.kept.stream == SCHOOL
        server.start()
        await desk.sees_nothing_of("temporal_down")
