"""A notice whose text has become untrue while it waited is dropped, and no other is."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from domain.programme import commands as c
from domain.programme.state import Item
from tests.activities.mailroom import SCHOOL, TEXT, Mailroom

ORDER = c.Order(number="15-ОД", date=date(2026, 9, 1))


@pytest.fixture
def room(running_here: Mailroom) -> Mailroom:
    return running_here


def missed(room: Mailroom) -> Item:
    room.at(10, 13).pass_time()
    return room.item("missed", 8)


def dropped(room: Mailroom, item: Item) -> bool:
    room.delivery().send_notice(SCHOOL, item.number)
    return room.taken == [] and f'{{"item":{item.number},"reason":"untrue"}}' in room.events("NoticeDropped")


def reminder(room: Mailroom) -> Item:
    room.at(10, 7).pass_time()
    return room.item("reminder", 8)


def test_a_reminder_of_a_step_that_is_done_or_skipped_is_dropped(room: Mailroom):
    item = reminder(room)
    room.record(c.SkipStep(step=8, reason=TEXT))
    assert dropped(room, item)


def test_a_reminder_of_a_date_that_moved_is_dropped(room: Mailroom):
    item = reminder(room)
    room.record(c.MoveDeadline(step=8, due=date(2026, 10, 20), reason=TEXT))
    assert dropped(room, item)


def test_a_reminder_after_its_day_is_dropped_and_on_the_day_it_is_sent(room: Mailroom):
    item = reminder(room)
    room.now = datetime(2026, 10, 12, 23, 59, 59, tzinfo=ZoneInfo("Asia/Tomsk"))
    assert not dropped(room, item)


def test_a_reminder_that_waited_too_long_is_dropped(room: Mailroom):
    item = reminder(room)
    room.at(10, 13, 0)
    assert dropped(room, item)


def test_after_an_outage_one_reminder_of_a_deadline_is_enough(room: Mailroom):
    room.at(10, 7).pass_time()
    earlier, later = room.items("reminder", 8)
    assert dropped(room, earlier)
    room.delivery().send_notice(SCHOOL, later.number)
    assert len(room.taken) == 1


def test_a_missed_notice_is_dropped_when_the_step_is_no_longer_overdue(room: Mailroom):
    item = missed(room)
    room.record(c.MoveDeadline(step=8, due=date(2026, 10, 20), reason=TEXT))
    assert dropped(room, item)


def test_a_handed_step_that_went_to_somebody_else_meanwhile_is_dropped(room: Mailroom):
    room.record(c.AssignStep(step=9, person="savin"))
    item = room.item("handed")
    room.record(c.AssignStep(step=9, person="belov"))
    assert dropped(room, item)


def test_an_appointment_that_was_replaced_meanwhile_is_dropped(room: Mailroom):
    room.record(c.AppointPerson(role="curator", person="savin", order=ORDER))
    item = room.item("appointed")
    room.record(c.AppointPerson(role="curator", person="belov", order=ORDER))
    assert dropped(room, item)


def test_while_paused_nobody_is_reminded_but_handed_steps_are_told(room: Mailroom):
    item = reminder(room)
    room.record(c.PauseProgramme(reason=TEXT))
    assert dropped(room, item)
    room.record(c.AssignStep(step=9, person="savin"))
    room.delivery().send_notice(SCHOOL, room.item("handed").number)
    body = room.taken[0].get_body(("plain",))
    assert body is not None
    assert "Сейчас программа приостановлена" in body.get_content()


def test_after_the_year_was_called_off_only_that_is_told(room: Mailroom):
    item = reminder(room)
    room.record(c.CancelProgramme(reason=TEXT))
    assert dropped(room, item)
    ended = room.item("ended")
    room.delivery().send_notice(SCHOOL, ended.number)
    assert len(room.taken) == 2


def test_notices_of_a_cancelled_run_are_not_sent_in_the_next(room: Mailroom):
    room.record(c.PauseProgramme(reason=TEXT))
    room.record(c.CancelProgramme(reason=TEXT))
    old = [room.item("paused"), room.item("ended")]
    room.start()
    assert all(dropped(room, item) for item in old)
    assert not dropped(room, room.item("started"))
