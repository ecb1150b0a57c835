"""The servers that the tests rely on are real and behave as promised."""

import asyncio
import os
import signal
import smtplib
import subprocess
import sys
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import TIMESTAMP, Column, MetaData, Table, Text, create_engine, func, insert, select, text
from temporalio.client import Client

from tests.servers import Deadline, PostgresServer, SmtpServer, TemporalServer

ENDS = ["normal", "ctrl-c", "kill -9"]


async def test_temporal_answers(temporal_server: TemporalServer):
    client = await Client.connect(temporal_server.address)
    assert await client.service_client.check_health()
    assert [found async for found in client.list_workflows()] == []


async def test_temporal_keeps_its_workflows_when_killed(tmp_path: Path):
    with TemporalServer(
        db=tmp_path / "t.db", dynamic_config={"frontend.enableUpdateWorkflowExecution": True}
    ) as server:
        client = await Client.connect(server.address)
        await client.start_workflow("waits", id="survivor", task_queue="nobody-works-here")
        server.kill()
        assert not server.running
        await asyncio.to_thread(server.restart)
        client = await Client.connect(server.address)
        assert (await client.get_workflow_handle("survivor").describe()).id == "survivor"
        await asyncio.to_thread(server.restart, db=tmp_path / "empty.db")
        client = await Client.connect(server.address)
        assert [found async for found in client.list_workflows()] == []


def test_postgres_keeps_moments_whatever_its_zone(postgres_url: str):
    engine = create_engine(postgres_url)
    moment = datetime(2026, 3, 21, 2, 0, tzinfo=UTC)
    table = Table("moment", MetaData(), Column("at", TIMESTAMP(timezone=True)), prefixes=["TEMPORARY"])
    with engine.connect() as connection:
        assert connection.scalar(select(1)) == 1
        table.create(connection)
        connection.execute(insert(table).values(at=moment))
        assert connection.scalar(select(table.c.at)) == moment
        assert connection.scalar(text("SHOW timezone")) == "Asia/Tomsk"
    engine.dispose()


def test_postgres_knows_cyrillic_letters(postgres_url: str):
    engine = create_engine(postgres_url)
    with engine.connect() as connection:
        assert connection.scalar(select(func.lower("ЁЛКА"))) == "ёлка"
    engine.dispose()


@pytest.mark.parametrize("nth", [1, 2])
def test_each_test_gets_an_empty_database(database_url: str, nth: int):
    engine = create_engine(database_url)
    table = Table("letter", MetaData(), Column("text", Text))
    with engine.begin() as connection:
        table.create(connection)
        connection.execute(insert(table).values(text="привет"))
        assert connection.scalars(select(table.c.text)).all() == ["привет"]
    engine.dispose()


def test_postgres_comes_back_after_a_kill(postgres_url: str):
    with PostgresServer() as server:
        assert server.url != postgres_url
        server.kill()
        server.start()
        engine = create_engine(server.url)
        with engine.connect() as connection:
            assert connection.scalar(select(1)) == 1
        engine.dispose()


def letter() -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@mentoring.test", "b@school.test", "Напоминание: шаг 12"
    message["Message-ID"] = "<1@mentoring.test>"
    message.set_content("Завтра срок.")
    return message


def send(server: SmtpServer) -> None:
    with smtplib.SMTP(server.host, server.port, timeout=10) as client:
        client.send_message(letter())


def test_smtp_takes_a_letter(smtp_server: SmtpServer):
    send(smtp_server)
    [taken] = smtp_server.letters_to("b@school.test")
    assert (taken.message_id, taken.subject) == ("<1@mentoring.test>", "Напоминание: шаг 12")
    assert taken.text.strip() == "Завтра срок."


@pytest.mark.parametrize(
    ("at", "error"),
    [
        ("MAIL", smtplib.SMTPSenderRefused),
        ("RCPT", smtplib.SMTPRecipientsRefused),
        ("DATA", smtplib.SMTPDataError),
    ],
)
def test_smtp_refuses_on_demand(smtp_server: SmtpServer, at, error):
    smtp_server.refuse_next(451, at=at)
    with pytest.raises(error):
        send(smtp_server)
    assert smtp_server.letters == []
    send(smtp_server)
    assert len(smtp_server.letters) == 1


def test_smtp_goes_away_and_comes_back(smtp_server: SmtpServer):
    send(smtp_server)
    smtp_server.stop()
    with pytest.raises(ConnectionRefusedError):
        send(smtp_server)
    smtp_server.start()
    send(smtp_server)
    assert len(smtp_server.letters) == 2


RUN = """
import sys
from tests.servers import PostgresServer, TemporalServer
with TemporalServer() as temporal, PostgresServer() as postgres:
    print(temporal.pid, postgres.pid, temporal.log.parent, postgres.folder, flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("how", ENDS)
def test_no_server_outlives_the_run(how: str):
    run = subprocess.Popen([sys.executable, "-c", RUN], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert run.stdin is not None
    assert run.stdout is not None
    temporal, postgres, *folders = run.stdout.readline().split()
    if how == "ctrl-c":
        run.send_signal(signal.SIGINT)
    elif how == "kill -9":
        run.kill()
    run.communicate()
    Deadline(30).until(lambda: not any(runs(int(pid)) for pid in (temporal, postgres)), "both servers have ended")
    Deadline(30).until(lambda: not any(Path(folder).exists() for folder in folders), "their folders are gone")


def runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
