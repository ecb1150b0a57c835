"""Digests: one letter for each superior and working day, of what is open then, and of nobody else's organisations."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from activities.deliveries import list_letters
from activities.digest_days import DigestDays
from activities.digests import Digests, Outcome
from activities.directory import put_unit
from activities.mail import FolderMailer, MailDeferred, Mailer
from activities.people import Person, give_role, put_person
from activities.recipients import RecipientBook
from activities.sent import notices_sent
from domain.programme import commands as c
from domain.quiet import QuietHours
from domain.units import Role, Unit, UnitTree
from tests.activities.mailroom import COLLEGE, SCHOOL, START, TEXT, TOMSK, YEARS_AGO, Mailroom
from tests.activities.region import UNITS
from tests.activities.test_delivery import Scripted

ZONE = "Asia/Tomsk"
FORMS = ("pupil-pupil",)
CANARY = "Канарейка"


@pytest.fixture
def room(staffed: Mailroom) -> Mailroom:
    return staffed


def begin(room: Mailroom, *streams: str) -> None:
    for stream in streams or (SCHOOL,):
        room.start(stream, forms=FORMS)
        only_step_8(room, stream)


def only_step_8(room: Mailroom, stream: str) -> None:
    for number in room.state(stream).steps:
        if number != 8:
            room.record(c.SkipStep(step=number, reason=TEXT), stream)
    room.send_all(stream)
    room.taken.clear()


def late(room: Mailroom, day: int, *streams: str) -> None:
    """Step 8 was due on 12 October; +3 is the 16th, +5 the 20th, +10 the 27th."""
    room.at(10, day)
    for stream in streams or (SCHOOL,):
        room.pass_time(stream)
        room.send_all(stream)
    room.taken.clear()


def sender(room: Mailroom, mailer: Mailer | None = None, quiet: QuietHours | None = None) -> Digests:
    days = DigestDays(room.database, room.library, quiet)
    return Digests(room.database, room.library, room.streams, mailer or room, room.settings, days)


def send(room: Mailroom, zone: str = ZONE) -> list[str]:
    """The addresses that get a digest now, sorted."""
    room.taken.clear()
    sender(room).send(zone, room.clock())
    return sorted(message["To"].addresses[0].addr_spec for message in room.taken)


def text(room: Mailroom, address: str) -> str:
    (message,) = (one for one in room.taken if one["To"].addresses[0].addr_spec == address)
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def add(room: Mailroom, unit: Unit, *people: tuple[str, Role]) -> str:
    """A unit with its people; the stream of its programme, if it is to have one."""
    with room.database.writing() as connection:
        assert isinstance(put_unit(connection, unit, "test", START), tuple)
        for person, role in people:
            one = Person(id=person, name=f"Имя {person}", email=f"{person}@example.org")
            assert isinstance(put_person(connection, one, "test", START), tuple)
            assert isinstance(give_role(connection, person, role, unit.id, YEARS_AGO, "test", START), tuple)
    return f"programme/{unit.id}-2026"


def start_at(room: Mailroom, unit: Unit, units: tuple[Unit, ...], forms: tuple[str, ...] = FORMS) -> None:
    """Begin a year at an organisation that the small region does not know."""
    tree = UnitTree((*UNITS, *units))
    municipality, kind = tree.municipality(unit.id), tree.organisation_class(unit.id)
    ref = room.library.plan_ref("college" if unit.sector == "vocational" else "school", kind, 2026)
    command = c.StartProgramme.model_validate(
        {
            "organisation": unit.id, "organisation_class": kind, "sector": unit.sector, "zone": ZONE, "year": 2026,
            "municipality": municipality.id if municipality else None, "plan": ref, "forms": forms,
        }
    )  # fmt: skip
    room.record(command, f"programme/{unit.id}-2026")


def test_an_escalation_to_a_superior_is_no_letter_of_its_own_and_the_journal_says_so(room: Mailroom):
    begin(room)
    room.at(10, 16).pass_time()
    item = room.item("escalation", 8)
    room.send_all()
    assert not [one for one in room.rows("delivery") if one["number"] == item.number]
    assert f'{{"item":{item.number},"to":[],"bundled":["person:titova"]}}' in room.events("NoticeSent")


def test_what_was_bundled_is_told_as_the_agenda_foretold_it(room: Mailroom):
    begin(room)
    late(room, 16)
    with room.database.reading() as connection:
        sent = notices_sent(connection, room.streams, SCHOOL, room.state())
    told = [one for one in sent if (one["kind"], one["step"]) == ("escalation", 8)]
    assert [(one["at"].astimezone(TOMSK).date(), one["to"]) for one in told] == [(date(2026, 10, 16), "person:titova")]
    assert told[0]["subject"].startswith("Не выполнено в срок 12 октября 2026 г.: мероприятие 8")


def test_each_level_hears_when_its_rung_is_reached(room: Mailroom):
    begin(room)
    late(room, 15)
    assert send(room) == []
    late(room, 16)
    assert send(room) == ["titova@district.example.org"]
    late(room, 20)
    assert send(room) == ["gusev@centre.example.org"], "the municipality has heard of it"
    late(room, 27)
    assert send(room) == ["lapina@department.example.org"]


def test_a_digest_says_who_what_since_when_and_what_was_sent(room: Mailroom):
    begin(room)
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
    begin(room)
    room.set_address("belov", None)
    late(room, 13)
    late(room, 16)
    send(room)
    assert "сообщение о пропущенном сроке (13 октября, доставлено не всем)" in text(room, "titova@district.example.org")


def test_without_news_there_is_no_letter(room: Mailroom):
    begin(room)
    late(room, 16)
    assert send(room) == ["titova@district.example.org"]
    late(room, 19)
    assert send(room) == [], "the same as on Friday"
    room.record(c.SkipStep(step=8, reason=TEXT))
    late(room, 20)
    assert send(room) == [], "nothing to tell"


def test_the_first_digest_tells_everything_that_is_late(room: Mailroom):
    """However long ago it climbed up: nobody has told it yet."""
    begin(room)
    late(room, 16)
    late(room, 22)
    assert send(room) == ["gusev@centre.example.org", "titova@district.example.org"]


def test_a_day_gets_one_letter_however_often_it_is_asked_for(room: Mailroom):
    begin(room)
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
    begin(room)
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
    begin(room)
    late(room, 16)
    away = Scripted([MailDeferred(0, "away")])
    assert sender(room, away).send(ZONE, room.clock()) == Outcome(1, deferred=True)
    room.at(10, 16, 11)
    assert send(room) == ["titova@district.example.org"]


def test_while_it_works_it_says_that_it_is_alive(room: Mailroom):
    begin(room)
    late(room, 20)
    signs: list[int] = []
    sender(room).send(ZONE, room.clock(), lambda: signs.append(len(room.taken)))
    assert signs == [0, 0, 1], "once for each programme that is read, once for each letter"


def test_nothing_goes_out_on_a_day_off_before_nine_or_in_the_quiet_hours(room: Mailroom):
    begin(room)
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
    begin(room)
    room.at(10, 16)
    room.now -= timedelta(seconds=2)
    assert send(room) == ["titova@district.example.org"], "the rung of 09:00 counts, recorded or not"


def test_a_deadline_that_moved_is_told_in_the_next_digest_and_in_no_letter_of_its_own(room: Mailroom):
    begin(room)
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
    begin(room)
    late(room, 16)
    room.record(c.PauseProgramme(reason=TEXT))
    late(room, 19)
    assert send(room) == []


def test_everybody_gets_it_at_nine_of_their_own_zone(room: Mailroom):
    north = Unit(id="school-2", kind="organisation", parent="mo-b", sector="general", name="Школа № 2")
    add(room, Unit(id="mo-b", kind="municipality", parent="region", name="Район Б", zone="Asia/Chita"), *COORDINATOR)
    start_at(room, north, (), ())
    only_step_8(room, "programme/school-2-2026")
    late(room, 16, "programme/school-2-2026")
    assert DigestDays(room.database, room.library, None).zones() == {ZONE, "Asia/Chita"}
    assert send(room) == []
    assert send(room, "Asia/Chita") == ["coordinator@example.org"]


COORDINATOR: tuple[tuple[str, Role], ...] = (("coordinator", "municipal_coordinator"),)


def test_who_answers_for_two_municipalities_gets_one_letter(room: Mailroom):
    other = Unit(id="school-3", kind="organisation", parent="mo_a", sector="general", name="Школа № 3")
    add(room, other)
    room.give_role("titova", "municipal_coordinator", "mo_a", YEARS_AGO)
    begin(room)
    start_at(room, other, (other,))
    only_step_8(room, "programme/school-3-2026")
    late(room, 16, SCHOOL, "programme/school-3-2026")
    assert send(room) == ["titova@district.example.org"]
    letter = text(room, "titova@district.example.org")
    assert letter.index("Район А\n") < letter.index("Школа № 1") < letter.index("Район с подчёркиванием")
    assert letter.index("Район с подчёркиванием") < letter.index("Школа № 3")


def test_older_steps_stand_before_younger_ones_under_a_heading_of_their_age(room: Mailroom):
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


def test_a_unit_without_people_reads_it_in_its_mailbox(room: Mailroom):
    with room.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM role WHERE person = 'titova'")
    room.set_email("mo-a", "office@district.example.org")
    begin(room)
    late(room, 16)
    assert send(room) == ["office@district.example.org"]
    assert "Здравствуйте!" in text(room, "office@district.example.org")


def test_without_a_mail_server_it_is_a_file_that_can_be_read(room: Mailroom, tmp_path: Path):
    begin(room)
    late(room, 16)
    sender(room, FolderMailer(tmp_path / "mail")).send(ZONE, room.clock())
    with room.database.reading() as connection:
        newest = next(letter for letter in list_letters(connection) if letter.kind == "digest")
    assert (newest.stream, newest.recipient) == ("digest/2026-10-16", "person:titova")
    assert newest.file is not None
    assert (tmp_path / "mail" / newest.file).read_bytes().startswith(b"From:")


def test_no_digest_names_a_foreign_organisation(room: Mailroom):
    """Every organisation carries its own canary; each recipient may find those alone that the unit sees."""
    units = canaries()
    for unit in units:
        add(room, unit, *((f"c-{unit.id}", role) for role in OFFICERS.get(unit.kind, ())))
    room.give_role("zimin", "department_officer", "dpo", YEARS_AGO)
    forms = {"x1": ("pupil-pupil",), "x2": ("teacher-teacher",), "x3": ("pupil-pupil",), "x4": ("lecturer-student",)}
    for unit in units:
        if unit.id in forms:
            start_at(room, unit, units, forms[unit.id])
    room.at(11, 20)
    send(room)
    read = {one["To"].addresses[0].addr_spec: text(room, one["To"].addresses[0].addr_spec) for one in room.taken}
    seen = {address: {key for key in forms if f"{CANARY} {key} " in letter} for address, letter in read.items()}
    assert seen == {
        "c-mx@example.org": {"x1", "x2"},
        "c-my@example.org": {"x3"},
        "c-tt@example.org": {"x2"},
        "c-ls@example.org": {"x4"},
        "gusev@centre.example.org": {"x1", "x3"},
        "lapina@department.example.org": {"x1", "x2", "x3"},
        "zimin@college.example.org": {"x4"},
    }


OFFICERS: dict[str, tuple[Role, ...]] = {
    "municipality": ("municipal_coordinator",),
    "centre": ("methodologist",),
    "department": ("department_officer",),
}


def canaries() -> tuple[Unit, ...]:
    def school(key: str, parent: str, sector: str = "general") -> Unit:
        name = f"{CANARY} {key} школа"
        return Unit.model_validate(
            {"id": key, "kind": "organisation", "parent": parent, "sector": sector, "name": name}
        )

    return (
        Unit(id="mx", kind="municipality", parent="region", name="Район X"),
        Unit(id="my", kind="municipality", parent="region", name="Район Y"),
        Unit(id="tt", kind="centre", parent="region", name="Институт", operates=("teacher-teacher",)),
        Unit(
            id="ls", kind="centre", parent="region", name="Центр", operates=("lecturer-student",), sector="vocational"
        ),
        school("x1", "mx"),
        school("x2", "mx"),
        school("x3", "my"),
        school("x4", "dpo", "vocational"),
    )


def test_the_book_of_a_college_names_its_own_department(room: Mailroom):
    room.start(COLLEGE, forms=("lecturer-student",))
    with room.database.reading() as connection:
        book = RecipientBook.load(connection, room.state(COLLEGE))
    department = book.tree.department("college")
    assert department is not None
    assert department.id == "dpo"


def crowd(room: Mailroom, municipalities: int, schools: int) -> None:
    """Schools that all miss step 1, dealt out over municipalities; none of them sends a word of its own."""
    for place in range(municipalities):
        one = Unit(id=f"m{place}", kind="municipality", parent="region", name=f"Район {place:02}")
        add(room, one, (f"k{place}", "municipal_coordinator"))
    units = tuple(
        Unit(id=f"s{n}", kind="organisation", parent=f"m{n % municipalities}", sector="general", name=f"Школа <{n}>")
        for n in range(schools)
    )
    for unit in units:
        add(room, unit)
        start_at(room, unit, (*units, Unit(id=unit.parent or "", kind="municipality", parent="region", name="x")))


@pytest.mark.parametrize(
    ("municipalities", "schools"), [(4, 12), pytest.param(20, 1000, marks=pytest.mark.slow)], ids=["some", "thousand"]
)
def test_however_many_are_late_each_superior_gets_one_letter(staffed_here: Mailroom, municipalities: int, schools: int):
    room = staffed_here
    crowd(room, municipalities, schools)
    coordinators = sorted(f"k{place}@example.org" for place in range(municipalities))
    room.at(9, 15)
    assert send(room) == []
    room.at(9, 16)
    assert send(room) == coordinators
    for place in range(municipalities):
        letter = text(room, f"k{place}@example.org")
        named = {n for n in range(schools) if f"— Школа <{n}>:" in letter}
        assert named == set(range(place, schools, municipalities))
    room.at(9, 18)
    assert send(room) == ["gusev@centre.example.org"]
    room.at(9, 25)  # the municipalities hear of step 4 this morning
    assert send(room) == [*coordinators, "lapina@department.example.org"]


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
