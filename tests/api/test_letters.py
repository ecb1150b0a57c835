"""Letters through the API: what became of them, who sees which, what does not arrive, what people decline."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from activities.bounces import Bounce
from activities.deliveries import find_letter, mark_bounced
from activities.delivery import Delivery
from activities.digest_days import DigestDays
from activities.digests import Digests
from activities.mail import FolderMailer
from activities.people import Person, give_role, put_person
from activities.russian import counted
from api import documents as d
from api import region_documents as r
from domain.programme.commands import PassTime
from domain.units import Role
from tests.api.test_pages import look
from tests.api.world import AUTUMN, World, problem

ZONE = "Asia/Tomsk"
ADDRESS = "curator@school.example.org"
SAID = f"5.1.1 550 <{ADDRESS}>: no such user"
CENTRE = "role:operating_centre"
OFFICERS: tuple[tuple[str, Role, str], ...] = (
    ("p-coordinator", "municipal_coordinator", "mo-tomsk"),
    ("p-seversk", "municipal_coordinator", "mo-seversk"),
    ("p-officer", "department_officer", "dgo"),
)
DIGESTS = {"person:p-coordinator": {"coordinator"}, "person:p-seversk": set(), "person:p-officer": {"dgo"}}
"""Who may see each digest, besides those who see everything."""


@pytest.fixture
def mailed(region: World) -> World:
    """Two schools have missed step 1; their letters and the digests of 25 September lie in the folder."""
    with region.core.database.writing() as connection:
        for person, role, unit in OFFICERS:
            one = Person(id=person, name=f"Имя {person}", email=f"{person}@example.org")
            put_person(connection, one, "test", AUTUMN)
            give_role(connection, person, role, unit, AUTUMN.date(), "test", AUTUMN)
        put_person(connection, Person(id="p-curator", name="Имя", email=ADDRESS), "test", AUTUMN)
    for school in ("school-1", "school-9"):
        send(region, region.start(school, forms=["pupil-pupil"]))
    region.clock.on("2026-09-25", 9)
    core = region.core
    days = DigestDays(core.database, core.library, None)
    mailer = FolderMailer(core.settings.mail_folder)
    Digests(core.database, core.library, core.streams, mailer, core.settings, days).send(ZONE, core.clock())
    return region


def lost(world: World, who: str = "administrator") -> list[dict[str, Any]]:
    """The incidents of letters that nobody got; steps are late besides."""
    items = world.get("/operations/incidents", who)["items"]
    return [one for one in items if one["recipient"] is not None]


def send(world: World, programme: str) -> None:
    core, stream = world.core, f"programme/{programme}"
    delivery = Delivery(
        core.database, core.recorder, FolderMailer(core.settings.mail_folder), core.settings, core.clock
    )
    state = core.recorder.state(stream)
    for number in state.items if state else ():
        delivery.send_notice(stream, number)


def bounce(world: World, programme: str = "school-1-2026") -> str:
    """The letter to the curator comes back; its id."""
    (letter,) = world.get(f"/programmes/{programme}/letters")["items"]
    with world.core.database.writing() as connection:
        at = world.core.clock() + timedelta(minutes=5)
        assert mark_bounced(connection, Bounce(f"<{letter['id']}>", True, SAID), at)
    return str(letter["id"])


def test_whose_turn_a_letter_is_that_did_not_arrive(region: World):
    """The list, the explanation and its page name the same: whoever looks after addresses, not who does the step."""
    with region.core.database.writing() as connection:
        put_person(connection, Person(id="p-curator", name="Имя", email=ADDRESS), "test", AUTUMN)
    send(region, region.start("school-1", forms=["pupil-pupil"]))
    region.heal()
    bounce(region)
    told = region.get("/programmes/school-1-2026/explanation")
    assert (told["cause"], told["responsible"]) == ("bounced", "administrator")
    for path in ("/operations?cause=bounced", "/operations/programme/school-1-2026"):
        assert "Чья очередь: администратор" in look(region, path).text, path


def letters(world: World, who: str = "administrator", query: str = "") -> list[dict[str, Any]]:
    return [d.Letter.model_validate(one).model_dump() for one in world.get(f"/letters{query}", who)["items"]]


def test_letters_and_digests_are_listed_with_what_became_of_them(mailed: World):
    found = letters(mailed)
    assert {(one["kind"], one["to"], one["programme"]) for one in found} == {
        ("started", "person:p-curator", "school-1-2026"),
        ("started", "person:p-seversk", "school-9-2026"),  # the school has nobody: the rung above gets it
        *(("digest", to, None) for to in DIGESTS),
    }
    assert {(one["status"], one["reason"]) for one in found} == {("sent", "передано")}
    digest = next(one for one in found if one["to"] == "person:p-officer")
    source = mailed.ask("dgo", "GET", f"/letters/{digest['id']}")
    assert source.headers["content-type"] == "message/rfc822"
    assert b"Subject: " in source.content


@pytest.mark.parametrize(("to", "readers"), DIGESTS.items())
def test_a_digest_is_for_its_unit_and_for_those_above(mailed: World, to: str, readers: set[str]):
    (digest,) = (one for one in letters(mailed) if (one["kind"], one["to"]) == ("digest", to))
    for who in mailed.keys:
        seen = who in readers or who in ("operator", "administrator")
        assert any(one["id"] == digest["id"] for one in letters(mailed, who)) == seen, who
        answer = mailed.ask(who, "GET", f"/letters/{digest['id']}")
        assert answer.status_code == (403 if who == "operator" else 200 if seen else 404), who


def test_a_programmes_letters_are_seen_with_the_programme(mailed: World):
    for who in ("curator", "coordinator", "rcro", "dgo"):
        assert "school-1-2026" in {one["programme"] for one in letters(mailed, who)}, who
    for who in ("curator of 9", "dpo", "navigator", "office"):
        assert "school-1-2026" not in {one["programme"] for one in letters(mailed, who)}, who


def test_they_are_found_by_status_and_person_and_come_in_pages(mailed: World):
    bounced = bounce(mailed)
    assert [one["id"] for one in letters(mailed, query="?status=bounced")] == [bounced]
    assert {one["to"] for one in letters(mailed, query="?person=p-officer")} == {"person:p-officer"}
    assert letters(mailed, query="?status=held") == []
    first = mailed.get("/letters?limit=3")
    rest = mailed.get(f"/letters?limit=3&cursor={first['next']}")
    assert [one["id"] for one in (*first["items"], *rest["items"])] == [one["id"] for one in letters(mailed)]
    problem(mailed.ask("administrator", "GET", "/letters?status=lost"), 422, "invalid")
    problem(mailed.ask("administrator", "GET", "/letters?cursor=x"), 422, "cursor_invalid")


def test_what_came_back_is_an_incident_shown_with_the_person(mailed: World):
    bounce(mailed)
    (incident,) = (r.Incident.model_validate(one) for one in lost(mailed, "head"))
    assert (incident.id, incident.cause, incident.letters) == ("delivery:person:p-curator", "bounced", 1)
    assert incident.sentence == f"Имя: с 25 сентября 2026 г. не доставлено 1 письмо ({SAID})."
    card = r.PersonCard.model_validate(mailed.get("/people/p-curator", "head"))
    assert card.delivery_incident == incident
    assert mailed.get("/people/p-coordinator", "coordinator")["delivery_incident"] is None
    assert lost(mailed, "curator of 9") == []


def missed(world: World, programme: str) -> World:
    """The letters about its missed step are sent."""
    world.core.recorder.record(f"programme/{programme}", PassTime(), by="worker")
    send(world, programme)
    return world


def test_a_role_that_nobody_holds_is_one_too_until_somebody_does(mailed: World):
    missed(mailed, "school-9-2026")
    found = [r.Incident.model_validate(one) for one in lost(mailed, "operator")]
    assert {(one.id, one.layer, one.cause) for one in found} == {
        ("vacancy:school-9:curator", "person", "vacant"),
        ("vacancy:school-9:head", "person", "vacant"),
        ("vacancy:rcro:operating_centre", "person", "vacant"),
    }
    school = mailed.get("/units/school-9")["name"]
    (head,) = (one for one in found if one.recipient == "role:head")
    assert head.sentence == (
        f"Письма некому получать (руководитель организации, {school}): с 25 сентября 2026 г. своего адресата не"
        f" {'нашло' if head.letters == 1 else 'нашли'} {counted(head.letters or 0, 'письмо', 'письма', 'писем')}."
    )
    assert lost(mailed, "curator") == []
    for role in ("curator", "head"):
        given = {"role": role, "unit": "school-9", "since": "2026-09-01"}
        assert mailed.ask("administrator", "POST", "/people/p-seversk/roles", json=given).status_code == 201
    assert [one["recipient"] for one in lost(mailed, "operator")] == [CENTRE]


def test_a_vacancy_that_is_meant_can_be_closed(mailed: World):
    missed(mailed, "school-9-2026")
    path = "/operations/incidents/vacancy:school-9:curator/closure"
    problem(mailed.ask("curator", "POST", path), 404, "incident_unknown")
    assert mailed.post(path, who="administrator")["cause"] == "vacant"
    assert {one["recipient"] for one in lost(mailed)} == {"role:head", CENTRE}
    unfilled = {one["id"] for one in mailed.get("/operations/incidents?cause=unfilled")["items"]}
    assert "vacancy:school-9:curator" not in unfilled, "nobody is to hold the role"
    problem(mailed.ask("administrator", "POST", path), 404, "incident_unknown")
    assert {one["reason"] for one in letters(mailed, query="?status=vacant")} == {
        "получить некому: роль никто не занимает"
    }


def test_it_ends_with_a_corrected_address(mailed: World):
    bounce(mailed)
    body = {"name": "Имя", "email": "new@school.example.org"}
    assert mailed.ask("coordinator", "PUT", "/people/p-curator", json=body).status_code == 200
    assert lost(mailed) == []
    assert mailed.get("/people/p-curator")["delivery_incident"] is None


def test_or_when_somebody_closes_it(mailed: World):
    bounce(mailed)
    path = "/operations/incidents/delivery:person:p-curator/closure"
    problem(mailed.ask("rcro", "POST", path), 403, "forbidden")
    problem(mailed.ask("curator of 9", "POST", path), 404, "incident_unknown")
    assert mailed.post(path, who="coordinator")["recipient"] == "person:p-curator"
    assert lost(mailed) == []
    problem(mailed.ask("coordinator", "POST", path), 404, "incident_unknown")
    assert [one["status"] for one in letters(mailed, query="?person=p-curator")] == ["bounced"], "the log keeps it"


def test_operators_see_what_happened_and_no_personal_data(mailed: World):
    bounce(mailed)
    (incident,) = lost(mailed, "operator")
    assert incident["sentence"].startswith("Адресат: с ")
    (letter,) = letters(mailed, "operator", "?status=bounced")
    card = mailed.get("/people/p-curator", "operator")
    for told in (incident, letter, card):
        assert ADDRESS not in str(told)
    assert "5.1.1 550 …: no such user" in letter["error"]
    assert (card["name"], card["delivery_incident"]["id"]) == (None, incident["id"])


def test_preferences_are_kept_with_a_version(region: World):
    path = "/people/p-curator/preferences"
    before = r.Preferences.model_validate(region.get(path, "curator"))
    assert (before.early_reminders, before.version) == (True, 0)
    answer = region.ask("curator", "PUT", path, json={"early_reminders": False})
    assert (answer.status_code, answer.json()["version"], answer.headers["etag"]) == (200, 1, '"1"')
    assert region.get(path, "head")["early_reminders"] is False
    assert region.get("/people/p-curator", "head")["early_reminders"] is False
    stale = region.ask("curator", "PUT", path, json={"early_reminders": True}, headers={"If-Match": '"0"'})
    problem(stale, 412, "version_stale")


@pytest.mark.parametrize(
    ("who", "status"), [("curator", 200), ("head", 200), ("coordinator", 200), ("dgo", 403), ("curator of 9", 404)]
)
def test_who_may_decline_for_somebody(region: World, who: str, status: int):
    answer = region.ask(who, "PUT", "/people/p-curator/preferences", json={"early_reminders": False})
    assert answer.status_code == status
    if status != 200:
        assert region.get("/people/p-curator/preferences")["version"] == 0


@pytest.mark.parametrize("body", [{}, {"early_reminders": "нет"}, {"early_reminders": False, "digests": False}])
def test_nothing_else_can_be_declined(region: World, body: dict[str, Any]):
    problem(region.ask("curator", "PUT", "/people/p-curator/preferences", json=body), 422, "invalid")


def test_a_letter_of_nobody_is_not_there(region: World):
    with region.core.database.reading() as connection:
        assert find_letter(connection, "<none@example.org>") is None
    problem(region.ask("administrator", "GET", "/letters/none@example.org"), 404, "letter_unknown")
    problem(region.ask("administrator", "GET", "/people/nobody"), 404, "person_unseen")
