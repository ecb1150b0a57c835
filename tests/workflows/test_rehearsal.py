"""The rehearsal of a year sends what its preview foretells, notice for notice."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from activities.rehearsal_home import rehearsal_core, sample_start
from activities.tokens import create_token
from api.app import create
from domain.programme.commands import StartProgramme
from workflows.rehearsal import rehearse

YEAR = 2026
CLI = Path(__file__).parents[2] / "cli.py"


def preview(roadmap: str, since: str | None) -> list[dict[str, Any]]:
    """What `POST /programmes/preview` answers for the same organisation."""
    now = datetime(YEAR, 8, 1, tzinfo=UTC)
    with rehearsal_core(lambda: now) as core:
        start = sample_start(core, roadmap, YEAR, now)
        assert isinstance(start, StartProgramme)
        with core.database.writing() as connection:
            token = create_token(connection, "test", "tomsk-oblast", "administrator", None, "test", now)
        assert isinstance(token, tuple)
        body = {"organisation": start.organisation, "year": YEAR, "roadmap": roadmap, "from": since}
        with TestClient(create(core=core)) as client:
            headers = {"Authorization": f"Bearer {token[1]}"}
            answer = client.post("/api/v1/programmes/preview", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    return [{name: item[name] for name in ("at", "kind", "step", "to", "subject")} for item in answer.json()]


@pytest.mark.temporal
@pytest.mark.parametrize(
    ("roadmap", "since"),
    [
        ("college", None),
        ("college", "2026-11-16"),
        ("school", "2027-03-01"),
        ("school", None),
        pytest.param("school", "2026-10-08", marks=pytest.mark.slow),
    ],
)
async def test_nobody_acts(roadmap: str, since: str | None, time_skipping_binary: Path):
    """Every reminder, missed deadline and escalation, to whom, at which moment, and nothing else."""
    day = date.fromisoformat(since) if since else None
    sent = await rehearse(time_skipping_binary, roadmap, YEAR, day)
    foretold = preview(roadmap, since)
    assert {notice["kind"] for notice in sent} == {"reminder", "missed", "escalation"}
    assert [{**notice, "at": notice["at"].isoformat()} for notice in sent] == foretold


@pytest.mark.temporal
@pytest.mark.parametrize("roadmap", ["school", "college"])
async def test_everybody_in_time(roadmap: str, time_skipping_binary: Path):
    """All steps of the roadmap are done on the last day of their deadlines: reminders, and nobody hears of a delay."""
    sent = await rehearse(time_skipping_binary, roadmap, YEAR, scenario="on-time")
    assert {notice["kind"] for notice in sent} == {"reminder"}
    foretold = [notice for notice in preview(roadmap, None) if notice["kind"] == "reminder"]
    assert [(n["at"].isoformat(), n["step"], n["to"]) for n in sent] == [
        (n["at"], n["step"], n["to"]) for n in foretold
    ]


@pytest.mark.temporal
def test_the_command_prints_an_array_and_nothing_else():
    """`mentoring rehearse --json` can be read by another program; a year that is over is one clear sentence."""
    command = [sys.executable, str(CLI), "rehearse", "college", "--year", str(YEAR), "--json"]
    done = subprocess.run([*command, "--from", "2027-05-12"], capture_output=True, text=True, timeout=90)
    assert done.returncode == 0, done.stderr
    notices = json.loads(done.stdout)
    assert set(notices[0]) == {"at", "kind", "step", "to", "subject"}
    assert {notice["kind"] for notice in notices} == {"reminder", "missed", "escalation"}
    refused = subprocess.run([*command, "--from", "2030-05-12"], capture_output=True, text=True, timeout=90)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith("Учебный год 2026")
