"""Letters that come back, read over IMAP from a real mailbox: an incident of delivery, and nothing is lost."""

import asyncio
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import SMTP

import pytest
from structlog.testing import capture_logs

from activities.bounce_mailbox import MAIL_ERRORS, BounceMailbox, Harvest, watch_bounces
from activities.bounces import Bounce, bounce_of
from activities.mail import SmtpMailer
from activities.settings import Settings
from tests.activities.bounced import NO_SUCH_USER, report
from tests.activities.mailroom import SCHOOL, Mailroom
from tests.servers import Deadline, ImapServer, SmtpServer
from tests.servers.imap import PASSWORD, USER


@pytest.fixture
def room(staffed: Mailroom) -> Mailroom:
    staffed.start()
    return staffed


@pytest.fixture
def mailbox(room: Mailroom, imap_server: ImapServer) -> BounceMailbox:
    return BounceMailbox(room.database, settings(imap_server), room.clock)


def settings(server: ImapServer, password: str = PASSWORD) -> Settings:
    return Settings(
        imap_host=server.host, imap_port=server.port, imap_security="none", imap_user=USER, imap_password=password
    )


def sent(room: Mailroom, server: SmtpServer) -> dict[str, Message]:
    """What the mail server took, by address."""
    mailer = SmtpMailer(Settings(smtp_host=server.host, smtp_port=server.port))
    for number in sorted(room.state().items):
        room.delivery(mailer).send_notice(SCHOOL, number)
    return {letter.recipients[0]: letter.message for letter in server.letters}


def statuses(room: Mailroom) -> dict[str, str]:
    return {row["recipient"]: row["status"] for row in room.rows("delivery")}


@pytest.mark.parametrize("headers_only", [False, True], ids=["whole", "headers"])
def test_a_letter_that_comes_back_is_an_incident_of_its_delivery(
    room: Mailroom, smtp_server: SmtpServer, imap_server: ImapServer, mailbox: BounceMailbox, headers_only: bool
):
    letter = sent(room, smtp_server)["orlova@school.example.org"]
    events = len(room.rows("event"))
    imap_server.deliver(report(letter, headers_only=headers_only))
    room.at(8, 20, 10)
    assert mailbox.look() == Harvest(bounced=1)
    (row,) = (row for row in room.rows("delivery") if row["status"] == "bounced")
    assert (row["recipient"], row["message_id"]) == ("person:orlova", letter["Message-ID"])
    assert row["bounced_at"] == room.now
    assert row["error"] == f"5.1.1 {NO_SUCH_USER}"
    assert len(room.rows("event")) == events, "no step of anybody is touched, and nobody is escalated"
    assert imap_server.unread() == []
    assert mailbox.look() == Harvest()


def test_it_came_back_once_however_often_the_server_says_so(
    room: Mailroom, smtp_server: SmtpServer, imap_server: ImapServer, mailbox: BounceMailbox
):
    letter = sent(room, smtp_server)["orlova@school.example.org"]
    for _ in range(2):
        imap_server.deliver(report(letter))
    assert mailbox.look() == Harvest(bounced=2)
    row = next(row for row in room.rows("delivery") if row["status"] == "bounced")
    room.at(8, 21)
    imap_server.deliver(report(letter, said="another"))
    mailbox.look()
    assert row in room.rows("delivery")


@pytest.mark.parametrize(("action", "status"), [("delayed", "4.4.1"), ("delivered", "2.0.0")])
def test_a_report_of_no_failure_is_read_and_changes_nothing(
    room: Mailroom, smtp_server: SmtpServer, imap_server: ImapServer, mailbox: BounceMailbox, action: str, status: str
):
    letter = sent(room, smtp_server)["orlova@school.example.org"]
    imap_server.deliver(report(letter, action, status))
    assert mailbox.look() == Harvest(noted=1)
    assert set(statuses(room).values()) == {"sent"}
    assert imap_server.unread() == []


def test_what_is_not_understood_is_left_unread_and_logged_once(
    room: Mailroom, smtp_server: SmtpServer, imap_server: ImapServer, mailbox: BounceMailbox
):
    sent(room, smtp_server)
    away = EmailMessage(policy=SMTP)
    away["Subject"], away["From"] = "В отпуске", "orlova@school.example.org"
    away.set_content("Меня нет.")
    foreign = EmailMessage(policy=SMTP)
    foreign["Message-ID"] = "<foreign@example.org>"
    imap_server.deliver(away.as_bytes())
    imap_server.deliver(report(foreign))
    with capture_logs() as logs:
        assert mailbox.look() == Harvest(left=2)
        assert mailbox.look() == Harvest()
    assert [(entry["event"], entry["report"]) for entry in logs] == [
        ("mail left unread", False),
        ("mail left unread", True),
    ]
    assert "orlova" not in str(logs)
    assert imap_server.unread() == ["В отпуске", "Undelivered Mail Returned to Sender"]
    assert set(statuses(room).values()) == {"sent"}


def test_a_letter_that_came_back_does_not_hold_up_its_notice(
    room: Mailroom, smtp_server: SmtpServer, imap_server: ImapServer, mailbox: BounceMailbox
):
    letters = sent(room, smtp_server)
    imap_server.deliver(report(letters["orlova@school.example.org"]))
    mailbox.look()
    assert len(smtp_server.letters) == len(sent(room, smtp_server)), "nothing goes out again"
    assert room.state().items == {}


def test_a_mailbox_that_refuses_is_an_error_to_wait_out(room: Mailroom, imap_server: ImapServer):
    locked = BounceMailbox(room.database, settings(imap_server, "wrong"), room.clock)
    with pytest.raises(MAIL_ERRORS):
        locked.look()
    imap_server.stop()
    with pytest.raises(MAIL_ERRORS):
        locked.look()


async def test_the_mailbox_is_read_again_and_again_whatever_happens_to_it(
    room: Mailroom, smtp_server: SmtpServer, imap_server: ImapServer, mailbox: BounceMailbox
):
    letter = sent(room, smtp_server)["orlova@school.example.org"]
    imap_server.stop()
    with capture_logs() as logs:
        watching = asyncio.create_task(watch_bounces(mailbox, 0.05))
        soon = Deadline(20)
        await asyncio.to_thread(soon.until, lambda: bool(logs), "the outage is logged")
        imap_server.start()
        imap_server.deliver(report(letter))
        await asyncio.to_thread(soon.until, lambda: "bounced" in statuses(room).values(), "the report is read")
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
    assert "bounces_unread" in {entry["event"] for entry in logs}
    assert PASSWORD not in str(logs)


def test_a_report_without_a_letter_is_no_bounce():
    report = EmailMessage()
    report["Content-Type"] = "multipart/report; report-type=delivery-status; boundary=b"
    assert bounce_of(report) is None
    report["In-Reply-To"] = "<a@b>"
    assert bounce_of(report) is None, "it says nothing of any recipient"


def test_what_a_report_says_is_kept_short():
    original = EmailMessage()
    original["Message-ID"] = "<a@b>"
    found = bounce_of(message_from_bytes(report(original, said="x" * 5000)))
    assert isinstance(found, Bounce)
    assert found.failed
    assert len(found.reason) == 1000
