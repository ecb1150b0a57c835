"""Absences through the API: who enters them, what is refused, and where the deputy shows."""

from __future__ import annotations

from typing import Any

import pytest

from api import region_documents as r
from tests.api.test_pages import look, shown
from tests.api.world import World, pointers, problem

HOLIDAY = {"from": "2026-09-07", "until": "2026-09-18", "deputy": "p-head", "reason": "отпуск"}
PATH = "/people/p-curator/absences"


@pytest.fixture
def school(region: World) -> World:
    """Both people of the school hold a role there; somebody works in the other municipality."""
    region.post("/people/p-head/roles", {"role": "head", "unit": "school-1"})
    region.post("/people/p-other/roles", {"role": "head", "unit": "school-9"})
    return region


def test_an_absence_is_entered_changed_and_ended_early(school: World):
    answer = school.ask("curator", "POST", PATH, json=HOLIDAY)
    assert answer.status_code == 201
    made = r.Absence.model_validate(answer.json())
    assert (made.person, made.deputy, made.reason) == ("p-curator", "p-head", "отпуск")
    longer = school.ask("coordinator", "PUT", f"{PATH}/{made.id}", json={**HOLIDAY, "until": "2026-09-25"})
    assert (longer.status_code, longer.json()["until"]) == (200, "2026-09-25")
    assert school.get(PATH, "head")["items"] == [longer.json()]
    school.clock.on("2026-09-10")
    ended = school.ask("head", "DELETE", f"{PATH}/{made.id}")
    assert (ended.status_code, ended.content) == (204, b"")
    (left,) = school.get(PATH, "curator")["items"]
    assert (left["from"], left["until"]) == ("2026-09-07", "2026-09-09")
    problem(school.ask("head", "DELETE", f"{PATH}/{made.id}"), 409, "absence_over")
    problem(school.ask("head", "PUT", f"{PATH}/{made.id}", json=HOLIDAY), 409, "absence_over")


def test_a_former_place_has_no_say(school: World):
    gone = {"role": "head", "unit": "school-1", "since": "2020-09-01", "until": "2026-08-01"}
    school.post("/people/p-other/roles", gone)
    problem(school.ask("curator", "POST", "/people/p-other/absences", json=HOLIDAY), 403, "forbidden")


def test_one_that_has_not_begun_is_taken_back(school: World):
    made = school.post(PATH, HOLIDAY, "curator")
    assert school.ask("curator", "DELETE", f"{PATH}/{made['id']}").status_code == 204
    assert school.get(PATH, "curator")["items"] == []
    problem(school.ask("curator", "DELETE", f"{PATH}/{made['id']}"), 404, "absence_unknown")
    problem(school.ask("curator", "PUT", f"{PATH}/{made['id']}", json=HOLIDAY), 404, "absence_unknown")


def test_the_same_key_enters_it_once(school: World):
    given: dict[str, Any] = {"json": HOLIDAY, "headers": {"Idempotency-Key": "holiday"}}
    first, again = (school.ask("curator", "POST", PATH, **given) for _ in range(2))
    assert first.json() == again.json()
    assert len(school.get(PATH, "curator")["items"]) == 1


@pytest.mark.parametrize(
    ("change", "status", "code", "pointer"),
    [
        ({"until": "2026-09-06"}, 422, "absence_ends_early", "/until"),
        ({"from": "2026-08-01", "until": "2026-08-31"}, 422, "absence_in_past", "/until"),
        ({"deputy": "p-curator"}, 422, "deputy_is_absent", "/deputy"),
        ({"deputy": "p-nobody"}, 422, "person_unknown", "/deputy"),
        ({"deputy": "p-other"}, 422, "person_unknown", "/deputy"),
        ({"from": "2026-10-10", "until": "2026-10-12"}, 409, "absence_overlaps", "/from"),
        ({"from": "2026-11-02", "until": "2026-11-02"}, 422, "deputy_circle", "/deputy"),
        ({"from": "вчера"}, 422, "invalid", "/from"),
        ({"since": "2026-09-07"}, 422, "invalid", "/since"),
    ],
)
def test_absences_that_cannot_be(school: World, change: dict[str, Any], status: int, code: str, pointer: str):
    october = {"from": "2026-10-12", "until": "2026-10-16", "deputy": "p-head"}
    school.post(PATH, october)
    november = {"from": "2026-11-02", "until": "2026-11-06", "deputy": "p-curator"}
    school.post("/people/p-head/absences", november)
    before = school.written()
    found = problem(school.ask("coordinator", "POST", PATH, json={**HOLIDAY, **change}), status, code)
    assert pointers(found) == {pointer}
    assert school.written() == before


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("curator", 201),
        ("head", 201),
        ("coordinator", 201),
        ("administrator", 201),
        ("curator of 9", 404),
        ("navigator", 404),
        ("dpo", 404),
        ("dgo", 403),
        ("rcro", 404),
        ("operator", 403),
        ("office", 404),
    ],
)
def test_who_enters_absences_of_a_school(school: World, who: str, status: int):
    """Those of the place and above it; what one does not see is as good as missing."""
    answer = school.ask(who, "POST", PATH, json=HOLIDAY)
    if status == 201:
        assert answer.status_code == 201
        return
    problem(answer, status, "forbidden" if status == 403 else "person_unseen")
    listed = school.ask(who, "GET", PATH)
    assert listed.status_code == (200 if status == 403 else 404)


def test_the_reason_is_for_those_who_may_change_it(school: World):
    school.post(PATH, HOLIDAY, "curator")
    assert [one["reason"] for one in school.get(PATH, "head")["items"]] == ["отпуск"]
    for who in ("dgo", "operator"):
        assert [(one["deputy"], one["reason"]) for one in school.get(PATH, who)["items"]] == [("p-head", None)]


def test_missing_and_hidden_people_look_the_same(school: World):
    hidden, missing = (school.ask("curator", "GET", f"/people/{one}/absences") for one in ("p-other", "p-nobody"))
    assert hidden.status_code == missing.status_code == 404
    assert hidden.json()["type"] == missing.json()["type"]


def test_the_agenda_names_the_deputy_on_the_days_concerned_only(school: World):
    programme = school.start()
    school.post(PATH, {**HOLIDAY, "deputy": "p-head", "until": "2026-09-09"}, "curator")
    agenda = [one for one in school.get(f"/programmes/{programme}/agenda") if one["kind"] == "reminder"]
    during = [one for one in agenda if "2026-09-07" <= one["at"] < "2026-09-10" and one["step"] == 2]
    after = [one for one in agenda if one["at"] >= "2026-09-10" and one["step"] == 2]
    assert {one["to"] for one in during if one["to"]} <= {"person:p-head"}
    assert {one["to"] for one in after if one["to"]} == {"person:p-curator"}
    assert any(one["to"] == "person:p-head" for one in agenda if one["at"] < "2026-09-10")


def test_the_explanation_and_the_page_name_who_stands_in(school: World):
    programme = school.start()
    school.post(f"/programmes/{programme}/steps/1/responsible", {"person": "p-curator"})
    school.post(PATH, HOLIDAY, "curator")
    before = school.get(f"/programmes/{programme}/explanation")
    assert (before["responsible"], before["instead_of"]) == ("p-curator", None)
    school.clock.on("2026-09-08")
    school.catch_up(programme)
    told = school.get(f"/programmes/{programme}/explanation")
    assert (told["responsible"], told["instead_of"]) == ("p-head", "p-curator")
    words = shown(look(school, f"/programmes/{programme}", "curator"))
    assert "Ответственный: Имя p-head (замещает: Имя p-curator)." in words
    assert "Ведёт программу Имя p-head (замещает: Имя p-curator)" in words
    assert "Имя" not in shown(look(school, f"/programmes/{programme}", "operator"))


def test_the_explanation_names_who_is_missing(region: World):
    programme = region.start()
    told = region.get(f"/programmes/{programme}/explanation")["vacant"]
    assert [one["addressee"] for one in told] == ["head", "municipal_authority", "operating_centre", "department"]
    assert told[0]["label"] == "руководитель организации"
    region.post("/people/p-head/roles", {"role": "head", "unit": "school-1"})
    region.post("/people/p-other/roles", {"role": "municipal_coordinator", "unit": "mo-tomsk"})
    told = region.get(f"/programmes/{programme}/explanation")["vacant"]
    assert [one["addressee"] for one in told] == ["operating_centre", "department"]
