"""A decree on days off comes out after a round was opened: who still owes a form hears of the new day."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter

from api import cohort_documents as d
from tests.api.monitoring import LETTER, filled, put_form
from tests.api.test_calendar_route import DECREE
from tests.api.world import World, problem

ROUND = "/campaigns/monitoring-2028"
TOMSK, SEVERSK, LYCEUM = (f"/submissions/monitoring-2028-{one}" for one in ("mo-tomsk", "mo-seversk", "lyceum"))
REASON = {"reason": "Вышло постановление", "order": {"number": "1466", "date": "2028-03-30"}}


@pytest.fixture
def spring(small: World) -> World:
    """21 May 2028 is a Sunday, and the decree gives Monday off; Tomsk has handed in, Seversk has got more time."""
    small.clock.on("2028-03-01")
    respondents = ["mo-tomsk", "mo-seversk", "lyceum"]
    asked = {"title": "За 2027 год", "deadline": "2028-05-21", "years": [2026, 2027], "letter": LETTER}
    small.post("/campaigns", asked | {"respondents": respondents}, "rcro")
    assert due(small, LYCEUM) == "2028-05-22"
    put_form(small, TOMSK, "coordinator", filled())
    small.post(f"{TOMSK}/submission", None, "coordinator")
    small.post(f"{SEVERSK}/extension", {"due": "2028-06-01", "reason": "Карантин"}, "rcro")
    return small


def due(world: World, submission: str) -> str:
    found: str = world.get(submission, "rcro")["deadline"]
    return found


def test_the_round_and_those_who_still_owe_go_over(spring: World):
    problem(spring.ask("rcro", "POST", f"{ROUND}/calendar", json=REASON), 409, "calendar_unchanged")
    assert spring.ask("administrator", "PUT", "/calendars/2028", json=DECREE).status_code == 200
    assert due(spring, LYCEUM) == "2028-05-22", "a date that was announced does not move by itself"
    plan: dict[str, Any] = spring.get(f"{ROUND}/calendar", "rcro")
    TypeAdapter(d.CalendarPlan).validate_python(plan, strict=False)
    lyceum = {"submission": "monitoring-2028-lyceum", "respondent": "lyceum"}
    assert plan["moves"] == [lyceum | {"was": "2028-05-22", "deadline": "2028-05-23"}]
    assert plan["deadline"] == "2028-05-23"
    assert due(spring, LYCEUM) == "2028-05-22", "looking changes nothing"

    assert spring.post(f"{ROUND}/calendar", REASON, "rcro")["deadline"] == "2028-05-23"
    assert [due(spring, one) for one in (TOMSK, SEVERSK, LYCEUM)] == ["2028-05-22", "2028-06-01", "2028-05-23"]
    (move,) = spring.get(f"{LYCEUM}/deadlines", "rcro")["moves"]
    assert (move["cause"], move["reason"], move["order"]["number"]) == ("calendar", "Вышло постановление", "1466")
    queued = [one["data"] for one in spring.get(f"{LYCEUM}/events", "rcro")["items"] if one["type"] == "NoticeQueued"]
    assert [one["kind"] for one in queued] == ["opened", "moved"]
    problem(spring.ask("rcro", "POST", f"{ROUND}/calendar", json=REASON), 409, "calendar_unchanged")


def test_only_who_runs_the_round_takes_it_over(spring: World):
    for who in ("coordinator", "office", "operator"):
        problem(spring.ask(who, "POST", f"{ROUND}/calendar", json=REASON), 403, "forbidden")
        problem(spring.ask(who, "GET", f"{ROUND}/calendar"), 403, "forbidden")
    problem(spring.ask("rcrpk", "GET", f"{ROUND}/calendar"), 404, "campaign_unknown")
