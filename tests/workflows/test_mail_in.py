"""The mailbox for forms on a real Temporal: a schedule, one look at a time, an outage that is waited out."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP

from sqlalchemy import select
from sqlmodel import SQLModel
from temporalio.client import ScheduleOverlapPolicy

from tests.servers import ImapServer, SmtpServer, TemporalServer
from tests.servers.imap import PASSWORD, USER
from tests.workflows.conftest import MakeEngine
from tests.workflows.engine import Engine
from worker import inbox_every
from workflows.reconciler import Reconciler

MAIL = SQLModel.metadata.tables["incoming_mail"]


def question() -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["Message-ID"], mail["Subject"] = "somebody@example.org", "<q@example.org>", "Вопрос"
    mail.set_content("Когда срок?")
    return mail.as_bytes()


def reconciler(engine: Engine) -> Reconciler:
    return Reconciler(
        engine.workflows, lambda *_: None, engine.expected, engine.clock, mail_every=inbox_every(engine.settings)
    )


async def test_a_schedule_has_the_mailbox_read_and_the_mail_answered(
    temporal_server: TemporalServer, make_engine: MakeEngine, imap_server: ImapServer, smtp_server: SmtpServer
):
    engine = make_engine(
        temporal_server.address, imap_host=imap_server.host, imap_port=imap_server.port, imap_security="none",
        imap_user=USER, imap_password=PASSWORD, inbox_folder="INBOX", inbox_every=3600,
        smtp_host=smtp_server.host, smtp_port=smtp_server.port,
    )  # fmt: skip
    await engine.connect()
    imap_server.deliver(question())

    def outcomes() -> list[str]:
        with engine.core.database.reading() as connection:
            return list(connection.scalars(select(MAIL.c.outcome)))

    async with engine.worker():
        await reconciler(engine).once()
        await reconciler(engine).once()
        handle = engine.client.get_schedule_handle("mail_in")
        described = await handle.describe()
        assert [one.every for one in described.schedule.spec.intervals] == [timedelta(hours=1)]
        assert described.schedule.policy.overlap is ScheduleOverlapPolicy.SKIP
        for _ in range(2):
            await handle.trigger()
            await engine.until(lambda: bool(smtp_server.letters), "the sender has an answer")
    assert outcomes() == ["unmatched"]
    assert len(smtp_server.letters) == 1
    engine.core.database.close()


async def test_without_a_folder_nothing_is_scheduled(engine: Engine):
    await reconciler(engine).once()
    assert inbox_every(engine.settings) is None
    assert [one.id async for one in await engine.client.list_schedules()] == []
