"""The rehearsal of a year sends what its preview foretells, notice for notice."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from activities.acts import read_acts
from activities.agenda_view import agenda_view
from activities.recipients import RecipientBook
from activities.rehearsal_home import begins, rehearsal_core, sample_start
from activities.tokens import create_token
from api.app import create
from cli import app
from domain.programme.commands import StartProgramme
from workflows.rehearsal import Rehearsal, rehearsal_worker, rehearse
from workflows.virtual_time import OneClock, VirtualClock

YEAR = 2026
CLI = Path(__file__).parents[2] / "cli.py"


def preview(roadmap: str, since: str | None, acts: Sequence[str] = ()) -> list[dict[str, Any]]:
    """What `POST /programmes/preview` answers for the same organisation."""
    now = datetime(YEAR, 8, 1, tzinfo=UTC)
    with rehearsal_core(lambda: now) as core:
        start = sample_start(core, roadmap, YEAR, now)
        assert isinstance(start, StartProgramme)
        with core.database.writing() as connection:
            token = create_token(connection, "test", "tomsk-oblast", "administrator", None, "test", now)
        assert isinstance(token, tuple)
        body = {"organisation": start.organisation, "year": YEAR, "roadmap": roadmap, "from": since, "acts": list(acts)}
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
        pytest.param("college", "2026-11-16", marks=pytest.mark.slow),
        pytest.param("school", "2027-03-01", marks=pytest.mark.slow),
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


COLLEGE_ACTS = {
    "a pause that shifts": (
        "2026-09-14 пропустить 2",
        "2026-09-28 приостановить сдвинуть",
        "2026-10-19 15:30 возобновить",
        "2026-10-20 перенести 6 2026-12-15",
    ),
    "a pause that keeps": (
        "2026-09-08 9:00 выполнить 1",
        "2026-09-29 приостановить оставить",
        "2026-10-01 выполнить 4",
        "2026-10-22 возобновить",
        "2026-11-30 перенести 7.2 2027-04-05",
        "2026-12-14 вернуть 1",
    ),
    "moves to and fro, to a day off, of what is late": (
        "2026-09-10 перенести 1 2026-09-26",
        "2026-09-22 09:00 перенести 1 2026-09-22",
        "2026-10-07 перенести 3 2026-11-04",
        "2026-10-28 приостановить",
        "2026-10-29 возобновить",
        "2026-11-05 пропустить 3",
        "2027-01-11 08:59 выполнить 7.1",
    ),
    "an end before the end": ("2026-10-05 пропустить 1", "2026-12-01 завершить"),
    "a pause without an end": ("2026-09-17 пропустить 3", "2026-10-16 приостановить"),
}
LESSER = tuple(name for name in COLLEGE_ACTS if name != "a pause that shifts")
"""Stories that `make test-all` tries too."""

SCHOOL_ACTS = (
    "2026-09-10 пропустить 3",
    "2026-10-12 перенести 8 2026-12-19",
    "2026-10-26 приостановить",
    "2026-11-16 возобновить",
    "2026-12-08 выполнить 1",
    "2026-12-15 приостановить оставить",
    "2027-01-25 возобновить",
    "2027-02-01 перенести 29 2027-05-31",
    "2027-03-02 пропустить 24",
)
LATE_ACTS = (
    "2027-03-09 пропустить 5",
    "2027-03-11 9:00 перенести 8 2027-04-30",
    "2027-03-22 приостановить",
    "2027-04-12 возобновить",
    "2027-05-17 вернуть 5",
)


@pytest.mark.temporal
@pytest.mark.parametrize(
    ("roadmap", "since", "acts"),
    [
        *(
            pytest.param("college", None, acts, id=name, marks=pytest.mark.slow if name in LESSER else ())
            for name, acts in COLLEGE_ACTS.items()
        ),
        pytest.param(
            "college",
            "2026-09-21",
            COLLEGE_ACTS["a pause that shifts"][1:],
            id="college, late",
            marks=pytest.mark.slow,
        ),
        pytest.param("school", "2027-03-01", LATE_ACTS, id="school, late", marks=pytest.mark.slow),
        pytest.param("school", None, SCHOOL_ACTS, id="school", marks=pytest.mark.slow),
    ],
)
async def test_people_act(roadmap: str, since: str | None, acts: tuple[str, ...], time_skipping_binary: Path):
    """Pauses, moves and skips: the planner foretells a year with acts as exactly as one without."""
    day = date.fromisoformat(since) if since else None
    sent = await rehearse(time_skipping_binary, roadmap, YEAR, day, lines=acts)
    foretold = preview(roadmap, since, acts)
    assert [{**notice, "at": notice["at"].isoformat()} for notice in sent] == foretold
    assert foretold != preview(roadmap, since), "the acts make a difference"


@pytest.mark.temporal
async def test_the_agenda_on_the_way_is_what_is_still_sent(time_skipping_binary: Path):
    """In the middle of a year: after the acts so far, `GET …/agenda` is the rest of the rehearsal."""
    clock = VirtualClock(datetime.now(UTC))
    with rehearsal_core(clock) as core:
        start = sample_start(core, "college", YEAR, clock.now)
        assert isinstance(start, StartProgramme)
        clock.since = clock.now = begins(core, start, None)
        acts = read_acts(COLLEGE_ACTS["a pause that shifts"], start.zone, clock.since)
        assert isinstance(acts, list)
        async with OneClock.running(time_skipping_binary) as server, rehearsal_worker(server.client, core):
            rehearsal = Rehearsal(core, clock, server, start)
            await rehearsal.begin()
            for act in acts:
                await rehearsal.live_until(act.at)
                await rehearsal.act(act)
            before = rehearsal.sent()
            with core.database.reading() as connection:
                book = RecipientBook.load(connection, rehearsal.state)
            ahead = agenda_view(rehearsal.state, rehearsal.plan, book)
            await rehearsal.live_until(ahead[-1]["at"])
            names = ("at", "kind", "step", "to", "subject")
            assert rehearsal.sent() == [*before, *({name: item[name] for name in names} for item in ahead)]


@pytest.mark.temporal
async def test_in_time_but_for_one_act(time_skipping_binary: Path):
    """A skip among people who do everything in time: its reminders end, and nothing else changes."""
    sent = await rehearse(time_skipping_binary, "college", YEAR, scenario="on-time", lines=["2026-09-14 пропустить 2"])
    assert {notice["kind"] for notice in sent} == {"reminder"}
    everything = [notice for notice in preview("college", None) if notice["kind"] == "reminder"]
    skipped = [one for one in everything if one["step"] != 2 or one["at"] < "2026-09-14"]
    assert [(n["at"].isoformat(), n["step"]) for n in sent] == [(n["at"], n["step"]) for n in skipped]


@pytest.mark.temporal
@pytest.mark.parametrize("roadmap", [pytest.param("school", marks=pytest.mark.slow), "college"])
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


@pytest.mark.temporal
def test_acts_come_from_the_command_line_and_from_a_file(tmp_path: Path):
    """Remarks and empty lines are left out."""
    command = [sys.executable, str(CLI), "rehearse", "college", "--year", str(YEAR), "--from", "2027-05-12"]
    file = tmp_path / "acts.txt"
    file.write_text("# что сделаем\n\n2027-05-13 пропустить 1  # не нужно\n2027-05-14 пропустить 2\n", "utf-8")
    acts = ["--acts", str(file), "--act", "2027-05-14 перенести 3 2027-08-30"]
    done = subprocess.run([*command, "--json", *acts], capture_output=True, text=True, timeout=90)
    assert done.returncode == 0, done.stderr
    told = {(one["step"], one["kind"]) for one in json.loads(done.stdout)}
    assert {(4, "reminder"), (4, "missed"), (3, "reminder")} <= told
    assert not {(1, "missed"), (2, "missed")} & told


@pytest.mark.temporal
@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (
            ["--act", "2027-05-14 возобновить"],
            "Действие «2027-05-14 возобновить» невозможно. Программа не приостановлена",
        ),
        (["--act", "завтра"], "Действие «завтра»: начните с даты"),
        (["--acts", "nowhere.txt"], "Файла nowhere.txt нет, или его нельзя прочитать."),
        (["--act", "2026-09-01 пропустить 1"], "это раньше начала, 12.05.2027 00:00"),
    ],
)
def test_acts_that_cannot_be(act: list[str], sentence: str):
    result = CliRunner().invoke(app, ["rehearse", "college", "--year", str(YEAR), "--from", "2027-05-12", *act])
    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in result.stderr
