"""Dashboard and alerts are asked of a real Prometheus that scrapes a running installation."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.servers import Deadline, free_port
from tests.servers.processes import Child
from tests.story.machine import ROOT, Machine, schools

pytestmark = [
    pytest.mark.temporal,
    pytest.mark.skipif(
        shutil.which("prometheus") is None or shutil.which("promtool") is None,
        reason="neither prometheus nor promtool on this machine (Debian: apt-get install prometheus)",
    ),
]

FOLDER = ROOT / "deploy" / "observability"
RULES: list[dict[str, Any]] = yaml.safe_load((FOLDER / "alerts.yml").read_text("utf-8"))["groups"][0]["rules"]
PANELS: list[dict[str, Any]] = json.loads((FOLDER / "grafana/dashboards/mentoring.json").read_text("utf-8"))["panels"]

EMPTY_WHEN_HEALTHY = {
    "Формы мониторинга",  # no round is open
    "Неудачные обращения к Temporal",
    "Ошибки кода процессов",
    "Память процессов",  # the API's processes share a port here, and the worker's endpoint is the SDK's
}
UNTOLD_WHEN_HEALTHY = {"temporal_workflow_task_execution_failed_total"}
"""Counters that begin with the first failure."""

TOO_NEW = "offset 1d"
METRIC = re.compile(r"\b(?:mentoring|temporal|up)(?:_\w+)?\b(?=[{\[\s)]|$)")


class Prometheus:
    """A server with our configuration, its addresses and its pace apart."""

    def __init__(self, folder: Path, addresses: dict[str, str]) -> None:
        self.port = free_port()
        config = yaml.safe_load((FOLDER / "prometheus.yml").read_text("utf-8"))
        config["global"] = {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"}
        jobs = [one for one in config["scrape_configs"] if one["job_name"] != "collector"]
        for job in jobs:
            (job["static_configs"][0]["targets"][0]) = (addresses | {"localhost:9090": f"127.0.0.1:{self.port}"})[
                job["static_configs"][0]["targets"][0]
            ]
        folder.mkdir()
        (folder / "prometheus.yml").write_text(yaml.safe_dump(config | {"scrape_configs": jobs}), "utf-8")
        shutil.copy(FOLDER / "alerts.yml", folder)
        flags = [f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data"]
        command: list[str | Path] = ["prometheus", *flags, f"--web.listen-address=127.0.0.1:{self.port}"]
        self._child = Child(command, folder / "prometheus.log", cwd=folder)
        self._child.ready(self._serves, 60)

    def _serves(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/-/ready").status_code == 200
        except httpx.HTTPError:
            return False

    def get(self, path: str, **params: str) -> Any:
        answer = httpx.get(f"http://127.0.0.1:{self.port}/api/v1/{path}", params=params, timeout=30)
        assert answer.status_code == 200, f"{params}: {answer.text}"
        return answer.json()["data"]

    def ask(self, expression: str) -> list[dict[str, Any]]:
        """The answer to one expression, as Grafana would ask for it."""
        found: list[dict[str, Any]] = self.get("query", query=expression.replace("$__rate_interval", "1m"))["result"]
        return found

    def stop(self) -> None:
        self._child.stop(10)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Machine, Prometheus]]:
    """An installation in which something has happened, and a Prometheus that has asked it several times."""
    home, worker = tmp_path_factory.mktemp("watched") / "home", f"127.0.0.1:{free_port()}"
    machine = Machine(home, settings={"MENTORING_METRICS_ADDRESS": worker})
    with _stopped(machine):
        machine.start()
        (home / "backup.stamp").touch()
        with _stopped(prometheus := Prometheus(home.parent / "prometheus", {
            "api:8000": f"127.0.0.1:{machine.port}", "worker:9464": worker,
        })):  # fmt: skip
            with machine.client() as client:
                for one in schools(client, 3):
                    client.post("/programmes", json={"organisation": one, "year": 2026}).raise_for_status()
            Deadline(60).until(lambda: _told(prometheus), "something has been told twice")
            yield machine, prometheus


@contextmanager
def _stopped(part: Machine | Prometheus) -> Iterator[None]:
    try:
        yield
    finally:
        part.stop()


def _told(prometheus: Prometheus) -> bool:
    """Whether each process has been asked twice since it did what it does."""
    counters = ("temporal_local_activity_execution_latency_seconds_count", "mentoring_record_duration_seconds_count")
    return all(prometheus.ask(f"rate({name}[1m])") for name in counters)


def queries() -> Iterator[tuple[str, str]]:
    for panel in PANELS:
        for target in panel.get("targets", ()):
            yield panel["title"], target["expr"]


def test_every_panel_shows_something(running: tuple[Machine, Prometheus]):
    _, prometheus = running
    empty = {title for title, query in queries() if TOO_NEW not in query and not prometheus.ask(query)}
    assert empty <= EMPTY_WHEN_HEALTHY
    for _, query in queries():
        prometheus.ask(query)


def test_every_alert_speaks_of_what_there_is(running: tuple[Machine, Prometheus]):
    """A name with a mistake in it would never fire."""
    _, prometheus = running
    (group,) = prometheus.get("rules")["groups"]
    assert {rule["name"]: rule["health"] for rule in group["rules"]} == {rule["alert"]: "ok" for rule in RULES}
    assert not [rule["name"] for rule in group["rules"] if rule["state"] == "firing"]
    names = {name for rule in RULES for name in METRIC.findall(rule["expr"])}
    assert len(names) > 10
    assert {name for name in names if not prometheus.ask(f"count({name})")} <= UNTOLD_WHEN_HEALTHY


def test_processes_that_share_a_port_tell_the_requests_of_all(running: tuple[Machine, Prometheus]):
    machine, _ = running

    def counted() -> float:
        text = httpx.get(f"http://127.0.0.1:{machine.port}/metrics").text
        line = 'mentoring_http_request_duration_seconds_count{method="GET",route="/api/v1/roadmaps",status="200"}'
        return sum(float(one.split()[-1]) for one in text.splitlines() if one.startswith(line))

    before = counted()
    for _ in range(20):  # each over a connection of its own, so that the kernel deals them out
        with machine.client() as client:
            client.get("/roadmaps").raise_for_status()
    assert counted() == before + 20


def test_the_rules_fire_when_they_should():
    """Told minute by minute in `alerts_test.yml`."""
    for words in (("check", "config", "prometheus.yml"), ("test", "rules", "alerts_test.yml")):
        done = subprocess.run(["promtool", *words], cwd=FOLDER, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
