"""Starting a year: what it answers, what it refuses, and how it can begin anew."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.world import World, problem

TITLES = ("ученик-ученик", "Ученик – ученик", "ученик — ученик", "ученик − ученик", "«ученик ‑ ученик»", "pupil-pupil")

SEPTEMBER: dict[str, Any] = {"from": "2026-09-01"}
OCTOBER: dict[str, Any] = {"from": "2026-10-01"}
ROADMAPS = (("school-1", "school"), ("club-1", "school"), ("college", "college"))


def body(**more: Any) -> dict[str, Any]:
    return {"organisation": "school-1", "year": 2026, **more}


def test_the_answer(region: World):
    answer = region.ask("curator", "POST", "/programmes", json=body(roadmap="school", forms=[]))
    assert answer.status_code == 201
    assert answer.headers["location"] == "/api/v1/programmes/school-1-2026"
    made = answer.json()
    assert answer.headers["etag"] == f'"{made["version"]}"'
    assert (made["id"], made["status"], made["organisation"], made["year"]) == (
        "school-1-2026",
        "running",
        "school-1",
        2026,
    )
    assert region.client.get(answer.headers["location"], headers=answer.request.headers).json() == made


def test_a_second_start(region: World):
    region.start()
    before = region.written()
    found = problem(region.ask("curator", "POST", "/programmes", json=body()), 409, "programme_exists")
    assert found["facts"] == {"organisation": "school-1", "year": 2026}
    assert region.written() == before


def test_a_cancelled_year_begins_anew_in_the_same_stream(region: World):
    region.start()
    cancelled = region.post("/programmes/school-1-2026/cancellation", {"reason": "Ремонт"}, "curator")
    assert cancelled["status"] == "cancelled"
    problem(region.ask("curator", "POST", "/programmes/school-1-2026/pause", json={"reason": "x"}), 409)
    answer = region.ask("curator", "POST", "/programmes", json=body(forms=["teacher-pupil"]))
    assert answer.status_code == 201
    assert answer.json()["version"] > cancelled["version"]
    assert (answer.json()["status"], answer.json()["forms"]) == ("running", ["teacher-pupil"])


@pytest.mark.parametrize("title", TITLES)
def test_forms_by_title_with_any_dash(small: World, title: str):
    small.start(forms=[title])
    assert small.get("/programmes/school-1-2026")["forms"] == ["pupil-pupil"]


def test_the_orders_own_name_of_a_form_and_doubles(small: World):
    small.start(forms=["педагог–ученик", "учитель – ученик"])
    assert small.get("/programmes/school-1-2026")["forms"] == ["teacher-pupil"]


@pytest.mark.parametrize(
    ("organisation", "own"), [("school-1", "school"), ("club-1", "school"), ("college", "college")]
)
def test_each_kind_has_its_roadmap(small: World, organisation: str, own: str):
    other = "college" if own == "school" else "school"
    answer = small.ask("administrator", "POST", "/programmes", json=body(organisation=organisation, roadmap=other))
    found = problem(answer, 422, "roadmap_foreign")
    assert found["errors"][0]["pointer"] == "/roadmap"
    assert small.get(f"/programmes/{small.start(organisation, roadmap=own)}")["roadmap"]["key"] == own


def test_own_deadlines_responsible_and_first_day(small: World):
    programme = small.start(deadlines={"8": "2026-10-09"}, responsible={"1": "p-head"}, **OCTOBER)
    steps = {step["number"]: step for step in small.get(f"/programmes/{programme}")["steps"]}
    assert steps[8]["due"] == steps[8]["first_due"] == "2026-10-09"
    assert steps[1]["responsible"] == "p-head"
    assert steps[1]["catch_up"]
    assert steps[1]["due"] == "2026-10-15"


def test_one_person_for_every_step(small: World):
    programme = small.start(responsible="p-curator")
    assert {step["responsible"] for step in small.get(f"/programmes/{programme}")["steps"]} == {"p-curator"}


def test_a_preview_starts_nothing(region: World):
    before = region.written()
    items = region.post("/programmes/preview", body(responsible="p-curator"), "curator")
    assert region.written() == before
    problem(region.ask("curator", "GET", "/programmes/school-1-2026"), 404)
    assert len(items) > 100
    assert {item["kind"] for item in items} == {"reminder", "missed", "escalation"}
    assert all(set(item) >= {"at", "kind", "step", "to", "subject"} for item in items)
    assert [item["at"] for item in items] == sorted(item["at"] for item in items)
    assert {item["to"] for item in items if item["kind"] == "reminder"} <= {"person:p-curator", None}


def test_a_preview_from_a_day(region: World):
    late = region.post("/programmes/preview", body(**{"from": "2027-03-01"}), "curator")
    assert min(item["at"] for item in late) >= "2027-03-01"
    assert late != region.post("/programmes/preview", body(), "curator")


def test_the_agenda_of_a_started_year_is_the_preview_from_that_day(region: World):
    preview = region.post("/programmes/preview", body(**SEPTEMBER), "curator")
    programme = region.start(**SEPTEMBER)
    agenda = region.get(f"/programmes/{programme}/agenda", "curator")
    assert [(item["at"], item["kind"], item["step"], item["to"]) for item in agenda] == [
        (item["at"], item["kind"], item["step"], item["to"]) for item in preview if item["at"] > "2026-09-01T03"
    ]
