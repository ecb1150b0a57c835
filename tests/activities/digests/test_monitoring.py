"""The monitoring in digests: one list of the late by name, to those who may see them, when there is news."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import event

from activities.digest_owing import read_owing
from domain.submission import commands as c
from domain.units import Unit
from tests.activities.digests.desk import add, begin, late, send, text
from tests.activities.mailroom import SCHOOL, Mailroom
from tests.activities.monitoring import REASON, RESPONDENTS, act, day_by_day, hand_in, open_campaign, pass_and_send
from tests.activities.test_monitoring_letters import CENTRE, DEPARTMENT, WHY, appoint

CANARY = "Канарейка"


@pytest.fixture
def room(staffed_here: Mailroom) -> Mailroom:
    appoint(staffed_here, "borisova", "municipal_coordinator", "mo-b")
    appoint(staffed_here, "kurator", "curator", "lyceum")
    return staffed_here


def missed(room: Mailroom) -> None:
    """Nobody has submitted by 22 March; the morning after has come."""
    open_campaign(room)
    pass_and_send(room)
    day_by_day(room, 5, 15, 18, 22, 23)


def test_the_morning_after_centre_and_department_get_one_list_of_the_late(room: Mailroom):
    missed(room)
    assert send(room) == [CENTRE, DEPARTMENT]
    assert str(room.taken[0]["Subject"]) == "Сводка на 23 марта 2027 г.: не сдано форм мониторинга: 3"
    letter = text(room, CENTRE)
    assert "Мониторинг. Мониторинг программ наставничества\n\nМуниципалитеты:\n\n— Район А: форма не сдана" in letter
    assert letter.index("— Район А: форма") < letter.index("— Район Б: форма")
    assert "Областные организации:\n\n— Областной лицей: форма не сдана" in letter
    assert "Просрочено с 23 марта 2027 г., прошёл 1 рабочий день. Срок не продлевался." in letter
    assert "Уже отправлено: напоминание (5 марта, 15 марта, 18 марта, 22 марта)" in letter
    assert "сообщение о пропущенном сроке (23 марта)" in letter
    assert "/submissions/monitoring-2027-mo-a" in letter


def test_without_news_there_is_no_letter_and_at_plus_five_the_working_group_hears(room: Mailroom):
    officer = appoint(room, "vtoroy", "department_officer", "dpo")
    missed(room)
    send(room)
    day_by_day(room, 24)
    assert send(room) == []
    day_by_day(room, 30)
    assert send(room) == [DEPARTMENT, officer], "the general department hears again, as part of the working group"
    assert "— Район Б: форма не сдана" in text(room, officer)


def test_who_has_handed_in_or_got_more_time_is_not_among_the_late(room: Mailroom):
    open_campaign(room)
    pass_and_send(room)
    day_by_day(room, 19)
    hand_in(room)
    act(room, c.ExtendDeadline(due=date(2027, 4, 12), reason=REASON), "mo-b", texts=WHY)
    day_by_day(room, 22, 23)
    send(room)
    letter = text(room, CENTRE)
    assert "Областной лицей" in letter
    assert "Район А" not in letter
    assert "Район Б" not in letter


def test_who_was_told_that_somebody_is_late_is_told_of_more_time(room: Mailroom):
    missed(room)
    send(room)
    room.at(3, 23, 11, year=2027)
    act(room, c.ExtendDeadline(due=date(2027, 4, 12), reason=REASON), "mo-b", texts=WHY)
    day_by_day(room, 24)
    assert send(room) == [CENTRE, DEPARTMENT]
    letter = text(room, CENTRE)
    assert "— Район Б: срок 12 апреля 2027 г. вместо 22 марта 2027 г." in letter
    assert "— Район Б: форма не сдана" not in letter
    assert "— Район А: форма не сдана" in letter
    day_by_day(room, 13, month=4)
    assert send(room) == [CENTRE, DEPARTMENT]
    again = text(room, CENTRE)
    assert "— Район Б: форма не сдана" in again
    assert "Срок уже продлевался, первоначальный — 22 марта 2027 г." in again


def test_a_submission_that_came_on_the_morning_itself_is_not_named(room: Mailroom):
    missed(room)
    for respondent in RESPONDENTS:
        hand_in(room, respondent, by=f"person:{respondent}")
    assert send(room) == []


def test_nobody_reads_of_foreign_respondents(room: Mailroom):
    """A centre of another sector, another municipality and another state organisation get no list at all."""
    add(room, Unit(id="mo-c", kind="municipality", parent="region", name=CANARY), ("chuzhaya", "municipal_coordinator"))
    other = Unit(
        id="rcrpk", kind="centre", parent="region", sector="vocational", operates=("student-student",),
        name="Центр профессий",
    )  # fmt: skip
    add(room, other, ("chuzhoy", "methodologist"))
    open_campaign(room, (*RESPONDENTS, "mo-c"))
    for respondent in (*RESPONDENTS, "mo-c"):
        pass_and_send(room, respondent)
    day_by_day(room, 23, respondents=(*RESPONDENTS, "mo-c"))
    for message in room.taken:
        to = message["To"].addresses[0].addr_spec
        body = message.get_body(("plain",))
        assert body is not None
        assert (CANARY in str(body.get_content())) == (to == "chuzhaya@example.org"), to
    assert send(room) == [CENTRE, DEPARTMENT]
    assert CANARY in text(room, CENTRE)


def test_steps_and_forms_stand_in_one_letter(room: Mailroom):
    begin(room)
    for day in (7, 12, 13, 16, 20, 27):
        late(room, day)
    missed(room)
    room.recorder.pass_time(SCHOOL, by="worker")
    send(room)
    letter = text(room, CENTRE)
    assert "мероприятие 8" in letter
    assert "Мониторинг. Мониторинг программ наставничества" in letter
    subject = str(next(one for one in room.taken if one["To"].addresses[0].addr_spec == CENTRE)["Subject"])
    assert subject == (
        "Сводка на 23 марта 2027 г.: не выполнено в срок 1 мероприятие, организаций: 1; не сдано форм мониторинга: 3"
    )


def test_many_late_submissions_are_read_with_as_few_questions_as_one(room: Mailroom):
    missed(room)
    many = questions(room)
    for one in RESPONDENTS[1:]:
        hand_in(room, one)
    assert questions(room) == many


def questions(room: Mailroom) -> int:
    """How many statements it takes to read who owes a form."""
    asked: list[str] = []
    with room.database.reading() as connection:
        event.listen(connection, "before_cursor_execute", lambda *given: asked.append(given[2]))
        assert list(read_owing(connection, room.library, room.clock(), room.clock()))
    return len(asked)
