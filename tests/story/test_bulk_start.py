"""A municipality and a region begin their years at once, and no death of a worker loses one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.servers import Deadline
from tests.story.machine import machine, schools

pytestmark = pytest.mark.temporal
SCHOOLS = 40


def planned(client: httpx.Client, parent: str) -> dict[str, Any]:
    answer = client.post("/programmes/bulk", json={"parent": parent, "year": 2026})
    answer.raise_for_status()
    plan: dict[str, Any] = answer.json()
    return plan


def begun(client: httpx.Client, parent: str) -> str:
    plan = planned(client, parent)
    body = {"parent": parent, "year": 2026, "dry_run": False, "plan_hash": plan["plan_hash"]}
    answer = client.post("/programmes/bulk", json=body)
    assert answer.status_code == 201, answer.text
    bulk: str = answer.json()["id"]
    return bulk


def percent(client: httpx.Client, bulk: str) -> int:
    answer = client.get(f"/programmes/bulk/{bulk}")
    answer.raise_for_status()
    return int(answer.json()["percent"])


def test_a_region_begins(tmp_path: Path):
    """A municipality first, then the region with the worker killed midway; each school begins once."""
    with machine(tmp_path / "home") as here:
        client = here.client()
        ids = schools(client, SCHOOLS)
        town = begun(client, "mo-tomsk")
        Deadline(90, every=0.05).until(lambda: percent(client, town) == 100, "the municipality has begun")
        plan = planned(client, "tomsk-oblast")
        assert (len(plan["start"]), len(plan["existing"])) == (SCHOOLS // 2, SCHOOLS // 2)

        region = begun(client, "tomsk-oblast")
        Deadline(60, every=0.01).until(lambda: percent(client, region) > 10, "some have begun")
        here.kill("worker")
        assert percent(client, region) < 100, "it was killed midway"
        Deadline(120, every=0.1).until(lambda: percent(client, region) == 100, "all have begun")

        for one in ids:
            events = client.get(f"/programmes/{one}-2026/events", params={"limit": 500}).json()["items"]
            assert [event["type"] for event in events].count("ProgrammeStarted") == 1
        assert planned(client, "tomsk-oblast")["start"] == []

        body = {"kind": "organisation", "name": "Новая школа", "parent": "mo-seversk", "sector": "general"}
        client.put("/units/school-new", json=body).raise_for_status()
        assert planned(client, "tomsk-oblast")["start"] == ["school-new"]
        again = begun(client, "tomsk-oblast")
        Deadline(60, every=0.05).until(lambda: percent(client, again) == 100, "the new one has begun")
        Deadline(60, every=0.2).until(lambda: running(client, ids), "every workflow runs")
        assert "Расхождений нет" in here.verify()


def running(client: httpx.Client, ids: list[str]) -> bool:
    told = [client.get(f"/programmes/{one}-2026/workflow") for one in ids]
    return all(one.status_code == 200 and one.json()["standing"] is not None for one in told)
