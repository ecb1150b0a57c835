"""What every answer carries, and what none gives away."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from activities.heartbeat import Heart, write_beat
from tests.api.world import World, problem, settled, world
from tests.moulds import Moulds

PATHS = (
    "/roadmaps",
    "/programmes/school-1-2026",
    "/nothing",
    "//healthz",
    "//docs",
    "//q/x",
    "//openapi.json",
    "//metrics",
)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("who", ["administrator", None])
def test_security_headers(shared: World, path: str, who: str | None):
    headers = shared.ask(who, "GET", path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "private" in headers["cache-control"] or "no-store" in headers["cache-control"]
    assert "server" not in headers


@pytest.mark.parametrize("path", ["/programmes/school-1-2026", "/programmes", "/units"])
def test_a_bug_shows_no_stack(small: World, path: str, monkeypatch: pytest.MonkeyPatch):
    def broken(*_: object, **__: object) -> None:
        raise ValueError("тайное слово")

    small.start()
    monkeypatch.setattr("activities.access._under", broken)
    monkeypatch.setattr("api.visibility.may_see_programme", broken)
    small.client.show_no_bugs()
    answer = small.ask("curator", "GET", path)
    body = problem(answer, 500, "internal")
    assert "тайное" not in answer.text
    assert "Traceback" not in answer.text
    assert set(body) == {"type", "title", "status", "detail"}, "besides the number of the request"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_database_that_is_away_is_503_wherever_it_is_missed(small: World, monkeypatch: pytest.MonkeyPatch):
    def away(*_: object, **__: object) -> None:
        raise OperationalError("SELECT", {}, Exception("gone"))

    small.start()
    small.get("/roadmaps", "curator")
    monkeypatch.setattr("api.visibility.read_row", away)
    answer = small.ask("curator", "GET", "/programmes/school-1-2026")
    problem(answer, 503, "database-unavailable")
    assert answer.headers["retry-after"] == "5"
    monkeypatch.setattr("api.auth.find_token", away)
    problem(small.ask("head", "GET", "/roadmaps"), 503, "database-unavailable")
    monkeypatch.setattr("api.programmes.list_programmes", away)
    problem(small.ask("curator", "GET", "/programmes"), 503, "database-unavailable")


def test_readiness_names_what_is_missing(moulds: Moulds, tmp_path: Path):
    with world(moulds.sqlite(tmp_path, settled), tmp_path, well=False) as lonely:
        answer = lonely.ask(None, "GET", "//readyz")
        assert answer.status_code == 503
        assert answer.json() == {"status": "degraded", "database": True, "temporal": False, "worker": False}
        with lonely.core.database.writing() as connection:
            write_beat(connection, Heart("worker", "host/1", "b"), lonely.clock)
        assert lonely.ask(None, "GET", "//readyz").json()["worker"]
        assert lonely.ask(None, "GET", "//healthz").json() == {"status": "ok"}
