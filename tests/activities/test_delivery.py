"""Delivery: at least once, twice only in the crash window, never when untrue, to everybody who can be reached."""

from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from structlog.testing import capture_logs

from activities.deliveries import Wanted, find_letter, letter_source, list_letters
from activities.delivery import AlreadyInHand
from activities.mail import FolderMailer, MailDeferred, MailRefused, SmtpMailer
from activities.settings import Settings
from domain.programme import commands as c
from domain.programme.state import Item
from tests.activities.mailroom import SCHOOL, TEXT, Mailroom
from tests.servers import SmtpServer, free_port


class Crash(BaseException):
    """The process dies."""


@dataclass
class Scripted:
    """A mailer that answers as told, in order; then it takes everything."""

    answers: list[BaseException | None]
    handed: list[EmailMessage] = field(default_factory=list)

    def hand_over(self, message: EmailMessage) -> str | None:
        answer = self.answers.pop(0) if self.answers else None
        if not isinstance(answer, MailRefused | MailDeferred):
            self.handed.append(message)
        if answer is not None:
            raise answer
        return None


@pytest.fixture
def room(running: Mailroom) -> Mailroom:
    return running


def missed(room: Mailroom, step: int = 8) -> Item:
    """The morning after a deadline: the notice goes to the curator (who is responsible as well) and to the head."""
    room.at(10, 13).pass_time()
    return room.item("missed", step)


def letters(room: Mailroom, item: Item) -> dict[str, dict[str, Any]]:
    return {row["recipient"]: row for row in room.rows("delivery") if row["number"] == item.number}


def test_a_notice_reaches_each_person_once_and_is_recorded(room: Mailroom):
    item = missed(room)
    room.delivery().send_notice(SCHOOL, item.number)
    assert [message["To"].addresses[0].addr_spec for message in room.taken] == [
        "orlova@school.example.org",
        "belov@school.example.org",
    ]
    assert room.events("NoticeSent")[-1] == f'{{"item":{item.number},"to":["person:belov","person:orlova"]}}'
    assert {row["status"] for row in letters(room, item).values()} == {"sent"}
    assert {row["handovers"] for row in letters(room, item).values()} == {1}
    room.delivery().send_notice(SCHOOL, item.number)
    assert len(room.taken) == 2


def test_a_crash_before_the_answer_sends_once_more_with_the_same_message_id(room: Mailroom):
    item = missed(room)
    crashing = Scripted([None, Crash()])
    with pytest.raises(Crash):
        room.delivery(crashing).send_notice(SCHOOL, item.number)
    assert letters(room, item)["person:belov"]["status"] == "handing_over"
    room.now += timedelta(hours=20)
    again = Scripted([])
    room.delivery(again).send_notice(SCHOOL, item.number)
    (letter,) = again.handed
    assert letter["Message-ID"] == crashing.handed[1]["Message-ID"]
    assert letter["Date"] == crashing.handed[1]["Date"]
    rows = letters(room, item)
    assert (rows["person:orlova"]["handovers"], rows["person:belov"]["handovers"]) == (1, 2)
    assert item.number not in room.state().items


def test_a_crash_before_the_record_sends_nothing_again(room: Mailroom, monkeypatch: pytest.MonkeyPatch):
    item = missed(room)

    def die(*_given: object, **_named: object) -> None:
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(room.recorder, "record", die)
        with pytest.raises(Crash):
            room.delivery().send_notice(SCHOOL, item.number)
    assert len(room.taken) == 2
    room.delivery().send_notice(SCHOOL, item.number)
    assert len(room.taken) == 2
    assert item.number not in room.state().items


def test_what_was_sent_before_the_notice_became_untrue_is_recorded_as_sent(room: Mailroom):
    item = missed(room)
    with pytest.raises(Crash):
        room.delivery(Scripted([None, Crash()])).send_notice(SCHOOL, item.number)
    room.record(c.SkipStep(step=8, reason=TEXT))
    room.delivery().send_notice(SCHOOL, item.number)
    assert room.taken == []
    assert room.events("NoticeSent")[-1] == f'{{"item":{item.number},"to":["person:orlova"]}}'


def test_a_dead_server_defers_with_growing_pauses_and_tells_no_names(room: Mailroom):
    item = missed(room)
    dead = SmtpMailer(Settings(smtp_host="127.0.0.1", smtp_port=free_port()))
    pauses = []
    for _ in range(8):
        with capture_logs() as logs:
            room.delivery(dead).send_notice(SCHOOL, item.number)
        assert [entry["event"] for entry in logs] == ["notice deferred"]
        assert "orlova" not in str(logs)
        retry_at = room.state().items[item.number].retry_at
        assert retry_at is not None
        pauses.append(int((retry_at - room.now).total_seconds() // 60))
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]
    assert set(letters(room, item)) == {"person:orlova"}, "an absent server is not asked again for the next letter"
    room.delivery().send_notice(SCHOOL, item.number)
    assert {row["handovers"] for row in letters(room, item).values()} == {1}


def test_letters_go_out_when_the_server_is_back(room: Mailroom, smtp_server: SmtpServer):
    item = missed(room)
    mailer = SmtpMailer(Settings(smtp_host=smtp_server.host, smtp_port=smtp_server.port))
    smtp_server.stop()
    room.delivery(mailer).send_notice(SCHOOL, item.number)
    smtp_server.start()
    room.delivery(mailer).send_notice(SCHOOL, item.number)
    assert [letter.recipients[0] for letter in smtp_server.letters] == [
        "orlova@school.example.org",
        "belov@school.example.org",
    ]
    assert len({letter.message_id for letter in smtp_server.letters}) == 2


def test_a_mailbox_that_is_busy_holds_up_nobody_else(room: Mailroom):
    item = missed(room)
    room.delivery(Scripted([MailDeferred(451, "busy")])).send_notice(SCHOOL, item.number)
    rows = letters(room, item)
    assert (rows["person:orlova"]["status"], rows["person:orlova"]["handovers"]) == ("deferred", 0)
    assert rows["person:belov"]["status"] == "sent"
    room.delivery().send_notice(SCHOOL, item.number)
    assert [message["To"].addresses[0].username for message in room.taken] == ["orlova"]


def test_an_answer_that_never_came_counts_as_a_possible_hand_over(room: Mailroom):
    item = missed(room)
    room.delivery(Scripted([MailDeferred(0, "timed out", maybe_taken=True)])).send_notice(SCHOOL, item.number)
    assert letters(room, item)["person:orlova"]["status"] == "handing_over"
    room.delivery().send_notice(SCHOOL, item.number)
    assert letters(room, item)["person:orlova"]["handovers"] == 2


def test_a_permanent_refusal_fails_one_letter_and_the_others_go_out(room: Mailroom):
    item = missed(room)
    room.delivery(Scripted([MailRefused(550, "no such mailbox")])).send_notice(SCHOOL, item.number)
    rows = letters(room, item)
    assert (rows["person:orlova"]["status"], rows["person:orlova"]["error"]) == ("failed", "550 no such mailbox")
    assert room.events("NoticeSent")[-1] == f'{{"item":{item.number},"to":["person:belov"]}}'


@pytest.mark.parametrize("address", [None, "not an address"])
def test_who_has_no_usable_address_is_a_failed_letter(room: Mailroom, address: str | None):
    room.set_address("belov", address)
    item = missed(room)
    room.delivery().send_notice(SCHOOL, item.number)
    row = letters(room, item)["person:belov"]
    assert (row["status"], row["handovers"]) == ("failed", 0)
    assert row["error"]


def test_a_notice_that_nobody_can_get_is_dropped(room: Mailroom):
    room.record(c.AssignStep(step=9, person="mute"))
    item = room.item("handed")
    room.delivery().send_notice(SCHOOL, item.number)
    assert room.events("NoticeDropped")[-1] == f'{{"item":{item.number},"reason":"nobody"}}'


def test_an_item_that_is_gone_or_no_notice_is_left_alone(room: Mailroom):
    room.delivery().send_notice(SCHOOL, 1)
    room.delivery().send_notice("programme/nowhere-2026", 1)
    assert room.taken == []


def test_one_notice_is_not_sent_by_two_threads_at_once(room: Mailroom):
    item = missed(room)

    class Nosy:
        def hand_over(self, message: EmailMessage) -> str | None:
            with pytest.raises(AlreadyInHand):
                delivery.send_notice(SCHOOL, item.number)
            return None

    delivery = room.delivery(Nosy())
    delivery.send_notice(SCHOOL, item.number)
    assert item.number not in room.state().items


def test_letters_in_the_folder_can_be_listed_and_read(room: Mailroom):
    item = missed(room)
    folder = room.settings.mail_folder
    room.delivery(FolderMailer(folder)).send_notice(SCHOOL, item.number)
    with room.database.reading() as connection:
        first, second = list_letters(connection, Wanted(SCHOOL), limit=2)
        after = list_letters(connection, Wanted(SCHOOL), limit=1, after=(first.at, first.message_id))
        assert after == [second]
        assert list_letters(connection, Wanted("programme/other-2026")) == []
        assert find_letter(connection, first.message_id.strip("<>")) == first
    source = letter_source(folder, first)
    assert source is not None
    assert first.message_id.encode() in source
    assert {path.name for path in folder.iterdir()} == {first.file, second.file}
