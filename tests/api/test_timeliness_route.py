"""How deadlines were kept: the ledger of a programme, and the report over a municipality or the region."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.world import World, pointers, problem


@pytest.fixture
def october(region: World) -> World:
    """Step 1 in time, step 2 moved and done after its first date, step 3 late, the others as they come."""
    for organisation in ("school-1", "club-1", "school-9"):
        region.start(organisation)
    school = "/programmes/school-1-2026/steps"
    region.post(f"{school}/1/completion", {})
    move = {"due": "2026-10-09", "reason": "Болезнь", "order": {"number": "7", "date": "2026-09-20"}}
    region.clock.on("2026-09-20")
    region.post(f"{school}/2/deadline", move, "curator")
    region.post(f"{school}/34/skip", {"reason": "Не нужно"})
    region.clock.on("2026-10-05")
    region.post(f"{school}/2/completion", {})
    return region


def ledger(world: World, number: int) -> dict[str, Any]:
    steps = world.get("/programmes/school-1-2026/deadlines", "curator")["steps"]
    return next(one for one in steps if one["number"] == number)


def test_the_first_date_stands_beside_every_later_one(october: World):
    found = ledger(october, 2)
    (deadline,) = found["deadlines"]
    assert (deadline["first_due"], deadline["due"], deadline["done_on"]) == ("2026-09-25", "2026-10-09", "2026-10-05")
    (move,) = deadline["moves"]
    wanted = {"was": "2026-09-25", "due": "2026-10-09", "cause": "command", "reason": "Болезнь"}
    assert wanted.items() <= move.items()
    assert move["order"] == {"number": "7", "date": "2026-09-20"}
    assert move["by"].startswith("token:")
    assert move["at"].startswith("2026-09-20T")
    assert found["timeliness"] == {"raw": "late", "excused": "on_time"}


def test_every_step_says_how_it_was_kept(october: World):
    assert ledger(october, 1)["timeliness"] == {"raw": "on_time", "excused": "on_time"}
    assert ledger(october, 3)["timeliness"] == {"raw": "late", "excused": "late"}
    assert ledger(october, 33)["timeliness"] == {"raw": "open", "excused": "open"}
    assert ledger(october, 34)["timeliness"] is None, "what was left out owes nothing"
    whole = october.get("/programmes/school-1-2026/deadlines")["timeliness"]
    assert (whole["raw"]["on_time"], whole["excused"]["on_time"]) == (1, 2)
    assert whole["raw"]["late"] == whole["excused"]["late"] + 1
    assert whole["excused"]["rate"] > whole["raw"]["rate"]


def test_the_ledger_of_a_year_begun_anew_is_empty(october: World):
    october.post("/programmes/school-1-2026/cancellation", {"reason": "x"})
    october.start("school-1")
    assert ledger(october, 2)["deadlines"][0]["moves"] == []


def test_the_report_of_a_municipality_and_of_the_region(october: World):
    town = october.get("/timeliness?unit=mo-tomsk&year=2026", "coordinator")
    assert [one["unit"] for one in town["units"]] == ["club-1", "school-1"]
    school = town["units"][1]
    whole = october.get("/programmes/school-1-2026/deadlines")["timeliness"]
    assert {"raw": school["raw"], "excused": school["excused"]} == whole
    assert town["deadlines"] == sum(one["deadlines"] for one in town["units"])
    assert sum(town["raw"][name] for name in ("on_time", "late", "open")) == town["deadlines"]
    region = october.get("/timeliness?year=2026")
    assert {one["unit"]: one["programmes"] for one in region["units"]} == {"mo-tomsk": 2, "mo-seversk": 1}
    assert region["programmes"] == 3
    assert october.get("/timeliness?year=2030")["programmes"] == 0


def test_nobody_reads_of_what_they_may_not_see(october: World):
    seen = october.get("/timeliness", "coordinator")
    assert (seen["programmes"], [one["unit"] for one in seen["units"]]) == (2, ["mo-tomsk"])
    found = problem(october.ask("coordinator", "GET", "/timeliness?unit=school-9"), 422, "unit_unknown")
    assert pointers(found) == {"query:unit"} or found["errors"]
    office = october.get("/timeliness", "office")
    assert office["programmes"] == 3, "the project office reads sums"
    town = october.get("/timeliness?unit=mo-tomsk", "office")
    assert (town["programmes"], town["units"]) == (2, []), "and no organisations"
    problem(october.ask("coordinator", "GET", "/programmes/school-9-2026/deadlines"), 404, "programme_unknown")


def test_a_year_that_was_called_off_counts_for_nobody(october: World):
    october.post("/programmes/club-1-2026/cancellation", {"reason": "x"})
    assert october.get("/timeliness?unit=mo-tomsk")["programmes"] == 1
