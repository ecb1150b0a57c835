"""The working calendar: provisional until its decree is out; the decree reaches running years by a command."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.test_cohorts import executed, step
from tests.api.world import World, pointers, problem

DECREE: dict[str, Any] = {
    "source": "Постановление Правительства РФ о переносе выходных дней в 2028 году",
    "transfers": [{"from": "2028-01-08", "to": "2028-05-22"}, {"from": "2028-04-29", "to": "2028-05-02"}],
}
MOVES = {"year": 2027, "unit": "tomsk-oblast", "adopt": ["calendar"], "reason": "Вышло постановление", "order": "1466"}


@pytest.fixture
def later(small: World) -> World:
    """A school's year 2027/28: its spring lies in a year without a decree."""
    small.clock.on("2027-09-01")
    small.start("school-1", 2027)
    return small


def put(world: World, body: dict[str, Any], who: str = "administrator", **headers: str) -> Any:
    return world.ask(who, "PUT", "/calendars/2028", json=body, headers=headers)


def test_a_year_without_a_decree_says_that_it_is_provisional(later: World):
    found = later.get("/calendars/2028", "curator")
    assert (found["provisional"], found["source"], found["revision"]) == (True, None, 0)
    assert found["note"] == "Предварительный: постановления о переносе выходных дней в 2028 году ещё нет."
    assert not later.get("/calendars/2027")["provisional"]
    programme = later.get("/programmes/school-1-2027")
    assert programme["calendar"]["provisional"] == [2028, 2029, 2030]
    marked = {one["number"]: one["provisional"] for one in programme["steps"]}
    assert (marked[8], marked[33]) == (False, True)
    agenda = later.get("/programmes/school-1-2027/agenda")
    assert {one["provisional"] for one in agenda if one["step"] == 33} == {True}
    preview = later.post("/programmes/preview", {"organisation": "club-1", "year": 2027})
    assert {one["provisional"] for one in preview if one["step"] == 33} == {True}


def test_the_decree_moves_running_years_and_tells_of_it(later: World):
    """25 May is due for step 29 and 31; the decree gives 22 May off, from which 28 is counted."""
    before = later.get("/programmes/school-1-2027")
    off = step(later, "school-1-2027", 27)["due"]
    assert off == "2028-05-22", "20 May 2028 is a Saturday"
    answer = put(later, DECREE)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["provisional"], answer.headers["ETag"]) == (False, '"1"')
    assert later.get("/programmes/school-1-2027") == before, "a date that was announced does not move by itself"
    plan = later.post("/programmes/versions", MOVES)
    (item,) = plan["items"]
    assert {"step": 27, "occurrence": 1, "was": "2028-05-22", "due": "2028-05-23", "cause": "calendar"} in item[
        "deadlines"
    ]
    executed(later, "/programmes/versions", MOVES)
    moved = step(later, "school-1-2027", 27)
    assert (moved["due"], moved["first_due"], moved["provisional"]) == ("2028-05-23", "2028-05-22", False)
    ledger = later.get("/programmes/school-1-2027/deadlines")
    (deadline,) = next(one for one in ledger["steps"] if one["number"] == 27)["deadlines"]
    (move,) = deadline["moves"]
    assert (move["cause"], move["reason"], move["order"]) == ("calendar", "Вышло постановление", {"number": "1466"})
    events = later.get("/programmes/school-1-2027/events?limit=500")["items"]
    assert [one["type"] for one in events if one["type"] == "VersionsAdopted"] == ["VersionsAdopted"]
    assert events[-1]["data"]["kind"] == "moved"
    preview = later.post("/programmes/preview", {"organisation": "club-1", "year": 2027})
    assert {one["provisional"] for one in preview} == {False}, "who starts now counts by the decree"


def test_a_second_process_counts_by_the_decree_too(later: World):
    from activities.wiring import core_of

    other = core_of(later.core.settings, later.clock)
    assert other.library.calendar(2027).provisional is not None
    before = other.library.plan_ref("school", "municipal", 2027)
    assert put(later, DECREE).status_code == 200
    assert other.library.plan_ref("school", "municipal", 2027).calendar != before.calendar
    other.database.close()


def test_days_off_of_the_region(small: World):
    body = {"source": "Закон Томской области", "days_off": ["2027-05-04"]}
    answer = small.ask("operator", "PUT", "/calendars/2027", json=body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["own_days_off"] == ["2027-05-04"]
    assert "2027-05-04" in small.get("/calendars/2027")["days_off"]
    small.start("school-1", deadlines={"25": "2027-05-04"})
    assert step(small, "school-1-2026", 25)["due"] == "2027-05-05"


@pytest.mark.parametrize(
    ("body", "pointer", "words"),
    [
        ({"transfers": [{"from": "2028-01-10", "to": "2028-05-08"}]}, "/transfers/0", "10.01.2028 — не суббота"),
        ({"transfers": [{"from": "2028-01-08", "to": "2028-05-06"}]}, "/transfers/0", "06.05.2028 и так выходной"),
        ({"days_off": ["2027-05-04"]}, "", "не относится к 2028 году"),
        ({"days_off": ["2028-05-04", "2028-05-04"]}, "", "04.05.2028 указано дважды"),
    ],
)
def test_a_calendar_that_cannot_be_meant_is_refused(small: World, body: dict[str, Any], pointer: str, words: str):
    found = problem(put(small, {"source": "Постановление", **body}), 422, "calendar_unsound")
    assert words in found["detail"]
    assert pointers(found) == {pointer}
    assert small.get("/calendars/2028")["revision"] == 0


def test_who_may_change_it_and_by_which_version(small: World):
    for who in ("curator", "coordinator", "dgo", "office"):
        problem(put(small, DECREE, who), 403, "forbidden")
    assert put(small, DECREE, **{"If-Match": '"0"'}).status_code == 200
    problem(put(small, {**DECREE, "transfers": []}, **{"If-Match": '"0"'}), 412, "version_stale")
    assert put(small, DECREE).headers["ETag"] == '"1"', "nothing new makes no new version"
    problem(small.ask("administrator", "GET", "/calendars/1999"), 422)


@pytest.mark.parametrize(
    ("rolling", "due"), [("next_working_day", "2026-10-12"), ("previous", "2026-10-09"), ("none", "2026-10-10")]
)
def test_where_a_day_off_leads_is_chosen_at_the_start(small: World, rolling: str, due: str):
    """10 October 2026 is a Saturday."""
    small.start("school-1", rolling=rolling)
    assert step(small, "school-1-2026", 8)["due"] == due
    assert small.get("/programmes/school-1-2026")["calendar"]["rolling"] == rolling


def test_a_pause_that_outlasts_the_calendar_is_not_a_fault_of_ours(small: World):
    programme = f"/programmes/{small.start()}"
    small.post(f"{programme}/pause", {"reason": "Капитальный ремонт"}, "curator")
    small.clock.on("2030-09-02")
    refused = problem(small.ask("curator", "POST", f"{programme}/resumption", json={"deadlines": "shift"}), 422)
    assert "календаря на 20" in refused["detail"]
    assert small.get(programme)["status"] == "paused"
