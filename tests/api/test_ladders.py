"""A region changes its ladders through the API; what starts afterwards runs by them."""

from __future__ import annotations

from typing import Any

import pytest

from api import region_documents as r
from tests.api.world import KEYS, World, pointers, problem

CALM = [
    {"kind": "reminder", "days": 1, "to": ["curator"]},
    {"kind": "missed", "to": ["curator", "head"]},
    {"kind": "escalation", "days": 0, "to": ["department"]},
]


def kinds(region: World, organisation: str, step: int = 1) -> list[str]:
    preview = region.post("/programmes/preview", {"organisation": organisation, "year": 2026})
    return [item["rung"] for item in preview if item["step"] == step]


def test_the_ladders_of_the_region(shared: World):
    listed = shared.get("/ladders", "curator")["items"]
    assert [one["key"] for one in listed] == [
        "monitoring-municipal",
        "monitoring-state",
        "step-municipal",
        "step-state",
    ]
    answer = shared.ask("curator", "GET", "/ladders/step-state")
    assert answer.headers["etag"] == '"0"'
    assert r.Ladder.model_validate(answer.json()) == r.Ladder.model_validate(listed[3])
    problem(shared.ask("curator", "GET", "/ladders/camp"), 404, "ladder_unknown")


def test_an_edited_ladder_is_for_those_who_start_later(region: World):
    started = region.start("school-1")
    before = region.get(f"/programmes/{started}/agenda")
    answer = region.ask("operator", "PUT", "/ladders/step-municipal", json={"rungs": CALM})
    assert (answer.status_code, answer.json()["version"], answer.headers["etag"]) == (200, "1-r1", '"1"')
    assert region.get("/ladders/step-municipal") == answer.json()
    assert set(kinds(region, "school-9")) == {"before-1", "missed", "after-0"}
    assert "after-3" in kinds(region, "lyceum"), "state organisations have a ladder of their own"
    assert region.get(f"/programmes/{started}/agenda") == before
    region.start("school-9")
    mine = [item for item in region.get("/programmes/school-9-2026/agenda") if item["step"] == 1]
    assert {item["rung"] for item in mine} == {"before-1", "missed", "after-0"}
    assert len({item["at"] for item in mine if item["rung"] != "before-1"}) == 1, "+0 is the missed-morning itself"


def test_a_ladder_can_be_sent_back_as_it_was_got(region: World):
    got = region.get("/ladders/step-municipal")
    answer = region.ask("administrator", "PUT", "/ladders/step-municipal", json=got)
    assert (answer.status_code, answer.json()) == (200, got)


def test_two_editors_do_not_overwrite_each_other(region: World):
    first = region.ask("administrator", "PUT", "/ladders/step-state", json={"rungs": CALM}, headers={"If-Match": '"0"'})
    assert first.status_code == 200
    late = region.ask("operator", "PUT", "/ladders/step-state", json={"rungs": CALM[:2]}, headers={"If-Match": '"0"'})
    problem(late, 412, "version_stale")
    assert region.get("/ladders/step-state")["version"] == "1-r1"


def test_the_same_key_edits_once(region: World):
    given: dict[str, Any] = {"json": {"rungs": CALM}, "headers": {"Idempotency-Key": "calm"}}
    first, again = (region.ask("operator", "PUT", "/ladders/step-state", **given) for _ in range(2))
    assert again.headers["Idempotent-Replayed"] == "true"
    assert first.json() == again.json()


@pytest.mark.parametrize("who", [who for who in KEYS if who not in ("operator", "administrator")])
def test_others_may_only_look(shared: World, who: str):
    problem(shared.ask(who, "PUT", "/ladders/step-state", json={"rungs": CALM}), 403, "forbidden")


@pytest.mark.parametrize(
    ("rungs", "key", "pointer", "words"),
    [
        ([CALM[1], CALM[0]], "step-state", "/rungs/1/days", "стоит после ступени missed, а наступает раньше"),
        ([CALM[1], CALM[1]], "step-state", "/rungs/1/days", "ступень missed указана дважды"),
        ([{"kind": "missed", "to": ["curator", "curator"]}], "step-state", "/rungs/0/to", "указан дважды"),
        ([{"kind": "missed", "to": ["municipal_authority"]}], "step-state", "/rungs/0/to", "у областной организации"),
        ([{"kind": "missed", "to": ["working_group"]}], "step-state", "/rungs/0/to", "не бывает, можно curator"),
        ([{"kind": "missed", "to": ["curator"]}], "monitoring-state", "/rungs/0/to", "не бывает, можно authority_head"),
        ([{"kind": "missed", "to": ["директор"]}], "step-state", "/rungs/0/to/0", "можно только: 'responsible'"),
        ([{"kind": "missed", "to": []}], "step-state", "/rungs/0/to", "не меньше элементов: 1"),
        ([{"kind": "missed", "days": 2, "to": ["head"]}], "step-state", "/rungs/0/days", "нет числа дней"),
        ([], "step-state", "/rungs", "не меньше элементов: 1"),
    ],
)
def test_a_ladder_that_cannot_be(shared: World, rungs: list[Any], key: str, pointer: str, words: str):
    before = shared.written()
    found = problem(shared.ask("administrator", "PUT", f"/ladders/{key}", json={"rungs": rungs}), 422)
    assert pointer in pointers(found)
    assert words in found["detail"]
    assert shared.written() == before
    assert shared.get(f"/ladders/{key}")["version"] == "1"


def test_what_a_ladder_is_for_stays(shared: World):
    body = {"rungs": CALM, "organisations": "municipal"}
    found = problem(shared.ask("administrator", "PUT", "/ladders/step-state", json=body), 422, "ladder_fixed")
    assert pointers(found) == {"/organisations"}
    problem(shared.ask("administrator", "PUT", "/ladders/camp", json={"rungs": CALM}), 404, "ladder_unknown")
