"""Figures for Prometheus: what they count, and that they are told while something is down."""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.exc import OperationalError

from tests.api.world import World

Labels = Mapping[str, str]


def figures(world: World) -> dict[str, list[tuple[Labels, float]]]:
    """What Prometheus would read, by name."""
    answer = world.client.get("/metrics")
    assert answer.status_code == 200, answer.text
    found: dict[str, list[tuple[Labels, float]]] = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            found.setdefault(sample.name, []).append((sample.labels, sample.value))
    return found


def figure(world: World, name: str, **labels: str) -> float:
    return sum(value for found, value in figures(world)[name] if labels.items() <= found.items())


def test_programmes_by_phase_and_delays_by_municipality(small: World):
    small.start()
    small.start("college")
    assert figure(small, "mentoring_programmes", status="running", phase="1") == 2
    assert figure(small, "mentoring_overdue_steps") == 0
    small.clock.on("2026-10-01")
    small.catch_up()
    assert figure(small, "mentoring_overdue_steps", municipality="mo-tomsk") > 0
    assert figure(small, "mentoring_overdue_steps", municipality="state") == 0
    assert figure(small, "mentoring_incidents", layer="person", cause="overdue") == 1
    assert figure(small, "mentoring_incident_oldest_seconds", cause="overdue") > 0
    assert figure(small, "mentoring_incidents", cause="gate") == 0


def test_what_waits_has_an_age(small: World):
    small.start()
    assert figure(small, "mentoring_queue", kind="notice") == 1
    small.clock.on("2026-09-02")
    assert figure(small, "mentoring_queue_oldest_seconds", kind="notice") == 24 * 3600
    assert figure(small, "mentoring_lagging_streams") == 1


def test_a_request_is_told_by_its_route_never_by_its_address(small: World):
    small.start()

    def counted(route: str, status: str = "200") -> float:
        return figure(small, "mentoring_http_request_duration_seconds_count", route=route, status=status)

    one, every, nothing = "/api/v1/programmes/{programme}", "/api/v1/units", "none"
    before = counted(one), counted(every), counted(nothing, "404")
    small.get("/programmes/school-1-2026")
    small.get("/units?kind=organisation")
    small.client.get("/secret-address")
    assert (counted(one), counted(every), counted(nothing, "404")) == tuple(count + 1 for count in before)
    assert figure(small, "mentoring_record_duration_seconds_count", stream="programme", by="person") > 0


def test_figures_are_told_while_the_database_is_away(small: World, monkeypatch):
    monkeypatch.setattr(small.core.database, "reading", _away)
    assert figure(small, "mentoring_ready", part="database") == 0
    assert "mentoring_programmes" not in figures(small)


def _away(*_: object, **__: object) -> object:
    raise OperationalError("select", {}, OSError("away"))
