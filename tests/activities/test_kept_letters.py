"""True letters that do not go out: quiet hours hold them, people decline what is not obligatory; each leaves a row."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from activities.settings import NIGHT, Settings
from activities.wishes import find_preferences, put_preferences
from domain.programme import commands as c
from domain.programme.state import Item
from domain.refusal import Refusal
from tests.activities.mailroom import SCHOOL, START, TEXT, TOMSK, Mailroom


@pytest.fixture
def room(running: Mailroom) -> Mailroom:
    running.settings = running.settings.model_copy(update={"quiet_hours": "20:00-08:00"})
    return running


def moved_at(room: Mailroom, hour: int) -> Item:
    room.at(10, 7, hour).record(c.MoveDeadline(step=8, due=date(2026, 10, 20), reason=TEXT))
    return room.item("moved", 8)


def send(room: Mailroom, item: Item) -> list[str]:
    """The statuses of its letters after one attempt."""
    room.delivery().send_notice(SCHOOL, item.number)
    return sorted(row["status"] for row in rows(room, item))


def rows(room: Mailroom, item: Item) -> list[dict[str, Any]]:
    return [row for row in room.rows("delivery") if row["number"] == item.number]


def decline(room: Mailroom, person: str = "orlova", early_reminders: bool = False) -> None:
    with room.database.writing() as connection:
        put_preferences(connection, person, early_reminders, "test", START)


def test_a_letter_of_the_evening_goes_out_in_the_morning(room: Mailroom):
    item = moved_at(room, 21)
    assert send(room, item) == ["held"]
    assert room.taken == []
    assert room.state().items[item.number].retry_at == datetime(2026, 10, 8, 8, tzinfo=TOMSK)
    (row,) = rows(room, item)
    assert row["subject"].startswith("Срок перенесён: мероприятие 8")
    room.at(10, 8, 8)
    assert send(room, item) == ["sent"]
    assert rows(room, item)[0]["handovers"] == 1
    assert item.number not in room.state().items


def test_by_day_it_goes_out_at_once(room: Mailroom):
    assert send(room, moved_at(room, 19)) == ["sent"]


def test_what_is_no_longer_true_in_the_morning_is_withdrawn(room: Mailroom):
    item = moved_at(room, 21)
    send(room, item)
    room.at(10, 7, 22).record(c.SkipStep(step=8, reason=TEXT))
    room.at(10, 8, 8)
    assert send(room, item) == ["untrue"]
    assert room.taken == []
    assert f'{{"item":{item.number},"reason":"untrue"}}' in room.events("NoticeDropped")


def test_it_is_the_night_of_the_recipients_unit(room: Mailroom):
    with room.database.writing() as connection:
        connection.exec_driver_sql("UPDATE unit SET zone = 'Europe/Kaliningrad' WHERE id = 'school-1'")
    assert send(room, moved_at(room, 21)) == ["sent"], "there it is four in the afternoon"


def test_whoever_would_have_got_an_untrue_letter_is_written_down(room: Mailroom):
    room.at(10, 7).pass_time()
    item = room.item("reminder", 8)
    room.record(c.SkipStep(step=8, reason=TEXT))
    assert send(room, item) == ["untrue"]
    assert [(row["recipient"], row["handovers"]) for row in rows(room, item)] == [("person:orlova", 0)]


def test_the_night_is_quiet_with_a_mail_server_and_a_folder_disturbs_nobody(tmp_path: Path):
    assert Settings(home=tmp_path).quiet is None
    assert Settings(home=tmp_path, smtp_host="mail").quiet == NIGHT
    assert Settings(home=tmp_path, smtp_host="mail", quiet_hours="").quiet is None
    with pytest.raises(ValidationError, match="20:00-08:00"):
        Settings(home=tmp_path, quiet_hours="ночь")


def test_an_early_reminder_can_be_declined_and_the_journal_says_so(room: Mailroom):
    decline(room)
    room.at(10, 7).pass_time()
    item = room.item("reminder", 8)
    assert send(room, item) == ["opted_out"]
    assert f'{{"item":{item.number},"reason":"opted_out"}}' in room.events("NoticeDropped")


def test_who_has_not_declined_gets_it_all_the_same(room: Mailroom):
    room.record(c.AssignStep(step=8, person="savin"))
    decline(room)
    room.at(10, 7).pass_time()
    item = room.item("reminder", 8)
    assert send(room, item) == ["opted_out", "sent"]
    assert f'{{"item":{item.number},"to":["person:savin"]}}' in room.events("NoticeSent")


@pytest.mark.parametrize(("day", "kind"), [(12, "reminder"), (13, "missed")])
def test_the_last_day_and_what_comes_after_it_cannot_be_declined(room: Mailroom, day: int, kind: str):
    decline(room)
    room.at(10, day).pass_time()
    assert "opted_out" not in send(room, room.item(kind, 8))
    assert room.taken


def test_who_changes_their_mind_gets_them_again(room: Mailroom):
    decline(room)
    decline(room, early_reminders=True)
    room.at(10, 7).pass_time()
    assert send(room, room.item("reminder", 8)) == ["sent"]
    with room.database.reading() as connection:
        assert find_preferences(connection, "orlova").version == 2
        assert find_preferences(connection, "savin").version == 0


def test_a_stranger_and_a_stale_version_are_refused(room: Mailroom):
    with room.database.writing() as connection:
        unknown = put_preferences(connection, "nobody", False, "test", START)
        stale = put_preferences(connection, "orlova", False, "test", START, expected=3)
    assert isinstance(unknown, Refusal)
    assert isinstance(stale, Refusal)
    assert (unknown.code, stale.code) == ("person_unknown", "version_stale")
