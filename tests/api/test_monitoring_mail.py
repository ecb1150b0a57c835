"""Letters of a monitoring round through the API: everybody sees those about the forms that they see."""

from __future__ import annotations

from datetime import date

from pydantic import TypeAdapter

from activities.campaign_letters import CampaignLetters
from activities.delivery import Delivery
from activities.digest_days import DigestDays
from activities.digests import Digests, Outcome
from activities.mail import FolderMailer
from activities.people import Person, give_role, put_person
from activities.submission_letters import SubmissionLetters
from api import documents as d
from domain.units import Role
from tests.api.monitoring import LYCEUM, SEVERSK, THREE, TOMSK, opened, submitted
from tests.api.world import AUTUMN, World, problem

OFFICERS: tuple[tuple[str, Role, str], ...] = (
    ("p-tomsk", "municipal_coordinator", "mo-tomsk"),
    ("p-seversk", "municipal_coordinator", "mo-seversk"),
    ("p-lyceum", "curator", "lyceum"),
    ("p-centre", "methodologist", "rcro"),
    ("p-officer", "department_officer", "dgo"),
)


def mailed(world: World) -> None:
    """People at every place, and a round whose first letters have gone out."""
    with world.core.database.writing() as connection:
        for person, role, unit in OFFICERS:
            one = Person(id=person, name=f"Имя {person}", email=f"{person}@example.org")
            put_person(connection, one, "test", AUTUMN)
            give_role(connection, person, role, unit, AUTUMN.date(), "test", AUTUMN)
    opened(world)
    send(world)


def send(world: World) -> None:
    """What the workflows of the submissions do."""
    core = world.core
    mailer, beside = FolderMailer(core.settings.mail_folder), (CampaignLetters, SubmissionLetters)
    posts = [kind(core.library) for kind in beside]
    delivery = Delivery(core.database, core.recorder, mailer, core.settings, core.clock, *posts)
    for respondent in THREE:
        stream = f"submission/monitoring-2027-{respondent}"
        core.recorder.pass_time(stream, by="worker")
        for number in core.recorder.state(stream).items:
            delivery.send_notice(stream, number)


def test_everybody_sees_the_letters_about_the_forms_that_they_see(region: World):
    mailed(region)
    (letter,) = region.get(f"{TOMSK}/letters", "coordinator")["items"]
    TypeAdapter(d.Letter).validate_python(letter)
    assert (letter["kind"], letter["to"], letter["status"]) == ("opened", "person:p-tomsk", "sent")
    assert (letter["submission"], letter["programme"]) == ("monitoring-2027-mo-tomsk", None)
    seen = {who: len(region.get("/letters", who)["items"]) for who in ("coordinator", "curator of lyceum", "curator")}
    assert seen == {"coordinator": 1, "curator of lyceum": 1, "curator": 0}
    assert len(region.get("/letters", "rcro")["items"]) == len(region.get("/letters", "dgo")["items"]) == 3
    assert region.get("/letters", "rcrpk")["items"] == []
    problem(region.ask("coordinator", "GET", f"{SEVERSK}/letters"), 404, "submission_unknown")
    source = region.ask("coordinator", "GET", f"/letters/{letter['id']}")
    assert source.headers["content-type"].startswith("message/rfc822")


def test_the_late_stand_by_name_in_the_digests_of_centre_and_department(region: World):
    mailed(region)
    region.clock.on("2027-03-10")
    submitted(region, LYCEUM, "curator of lyceum")
    region.clock.on("2027-03-23", 9)
    send(region)
    core = region.core
    days, mailer = DigestDays(core.database, core.library, None), FolderMailer(core.settings.mail_folder)
    digests = Digests(core.database, core.library, core.streams, mailer, core.settings, days)
    assert digests.send("Asia/Tomsk", core.clock()) == Outcome(2, deferred=False)
    found = [one for one in region.get("/letters", "administrator")["items"] if one["kind"] == "digest"]
    assert {one["to"] for one in found} == {"person:p-centre", "person:p-officer"}
    assert {one["subject"] for one in found} == {"Сводка на 23 марта 2027 г.: не сдано форм мониторинга: 2"}
    assert all(date.fromisoformat(one["at"][:10]) == date(2027, 3, 23) for one in found)
    mine = [one["to"] for one in region.get("/letters", "coordinator")["items"] if one["kind"] == "digest"]
    assert mine == []
