"""Letters as people read them: exact words, dates and forms, for every kind of notice."""

from datetime import date
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from activities import russian
from activities.letter_words import shortened, subject
from domain.programme import commands as c
from tests.activities.mailroom import COLLEGE, TEXT, Mailroom

ORDER = c.Order(number="15-ОД", date=date(2026, 9, 1))


@pytest.fixture
def room(staffed_here: Mailroom) -> Mailroom:
    staffed_here.start()
    return staffed_here


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "0 рабочих дней"), (1, "1 рабочий день"), (2, "2 рабочих дня"), (4, "4 рабочих дня"), (5, "5 рабочих дней"),
     (11, "11 рабочих дней"), (12, "12 рабочих дней"), (21, "21 рабочий день"), (22, "22 рабочих дня"),
     (111, "111 рабочих дней"), (101, "101 рабочий день")],
)  # fmt: skip
def test_nouns_agree_with_their_number(number: int, words: str):
    assert russian.working_days(number) == words


def test_dates_are_written_in_words():
    assert russian.full_date(date(2026, 10, 17)) == "17 октября 2026 г."
    assert russian.weekday_date(date(2026, 10, 12)) == "понедельник, 12 октября 2026 г."
    assert russian.school_year(2026) == "2026/27"
    assert russian.school_year(2099) == "2099/00"


def test_a_rolled_deadline_names_both_days_and_the_rule():
    saturday, monday, friday = date(2026, 10, 10), date(2026, 10, 12), date(2026, 10, 9)
    assert russian.rolled(saturday, monday, "next_working_day") == (
        "срок перенесён с субботы 10 октября на понедельник 12 октября: следующий рабочий день"
    )
    assert russian.rolled(saturday, friday, "previous").endswith("на пятницу 9 октября: предыдущий рабочий день")
    assert russian.rolled(date(2027, 1, 5), date(2027, 1, 11), "next_working_day").startswith(
        "срок перенесён со вторника 5 января"
    )
    assert russian.rolled(monday, monday, "next_working_day") == ""


@pytest.mark.parametrize(
    ("zone", "words"),
    [("Asia/Tomsk", "(Томск, UTC+7)"), ("Europe/Kaliningrad", "(Калининград, UTC+2)"), ("Asia/Kolkata", "UTC+5:30)")],
)
def test_the_last_moment_names_city_and_offset(zone: str, words: str):
    assert russian.last_moment(date(2026, 10, 12), zone).startswith("23:59:59 местного времени")
    assert russian.last_moment(date(2026, 10, 12), zone).endswith(words)


def test_a_reminder_counts_working_days_and_says_until_when(room: Mailroom):
    room.at(10, 7).pass_time()
    letter = room.letter(room.item("reminder", 8))
    assert letter.subject == (
        "Напоминание: срок 12 октября 2026 г., мероприятие 8"
        " «Выбор формы наставничества, реализуемой в рамках текущей…» (Школа № 1 «Берёзка»)"
    )
    assert "Здравствуйте, Орлова Вера Павловна!" in letter.text
    assert "осталось 3 рабочих дня." in letter.text
    assert "понедельник, 12 октября 2026 г., включительно, до 23:59:59 местного времени (Томск, UTC+7)" in letter.text
    assert "с субботы 10 октября на понедельник 12 октября: следующий рабочий день." in letter.text
    assert "Вы получаете его как ответственный за мероприятие, куратор программы." in letter.text


def test_on_the_last_day_it_says_today(room: Mailroom):
    room.at(10, 12).pass_time()
    assert "Сегодня последний день срока мероприятия 8." in room.letter(room.item("reminder", 8)).text


def test_the_subject_is_known_before_the_letter_is_written(room: Mailroom):
    room.at(10, 7).pass_time()
    step = room.recorder.plan(room.state()).roadmap.steps[8]
    planned = subject("reminder", "Школа № 1 «Берёзка»", 2026, [step], date(2026, 10, 12))
    assert room.letter(room.item("reminder", 8)).subject == planned


def test_a_missed_deadline_tells_who_hears_next(room: Mailroom):
    room.at(10, 13).pass_time()
    letter = room.letter(room.item("missed", 8))
    assert letter.subject.startswith("Срок прошёл 12 октября 2026 г.: мероприятие 8")
    assert "16 октября 2026 г. сообщение об этом получит муниципальный орган управления образованием." in letter.text


def test_an_escalation_tells_the_whole_story(room: Mailroom):
    room.record(c.AssignStep(step=8, person="savin"))
    for day in (7, 13, 16):
        room.at(10, day).pass_time()
        if day < 16:
            room.send_all()
    letter = room.letter(room.item("escalation", 8))
    assert "Оно просрочено с 13 октября 2026 г.: прошло 4 рабочих дня." in letter.text
    assert "Муниципалитет: Район А" in letter.text
    assert "Ответственный: Савин Пётр Андреевич" in letter.text
    reminded = "— 7 октября 2026 г.: напоминание — ответственный за мероприятие, куратор программы\n"
    assert letter.text.count(reminded) == 1
    missed = "сообщение о пропущенном сроке — ответственный за мероприятие, куратор программы, руководитель организации"
    assert f"— 13 октября 2026 г.: {missed}\n" in letter.text
    assert "20 октября 2026 г. сообщение об этом получит центр, сопровождающий форму наставничества." in letter.text


def test_an_escalation_after_nothing_could_be_delivered_says_so(room: Mailroom):
    room.at(10, 16).pass_time()
    assert "ничего доставить не удалось" in room.letter(room.item("escalation", 8)).text


def test_a_moved_deadline_keeps_the_first_date_with_reason_and_order(room: Mailroom):
    move = c.MoveDeadline(step=8, due=date(2026, 11, 14), reason=TEXT, order=ORDER)
    room.record(move, texts={TEXT: "Болезнь\nкуратора."})
    letter = room.letter(room.item("moved", 8))
    assert "Срок: понедельник, 16 ноября 2026 г." in letter.text
    assert "Первоначальный срок: 12 октября 2026 г." in letter.text
    assert "Причина: Болезнь куратора\nОснование: приказ № 15-ОД от 1 сентября 2026 г." in letter.text
    assert "с субботы 14 ноября на понедельник 16 ноября" in letter.text


def test_several_moved_deadlines_are_a_list_and_a_short_subject(room: Mailroom):
    room.record(c.PauseProgramme(reason=TEXT), texts={TEXT: "Карантин."})
    paused = room.letter(room.item("paused"))
    assert "Причина: Карантин." in paused.text
    assert "сдвинутся на время паузы" in paused.text
    room.at(8, 27).record(c.ResumeProgramme())
    assert "Пауза длилась 7 дней." in room.letter(room.item("resumed")).text
    letter = room.letter(room.item("moved"))
    assert letter.subject == "Сроки перенесены: мероприятия 1, 2, 3, 4, 5 и ещё 29 (Школа № 1 «Берёзка»)"
    assert "— 17 сентября 2026 г. вместо 10 сентября 2026 г.: мероприятие 1 «Информирование" in letter.text
    assert "(срок отсчитывается от мероприятия 16" in letter.text


def test_an_appointment_names_role_and_order(room: Mailroom):
    room.record(c.AppointPerson(role="curator", person="savin", order=ORDER))
    letter = room.letter(room.item("appointed"))
    assert "Вы назначены куратором программы наставничества (приказ № 15-ОД от 1 сентября 2026 г.).\n" in letter.text


def test_a_handed_step_names_its_deadline_in_the_subject(room: Mailroom):
    room.record(c.AssignStep(step=9, person="savin"))
    letter = room.letter(room.item("handed"))
    assert letter.subject.startswith("Вам поручено мероприятие 9 «")
    assert letter.subject.endswith("срок 15 октября 2026 г. (Школа № 1 «Берёзка»)")


def test_a_late_start_marks_deadlines_that_catch_up(room: Mailroom):
    room.at(11, 10).start(COLLEGE)
    started = room.letter(room.item("started", stream=COLLEGE), COLLEGE)
    assert "Обычный срок мероприятий 1, 2, 3, 4, 5, 6 прошёл до начала программы" in started.text
    room.record(c.AssignStep(step=1, person="savin"), COLLEGE)
    handed = room.letter(room.item("handed", stream=COLLEGE), COLLEGE)
    assert "Это догоняющий срок: обычный срок (" in handed.text
    assert "поэтому дано 10 рабочих дней." in handed.text


def test_the_start_carries_the_roadmap_of_the_year(room: Mailroom):
    (sheet,) = room.letter(room.item("started")).attachments
    assert sheet.name == "Дорожная карта 2026-27.xlsx"
    rows = CalamineWorkbook.from_filelike(BytesIO(sheet.content)).get_sheet_by_index(0).to_python()
    assert rows[0] == ["№", "Мероприятие", "Этап", "Срок", "Ответственный"]
    steps = room.recorder.plan(room.state()).roadmap.steps
    assert {row[0]: row[1] for row in rows[1:]} == {number: step.title for number, step in steps.items()}
    assert rows[1][3] == date(2026, 9, 10)
    assert rows[1][4] == "Белов Игорь Петрович"


def test_the_end_names_what_was_left_open(room: Mailroom):
    room.record(c.CloseProgramme(reason=TEXT), texts={TEXT: "Реорганизация."})
    letter = room.letter(room.item("ended"))
    assert "завершена (" in letter.subject
    assert "Выполнено мероприятий: 0 из 34." in letter.text
    assert "Остались невыполненными мероприятия: 1, 2, 3," in letter.text


def test_a_cancelled_year_says_that_it_is_cancelled(room: Mailroom):
    room.record(c.CancelProgramme(reason=TEXT), texts={TEXT: "Решение учредителя."})
    letter = room.letter(room.item("ended"))
    assert "отменена (" in letter.subject
    assert "Причина: Решение учредителя.\n" in letter.text
    assert "невыполненными" not in letter.text


def test_an_erased_reason_is_left_out(room: Mailroom):
    room.record(c.PauseProgramme(reason=TEXT))
    assert "Причина" not in room.letter(room.item("paused")).text


def test_html_says_the_same_and_lets_nothing_through(room: Mailroom):
    room.record(c.PauseProgramme(reason=TEXT), texts={TEXT: "<script>http://evil.example.org</script>"})
    letter = room.letter(room.item("paused"))
    assert "<script>" not in letter.html
    assert "&lt;script&gt;" in letter.html
    assert letter.html.count("<a href=") == 1
    assert '<a href="http://mentoring.example.org/programmes/x">' in letter.html


def test_no_letter_ends_a_sentence_twice(room: Mailroom):
    for kind in ("started", "paused"):
        if kind == "paused":
            room.record(c.PauseProgramme(reason=TEXT), texts={TEXT: "Карантин."})
        assert ".." not in room.letter(room.item(kind)).text


def test_a_long_title_is_cut_at_a_word():
    assert shortened("Обучение наставников", 60) == "Обучение наставников"
    assert shortened("Анализ полученных данных. Формирование базы", 26) == "Анализ полученных данных…"
