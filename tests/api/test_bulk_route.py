"""A region is started in bulk: a plan and its hash first, then exactly that plan."""

from __future__ import annotations

import pytest

from activities.job_hands import BulkHands
from api import region_documents as r
from tests.api.world import World, problem

TOMSK = {"parent": "mo-tomsk", "year": 2026, "forms": ["ученик – ученик"]}


def test_a_dry_run_plans_and_writes_nothing(region: World):
    region.start("club-1")
    before = region.written()
    plan = region.post("/programmes/bulk", TOMSK, "coordinator")
    assert region.written() == before
    r.BulkPlan.model_validate(plan)
    assert (plan["dry_run"], plan["start"], plan["existing"]) == (True, ["school-1"], ["club-1"])
    assert plan["items"] == [
        {"organisation": "school-1", "outcome": None},
        {"organisation": "club-1", "outcome": "programme_exists"},
    ]
    assert plan == region.post("/programmes/bulk", {**TOMSK, "dry_run": True}, "coordinator")


@pytest.mark.parametrize("given", [None, "", "0" * 64])
def test_nothing_but_the_plan_that_was_shown_is_executed(region: World, given: str | None):
    before = region.written()
    body = {**TOMSK, "dry_run": False, "plan_hash": given}
    found = problem(region.ask("coordinator", "POST", "/programmes/bulk", json=body), 409, "plan_changed")
    assert found["errors"][0]["pointer"] == "/plan_hash"
    assert region.written() == before


def test_a_plan_changes_with_what_it_would_do(region: World):
    shown = region.post("/programmes/bulk", TOMSK, "coordinator")["plan_hash"]
    assert region.post("/programmes/bulk", {**TOMSK, "forms": []}, "coordinator")["plan_hash"] != shown
    region.start("club-1")
    body = {**TOMSK, "dry_run": False, "plan_hash": shown}
    problem(region.ask("coordinator", "POST", "/programmes/bulk", json=body), 409, "plan_changed")


def test_from_the_plan_to_the_last_organisation(region: World):
    shown = region.post("/programmes/bulk", TOMSK, "coordinator")["plan_hash"]
    body, headers = {**TOMSK, "dry_run": False, "plan_hash": shown}, {"Idempotency-Key": "1"}
    begun = region.ask("coordinator", "POST", "/programmes/bulk", json=body, headers=headers)
    assert begun.status_code == 201
    bulk = begun.json()["id"]
    assert begun.headers["location"] == f"/api/v1/programmes/bulk/{bulk}"
    again = region.ask("coordinator", "POST", "/programmes/bulk", json=body, headers=headers)
    assert (again.status_code, again.json(), again.headers["location"]) == (
        201,
        begun.json(),
        begun.headers["location"],
    )
    progress = region.get(f"/programmes/bulk/{bulk}", "coordinator")
    r.Bulk.model_validate(progress)
    assert (progress["percent"], progress["finished_at"]) == (0, None)
    hands = BulkHands(region.core.recorder, lambda *_: None)
    while share := hands.bulk_share(bulk).organisations:
        for organisation in share:
            hands.bulk_start(bulk, organisation)
    done = region.get(f"/programmes/bulk/{bulk}", "coordinator")
    assert (done["percent"], {one["outcome"] for one in done["items"]}) == (100, {"started"})
    assert done["finished_at"]
    assert {one["organisation"] for one in region.get("/programmes", "coordinator")["items"]} == {"school-1", "club-1"}


@pytest.mark.parametrize("who", ["curator", "curator of 9", "rcro", "dgo", "office", "operator"])
def test_progress_is_for_those_who_might_have_begun_it(region: World, who: str):
    shown = region.post("/programmes/bulk", TOMSK)["plan_hash"]
    bulk = region.post("/programmes/bulk", {**TOMSK, "dry_run": False, "plan_hash": shown})["id"]
    problem(region.ask(who, "GET", f"/programmes/bulk/{bulk}"), 404, "bulk_unknown")


def test_places_without_organisations(region: World):
    assert region.post("/programmes/bulk", {"parent": "mo-kedrovy", "year": 2026})["start"] == []
    body = {"parent": "mo-tomsk", "year": 1999}
    found = problem(region.ask("administrator", "POST", "/programmes/bulk", json=body), 422, "year_out_of_range")
    assert found["errors"][0]["pointer"] == "/year"
