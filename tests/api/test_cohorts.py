"""One command for a municipality, a region or a list: seen as a dry run, executed by its hash, told to everybody."""

from __future__ import annotations

from typing import Any

import pytest

from activities.job_hands import BulkHands
from api.wording import title_of
from tests.api.world import World, pointers, problem

MOVE = {"year": 2026, "unit": "mo-tomsk", "step": 8, "due": "2026-10-20", "reason": "Карантин", "order": "15-од"}
ADOPT = {"year": 2026, "unit": "tomsk-oblast", "reason": "Новый порядок"}
EVERYBODY = ("school-1", "club-1", "school-9", "lyceum", "college")


@pytest.fixture
def started(small: World) -> World:
    return begun(small)


@pytest.fixture
def on_each(region: World) -> World:
    """The same on each kind of database."""
    return begun(region)


def begun(world: World) -> World:
    for organisation in EVERYBODY:
        world.start(organisation)
    return world


def carried_out(world: World, bulk: str) -> dict[str, Any]:
    """What the worker would do, item by item."""
    hands = BulkHands(world.core.recorder, lambda *_: None)
    while share := hands.bulk_share(bulk).organisations:
        for organisation in share:
            hands.bulk_start(bulk, organisation)
    found: dict[str, Any] = world.get(f"/programmes/bulk/{bulk}")
    assert found["percent"] == 100
    return found


def executed(world: World, path: str, body: dict[str, Any], who: str = "administrator") -> dict[str, Any]:
    shown = world.post(path, body, who)
    begun = world.post(path, {**body, "dry_run": False, "plan_hash": shown["plan_hash"]}, who)
    assert (begun["dry_run"], begun["plan_hash"]) == (False, shown["plan_hash"])
    return carried_out(world, begun["id"])


def step(world: World, programme: str, number: int) -> dict[str, Any]:
    steps = world.get(f"/programmes/{programme}")["steps"]
    return next(one for one in steps if one["number"] == number)


def other_ladder(world: World) -> None:
    rungs = [
        {"kind": "reminder", "days": 4, "to": ["responsible"]},
        {"kind": "missed", "to": ["responsible", "curator", "head"]},
    ]
    answer = world.ask("administrator", "PUT", "/ladders/step-municipal", json={"rungs": rungs})
    assert answer.status_code == 200, answer.text


def test_a_dry_run_tells_what_would_change_and_changes_nothing(started: World):
    before = started.written()
    plan = started.post("/programmes/deadlines", MOVE, "coordinator")
    assert started.written() == before
    assert (plan["dry_run"], plan["id"], plan["kind"]) == (True, None, "deadline")
    assert [item["programme"] for item in plan["items"]] == ["club-1-2026", "school-1-2026"]
    first = plan["items"][1]
    assert first["deadlines"][0] == {
        "step": 8, "occurrence": 1, "was": "2026-10-12", "due": "2026-10-20", "cause": "command",
    }  # fmt: skip
    told = {(one["kind"], one["to"]) for one in first["notices"]["added"]}
    assert told == {("moved", "responsible"), ("moved", "curator")}
    assert all(one["was"] < one["at"] for one in first["notices"]["moved"])
    totals = plan["totals"]
    assert (totals["programmes"], totals["refused"], totals["deadlines"], totals["added"]) == (2, 0, 2, 4)
    assert totals["moved"] == sum(len(item["notices"]["moved"]) for item in plan["items"]) > 10
    assert started.post("/programmes/deadlines", MOVE, "coordinator")["plan_hash"] == plan["plan_hash"]


def test_the_hash_is_executed_and_everybody_is_told(on_each: World):
    found = executed(on_each, "/programmes/deadlines", MOVE, "coordinator")
    assert (found["kind"], {one["outcome"] for one in found["items"]}) == ("deadline", {"done"})
    for programme in ("school-1-2026", "club-1-2026"):
        moved = step(on_each, programme, 8)
        assert (moved["due"], moved["first_due"]) == ("2026-10-20", "2026-10-12")
        events = on_each.get(f"/programmes/{programme}/events?limit=500")["items"]
        (event,) = [one for one in events if one["type"] == "DeadlineMoved"]
        assert event["data"]["reason"] == "Карантин"
        assert event["data"]["order"] == {"number": "15-од"}
        assert event["by"] != "worker"
        notice = events[-1]
        assert (notice["type"], notice["data"]["kind"]) == ("NoticeQueued", "moved")
    assert step(on_each, "school-9-2026", 8)["due"] == "2026-10-12", "another municipality"


@pytest.mark.parametrize("meanwhile", ["moved", "completed", "started", "cancelled"])
def test_a_cohort_that_has_changed_is_not_what_was_planned(started: World, meanwhile: str):
    started.ask("administrator", "POST", "/programmes/club-1-2026/cancellation", json={"reason": "x"})
    shown = started.post("/programmes/deadlines", MOVE)["plan_hash"]
    act: dict[str, tuple[str, dict[str, Any]]] = {
        "moved": ("/programmes/school-1-2026/steps/8/deadline", {"due": "2026-10-15", "reason": "x"}),
        "completed": ("/programmes/school-1-2026/steps/8/completion", {"evidence": {"document": "приказ"}}),
        "started": ("/programmes", {"organisation": "club-1", "year": 2026}),
        "cancelled": ("/programmes/school-1-2026/cancellation", {"reason": "x"}),
    }
    started.post(*act[meanwhile])
    body = {**MOVE, "dry_run": False, "plan_hash": shown}
    found = problem(started.ask("administrator", "POST", "/programmes/deadlines", json=body), 409, "plan_changed")
    assert pointers(found) == {"/plan_hash"}
    without: dict[str, Any] = {**MOVE, "dry_run": False}
    problem(started.ask("administrator", "POST", "/programmes/deadlines", json=without), 409, "plan_changed")
    other = {
        **MOVE,
        "dry_run": False,
        "reason": "Другая",
        "plan_hash": started.post("/programmes/deadlines", MOVE)["plan_hash"],
    }
    problem(started.ask("administrator", "POST", "/programmes/deadlines", json=other), 409, "plan_changed")


def test_what_cannot_be_moved_is_said_for_each(started: World):
    started.post("/programmes/school-1-2026/steps/8/skip", {"reason": "x"})
    plan = started.post("/programmes/deadlines", MOVE)
    refused = {item["programme"]: (item["outcome"], item["detail"]) for item in plan["items"]}
    assert refused["school-1-2026"][0] == "step_skipped"
    assert "пропущено" in (refused["school-1-2026"][1] or "")
    assert plan["totals"]["refused"] == 1
    found = executed(started, "/programmes/deadlines", MOVE)
    assert [item["organisation"] for item in found["items"]] == ["club-1"]


def test_a_date_that_somebody_moved_before_the_worker_came_is_left_alone(started: World):
    shown = started.post("/programmes/deadlines", MOVE)
    begun = started.post("/programmes/deadlines", {**MOVE, "dry_run": False, "plan_hash": shown["plan_hash"]})
    started.post("/programmes/school-1-2026/steps/8/deadline", {"due": "2026-10-15", "reason": "x"})
    items = {one["programme"]: (one["outcome"], one["title"]) for one in carried_out(started, begun["id"])["items"]}
    assert items == {"school-1-2026": ("deadline_moved", title_of("deadline_moved")), "club-1-2026": ("done", None)}
    assert step(started, "school-1-2026", 8)["due"] == "2026-10-15"


def test_a_repeated_request_gets_its_first_answer_and_begins_once(started: World):
    shown = started.post("/programmes/deadlines", MOVE)["plan_hash"]
    body, key = {**MOVE, "dry_run": False, "plan_hash": shown}, {"Idempotency-Key": "move-8"}
    first = started.ask("administrator", "POST", "/programmes/deadlines", json=body, headers=key)
    assert first.headers["Location"] == f"/api/v1/programmes/bulk/{first.json()['id']}"
    carried_out(started, first.json()["id"])
    again = started.ask("administrator", "POST", "/programmes/deadlines", json=body, headers=key)
    assert (again.status_code, again.json()) == (201, first.json())


def test_a_list_of_programmes_and_a_roadmap(started: World):
    chosen = {**{k: v for k, v in MOVE.items() if k != "unit"}, "programmes": ["lyceum-2026", "school-9-2026"]}
    plan = started.post("/programmes/deadlines", chosen)
    assert [item["organisation"] for item in plan["items"]] == ["lyceum", "school-9"]
    colleges = {**MOVE, "unit": "tomsk-oblast", "roadmap": "college"}
    assert [one["organisation"] for one in started.post("/programmes/deadlines", colleges)["items"]] == ["college"]
    missing = {**chosen, "programmes": ["lyceum-2026", "school-0-2026"]}
    found = problem(started.ask("administrator", "POST", "/programmes/deadlines", json=missing), 422)
    assert pointers(found) == {"/programmes/1"}


def test_scope_and_steerability(on_each: World):
    chosen = {k: v for k, v in MOVE.items() if k != "unit"}
    hidden = {**chosen, "programmes": ["school-9-2026"]}
    problem(on_each.ask("coordinator", "POST", "/programmes/deadlines", json=hidden), 422, "cohort_member_unknown")
    seen = on_each.post("/programmes/deadlines", {**chosen, "programmes": ["school-9-2026", "lyceum-2026"]}, "dgo")
    outcomes = {item["organisation"]: item["outcome"] for item in seen["items"]}
    assert outcomes == {"lyceum": None, "school-9": "forbidden"}
    problem(on_each.ask("dgo", "POST", "/programmes/deadlines", json=MOVE), 403, "forbidden")
    problem(on_each.ask("rcro", "POST", "/programmes/deadlines", json=MOVE), 403, "forbidden")
    problem(on_each.ask("curator", "POST", "/programmes/deadlines", json=MOVE), 403, "forbidden")
    unknown = {**MOVE, "unit": "school-9"}
    problem(on_each.ask("curator", "POST", "/programmes/deadlines", json=unknown), 422, "unit_unknown")
    own = on_each.post("/programmes/deadlines", {**MOVE, "unit": "school-1"}, "curator")
    assert [item["organisation"] for item in own["items"]] == ["school-1"]
    begun = on_each.post(
        "/programmes/deadlines",
        {**MOVE, "unit": "school-1", "dry_run": False, "plan_hash": own["plan_hash"]},
        "curator",
    )
    on_each.get(f"/programmes/bulk/{begun['id']}", "curator")
    problem(on_each.ask("curator of 9", "GET", f"/programmes/bulk/{begun['id']}"), 404, "bulk_unknown")


def test_neither_or_both_ways_of_choosing_are_refused(started: World):
    both = {**MOVE, "programmes": ["school-1-2026"]}
    neither = {k: v for k, v in MOVE.items() if k != "unit"}
    for body in (both, neither):
        found = problem(started.ask("administrator", "POST", "/programmes/deadlines", json=body), 422, "cohort_unclear")
        assert pointers(found) == {"/unit"}


def test_an_edited_ladder_reaches_running_years_by_a_command(started: World):
    other_ladder(started)
    body = {**ADOPT, "adopt": ["ladder"]}
    plan = started.post("/programmes/versions", body)
    outcomes = {item["organisation"]: item["outcome"] for item in plan["items"]}
    assert outcomes["college"] == outcomes["lyceum"] == "versions_unchanged", "the ladder of the state is as it was"
    assert outcomes["school-1"] is None
    assert plan["totals"]["deadlines"] == 0
    school = next(item for item in plan["items"] if item["organisation"] == "school-1")["notices"]
    assert {one["rung"] for one in school["added"]} == {"before-4"}
    assert {"before-10", "after-3"} <= {one["rung"] for one in school["withdrawn"]}
    found = executed(started, "/programmes/versions", body)
    assert {one["organisation"] for one in found["items"]} == {"school-1", "club-1", "school-9"}
    agenda = started.get("/programmes/school-1-2026/agenda")
    assert {one["rung"] for one in agenda} == {"before-4", "missed"}
    assert started.get("/programmes/school-1-2026")["ladder"]["version"].endswith("-r1")


def test_the_agenda_after_is_what_the_dry_run_said(started: World):
    """Notice for notice: what was, without what is withdrawn and with what is added, is what comes."""
    before = {_name(one) for one in started.get("/programmes/school-1-2026/agenda") if one["to"]}
    other_ladder(started)
    body = {"year": 2026, "programmes": ["school-1-2026"], "adopt": ["ladder"], "reason": "x"}
    (item,) = started.post("/programmes/versions", body)["items"]
    executed(started, "/programmes/versions", body)
    after = {_name(one) for one in started.get("/programmes/school-1-2026/agenda") if one["to"]}
    added = {_name(one) for one in item["notices"]["added"]}
    withdrawn = {_name(one) for one in item["notices"]["withdrawn"]}
    assert {one[:4] for one in after - before} <= {one[:4] for one in added}
    assert {one[:4] for one in before - after} <= {one[:4] for one in withdrawn}


def _name(one: dict[str, Any]) -> tuple[Any, ...]:
    return one["at"], one["step"], one["occurrence"], one["rung"]


def test_one_programme_adopts_by_itself(started: World):
    other_ladder(started)
    body = {"adopt": ["ladder"], "reason": "Новый порядок"}
    answer = started.ask("curator", "POST", "/programmes/school-1-2026/versions", json=body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["ladder"]["version"].endswith("-r1")
    again = started.ask("curator", "POST", "/programmes/school-1-2026/versions", json=body)
    problem(again, 409, "versions_unchanged")
    problem(started.ask("curator", "POST", "/programmes/school-9-2026/versions", json=body), 404, "programme_unknown")
