"""Fifty schools are reminded at once; the worker is killed midway, and nobody hears twice of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.servers import Deadline
from tests.story.machine import machine, schools
from tests.story.test_bulk_start import begun, percent

pytestmark = [pytest.mark.temporal, pytest.mark.slow]
SCHOOLS = 50


def test_a_job_survives_its_worker(tmp_path: Path):
    with machine(tmp_path / "home") as here:
        client = here.client()
        programmes = [f"{one}-2026" for one in schools(client, SCHOOLS)]
        year = begun(client, "tomsk-oblast")
        Deadline(120, every=0.1).until(lambda: percent(client, year) == 100, "the years have begun")

        streams = [f"programme/{one}" for one in programmes]
        body = {"action": "remind", "select": {"streams": streams}, "arguments": {"step": 3}}
        plan = client.post("/operations/cures", json=body).json()
        assert (plan["total"], plan["refused"]) == (SCHOOLS, 0)
        answer = client.post("/operations/cures", json={**body, "dry_run": False, "plan": plan["plan"]})
        assert answer.status_code == 202, answer.text
        job = f"/operations/jobs/{answer.json()['job']}"

        Deadline(60, every=0.01).until(lambda: client.get(job).json()["done"] > 5, "some are reminded")
        here.kill("worker")
        assert client.get(job).json()["percent"] < 100, "it was killed midway"
        Deadline(120, every=0.1).until(lambda: client.get(job).json()["finished_at"] is not None, "all are reminded")
        assert {one["outcome"] for one in client.get(job).json()["items"]} == {"done"}
        for one in programmes:
            events = client.get(f"/programmes/{one}/events", params={"limit": 500}).json()["items"]
            assert [event["type"] for event in events].count("ReminderAsked") == 1
        assert "Расхождений нет" in here.verify()
