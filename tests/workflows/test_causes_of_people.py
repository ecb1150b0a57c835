"""Letters that nobody gets and steps that others hold up, really produced: each is an incident in time."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest

from activities import delivery, heartbeat
from activities.bounce_mailbox import BounceMailbox
from activities.directory import load_tree, put_unit
from activities.people import Person, put_person
from activities.sample import sample_place
from domain.units import Unit
from tests import servers
from tests.activities.bounced import report
from tests.servers.imap import PASSWORD, USER
from tests.workflows.conftest import MakeEngine
from tests.workflows.desk import Desk
from tests.workflows.engine import Engine


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
        await desk.begun()
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
