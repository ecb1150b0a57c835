"""What a digest tells: everything that is open then, with its history."""

from datetime import date

from domain.programme import commands as c
from tests.activities.digests.desk import FORMS, late, send, text
from tests.activities.mailroom import TEXT, Mailroom


def test_a_digest_says_who_what_since_when_and_what_was_sent(room: Mailroom):
    for day in (7, 12, 13):
        late(room, day)
    late(room, 16)
    send(room)
    letter = text(room, "titova@district.example.org")
    assert "Здравствуйте, Титова Анна Львовна!" in letter
    assert "На 16 октября 2026 г. не выполнено в срок 1 мероприятие, организаций: 1." in letter
    assert "Район А\n\nДо 5 рабочих дней:\n\n— Школа № 1 «Берёзка»: мероприятие 8 «Выбор формы" in letter
    assert "Просрочено с 13 октября 2026 г., прошло 4 рабочих дня." in letter
    sent = "напоминание (7 октября, 12 октября) — ответственный за мероприятие, куратор программы; сообщение о"
    assert sent in letter
    assert "http://127.0.0.1:8000/programmes/school-1-2026\n" in letter
    assert "Вы получаете его как муниципальный орган управления образованием." in letter


def test_a_letter_that_came_back_is_not_the_persons_silence(room: Mailroom):
    room.set_address("belov", None)
    late(room, 13)
    late(room, 16)
    send(room)
    assert "сообщение о пропущенном сроке (13 октября, доставлено не всем)" in text(room, "titova@district.example.org")


def test_the_first_digest_tells_everything_that_is_late(room: Mailroom):
    """However long ago it climbed up: nobody has told it yet."""
    late(room, 16)
    late(room, 22)
    assert send(room) == ["gusev@centre.example.org", "titova@district.example.org"]


def test_a_deadline_that_moved_is_told_in_the_next_digest_and_in_no_letter_of_its_own(room: Mailroom):
    late(room, 16)
    send(room)
    room.at(10, 16, 15).record(c.MoveDeadline(step=8, due=date(2026, 10, 26), reason=TEXT))
    room.taken.clear()
    room.send_all()
    told = [one["To"].addresses[0].addr_spec for one in room.taken]
    assert told == ["orlova@school.example.org", "belov@school.example.org"]
    assert '"bundled":["person:titova"]' in room.events("NoticeSent")[-1]
    room.at(10, 19)
    assert send(room) == ["titova@district.example.org"], "the centre had not heard of it yet"
    letter = text(room, "titova@district.example.org")
    assert "срок 26 октября 2026 г. вместо 12 октября 2026 г." in letter
    assert "не выполнен" not in letter
    assert str(room.taken[0]["Subject"]) == "Сводка на 19 октября 2026 г.: перенесено сроков: 1"
    room.at(10, 20)
    assert send(room) == []


def test_a_paused_year_is_not_reported(room: Mailroom):
    late(room, 16)
    room.record(c.PauseProgramme(reason=TEXT))
    late(room, 19)
    assert send(room) == []


def test_older_steps_stand_before_younger_ones_under_a_heading_of_their_age(staffed: Mailroom):
    room = staffed
    room.start(forms=FORMS)
    room.at(9, 30)
    send(room)
    room.at(10, 1)
    send(room)
    letter = text(room, "titova@district.example.org")
    places = [
        letter.index(words)
        for words in (
            "Больше 10 рабочих дней:", "мероприятие 1 ", "От 6 до 10 рабочих дней:", "мероприятие 4 ",
            "До 5 рабочих дней:", "мероприятие 2 ",
        )
    ]  # fmt: skip
    assert places == sorted(places)
    assert letter.count("Впервые в сводке.") == 1, "step 2 reached the municipality this morning"
    assert "Впервые в сводке: 1." in letter
