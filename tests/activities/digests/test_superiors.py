"""Who reads a digest: everybody above the late, each of their own organisations alone."""

from datetime import date

import pytest

from activities.recipients import RecipientBook
from activities.sent import notices_sent
from domain.units import Role, Unit
from tests.activities.digests.desk import add, late, only_step_8, send, start_at, text
from tests.activities.mailroom import COLLEGE, SCHOOL, TOMSK, YEARS_AGO, Mailroom

CANARY = "Канарейка"


def test_an_escalation_to_a_superior_is_no_letter_of_its_own_and_the_journal_says_so(room: Mailroom):
    room.at(10, 16).pass_time()
    item = room.item("escalation", 8)
    room.send_all()
    assert not [one for one in room.rows("delivery") if one["number"] == item.number]
    assert f'{{"item":{item.number},"to":[],"bundled":["person:titova"]}}' in room.events("NoticeSent")


def test_what_was_bundled_is_told_as_the_agenda_foretold_it(room: Mailroom):
    late(room, 16)
    with room.database.reading() as connection:
        sent = notices_sent(connection, room.streams, SCHOOL, room.state())
    told = [one for one in sent if (one["kind"], one["step"]) == ("escalation", 8)]
    assert [(one["at"].astimezone(TOMSK).date(), one["to"]) for one in told] == [(date(2026, 10, 16), "person:titova")]
    assert told[0]["subject"].startswith("Не выполнено в срок 12 октября 2026 г.: мероприятие 8")


def test_each_level_hears_when_its_rung_is_reached(room: Mailroom):
    late(room, 15)
    assert send(room) == []
    late(room, 16)
    assert send(room) == ["titova@district.example.org"]
    late(room, 20)
    assert send(room) == ["gusev@centre.example.org"], "the municipality has heard of it"
    late(room, 27)
    assert send(room) == ["lapina@department.example.org"]


def test_who_answers_for_two_municipalities_gets_one_letter(room: Mailroom):
    other = Unit(id="school-3", kind="organisation", parent="mo_a", sector="general", name="Школа № 3")
    add(room, other)
    room.give_role("titova", "municipal_coordinator", "mo_a", YEARS_AGO)
    start_at(room, other, (other,))
    only_step_8(room, "programme/school-3-2026")
    late(room, 16, SCHOOL, "programme/school-3-2026")
    assert send(room) == ["titova@district.example.org"]
    letter = text(room, "titova@district.example.org")
    assert letter.index("Район А\n") < letter.index("Школа № 1") < letter.index("Район с подчёркиванием")
    assert letter.index("Район с подчёркиванием") < letter.index("Школа № 3")


def test_a_unit_without_people_reads_it_in_its_mailbox(room: Mailroom):
    with room.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM role WHERE person = 'titova'")
    room.set_email("mo-a", "office@district.example.org")
    late(room, 16)
    assert send(room) == ["office@district.example.org"]
    assert "Здравствуйте!" in text(room, "office@district.example.org")


def test_no_digest_names_a_foreign_organisation(staffed: Mailroom):
    """Every organisation carries its own canary; each recipient may find those alone that the unit sees."""
    room = staffed
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


def test_the_book_of_a_college_names_its_own_department(staffed: Mailroom):
    room = staffed
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
