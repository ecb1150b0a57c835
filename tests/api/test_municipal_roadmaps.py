"""A municipality approves its own roadmap and runs it as a programme of its own (order 420-р, 6.1)."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from activities.people import Person, give_role, put_person
from tests.api.world import AUTUMN, KEYS, World, pointers, problem

CARD = """\
№;Мероприятие;Сроки;Ответственные
1;Совещание с руководителями;до 15.09;Муниципальный координатор
2;Утверждение программы;до 01.10;Начальник управления
3;Отчёт об исполнении;до 20.06;
"""
PATH = "/units/mo-tomsk/roadmaps"
YEAR = {"organisation": "mo-tomsk", "year": 2026}
SEES = {"coordinator", "rcro", "dgo", "operator", "administrator"}
"""Whose eyes a municipality's year meets; the mentoring centre only when it runs a form of the centre's."""


def upload(
    world: World, who: str = "coordinator", unit: str = "mo-tomsk", card: str = CARD, **more: Any
) -> httpx.Response:
    fields = {"number": "15-од", "date": "2026-08-28", **more}
    file = {"file": ("карта.csv", card.encode())}
    return world.ask(who, "POST", f"/units/{unit}/roadmaps", data=fields, files=file)


@pytest.fixture
def town(region: World) -> World:
    """The roadmap of the town is approved; its coordinator is Петрова."""
    assert upload(region).status_code == 201
    with region.core.database.writing() as connection:
        put_person(connection, Person(id="p-mo", name="Петрова Анна", post="главный специалист"), "test", AUTUMN)
        give_role(connection, "p-mo", "municipal_coordinator", "mo-tomsk", AUTUMN.date(), "test", AUTUMN)
    return region


def test_an_approval_is_a_version_with_its_order(region: World):
    made = upload(region)
    assert made.status_code == 201
    found = made.json()["roadmap"]
    assert (found["key"], found["version"], found["approval"]["number"]) == ("mo-tomsk", "1", "15-од")
    assert found["source"] == "утверждена № 15-од от 28 августа 2026 г., город Томск"
    again = upload(region)
    assert (again.status_code, again.json()["roadmap"]) == (200, found), "the same order and file: nothing new"
    second = upload(region, card=CARD.replace("15.09", "20.09"), number="19-од").json()["roadmap"]
    assert second["version"] == "2"
    assert [one["version"] for one in region.get(PATH, "coordinator")["items"]] == ["1", "2"]
    assert region.get("/roadmaps/mo-tomsk", "coordinator") == second


def test_a_dry_run_tells_what_was_understood_and_keeps_nothing(region: World):
    before = region.written()
    found = upload(region, dry_run="true")
    assert (found.status_code, found.json()["dry_run"]) == (200, True)
    steps = found.json()["roadmap"]["phases"][0]["steps"]
    assert [(one["number"], one["date"]["rule"], one["role"]) for one in steps] == [
        (1, "until", "municipal_coordinator"),
        (2, "until", "head"),
        (3, "until", "municipal_coordinator"),
    ]
    bad = upload(region, dry_run="true", card=CARD.replace("до 15.09", "скоро")).json()
    assert (bad["roadmap"], bad["error_count"]) == (None, 1)
    assert bad["errors"][0]["row"] == 2
    assert region.written() == before
    assert region.get(PATH)["items"] == []


def test_a_file_with_mistakes_is_refused_with_their_places(region: World):
    before = region.written()
    found = problem(upload(region, card=CARD.replace("до 15.09", "скоро")), 422, "roadmap-invalid")
    (error,) = found["errors"]
    assert (error["pointer"], error["row"], error["column"]) == ("/file", 2, "Сроки")
    assert pointers(problem(upload(region, date="2026-09-02"), 422, "approval_in_future")) == {"/date"}
    problem(upload(region, number=""), 422, "invalid")
    problem(upload(region, "administrator", "school-1"), 409, "roadmap_not_municipal")
    assert region.written() == before


def test_who_may_approve(region: World):
    for who in set(KEYS) - {"coordinator", "administrator"}:
        seen = region.ask(who, "GET", PATH).status_code == 200
        problem(upload(region, who), 403 if seen else 404, "forbidden" if seen else "unit_not_found")
    problem(upload(region, "coordinator", "mo-seversk"), 404, "unit_not_found")
    assert upload(region, "administrator", "mo-seversk").status_code == 201
    for path in ("/roadmaps/mo-seversk", "/units/mo-seversk/roadmaps"):
        assert region.ask("coordinator", "GET", path).status_code == 404
        assert region.ask("dgo", "GET", path).status_code == 200


def test_without_an_approved_roadmap_there_is_no_year(region: World):
    found = problem(region.ask("coordinator", "POST", "/programmes", json=YEAR), 422, "roadmap_not_approved")
    assert pointers(found) == {"/organisation"}
    assert "POST /units/mo-tomsk/roadmaps" in found["detail"]


def test_the_year_runs_by_the_same_rules(town: World):
    made = town.post("/programmes", {**YEAR, "roadmap": "mo-tomsk"}, "coordinator")
    assert (made["id"], made["organisation"], made["municipality"]) == ("mo-tomsk-2026", "mo-tomsk", "mo-tomsk")
    assert made["roadmap"]["key"] == "mo-tomsk"
    agenda = town.get("/programmes/mo-tomsk-2026/agenda", "coordinator")
    assert {one["to"] for one in agenda if one["kind"] == "reminder" and one["step"] == 1} == {"person:p-mo"}
    done = town.post("/programmes/mo-tomsk-2026/steps/1/completion", {}, "coordinator")
    assert next(one for one in done["steps"] if one["number"] == 1)["state"] == "done"
    town.clock.on("2026-10-05")
    report = town.get("/programmes/mo-tomsk-2026/execution.json", "coordinator")
    first, second, _ = report["steps"]
    assert first["responsible"]["persons"] == [{"name": "Петрова Анна", "post": "главный специалист"}]
    assert (first["state"], second["state"]) == ("done", "overdue")
    whole = town.get("/units/mo-tomsk/execution.json", "coordinator")
    assert [(one["unit"], one["programmes"]) for one in whole["units"]] == [("mo-tomsk", 1)]
    problem(town.ask("coordinator", "POST", "/programmes", json=YEAR), 409, "programme_exists")


def test_a_foreign_roadmap_is_refused(town: World):
    found = town.ask("coordinator", "POST", "/programmes", json={**YEAR, "roadmap": "school"})
    problem(found, 422, "roadmap_foreign")
    foreign = {"organisation": "school-1", "year": 2026, "roadmap": "mo-tomsk"}
    problem(town.ask("coordinator", "POST", "/programmes", json=foreign), 422, "roadmap_foreign")


def test_a_year_keeps_the_version_it_began_with_and_may_adopt_the_next(town: World):
    town.post("/programmes", YEAR, "coordinator")
    upload(town, card=CARD.replace("01.10", "20.10"), number="19-од")
    path = "/programmes/mo-tomsk-2026"
    assert town.get(path, "coordinator")["roadmap"]["version"] == "1"
    body = {"adopt": ["roadmap"], "reason": "Новая редакция", "order": {"number": "19-од", "date": "2026-08-30"}}
    adopted = town.post(f"{path}/versions", body, "coordinator")
    assert adopted["roadmap"]["version"] == "2"
    assert next(one for one in adopted["steps"] if one["number"] == 2)["due"] == "2026-10-20"


def test_operators_see_what_the_next_version_changes_before_it_is_adopted(town: World):
    town.post("/programmes", YEAR, "coordinator")
    upload(town, card=CARD.replace("01.10", "20.10"), number="19-од")
    body = {"reason": "Новая редакция", "order": {"number": "19-од", "date": "2026-08-30"}}
    path = "/operations/streams/programme/mo-tomsk-2026/adoption"
    plan = town.post(path, {**body, "dry_run": True}, "coordinator")
    (item,) = plan["items"]
    assert any("1 октября 2026 г. → 20 октября 2026 г." in change for change in item["changes"]), item["changes"]
    done = town.post(path, {**body, "plan": plan["plan"]}, "coordinator")
    assert done["items"][0]["outcome"] == "done"
    assert town.get("/programmes/mo-tomsk-2026", "coordinator")["roadmap"]["version"] == "2"
    again = town.ask("coordinator", "POST", path, json=body)
    assert again.status_code in (409, 422)


def test_who_sees_the_year_of_a_municipality(town: World):
    town.start("mo-tomsk", forms=["pupil-pupil"])
    for who in set(KEYS) - {"office"}:
        answer = town.ask(who, "GET", "/programmes/mo-tomsk-2026")
        listed = [one["id"] for one in town.get("/programmes", who)["items"]]
        assert (answer.status_code == 200) == (who in SEES) == ("mo-tomsk-2026" in listed), who


def test_a_municipality_is_none_of_those_who_run_a_form(town: World):
    town.start("mo-tomsk", forms=["teacher-teacher"])
    town.start("school-1", forms=["teacher-teacher"])
    found = town.get("/reports/teacher-teacher?year=2026", "toipkro")
    assert (found["programmes"], found["complete"]) == (1, True)
    assert [one["organisation"] for one in found["organisations"]] == ["school-1"]
