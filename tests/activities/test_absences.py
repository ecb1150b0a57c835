"""Absences: what can be entered, what history stays, and who gets the letters meanwhile."""

import json
from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import select

from activities.absences import absences_around, absences_of, end_absence, put_absence
from activities.database import Database
from activities.people import Person, put_person
from domain.absences import Absence
from domain.refusal import Refusal
from tests.activities.mailroom import SCHOOL, START, Mailroom
from tests.activities.region import AUDIT, NOW, region

TODAY = date(2026, 10, 1)


def away(id_: str, person: str, since: int, until: int, deputy: str, month: int = 10) -> Absence:
    """Away on these days of a month."""
    return Absence(id=id_, person=person, since=date(2026, month, since), until=date(2026, month, until), deputy=deputy)


@pytest.fixture
def database(journal_url: str) -> Iterator[Database]:
    with region(journal_url) as database:
        with database.writing() as connection:
            for person in ("anna", "boris", "vera"):
                put_person(connection, Person(id=person, name=person.title()), "test", NOW)
        yield database


def test_an_absence_is_entered_changed_and_left_alone(database: Database):
    with database.writing() as connection:
        first = put_absence(connection, away("a", "anna", 5, 9, "boris"), "отпуск", TODAY, "test", NOW)
        again = put_absence(connection, away("a", "anna", 5, 9, "boris"), "отпуск", TODAY, "test", NOW)
        other = put_absence(connection, away("a", "anna", 5, 16, "vera"), None, TODAY, "test", NOW)
        assert isinstance(first, tuple)
        assert isinstance(again, tuple)
        assert isinstance(other, tuple)
        assert (first[1], again[1], other[1]) == (True, False, False)
        (row,) = absences_of(connection, "anna")
        assert (row.until, row.deputy, row.reason) == (date(2026, 10, 16), "vera", None)
        trail = connection.execute(select(AUDIT).where(AUDIT.c.subject == "absence:anna:a").order_by(AUDIT.c.id)).all()
    assert [one.action for one in trail] == ["created", "changed"]
    assert json.loads(trail[1].before)["deputy"] == "boris"


@pytest.mark.parametrize(
    ("wanted", "code", "pointer"),
    [
        (away("b", "anna", 9, 8, "boris"), "absence_ends_early", "/until"),
        (away("b", "anna", 1, 30, "boris", month=9), "absence_in_past", "/until"),
        (away("b", "anna", 5, 9, "anna"), "deputy_is_absent", "/deputy"),
        (away("b", "anna", 5, 9, "ghost"), "person_unknown", "/deputy"),
        (away("b", "anna", 20, 25, "boris"), "absence_overlaps", "/from"),
        (away("b", "vera", 20, 25, "anna"), "deputy_circle", "/deputy"),
    ],
)
def test_an_absence_that_cannot_be_is_refused(database: Database, wanted: Absence, code: str, pointer: str):
    with database.writing() as connection:
        put_absence(connection, away("a", "anna", 15, 20, "vera"), None, TODAY, "test", NOW)
        found = put_absence(connection, wanted, None, TODAY, "test", NOW)
        assert isinstance(found, Refusal)
        assert (found.code, found.pointer) == (code, pointer)
        assert [row.id for person in ("anna", "vera") for row in absences_of(connection, person)] == ["a"]


def test_who_is_back_early_ends_the_absence_and_what_was_stays(database: Database):
    with database.writing() as connection:
        put_absence(connection, away("now", "anna", 1, 9, "boris"), None, TODAY, "test", NOW)
        put_absence(connection, away("later", "anna", 20, 25, "boris"), None, TODAY, "test", NOW)
        ended = end_absence(connection, "anna", "now", date(2026, 10, 4), "test", NOW)
        assert not isinstance(ended, Refusal)
        assert ended is not None
        assert ended.until == date(2026, 10, 3)
        assert end_absence(connection, "anna", "later", date(2026, 10, 4), "test", NOW) is None
        over = end_absence(connection, "anna", "now", date(2026, 10, 4), "test", NOW)
        assert over == Refusal(code="absence_over", facts={"until": date(2026, 10, 3)})
        changed = put_absence(connection, away("now", "anna", 1, 9, "vera"), None, date(2026, 10, 4), "test", NOW)
        assert isinstance(changed, Refusal)
        gone = end_absence(connection, "anna", "later", TODAY, "test", NOW)
        assert gone == Refusal(code="absence_unknown", facts={"absence": "later"})
        assert [row.id for row in absences_of(connection, "anna")] == ["now"]
        trail = connection.execute(select(AUDIT).where(AUDIT.c.subject.startswith("absence:"))).all()
    assert sorted(one.action for one in trail) == ["changed", "created", "created", "removed"]


def test_deputies_of_deputies_are_read_too(database: Database):
    with database.writing() as connection:
        put_absence(connection, away("a", "anna", 5, 9, "boris"), None, TODAY, "test", NOW)
        put_absence(connection, away("b", "boris", 5, 9, "vera"), None, TODAY, "test", NOW)
        assert {one.id for one in absences_around(connection, ["anna"])} == {"a", "b"}
        assert absences_around(connection, ["vera"]) == []


@pytest.fixture
def room(running_here: Mailroom) -> Mailroom:
    return running_here


def leave(room: Mailroom, wanted: Absence) -> None:
    with room.database.writing() as connection:
        assert isinstance(put_absence(connection, wanted, None, START.date(), "test", START), tuple)


def test_on_the_days_of_an_absence_everything_goes_to_the_deputy(room: Mailroom):
    leave(room, away("a", "orlova", 5, 9, "savin"))
    assert room.at(10, 2).resolved("responsible", "curator", step=3) == ["person:orlova"]
    assert room.at(10, 5).resolved("responsible", "curator", step=3) == ["person:savin"]
    assert room.resolved("person:orlova") == ["person:savin"]
    assert room.at(10, 12).resolved("curator") == ["person:orlova"]


def test_superiors_have_deputies_as_well(room: Mailroom):
    leave(room, away("a", "titova", 5, 9, "gusev"))
    assert room.at(10, 6).resolved("municipal_authority") == ["person:gusev"]


def test_who_gets_a_letter_in_both_ways_gets_one_that_says_both(room: Mailroom):
    leave(room, away("a", "orlova", 13, 20, "belov"))
    room.at(10, 13).pass_time()
    item = room.item("missed", 8)
    room.delivery().send_notice(SCHOOL, item.number)
    (letter,) = room.taken
    text = letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert text.startswith("Здравствуйте, Белов Игорь Петрович!")
    assert (
        "Письмо приходит вам за отсутствующего сотрудника: Орлова Вера Павловна (по 20 октября 2026 г. включительно)."
        in text
    )
    assert "Вы получаете его как ответственный за мероприятие, куратор программы, руководитель организации." in text
    assert "Белов Игорь Петрович (замещает: Орлова Вера Павловна)" in text
    assert json.loads(room.events("NoticeSent")[-1]) == {
        "item": item.number,
        "to": ["person:belov"],
        "instead_of": {"person:belov": ["person:orlova"]},
    }
    assert room.events("NoticeRedirected") == []


def test_a_deputy_for_several_is_told_so(room: Mailroom):
    leave(room, away("a", "orlova", 13, 20, "savin"))
    leave(room, away("b", "belov", 13, 14, "savin"))
    room.at(10, 13).pass_time()
    room.delivery().send_notice(SCHOOL, room.item("missed", 8).number)
    (letter,) = room.taken
    text = letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "за отсутствующих сотрудников: Орлова Вера Павловна (по 20" in text
    assert "; Белов Игорь Петрович (по 14 октября 2026 г. включительно)." in text
