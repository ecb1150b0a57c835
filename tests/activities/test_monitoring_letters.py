"""Letters of the monitoring: who gets which, what it says, and what is not sent because it would be untrue."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from docx import Document

from activities.calendars import CalendarChanges, calendar_year
from activities.directory import load_tree
from activities.mail import MailDeferred
from activities.people import Person, give_role, put_person
from activities.vacancies import open_vacancies
from domain.calendar import Calendar
from domain.campaign import commands as cc
from domain.orders import Order
from domain.submission import commands as c
from domain.submission.check_code import check_code
from domain.submission.commands import EMPTY_FORM
from domain.units import Role
from tests.activities.mailroom import START, YEARS_AGO, Mailroom
from tests.activities.monitoring import (
    CAMPAIGN,
    REASON,
    accept,
    act,
    addresses,
    day_by_day,
    events,
    hand_in,
    item,
    open_campaign,
    pass_and_send,
    stream,
    subjects,
    submission,
    words,
)
from tests.activities.test_delivery import Scripted

COORDINATOR = "titova@district.example.org"
CENTRE = "gusev@centre.example.org"
DEPARTMENT = "lapina@department.example.org"
WHY = {REASON: "Координатор был болен."}


@pytest.fixture
def room(staffed_here: Mailroom) -> Mailroom:
    return staffed_here


def appoint(room: Mailroom, person: str, role: Role, unit: str) -> str:
    """Somebody new in a role; the address."""
    one = Person(id=person, name=f"Имя {person}", email=f"{person}@example.org")
    with room.database.writing() as connection:
        assert isinstance(put_person(connection, one, "test", START), tuple)
        assert isinstance(give_role(connection, person, role, unit, YEARS_AGO, "test", START), tuple)
    return f"{person}@example.org"


def test_the_letter_of_the_round_goes_to_coordinator_and_head(room: Mailroom):
    head = appoint(room, "glava", "head", "mo-a")
    open_campaign(room, ("mo-a",))
    pass_and_send(room, "mo-a")
    assert addresses(room) == [head, COORDINATOR]
    assert subjects(room) == ["Мониторинг программ наставничества: сдать до 22 марта 2027 г. (Район А)"]
    letter = words(room, COORDINATOR)
    assert "Уважаемые коллеги!\n\nПросим заполнить формы мониторинга." in letter
    assert "понедельник, 22 марта 2027 г., включительно, до 23:59:59 местного времени (Томск, UTC+7)" in letter
    assert "Срок перенесён с воскресенья 21 марта на понедельник 22 марта: следующий рабочий день." in letter
    assert "— утверждённая муниципальная программа развития наставничества" in letter
    assert "(письмо № 183 от 25 февраля 2027 г.)" in letter
    assert "/submissions/monitoring-2027-mo-a" in letter
    assert "Вы получаете его как муниципальный координатор." in letter


def test_the_blank_form_goes_with_it(room: Mailroom):
    open_campaign(room, ("mo-a",))
    pass_and_send(room, "mo-a")
    (blank,) = room.taken[0].iter_attachments()
    assert blank.get_filename() == "Форма мониторинга 2025-2026.docx"
    written = Document(BytesIO(blank.get_content()))
    assert any("Район А" in paragraph.text for paragraph in written.paragraphs)
    cells = [cell.text for table in written.tables for row in table.rows for cell in row.cells]
    assert any("Вопрос 4." in text for text in cells)
    code = check_code(f"{CAMPAIGN}-mo-a", 0, EMPTY_FORM)
    assert written.sections[0].footer.paragraphs[0].text.startswith(f"Код проверки {code}, редакция 0\t")


def test_a_state_organisation_is_written_to_by_its_own_people(room: Mailroom):
    curator, head = appoint(room, "kurator", "curator", "lyceum"), appoint(room, "direktor", "head", "lyceum")
    open_campaign(room, ("lyceum",))
    pass_and_send(room, "lyceum")
    assert addresses(room) == [head, curator]
    assert "— утверждённая программа наставничества организации" in words(room, curator)


def test_reminders_come_by_the_ladder_and_end_with_the_submission(room: Mailroom):
    open_campaign(room, ("mo-a",))
    pass_and_send(room, "mo-a")
    day_by_day(room, 5, respondents=("mo-a",))
    assert addresses(room) == [COORDINATOR]
    assert "осталось 10 рабочих дней." in words(room, COORDINATOR)
    hand_in(room)
    day_by_day(room, 15, 18, 22, 23, 30, respondents=("mo-a",))
    assert addresses(room) == []


def test_on_the_last_day_the_letter_says_so(room: Mailroom):
    open_campaign(room, ("mo-a",))
    pass_and_send(room, "mo-a")
    day_by_day(room, 22, respondents=("mo-a",))
    assert len(room.taken) == 1, "after an outage one reminder is enough"
    letter = words(room, COORDINATOR)
    assert "Сегодня последний день, когда форму мониторинга можно сдать в срок." in letter
    assert "Пока не приложены:" in letter


def test_the_morning_after_coordinator_and_head_hear_and_superiors_get_no_letter_of_their_own(room: Mailroom):
    head = appoint(room, "glava", "head", "mo-a")
    open_campaign(room, ("mo-a",))
    day_by_day(room, 22, 23, respondents=("mo-a",))
    assert addresses(room) == [head, COORDINATOR]
    assert "30 марта 2027 г. сообщение об этом получит рабочая группа департаментов." in words(room, COORDINATOR)
    assert events(room, "mo-a", "NoticeSent")[-1].endswith('"to":[],"bundled":["person:gusev","person:lapina"]}')


def test_more_time_is_announced_with_reason_and_order(room: Mailroom):
    open_campaign(room, ("mo-a",))
    day_by_day(room, 22, respondents=("mo-a",))
    order = Order(number="12-о", date=date(2027, 3, 22))
    act(room, c.ExtendDeadline(due=date(2027, 4, 10), reason=REASON, order=order), texts=WHY)
    room.taken.clear()
    pass_and_send(room, "mo-a")
    assert subjects(room) == ["Срок сдачи формы мониторинга продлён до 12 апреля 2027 г. (Район А)"]
    letter = words(room, COORDINATOR)
    assert "Первоначальный срок: 22 марта 2027 г.\n" in letter
    assert "Прежний срок: 22 марта 2027 г.\nПричина: Координатор был болен\n" in letter
    assert "Основание: приказ № 12-о от 22 марта 2027 г." in letter


def test_a_decree_that_moves_the_date_is_announced(room: Mailroom):
    open_campaign(room, ("mo-a",))
    pass_and_send(room, "mo-a")
    room.taken.clear()
    off = CalendarChanges(year=2027, days_off=(date(2027, 3, 22),))
    decreed = Calendar(key="decreed", version="1", years={2027: calendar_year(2027, off)})
    room.library._store.put("calendar/decreed@1", decreed.model_dump(mode="json"))
    was = submission(room).plan.calendar
    act(room, c.AdoptCalendar(calendar="decreed@1", was=was, reason=REASON), texts=WHY)
    pass_and_send(room, "mo-a")
    assert subjects(room) == ["Срок сдачи формы мониторинга перенесён на 23 марта 2027 г. (Район А)"]
    letter = words(room, COORDINATOR)
    assert "Срок сдачи формы мониторинга перенесён: изменился производственный календарь.\n\nСрок: вторник" in letter
    assert "Прежний срок: 22 марта 2027 г.\nПричина: Координатор был болен\n" in letter


def test_a_receipt_names_the_act_and_the_check_code(room: Mailroom):
    open_campaign(room, ("mo-a",))
    pass_and_send(room, "mo-a")
    hand_in(room)
    room.taken.clear()
    pass_and_send(room, "mo-a")
    letter = words(room, COORDINATOR)
    assert "Форма мониторинга получена 25 февраля 2027 г.\n\nРедакция: 1\nКод проверки: " in letter
    assert "Теперь форму проверит региональный наставнический центр." in letter
    act(room, c.ReturnForm(comments=(c.Comment(pointer="", comment=REASON),), by="person:gusev"), texts=WHY)
    hand_in(room, content="better")
    accept(room)
    room.taken.clear()
    pass_and_send(room, "mo-a")
    assert "Форма мониторинга принята (Район А)" in subjects(room)
    assert any("сдача № 2" in str(one.get_body(("plain",)).get_content()) for one in room.taken)  # type: ignore[union-attr]
    assert not any("Теперь форму" in str(one.get_body(("plain",)).get_content()) for one in room.taken)  # type: ignore[union-attr]


def test_an_accepted_form_without_its_papers_says_that_they_may_still_come(room: Mailroom):
    open_campaign(room, ("mo-a",))
    hand_in(room)
    papers: tuple[c.DocumentKind, ...] = ("form-docx", "form-pdf", "programme")
    for number, kind in enumerate(papers):
        act(room, c.AddDocument(kind=kind, sha256=str(number) * 64, size=1, revision=1))
    accept(room)
    pass_and_send(room, "mo-a")
    (letter,) = (str(one.get_body(("plain",)).get_content()) for one in room.taken if "принята" in one["Subject"])  # type: ignore[union-attr]
    letter = letter.replace("\r\n", "\n")
    assert "В деле пока нет:\n— утверждённая муниципальная дорожная карта\n\nЭтот документ ещё можно прислать" in letter
    assert "О самой форме напоминаний больше не будет" in letter


def test_comments_of_a_return_are_told_by_the_names_of_their_fields(room: Mailroom):
    open_campaign(room, ("mo-a",))
    pass_and_send(room, "mo-a")
    hand_in(room)
    pass_and_send(room, "mo-a")
    places = ("/appendix1/questions/pupil-pupil/general", "/appendix2/1/later/numerator", "")
    comments = tuple(c.Comment(pointer=place, comment=REASON) for place in places)
    act(room, c.ReturnForm(comments=comments, by="person:gusev"), texts={REASON: "Проверьте число."})
    room.taken.clear()
    pass_and_send(room, "mo-a")
    letter = words(room, COORDINATOR)
    assert "— Вопрос 1. Форма «ученик-ученик», общеобразовательные организации: Проверьте число.\n" in letter
    assert ", 2026 год: Проверьте число.\n" in letter
    assert "— Проверьте число.\n" in letter
    assert "Срок: понедельник, 22 марта 2027 г." in letter


def test_an_accepted_form_that_is_reopened_counts_meanwhile(room: Mailroom):
    open_campaign(room, ("mo-a",))
    hand_in(room)
    accept(room)
    pass_and_send(room, "mo-a")
    act(room, c.ReopenForm(reason=REASON), texts=WHY)
    room.taken.clear()
    pass_and_send(room, "mo-a")
    letter = words(room, COORDINATOR)
    assert "Причина: Координатор был болен.\n" in letter
    assert "в отчёте учитывается принятая раньше (сдача № 1)." in letter


def test_who_comes_late_with_nothing_is_let_in_and_not_told_of_changes(room: Mailroom):
    open_campaign(room, ("mo-a",))
    pass_and_send(room, "mo-a")
    day_by_day(room, 31, respondents=("mo-a",))
    act(room, c.CloseSubmission())
    act(room, c.ReopenSubmission(due=date(2027, 4, 12), reason=REASON), texts=WHY)
    room.taken.clear()
    pass_and_send(room, "mo-a")
    assert "Мониторинг открыт для вас до 12 апреля 2027 г. (Район А)" in subjects(room)
    letter = words(room, COORDINATOR)
    assert "Мониторинг открыт для вас до 12 апреля 2027 г.: форму ещё можно заполнить и сдать." in letter
    assert "для изменений" not in letter


def test_an_organisation_of_the_region_has_a_coordinator_of_its_programme(room: Mailroom):
    curator = appoint(room, "kurator", "curator", "lyceum")
    open_campaign(room, ("lyceum",))
    pass_and_send(room, "lyceum")
    assert "Вы получаете его как координатор программы наставничества." in words(room, curator)


def test_whoever_did_not_get_through_is_told_at_the_end(room: Mailroom):
    open_campaign(room, ("mo-a",))
    pass_and_send(room, "mo-a")
    act(room, c.CloseSubmission())
    room.taken.clear()
    pass_and_send(room, "mo-a")
    assert "Мониторинг завершён, форма не принята. Она не была сдана.\n" in words(room, COORDINATOR)


def test_a_round_that_ends_before_its_day_says_so(room: Mailroom):
    open_campaign(room, ("mo-a",))
    pass_and_send(room, "mo-a")
    act(room, c.CloseSubmission())
    here = f"campaign/{CAMPAIGN}"
    room.recorder.record(here, cc.CloseCampaign(gaps=("mo-a",)), by="person:gusev")
    room.taken.clear()
    pass_and_send(room, "mo-a")
    assert "Она не была сдана. Центр завершил мониторинг раньше срока." in words(room, COORDINATOR)
    room.delivery().send_notice(here, *room.recorder.state(here).items)
    assert "срок сдачи 22 марта 2027 г. к этому дню не прошёл" in words(room, CENTRE)


def test_the_end_of_the_round_is_summed_up_for_centre_and_department(room: Mailroom):
    open_campaign(room)
    room.at(3, 24, year=2027)
    here = f"campaign/{CAMPAIGN}"
    closing = cc.CloseCampaign(gaps=("mo-b", "lyceum"), note=REASON)
    room.recorder.record(here, closing, by="person:gusev", texts={REASON: "Ждали до последнего."})
    (number,) = room.recorder.state(here).items
    room.delivery().send_notice(here, number)
    assert addresses(room) == [CENTRE, DEPARTMENT]
    letter = words(room, CENTRE)
    assert "Принято форм: 1 из 3; срок сдачи был 22 марта 2027 г." in letter
    assert "Без принятой формы остались:\n— Областной лицей\n— Район Б\n" in letter
    assert "Примечание: Ждали до последнего." in letter
    assert room.recorder.state(here).items == {}


def test_a_letter_that_was_overtaken_is_dropped(room: Mailroom):
    open_campaign(room, ("mo-a",))
    pass_and_send(room, "mo-a")
    room.at(3, 5, year=2027)
    room.recorder.pass_time(stream(), by="worker")
    reminder = item(room, "reminder")
    hand_in(room)
    room.taken.clear()
    pass_and_send(room, "mo-a")
    assert subjects(room) == ["Форма мониторинга получена (Район А)"]
    assert f'{{"item":{reminder.number},"reason":"untrue"}}' in events(room, "mo-a", "NoticeDropped")


def test_a_mail_server_that_sleeps_is_waited_for(room: Mailroom):
    open_campaign(room, ("mo-a",))
    opened = item(room, "opened")
    room.delivery(Scripted([MailDeferred(421, "later")])).send_notice(stream(), opened.number)
    waiting = submission(room).items[opened.number]
    assert waiting.retry_at is not None
    room.delivery().send_notice(stream(), opened.number)
    assert addresses(room) == [COORDINATOR]
    assert submission(room).items == {}


def test_where_nobody_is_the_centre_hears_that_it_starts_and_nobody_is_reminded(room: Mailroom):
    open_campaign(room, ("mo-b",))
    pass_and_send(room, "mo-b")
    assert addresses(room) == [CENTRE]
    assert "потому что получить его сейчас некому: муниципальный координатор, руководитель." in words(room, CENTRE)
    day_by_day(room, 5, respondents=("mo-b",))
    assert addresses(room) == [], "the centre is not reminded of somebody else's form"
    day_by_day(room, 23, respondents=("mo-b",))
    assert addresses(room) == [], "it reads of it in its digest"
    assert events(room, "mo-b", "NoticeRedirected")
    with room.database.reading() as connection:
        vacant = open_vacancies(connection, room.streams, load_tree(connection), room.clock())
    assert {(one.unit, one.addressee) for one in vacant} == {("mo-b", "coordinator"), ("mo-b", "authority_head")}
    appoint(room, "novaya", "municipal_coordinator", "mo-b")
    with room.database.reading() as connection:
        left = open_vacancies(connection, room.streams, load_tree(connection), room.clock())
    assert {(one.unit, one.addressee) for one in left} == {("mo-b", "authority_head")}
