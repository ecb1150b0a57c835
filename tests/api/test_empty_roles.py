"""A role without a person is told of as soon as it arises, and whoever fills it ends that."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from api import documents as d
from tests.api.test_incidents import incidents
from tests.api.world import World

pytestmark = pytest.mark.alike

SCHOOL = {"id": "empty", "kind": "organisation", "parent": "mo-tomsk", "sector": "general", "name": "Новая школа"}
BOTH = {"vacancy:empty:curator", "vacancy:empty:head"}


def unfilled(world: World, who: str = "administrator") -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in incidents(world, who, "?cause=unfilled&unit=empty")}


def why(world: World, who: str = "administrator") -> d.Explanation:
    return d.Explanation.model_validate(world.get("/programmes/empty-2026/explanation", who))


def filled(world: World, addressee: str, person: str) -> None:
    path = f"/operations/incidents/vacancy:empty:{addressee}/appointment"
    world.post(path, {"person": person})


@pytest.fixture
def empty(small: World) -> World:
    """A school without people, whose year has just begun."""
    assert small.ask("administrator", "PUT", "/units/empty", json=SCHOOL).status_code == 201
    small.start("empty")
    return small


def test_a_school_without_people_is_an_incident_at_once(empty: World):
    found = unfilled(empty)
    assert set(found) == BOTH
    one = found["vacancy:empty:curator"]
    assert (one["layer"], one["stream"], one["unit"], one["letters"]) == (
        "person",
        "programme/empty-2026",
        "empty",
        None,
    )
    assert "куратор программы, Новая школа" in one["sentence"]
    assert [cure["action"] for cure in one["cures"]] == ["appointment"]
    assert set(unfilled(empty, "coordinator")) == BOTH, "who may appoint sees it"
    assert unfilled(empty, "curator") == {}


def test_it_explains_before_everything_is_in_time(empty: World):
    told = why(empty)
    assert (told.cause, told.layer) == ("unfilled", "person")
    assert {one.addressee for one in told.vacant} >= {"curator", "head"}
    assert [one.action for one in told.cures] == ["appointment"]
    assert [one.cause for one in told.others] == ["unfilled"]


def test_whoever_gets_the_role_ends_it(empty: World):
    filled(empty, "curator", "p-other")
    assert set(unfilled(empty)) == {"vacancy:empty:head"}
    filled(empty, "head", "p-head")
    assert unfilled(empty) == {}
    assert why(empty).cause == "in_time"


def test_a_role_that_ended_is_empty_from_the_next_day(empty: World):
    filled(empty, "curator", "p-other")
    filled(empty, "head", "p-head")
    empty.clock.on("2026-09-02")
    ended = empty.ask("administrator", "DELETE", "/people/p-head/roles/head/empty")
    assert ended.status_code == 200, ended.text
    assert unfilled(empty) == {}, "the last day counts"
    empty.clock.on("2026-09-03", hour=1)
    assert unfilled(empty)["vacancy:empty:head"]["since"] == datetime(2026, 9, 2, 17, tzinfo=UTC)
    empty.catch_up("empty-2026")
    assert why(empty).cause == "unfilled"


def test_an_appointed_curator_is_there_without_a_role(empty: World):
    order = {"number": "1", "date": "2026-09-01"}
    body = {"role": "curator", "person": "p-other", "order": order}
    empty.post("/programmes/empty-2026/appointments", body)
    assert set(unfilled(empty)) == {"vacancy:empty:head"}


def test_a_year_that_does_not_run_lacks_nobody(empty: World):
    empty.post("/programmes/empty-2026/pause", {"reason": "Ремонт"})
    assert unfilled(empty) == {}
    assert why(empty).cause == "paused"


def test_the_list_and_the_explanation_agree(region: World):
    """Of every programme the list names those of the curator and the head whom the explanation misses."""
    for school in ("school-1", "club-1", "school-9", "lyceum", "college"):
        region.start(school)
    listed = {one["id"] for one in incidents(region, query="?cause=unfilled")}
    told = {
        f"vacancy:{school}:{one['addressee']}"
        for school in ("school-1", "club-1", "school-9", "lyceum", "college")
        for one in region.get(f"/programmes/{school}-2026/explanation")["vacant"]
        if one["addressee"] in ("curator", "head")
    }
    assert listed == told
    assert "vacancy:school-1:curator" not in listed
