"""Digests go out once, in the morning of the place, whatever happens to the server."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from activities.deliveries import list_letters
from activities.digest_days import DigestDays
from activities.digests import Digests, Outcome
from activities.mail import FolderMailer, MailDeferred
from domain.programme import commands as c
from domain.quiet import QuietHours
from domain.units import Role, Unit
from tests.activities.digests.desk import ZONE, add, late, only_step_8, send, sender, start_at
from tests.activities.mailroom import TEXT, TOMSK, Mailroom
from tests.activities.test_delivery import Scripted


def test_without_news_there_is_no_letter(room: Mailroom):
    late(room, 16)
    assert send(room) == ["titova@district.example.org"]
    late(room, 19)
    assert send(room) == [], "the same as on Friday"
    room.record(c.SkipStep(step=8, reason=TEXT))
    late(room, 20)
    assert send(room) == [], "nothing to tell"


def test_a_day_gets_one_letter_however_often_it_is_asked_for(room: Mailroom):
    late(room, 16)
    first = Digests(
        room.database, room.library, room.streams, room, room.settings, DigestDays(room.database, room.library, None)
    )
    assert first.send(ZONE, room.clock()) == Outcome(1, deferred=False)
    room.at(10, 16, 15)
    assert send(room) == []
    (row,) = [row for row in room.rows("delivery") if row["kind"] == "digest"]
    assert (row["status"], row["handovers"], row["unit"]) == ("sent", 1, "mo-a")


def test_a_crash_in_the_middle_sends_the_same_letter_once_more_and_the_others_not(room: Mailroom):
    late(room, 20)
    dying = Scripted([None, KeyboardInterrupt()])
    with pytest.raises(KeyboardInterrupt):
        sender(room, dying).send(ZONE, room.clock())
    again = Scripted([])
    sender(room, again).send(ZONE, room.clock())
    (letter,) = again.handed
    assert letter["Message-ID"] == dying.handed[1]["Message-ID"]
    assert letter["Date"] == dying.handed[1]["Date"]


def test_a_server_that_is_away_is_asked_again_on_the_same_day(room: Mailroom):
    late(room, 16)
    away = Scripted([MailDeferred(0, "away")])
    assert sender(room, away).send(ZONE, room.clock()) == Outcome(1, deferred=True)
    room.at(10, 16, 11)
    assert send(room) == ["titova@district.example.org"]


def test_while_it_works_it_says_that_it_is_alive(room: Mailroom):
    late(room, 20)
    signs: list[int] = []
    sender(room).send(ZONE, room.clock(), lambda: signs.append(len(room.taken)))
    assert signs == [0, 0, 1], "once for each programme that is read, once for each letter"


def test_nothing_goes_out_on_a_day_off_before_nine_or_in_the_quiet_hours(room: Mailroom):
    late(room, 16)
    night = QuietHours.parse("20:00-08:00")

    def due(month: int, day: int, hour: int) -> bool:
        room.at(month, day, hour)
        return DigestDays(room.database, room.library, night).due(ZONE, room.clock()) is not None

    assert due(10, 16, 9)
    assert due(10, 16, 19)
    assert not due(10, 16, 8)
    assert not due(10, 16, 20)
    assert not due(10, 17, 9), "a Saturday"
    assert not due(11, 4, 9), "a holiday"


def test_a_clock_that_is_a_little_behind_means_the_morning_that_comes(room: Mailroom):
    room.at(10, 16)
    room.now -= timedelta(seconds=2)
    assert send(room) == ["titova@district.example.org"], "the rung of 09:00 counts, recorded or not"


def test_everybody_gets_it_at_nine_of_their_own_zone(staffed: Mailroom):
    room = staffed
    north = Unit(id="school-2", kind="organisation", parent="mo-b", sector="general", name="Школа № 2")
    add(room, Unit(id="mo-b", kind="municipality", parent="region", name="Район Б", zone="Asia/Chita"), *COORDINATOR)
    start_at(room, north, (), ())
    only_step_8(room, "programme/school-2-2026")
    late(room, 16, "programme/school-2-2026")
    assert DigestDays(room.database, room.library, None).zones() == {ZONE, "Asia/Chita"}
    assert send(room) == []
    assert send(room, "Asia/Chita") == ["coordinator@example.org"]


COORDINATOR: tuple[tuple[str, Role], ...] = (("coordinator", "municipal_coordinator"),)


def test_without_a_mail_server_it_is_a_file_that_can_be_read(room: Mailroom, tmp_path: Path):
    late(room, 16)
    sender(room, FolderMailer(tmp_path / "mail")).send(ZONE, room.clock())
    with room.database.reading() as connection:
        newest = next(letter for letter in list_letters(connection) if letter.kind == "digest")
    assert (newest.stream, newest.recipient) == ("digest/2026-10-16", "person:titova")
    assert newest.file is not None
    assert (tmp_path / "mail" / newest.file).read_bytes().startswith(b"From:")


def test_quiet_hours_end_in_the_morning_of_the_place():
    night = QuietHours.parse("20:00-08:00")
    evening = datetime(2026, 10, 16, 21, tzinfo=TOMSK)
    assert night.end(evening, ZONE) == datetime(2026, 10, 17, 8, tzinfo=TOMSK)
    assert night.end(evening + timedelta(hours=9), ZONE) == datetime(2026, 10, 17, 8, tzinfo=TOMSK)
    assert night.end(evening - timedelta(hours=2), ZONE) is None
    assert night.end(evening + timedelta(hours=11), ZONE) is None
    assert QuietHours.parse("12:00-13:30").end(evening, ZONE) is None
    with pytest.raises(ValueError, match="20:00-08:00"):
        QuietHours.parse("8-20")
