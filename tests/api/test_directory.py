"""Units and people through the API: who may change what, and what a mistake is told."""

from __future__ import annotations

from typing import Any

import pytest

from api import region_documents as r
from tests.api.world import World, problem

BACKWARDS = {"role": "head", "unit": "school-1", "since": "2026-09-02", "until": "2026-09-01"}
SCHOOL = {"kind": "organisation", "name": "Школа № 2", "parent": "mo-tomsk", "sector": "general"}


def test_a_unit_is_made_and_changed(region: World):
    body = {"kind": "organisation", "name": "Школа № 2", "parent": "mo-tomsk", "sector": "general"}
    for status in (201, 200):
        answer = region.ask("coordinator", "PUT", "/units/school-2", json=body)
        assert (answer.status_code, answer.headers["etag"]) == (status, '"1"')
    changed = region.ask(
        "coordinator", "PUT", "/units/school-2", json={**body, "name": "Лицей"}, headers={"If-Match": '"1"'}
    )
    assert (changed.status_code, changed.json()["version"], changed.headers["etag"]) == (200, 2, '"2"')
    assert r.Unit.model_validate(changed.json()) == r.Unit.model_validate(region.get("/units/school-2", "coordinator"))
    assert [one["id"] for one in region.get("/units?parent=mo-tomsk&kind=organisation&q=ЛИЦ")["items"]] == ["school-2"]


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"parent": "nowhere"}, "unit_unknown", "/parent"),
        ({"parent": None}, "unit_invalid", "/parent"),
        ({"parent": "school-1"}, "unit_misplaced", "/parent"),
        ({"sector": None}, "unit_invalid", "/sector"),
        ({"kind": "region"}, "unit_invalid", "/parent"),
        ({"kind": "village"}, "invalid", "/kind"),
        ({"zone": "Mars/Olympus"}, "zone_unknown", "/zone"),
        ({"email": "нет"}, "email_invalid", "/email"),
    ],
)
def test_units_that_cannot_be(region: World, change: dict[str, Any], code: str, pointer: str):
    body = {"kind": "organisation", "name": "Школа № 2", "parent": "mo-tomsk", "sector": "general", **change}
    before = region.written()
    found = problem(region.ask("administrator", "PUT", "/units/school-2", json=body), 422)
    assert (found["type"].rpartition("/")[2], found["errors"][0]["pointer"]) == (code, pointer)
    assert region.written() == before


def test_personal_data_is_not_for_those_who_see_everything(region: World):
    for who, name in (("curator", "Имя p-curator"), ("operator", None)):
        held = region.get("/units/school-1/people", who)["items"]
        assert [one["person"]["name"] for one in held] == [name]


def test_there_is_one_region(region: World):
    answer = region.ask("administrator", "PUT", "/units/second", json={"kind": "region", "name": "Вторая"})
    problem(answer, 409, "region_exists")


@pytest.mark.parametrize(
    ("who", "unit", "parent", "status", "code"),
    [
        ("coordinator", "school-2", "mo-seversk", 422, "unit_unknown"),
        ("coordinator", "school-2", "nowhere", 422, "unit_unknown"),
        ("coordinator", "school-9", "mo-tomsk", 403, "forbidden"),
        ("coordinator", "mo-new", "tomsk-oblast", 403, "forbidden"),
        ("curator", "school-1", "mo-tomsk", 403, "forbidden"),
        ("dgo", "lyceum", "dgo", 403, "forbidden"),
        ("operator", "school-1", "mo-tomsk", 403, "forbidden"),
    ],
)
def test_units_of_others(region: World, who: str, unit: str, parent: str, status: int, code: str):
    body = SCHOOL | {"parent": parent} | ({"kind": "municipality", "sector": None} if unit == "mo-new" else {})
    before = region.written()
    problem(region.ask(who, "PUT", f"/units/{unit}", json=body), status, code)
    assert region.written() == before


def test_people_and_their_roles(region: World):
    person = {"name": "Сидорова Анна", "email": "sidorova@example.org"}
    assert region.ask("coordinator", "PUT", "/people/p-new", json=person).status_code == 201
    problem(region.ask("coordinator", "PUT", "/people/p-curator-of-others", json={}), 422, "invalid")
    given = region.ask("coordinator", "POST", "/people/p-new/roles", json={"role": "head", "unit": "school-1"})
    assert (given.status_code, r.HeldRole.model_validate(given.json()).since.isoformat()) == (201, "2026-09-01")
    again = region.ask("coordinator", "POST", "/people/p-new/roles", json={"role": "head", "unit": "school-1"})
    assert again.status_code == 200
    held = region.get("/units/school-1/people", "curator")["items"]
    assert {(one["role"], one["person"]["id"]) for one in held} == {("curator", "p-curator"), ("head", "p-new")}
    region.clock.on("2026-09-02")
    ended = region.ask("coordinator", "DELETE", "/people/p-new/roles/head/school-1")
    assert (ended.status_code, ended.json()["until"]) == (200, "2026-09-02")
    problem(region.ask("coordinator", "DELETE", "/people/p-new/roles/head/school-1"), 404, "role_unknown")


@pytest.mark.parametrize(
    ("person", "body", "status", "code"),
    [
        ("p-nobody", {"role": "head", "unit": "school-1"}, 422, "person_unknown"),
        ("p-other", {"role": "head", "unit": "school-9"}, 422, "unit_unknown"),
        ("p-other", {"role": "head", "unit": "nowhere"}, 422, "unit_unknown"),
        ("p-other", {"role": "administrator", "unit": "school-1"}, 422, "role_misplaced"),
        (
            "p-other",
            {"role": "head", "unit": "school-1", "since": "2026-09-02", "until": "2026-09-01"},
            422,
            "role_ends_early",
        ),
        ("p-curator", {"role": "curator", "unit": "school-1"}, 200, None),
    ],
)
def test_roles_that_cannot_be(region: World, person: str, body: dict[str, Any], status: int, code: str | None):
    answer = region.ask("coordinator", "POST", f"/people/{person}/roles", json=body)
    if code is None:
        assert answer.status_code == status
    else:
        problem(answer, status, code)


@pytest.mark.parametrize("who", ["curator", "rcro", "dgo", "office", "operator"])
def test_people_are_not_changed_by_others(region: World, who: str):
    problem(region.ask(who, "PUT", "/people/p-new", json={"name": "x"}), 403, "forbidden")
    body = {"role": "head", "unit": "school-1"}
    problem(region.ask(who, "POST", "/people/p-other/roles", json=body), 403, "forbidden")
    problem(region.ask(who, "DELETE", "/people/p-curator/roles/curator/school-1"), 403, "forbidden")
