"""A municipality moves a deadline with one command; what the dry run told comes to pass, on the running machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.servers import Deadline
from tests.story.machine import machine, schools
from tests.story.test_bulk_start import begun, percent

pytestmark = pytest.mark.temporal
MOVE = {"year": 2026, "unit": "mo-tomsk", "step": 29, "due": "2027-05-28", "reason": "Карантин", "order": "15-од"}


@pytest.mark.slow
def test_a_municipality_moves_a_deadline(tmp_path: Path):
    with machine(tmp_path / "home") as here:
        client = here.client()
        ids = schools(client, 12)
        town = begun(client, "mo-tomsk")
        Deadline(90, every=0.1).until(lambda: percent(client, town) == 100, "the municipality has begun")

        plan = client.post("/programmes/deadlines", json=MOVE).json()
        assert (plan["totals"]["programmes"], plan["totals"]["refused"]) == (6, 0)
        body = {**MOVE, "dry_run": False, "plan_hash": plan["plan_hash"]}
        answer = client.post("/programmes/deadlines", json=body)
        assert answer.status_code == 201, answer.text
        Deadline(60, every=0.1).until(lambda: percent(client, answer.json()["id"]) == 100, "all have been moved")

        for item in plan["items"]:
            assert item["organisation"] in ids
            ledger = client.get(f"/programmes/{item['programme']}/deadlines").json()["steps"]
            dues = {one["number"]: one["deadlines"][0] for one in ledger}
            assert {move["step"]: move["due"] for move in item["deadlines"]} == moved(dues)
            assert dues[28]["moves"][0]["reference"] == 29, "fourteen days before it"
        Deadline(60, every=0.2).until(lambda: told(client, plan), "everybody has a letter about the new date")
        again = client.post("/programmes/deadlines", json=body)
        assert again.status_code == 409, "the cohort is not what it was"
        assert "Расхождений нет" in here.verify()


def moved(dues: dict[int, dict[str, Any]]) -> dict[int, str]:
    return {step: one["due"] for step, one in dues.items() if one["moves"]}


def told(client: Any, plan: dict[str, Any]) -> bool:
    """No notice of a move is waiting any more: it was sent, or nobody stands behind its addressees."""
    return all(client.get(f"/programmes/{one['programme']}").json()["waiting_items"] == 0 for one in plan["items"])
