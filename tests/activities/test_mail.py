"""Handing letters over to a real mail server, and to a folder."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from activities.letters import Attachment, Letter
from activities.mail import FolderMailer, MailDeferred, MailRefused, SmtpMailer, mailer_of
from activities.mail_message import mail_address, message_id, message_of, notice_id
from activities.settings import Settings
from domain.queued import Queued
from tests.servers import SmtpServer, free_port

AT = datetime(2026, 10, 7, 2, 0, tzinfo=UTC)
IDENTITY = message_id("programme/school-1-2026", 7, "person:orlova", "mentoring.example.org")
SHEET = Attachment("Дорожная карта 2026-27.xlsx", ("application", "octet-stream"), b"\x00\x01")
LETTER = Letter("Напоминание: мероприятие 8", "Здравствуйте!\n", "<p>Здравствуйте!</p>\n", (SHEET,))


def message(to: str = "orlova@example.org", name: str = "Орлова Вера Павловна", identity: str = IDENTITY):
    return message_of(LETTER, mail_address(to, name), "mentoring@example.org", identity, AT)


def mailer(server: SmtpServer, **given: object) -> SmtpMailer:
    return SmtpMailer(Settings.model_validate({"smtp_host": server.host, "smtp_port": server.port, **given}))


def test_another_letter_in_the_same_place_has_another_message_id():
    """A journal that was restored may go another way; mailboxes drop a second letter with a known Message-ID."""
    first, second = (Queued(number=7, kind="notice", queued_at=AT + timedelta(days=n)) for n in range(2))
    one, again, other = (notice_id("programme/a-2026", item, "person:o", "e.org") for item in (first, first, second))
    assert one == again != other


def test_a_letter_arrives_with_text_html_and_attachment(smtp_server: SmtpServer):
    mailer(smtp_server).hand_over(message())
    (letter,) = smtp_server.letters
    assert (letter.sender, letter.recipients) == ("mentoring@example.org", ("orlova@example.org",))
    assert (letter.subject, letter.text.splitlines()) == (LETTER.subject, LETTER.text.splitlines())
    assert letter.message_id == IDENTITY
    assert letter.message["To"].addresses[0].display_name == "Орлова Вера Павловна"
    assert letter.message["Date"].datetime == AT
    assert letter.message["Auto-Submitted"] == "auto-generated"
    (attachment,) = letter.message.iter_attachments()
    assert (attachment.get_filename(), attachment.get_content()) == (SHEET.name, SHEET.content)


def test_a_cyrillic_domain_travels_in_idna(smtp_server: SmtpServer):
    mailer(smtp_server).hand_over(message("orlova@школа.рф"))
    assert smtp_server.letters[0].recipients == ("orlova@xn--80atdl2c.xn--p1ai",)


def test_a_cyrillic_mailbox_needs_a_server_that_takes_it(smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch):
    mailer(smtp_server).hand_over(message("орлова@example.org"))
    assert smtp_server.letters[0].recipients == ("орлова@example.org",)
    monkeypatch.setattr("smtplib.SMTP.has_extn", lambda _smtp, _extension: False)
    with pytest.raises(MailRefused) as refused:
        mailer(smtp_server).hand_over(message("орлова@example.org"))
    assert refused.value.code == 553
    assert len(smtp_server.letters) == 1


@pytest.mark.parametrize("at", ["RCPT", "DATA"])
def test_a_permanent_refusal_has_code_and_words(smtp_server: SmtpServer, at):
    smtp_server.refuse_next(550, "no such mailbox", at=at)
    with pytest.raises(MailRefused, match="550 no such mailbox"):
        mailer(smtp_server).hand_over(message())


@pytest.mark.parametrize("at", ["MAIL", "RCPT", "DATA"])
def test_a_temporary_refusal_may_be_tried_again(smtp_server: SmtpServer, at):
    smtp_server.refuse_next(451, "later", at=at)
    with pytest.raises(MailDeferred) as deferred:
        mailer(smtp_server).hand_over(message())
    assert (deferred.value.code, deferred.value.maybe_taken, deferred.value.server_away) == (451, False, False)
    mailer(smtp_server).hand_over(message())
    assert len(smtp_server.letters) == 1


def test_a_refused_sender_is_a_setting_to_mend_and_no_lost_letter(smtp_server: SmtpServer):
    smtp_server.refuse_next(553, "sender is not yours", at="MAIL")
    with pytest.raises(MailDeferred):
        mailer(smtp_server).hand_over(message())


def test_a_dead_server_means_later():
    dead = SmtpMailer(Settings(smtp_host="127.0.0.1", smtp_port=free_port()))
    with pytest.raises(MailDeferred) as deferred:
        dead.hand_over(message())
    assert deferred.value.server_away
    assert not deferred.value.maybe_taken


@pytest.mark.parametrize("given", [{"smtp_starttls": True}, {"smtp_user": "u", "smtp_password": "p"}])
def test_wrong_settings_mean_later(smtp_server: SmtpServer, given: dict[str, object]):
    with pytest.raises(MailDeferred):
        mailer(smtp_server, **given).hand_over(message())
    assert smtp_server.letters == []


@pytest.mark.parametrize(
    "address", ["", "orlova", "orlova@", "@example.org", "or lova@example.org", "a@b\nBcc: c@example.org", "a@b..org"]
)
def test_what_is_no_address_is_refused(address: str):
    with pytest.raises(MailRefused):
        mail_address(address, "Орлова")


def test_line_breaks_cannot_add_headers():
    letter = Letter("Тема\r\nBcc: evil@example.org", "Текст\n", "<p></p>")
    to = mail_address("orlova@example.org", "Орлова\r\nBcc: evil@example.org")
    sent = message_of(letter, to, "mentoring@example.org", IDENTITY, AT)
    assert message_from_bytes(sent.as_bytes(), policy=default)["Bcc"] is None


def test_the_message_id_depends_on_stream_item_and_recipient_alone():
    assert message_id("programme/school-1-2026", 7, "person:orlova", "mentoring.example.org") == IDENTITY
    others = {
        message_id("programme/school-2-2026", 7, "person:orlova", "mentoring.example.org"),
        message_id("programme/school-1-2026", 8, "person:orlova", "mentoring.example.org"),
        message_id("programme/school-1-2026", 7, "person:belov", "mentoring.example.org"),
    }
    assert len({IDENTITY, *others}) == 4


def test_the_folder_holds_each_letter_once(tmp_path: Path):
    folder = tmp_path / "mail"
    name = FolderMailer(folder).hand_over(message())
    assert name == f"2026-10-07-{IDENTITY.strip('<>')}.eml"
    again = message()
    del again["Date"]
    again["Date"] = datetime(2026, 10, 9, tzinfo=UTC)
    assert FolderMailer(folder).hand_over(again) == name
    assert [path.name for path in folder.iterdir()] == [name]
    read = message_from_bytes((folder / name).read_bytes(), policy=default)
    assert isinstance(read, EmailMessage)
    assert read["Subject"] == LETTER.subject


def test_a_full_or_missing_disk_means_later(tmp_path: Path):
    folder = tmp_path / "mail"
    mailer = FolderMailer(folder)
    folder.rmdir()
    folder.write_text("not a folder", encoding="utf-8")
    with pytest.raises(MailDeferred):
        mailer.hand_over(message())


def test_the_settings_choose_the_mailer(tmp_path: Path):
    assert isinstance(mailer_of(Settings(home=tmp_path)), FolderMailer)
    assert isinstance(mailer_of(Settings(home=tmp_path, smtp_host="mail.example.org")), SmtpMailer)
