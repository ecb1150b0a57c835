"""`mentoring run` from the first start over deaths to the second start."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.servers import Deadline
from tests.story.machine import PARTS, machine, schools

pytestmark = pytest.mark.temporal


def test_one_machine_lives_dies_and_goes_on(tmp_path: Path):
    """It serves, survives the death of every part, stops in order, and resumes where it was."""
    with machine(tmp_path / "home") as here:
        client = here.client()
        (school,) = schools(client, 1)
        started = client.post("/programmes", json={"organisation": school, "year": 2026})
        started.raise_for_status()
        programme = f"/programmes/{started.json()['id']}"

        def answers() -> bool:
            told = client.get(f"{programme}/workflow")
            return told.status_code == 200 and told.json()["standing"] is not None

        Deadline(60, every=0.1).until(answers, "the workflow answers")
        for part in PARTS:
            was = here.kill(part)
            Deadline(60, every=0.1).until(lambda was=was, part=part: here.pid(part) != was, f"{part} is started again")  # type: ignore[misc]
            Deadline(60, every=0.1).until(here.ready, f"everything serves without the old {part}")
            Deadline(60, every=0.1).until(answers, f"the workflow answers after the death of {part}")
        version = client.get(programme).json()["version"]
        here.stop()
        assert here.card["pids"] == dict.fromkeys(here.card["pids"])
        here.start()
        client = here.client()
        assert client.get(programme).json()["version"] >= version
        Deadline(60, every=0.1).until(answers, "it goes on")
        assert "Расхождений нет" in here.verify()
