"""What goes wrong around a programme's workflow: mail that is away or slow, a database that does not answer."""

from __future__ import annotations

import time
from datetime import date, timedelta
from email.message import EmailMessage

import pytest

from activities import delivery
from activities.mail import SmtpMailer
from activities.recorder import Recorder
from domain.plan import midnight
from tests.servers import SmtpServer
from tests.workflows.engine import SCHOOL, Engine

REASON = "txt-" + "0" * 32


async def test_a_dead_mail_server_delays_no_deadline(
    mailing: Engine, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch
):
    """Letters wait for the server, deadlines do not wait for letters; each letter arrives once."""
    monkeypatch.setattr(delivery, "FIRST_RETRY", timedelta(seconds=2))
    smtp_server.stop()
    async with mailing.worker():
        await mailing.start(deadlines={1: date(2026, 9, 2)})
        await mailing.until(lambda: bool(mailing.happened("ItemDeferred")), "the start's notice has to wait")
        passes = midnight(date(2026, 9, 3), "Asia/Tomsk")
        mailing.clock.go(passes - timedelta(seconds=1.5))
        await mailing.nudge()
        await mailing.until(lambda: bool(mailing.happened("StepMissed")), "the deadline has passed")
        assert mailing.happened("StepMissed")[0].at == passes
        assert mailing.clock() - passes < timedelta(seconds=5)
        assert mailing.state().items
        smtp_server.start()
        mailing.clock.go(mailing.clock() + timedelta(hours=10))  # past the quiet hours of the night
        await mailing.nudge()
        await mailing.rested()
    ids = [letter.message_id for letter in smtp_server.letters]
    assert ids
    assert len(ids) == len(set(ids))


async def test_the_database_is_locked(engine: Engine):
    """Operators see the attempt as a pending activity; when the database answers again, the year goes on."""
    async with engine.worker():
        await engine.start()
        await engine.rested()
        with engine.core.database.engine.connect() as connection:
            lock = connection.execution_options(immediate=True).begin()
            await engine.next_moment(before=timedelta(seconds=-1))
            await engine.nudge()
            await engine.until(lambda: _pending(engine), "an activity is pending")
            lock.rollback()
        before = await engine.count("ACTIVITY_TASK_SCHEDULED")
        assert before == 1
        await engine.until(lambda: _idle(engine), "it has been carried out")
        await engine.rested()


async def _pending(engine: Engine) -> bool:
    pending = (await engine.workflows.describe(SCHOOL)).raw_description.pending_activities
    return [(one.activity_type.name, one.attempt >= 1) for one in pending] == [("record", True)]


async def _idle(engine: Engine) -> bool:
    return not (await engine.workflows.describe(SCHOOL)).raw_description.pending_activities


async def test_a_database_that_fails(engine: Engine, monkeypatch: pytest.MonkeyPatch):
    """Every failed attempt is counted where operators look."""
    async with engine.worker():
        await engine.start()
        await engine.rested()
        pass_time = Recorder.pass_time

        def broken(*given: object, **named: object) -> object:
            raise OSError("disk on fire")

        monkeypatch.setattr(Recorder, "pass_time", broken)
        await engine.nudge()

        async def seen() -> bool:
            pending = (await engine.workflows.describe(SCHOOL)).raw_description.pending_activities
            return any(one.attempt >= 2 and one.last_failure.message == "OSError" for one in pending)

        await engine.until(seen, "the second attempt has failed")
        monkeypatch.setattr(Recorder, "pass_time", pass_time)
        await engine.until(lambda: _idle(engine), "the third one works")
        await engine.rested()


async def test_a_slow_mail_server(mailing: Engine, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch):
    """An act that takes longer than its time is not broken off in the middle: each letter arrives once."""
    hand_over = SmtpMailer.hand_over

    def slowly(self: SmtpMailer, message: EmailMessage) -> None:
        hand_over(self, message)
        deadline = time.monotonic() + 6
        while time.monotonic() < deadline:  # as a server does that takes its time after the last dot
            time.sleep(0.01)

    monkeypatch.setattr(SmtpMailer, "hand_over", slowly)
    async with mailing.worker():
        await mailing.start()
        await mailing.until(lambda: bool(smtp_server.letters), "the server has the letter")
        monkeypatch.setattr(SmtpMailer, "hand_over", hand_over)
        await mailing.rested()
    ids = [letter.message_id for letter in smtp_server.letters]
    assert len(ids) == len(set(ids))
