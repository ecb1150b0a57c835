"""Who has no valid key learns nothing, not even whether a path is there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.api.routes import Route, routes
from tests.api.world import UNREAD, World, problem

pytestmark = pytest.mark.alike

ALL = pytest.mark.parametrize("route", routes(), ids=str)
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE")
BAD_KEYS = (
    "",
    "Bearer",
    "Bearer ",
    "Bearer x",
    "Bearer mt_",
    "Basic bXQ6eA==",
    "bearer mt_" + "a" * 43,
    "Bearer mt_\u00b2",
)


@UNREAD
@ALL
def test_a_stranger_gets_401_from_every_route(shared: World, route: Route):
    answer = shared.ask(None, route.method, route.url(), **({"json": route.body} if route.schema else {}))
    problem(answer, 401, "unauthorized")
    assert answer.headers["www-authenticate"] == "Bearer"


@UNREAD
@ALL
def test_before_anything_of_the_request_is_read(shared: World, route: Route):
    headers = {"Content-Type": "application/json", "Idempotency-Key": "k" * 300, "If-Match": "x"}
    for content in (b"{", b"[" * 200_000, b"a" * 1_500_000):
        problem(shared.ask(None, route.method, route.url() + "?limit=-1", content=content, headers=headers), 401)


@pytest.mark.parametrize(
    "path", ["", "/", "/nothing", "/programmes/%00", "/programmes/x/y/z", "/units/import", "/roadmaps/"]
)
@UNREAD
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"])
def test_unknown_paths_and_wrong_methods_too(shared: World, method: str, path: str):
    answer = shared.ask(None, method, path)
    assert answer.status_code == 401


@pytest.mark.parametrize("key", BAD_KEYS)
def test_keys_that_are_none(shared: World, key: str):
    problem(shared.ask(None, "GET", "/roadmaps", headers={"Authorization": key.encode("latin-1")}), 401)


def test_two_keys_are_as_good_as_the_first(shared: World):
    headers = [("Authorization", "Bearer x"), ("Authorization", f"Bearer {shared.keys['administrator']}")]
    assert shared.client.get("/api/v1/roadmaps", headers=headers).status_code == 401


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/openapi.json", "/docs"])
def test_what_everybody_may_ask(shared: World, path: str):
    assert shared.ask(None, "GET", f"/{path}").status_code in (200, 503)


def test_a_key_ends_when_it_is_revoked(region: World):
    made = region.post("/tokens", {"name": "Школа", "unit": "school-1", "role": "curator"})
    assert set(made) >= {"id", "token", "name", "unit", "role", "expires_at"}
    region.keys["new"] = made["token"]
    assert region.ask("new", "GET", "/roadmaps").status_code == 200
    for _ in range(2):
        answer = region.ask("administrator", "DELETE", f"/tokens/{made['id']}")
        assert (answer.status_code, answer.content) == (204, b"")
    problem(region.ask("new", "GET", "/roadmaps"), 401)


def test_a_key_ends_on_its_day(region: World):
    ends = region.clock.now + timedelta(hours=1)
    made = region.post("/tokens", {"name": "x", "unit": "school-1", "role": "head", "expires_at": ends.isoformat()})
    region.keys["new"] = made["token"]
    assert region.ask("new", "GET", "/roadmaps").status_code == 200
    region.clock.now = ends
    problem(region.ask("new", "GET", "/roadmaps"), 401)


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"unit": "nowhere"}, "unit_unknown", "/unit"),
        ({"unit": "mo-tomsk"}, "role_misplaced", "/role"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "token_expired", "/expires_at"),
        ({"expires_at": "2027-01-01T00:00:00"}, "zone_missing", "/expires_at"),
        ({"expires_at": "9999-12-31T23:59:59-12:00"}, "invalid", "/expires_at"),
        ({"expires_at": "0001-01-01T00:00:00+14:00"}, "invalid", "/expires_at"),
        ({"name": " "}, "invalid", "/name"),
    ],
)
def test_keys_that_cannot_be(shared: World, change: dict[str, str], code: str, pointer: str):
    body = {"name": "Школа", "unit": "school-1", "role": "curator", **change}
    found = problem(shared.ask("administrator", "POST", "/tokens", json=body), 422, code)
    assert found["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize("who", ["curator", "coordinator", "rcro", "dgo", "office", "operator"])
def test_only_administrators_give_and_take_keys(shared: World, who: str):
    body = {"name": "Школа", "unit": "school-1", "role": "curator"}
    problem(shared.ask(who, "POST", "/tokens", json=body), 403, "forbidden")
    problem(shared.ask(who, "DELETE", "/tokens/0123456789abcdef"), 403, "forbidden")


def test_an_unknown_key_cannot_be_revoked(shared: World):
    problem(shared.ask("administrator", "DELETE", "/tokens/0123456789abcdef"), 404, "token_unknown")
