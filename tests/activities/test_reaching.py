"""Notices always lead to somebody: up the ladder, with the reason in the letter and an event in the journal."""

import json
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage

import pytest

from activities.absences import put_absence
from activities.agenda_view import agenda_view
from activities.digest_days import DigestDays
from activities.digests import Digests
from activities.directory import load_tree
from activities.mail import MailDeferred
from activities.people import end_role
from activities.sent import notices_sent
from activities.texts import text_ref
from activities.vacancies import Vacancy, open_vacancies
from domain.absences import Absence
from domain.programme import commands as c
from domain.units import Role
from tests.activities.mailroom import COLLEGE, SCHOOL, START, Mailroom

pytestmark = pytest.mark.alike


@pytest.fixture
def room(staffed: Mailroom) -> Mailroom:
    staffed.start(forms=("pupil-pupil",))
    staffed.send_all()
    staffed.taken.clear()
    return staffed


@dataclass
class Outcome:
    """What became of one notice."""

    to: list[str]
    bundled: list[str]
    redirected: dict[str, object] | None
    text: str


def leave(room: Mailroom, person: str, role: Role, unit: str) -> None:
    """The role is held by nobody any more."""
    with room.database.writing() as connection:
        end_role(connection, person, role, unit, date(2026, 8, 31), "test", START)


def sent(room: Mailroom, kind: str, step: int = 8, stream: str = SCHOOL) -> Outcome:
    item = room.item(kind, step, stream)
    room.taken.clear()
    before = len(room.events("NoticeRedirected", stream))
    room.delivery().send_notice(stream, item.number)
    assert item.number not in room.state(stream).items
    redirected = [json.loads(one) for one in room.events("NoticeRedirected", stream)[before:]]
    text = room.taken[0].get_body(("plain",)).get_content().replace("\r", "") if room.taken else ""  # type: ignore[union-attr]
    to = [message["To"].addresses[0].username for message in room.taken]
    told = [json.loads(one) for one in room.events("NoticeSent", stream)]
    bundled = [who for one in told if one["item"] == item.number for who in one.get("bundled", [])]
    return Outcome(to, bundled, redirected[0] if redirected else None, text)


def digests(room: Mailroom) -> dict[str, str]:
    """The digests of the moment by the name of the mailbox."""
    room.taken.clear()
    days = DigestDays(room.database, room.library, None)
    sender = Digests(room.database, room.library, room.streams, room, room.settings, days)
    sender.send("Asia/Tomsk", room.clock())
    bodies = {one["To"].addresses[0].username: one.get_body(("plain",)) for one in room.taken}
    return {to: str(body.get_content()).replace("\r", "") for to, body in bodies.items() if body is not None}


def vacant(room: Mailroom) -> list[Vacancy]:
    with room.database.reading() as connection:
        return open_vacancies(connection, room.streams, load_tree(connection), room.clock())


class Asleep:
    """A mail server that takes nothing now."""

    def hand_over(self, message: EmailMessage) -> str | None:
        raise MailDeferred(421, "asleep")


def test_without_a_curator_the_reminder_goes_to_the_rung_above_and_says_why(room: Mailroom):
    leave(room, "orlova", "curator", "school-1")
    room.at(10, 12).pass_time()
    found = sent(room, "reminder")
    assert found.to == ["belov"]
    assert found.text.startswith(
        "Здравствуйте, Белов Игорь Петрович!\n\nПисьмо направлено вам, потому что получить его сейчас некому:"
        " ответственный за мероприятие, куратор программы. Когда исполнитель будет назначен"
    )
    assert "Вы получаете его как руководитель организации." in found.text
    number = found.redirected and found.redirected["item"]
    assert found.redirected == {"item": number, "vacant": ["responsible", "curator"], "rung": "missed", "to": ["head"]}


def test_what_nobody_can_get_is_an_incident_until_somebody_is_appointed(room: Mailroom):
    leave(room, "orlova", "curator", "school-1")
    room.at(10, 12).pass_time()
    sent(room, "reminder")
    assert [(one.unit, one.addressee, len(one.lost)) for one in vacant(room)] == [("school-1", "curator", 1)]
    room.at(10, 12, 10).give_role("savin", "curator", "school-1", date(2026, 10, 12))
    assert vacant(room) == []


def test_a_letter_that_is_tried_again_counts_once(room: Mailroom):
    leave(room, "orlova", "curator", "school-1")
    room.at(10, 12).pass_time()
    item = room.item("reminder", 8)
    room.delivery(Asleep()).send_notice(SCHOOL, item.number)
    assert item.number in room.state().items, "deferred"
    room.delivery().send_notice(SCHOOL, item.number)
    assert [len(one.lost) for one in vacant(room)] == [1]


def test_a_step_without_its_psychologist_is_none_while_the_curator_reads_of_it(room: Mailroom):
    leave(room, "belov", "head", "school-1")
    room.at(10, 13).pass_time()
    sent(room, "missed")
    assert [(one.unit, one.addressee) for one in vacant(room)] == [("school-1", "head")]


def test_the_vacancy_of_a_municipality_is_the_municipalitys(room: Mailroom):
    leave(room, "titova", "municipal_coordinator", "mo-a")
    room.at(10, 16).pass_time()
    sent(room, "escalation")
    assert [(one.unit, one.addressee) for one in vacant(room)] == [("mo-a", "municipal_authority")]
    room.record(c.CancelProgramme(reason=text_ref()))
    assert vacant(room) == [], "a year that is over needs nobody"


def test_one_who_can_be_found_is_enough(room: Mailroom):
    leave(room, "belov", "head", "school-1")
    room.at(10, 13).pass_time()
    found = sent(room, "missed")
    assert (found.to, found.redirected) == (["orlova"], None)
    assert "потому что" not in found.text


def test_without_a_coordinator_the_centre_hears_in_place_of_the_municipality(room: Mailroom):
    leave(room, "titova", "municipal_coordinator", "mo-a")
    room.at(10, 16).pass_time()
    found = sent(room, "escalation")
    assert (found.to, found.bundled) == ([], ["person:gusev"])
    assert found.redirected is not None
    assert (found.redirected["vacant"], found.redirected["to"]) == (["municipal_authority"], ["operating_centre"])
    digest = digests(room)["gusev"]
    assert digest.startswith(
        "Здравствуйте, Гусев Олег Ильич!\n\nВ сводке есть и то, что получить сейчас некому: муниципальный орган"
    )
    assert "мероприятие 8" in digest


def test_a_digest_that_is_read_by_a_deputy_says_for_whom(room: Mailroom):
    with room.database.writing() as connection:
        away = Absence(id="a", person="titova", since=date(2026, 10, 15), until=date(2026, 10, 20), deputy="gusev")
        put_absence(connection, away, None, date(2026, 10, 1), "test", START)
    room.at(10, 16).pass_time()
    assert sent(room, "escalation").bundled == ["person:gusev"]
    assert json.loads(room.events("NoticeSent")[-1])["instead_of"] == {"person:gusev": ["person:titova"]}
    assert "за отсутствующего сотрудника: Титова Анна Львовна (по 20 октября" in digests(room)["gusev"]
    room.at(10, 21)
    back = digests(room)
    assert "мероприятие 8" in back["titova"]
    assert "за отсутствующего" not in back["gusev"], "the centre has its own turn by now"


def test_while_no_form_is_chosen_the_centre_of_the_sector_reads_of_it_all_the_same(room: Mailroom):
    room.record(c.ChooseForms(forms=()))
    room.at(10, 20).pass_time()
    assert sent(room, "escalation").bundled == ["person:gusev"]
    assert "мероприятие 8" in digests(room)["gusev"]


def test_where_two_rungs_are_vacant_the_third_hears(room: Mailroom):
    leave(room, "titova", "municipal_coordinator", "mo-a")
    leave(room, "gusev", "methodologist", "rcro")
    room.at(10, 16).pass_time()
    assert sent(room, "escalation").bundled == ["person:lapina"]
    assert "мероприятие 8" in digests(room)["lapina"]


def test_only_when_nobody_is_left_up_the_ladder_it_is_dropped(room: Mailroom):
    for person, role, unit in (
        ("titova", "municipal_coordinator", "mo-a"),
        ("gusev", "methodologist", "rcro"),
        ("lapina", "department_officer", "dgo"),
    ):
        leave(room, person, role, unit)  # type: ignore[arg-type]
    room.at(10, 16).pass_time()
    found = sent(room, "escalation")
    assert (found.to, found.bundled, found.redirected) == ([], [], None)
    assert json.loads(room.events("NoticeDropped")[-1])["reason"] == "nobody"


def test_a_college_ends_at_its_own_department(room: Mailroom):
    room.start(COLLEGE)
    room.send_all(COLLEGE)
    room.give_role("savin", "department_officer", "dpo", date(2020, 1, 1))
    leave(room, "zimin", "navigator", "college")
    room.at(9, 15).pass_time(COLLEGE)
    found = sent(room, "reminder", 1, COLLEGE)
    assert found.to == ["savin"], "nobody leads the college, it has no municipality and no centre here"


def test_a_letter_about_the_year_climbs_from_the_lowest_rung(room: Mailroom):
    leave(room, "orlova", "curator", "school-1")
    leave(room, "belov", "head", "school-1")
    room.at(9, 10).record(c.PauseProgramme(reason="txt-" + "0" * 32))
    item = room.item("paused")
    room.delivery().send_notice(SCHOOL, item.number)
    assert [message["To"].addresses[0].username for message in room.taken] == ["titova"]


def test_a_move_that_nobody_in_the_organisation_hears_of_is_a_letter_to_the_municipality(room: Mailroom):
    leave(room, "orlova", "curator", "school-1")
    leave(room, "belov", "head", "school-1")
    room.at(9, 14).record(c.MoveDeadline(step=8, due=date(2026, 10, 20), reason="txt-" + "0" * 32))
    found = sent(room, "moved")
    assert (found.to, found.bundled) == (["titova"], []), "no digest would tell it: she was not told of the old date"


def test_what_was_handed_to_somebody_who_is_gone_comes_to_the_curator(room: Mailroom):
    room.record(c.AssignStep(step=9, person="ghost"))
    found = sent(room, "handed", 9)
    assert found.to == ["orlova"]
    assert "получить его сейчас некому: исполнитель, названный в программе." in found.text


def test_the_preview_foretells_what_is_sent_also_when_it_goes_elsewhere(room: Mailroom):
    leave(room, "orlova", "curator", "school-1")
    state = room.state()
    plan = room.recorder.plan(state)
    foretold = [one for one in agenda_view(state, plan, room.book()) if one["at"] <= room.at(10, 16).clock()]
    room.pass_time()
    for number in sorted(room.state().items):
        room.delivery().send_notice(SCHOOL, number)
    with room.database.reading() as connection:
        told = notices_sent(connection, room.streams, SCHOOL, room.state())
    shown = [(one["at"], one["kind"], one["step"], one["to"]) for one in foretold if one["kind"] != "reminder"]
    assert [(one["at"], one["kind"], one["step"], one["to"]) for one in told if one["kind"] != "reminder"] == shown
    early = [one for one in foretold if one["step"] == 3 and one["rung"] == "before-0"]
    assert [(one["to"], one["redirected"]) for one in early] == [("person:belov", True), (None, False)]
