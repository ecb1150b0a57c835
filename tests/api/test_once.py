"""The same key gets the same answer, another body under it none; a stale version changes nothing."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.api.world import World, problem

APPOINTMENT = {"role": "curator", "person": "p-other", "order": {"number": "15-од", "date": "2026-09-01"}}
P = "/programmes/school-1-2026"
SCHOOL = {"kind": "organisation", "name": "Школа № 2", "parent": "mo-tomsk", "sector": "general"}
CHANGES: dict[str, tuple[str, str, dict[str, Any] | None, dict[str, Any]]] = {
    "start": ("POST", "/programmes", {"organisation": "club-1", "year": 2026}, {"forms": ["pupil-pupil"]}),
    "complete": ("POST", f"{P}/steps/1/completion", {"evidence": {"audience": 40}}, {"note": "иначе"}),
    "skip": ("POST", f"{P}/steps/2/skip", {"reason": "нет"}, {"reason": "да"}),
    "reopen": ("POST", f"{P}/steps/3/reopening", {"reason": "ошибка"}, {"reason": "другая"}),
    "move": ("POST", f"{P}/steps/4/deadline", {"due": "2026-09-24", "reason": "x"}, {"reason": "y"}),
    "assign": ("POST", f"{P}/steps/5/responsible", {"person": "p-other"}, {"person": "p-head"}),
    "appoint": ("POST", f"{P}/appointments", APPOINTMENT, {"role": "navigator"}),
    "choose": ("PUT", f"{P}/forms", {"forms": ["pupil-pupil"]}, {"forms": []}),
    "plan": ("PUT", f"{P}/results/pupil-pupil", {"mentors": 1, "mentees": 2, "pairs": 2}, {"pairs": 3}),
    "pause": ("POST", f"{P}/pause", {"reason": "x"}, {"reason": "y"}),
    "close": ("POST", f"{P}/closure", {"reason": "x"}, {"reason": "y"}),
    "cancel": ("POST", f"{P}/cancellation", {"reason": "x"}, {"reason": "y"}),
    "unit": ("PUT", "/units/school-2", SCHOOL, {"name": "Школа № 3"}),
    "person": ("PUT", "/people/p-new", {"name": "Новый"}, {"name": "Другой"}),
    "role": ("POST", "/people/p-other/roles", {"role": "head", "unit": "school-1"}, {"role": "curator"}),
}
EACH = pytest.mark.parametrize("change", CHANGES)
TOLD = ("content-type", "etag", "location")


def told(answer: httpx.Response) -> tuple[int, bytes, dict[str, str]]:
    """What has to be the same again; a problem names the request that it answers, so that is left out."""
    content = re.sub(rb'"trace_id":"[0-9a-f]{32}",?', b"", answer.content)
    return answer.status_code, content, {name: answer.headers[name] for name in TOLD if name in answer.headers}


@pytest.fixture
def running(region: World) -> World:
    region.start()
    region.post(f"{P}/steps/3/completion", {})
    return region


@EACH
def test_again(running: World, change: str):
    method, path, body, _ = CHANGES[change]
    headers = {"Idempotency-Key": "a key of mine"}
    first = running.ask("administrator", method, path, json=body, headers=headers)
    assert first.status_code in (200, 201), first.text
    assert "idempotent-replayed" not in first.headers
    before = running.written()
    running.clock.on("2026-09-14")
    for _ in range(2):
        again = running.ask("administrator", method, path, json=body, headers=headers)
        assert told(again) == told(first)
        assert again.headers["idempotent-replayed"] == "true"
    assert running.written() == before


@EACH
def test_the_key_with_another_body(running: World, change: str):
    method, path, body, other = CHANGES[change]
    headers = {"Idempotency-Key": "1"}
    running.ask("administrator", method, path, json=body, headers=headers)
    before = running.written()
    answer = running.ask("administrator", method, path, json={**(body or {}), **other}, headers=headers)
    problem(answer, 422, "key_reused")
    assert running.written() == before


def test_the_key_on_another_path_and_of_another_caller(running: World):
    headers = {"Idempotency-Key": "1"}
    body = {"reason": "x"}
    assert running.ask("administrator", "POST", f"{P}/steps/1/skip", json=body, headers=headers).status_code == 200
    problem(running.ask("administrator", "POST", f"{P}/steps/2/skip", json=body, headers=headers), 422, "key_reused")
    body = {"kind": "organisation", "name": "x", "parent": "mo-tomsk", "sector": "general"}
    problem(running.ask("administrator", "PUT", "/units/new", json=body, headers=headers), 422, "key_reused")
    assert running.ask("curator", "POST", f"{P}/steps/2/skip", json={"reason": "x"}, headers=headers).status_code == 200


def test_a_refusal_is_repeated_too(running: World):
    headers = {"Idempotency-Key": "1"}
    answers = []
    for _ in range(2):
        answers.append(running.ask("curator", "POST", f"{P}/steps/20/completion", json={}, headers=headers))
        running.clock.on("2026-09-02")
    problem(answers[0], 409, "gate_steps")
    assert told(answers[0]) == told(answers[1])


def test_a_bad_request_does_not_use_the_key_up(running: World):
    headers = {"Idempotency-Key": "1"}
    problem(running.ask("curator", "POST", f"{P}/pause", json={}, headers=headers), 422)
    assert running.ask("curator", "POST", f"{P}/pause", json={"reason": "x"}, headers=headers).status_code == 200


def test_deletions(running: World):
    made = running.post("/tokens", {"name": "x", "unit": "school-1", "role": "head"})
    running.post("/people/p-other/roles", {"role": "head", "unit": "school-1"})
    for number, (path, status) in enumerate(
        {f"/tokens/{made['id']}": 204, "/people/p-other/roles/head/school-1": 200}.items()
    ):
        headers = {"Idempotency-Key": f"k{number}"}
        first, again = (running.ask("administrator", "DELETE", path, headers=headers) for _ in range(2))
        assert first.status_code == status
        assert told(first) == told(again)
        assert again.headers["idempotent-replayed"] == "true"


@EACH
def test_a_stale_version_changes_nothing(running: World, change: str):
    method, path, body, _ = CHANGES[change]
    if change in ("role",):
        return  # roles are not versioned
    before = running.written()
    answer = running.ask("administrator", method, path, json=body, headers={"If-Match": '"77"'})
    problem(answer, 412, "version_stale")
    assert running.written() == before


@pytest.mark.parametrize("form", ['"{}"', "{}", 'W/"{}"', "*"])
def test_the_version_is_the_etag_and_may_be_asked_for(running: World, form: str):
    seen = running.ask("curator", "GET", P)
    version = seen.json()["version"]
    assert seen.headers["etag"] == f'"{version}"'
    headers = {"If-Match": form.format(version)}
    answer = running.ask("curator", "POST", f"{P}/steps/1/completion", json={}, headers=headers)
    assert answer.status_code == 200
    assert answer.headers["etag"] == f'"{answer.json()["version"]}"'
    assert answer.json()["version"] > version


def test_nothing_new(running: World):
    etag = running.ask("curator", "GET", P).headers["etag"]
    for known in (etag, f"W/{etag}"):
        answer = running.ask("curator", "GET", P, headers={"If-None-Match": known})
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", etag)
    assert running.ask("curator", "GET", P, headers={"If-None-Match": '"1"'}).status_code == 200
    running.clock.on("2026-10-01")  # time has made steps late, and nobody has recorded it yet
    late = running.ask("curator", "GET", P, headers={"If-None-Match": etag})
    assert late.status_code == 200
    assert late.json()["overdue"]


def test_two_of_one_key_at_once_are_one(running: World):
    def once(_: int) -> httpx.Response:
        body = {"evidence": {"audience": 40}}
        headers = {"Idempotency-Key": "1"}
        return running.ask("curator", "POST", f"{P}/steps/1/completion", json=body, headers=headers)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(once, range(16)))
    assert {told(one)[0:2] for one in answers} == {told(answers[0])[0:2]}
    assert sum("idempotent-replayed" not in one.headers for one in answers) == 1
