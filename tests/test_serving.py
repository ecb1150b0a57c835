"""The parts of an installation as processes of their own, with settings from files."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import psutil
import pytest
from typer.testing import CliRunner

from activities.settings import Settings
from activities.sign import FRESH
from cli import app
from tests.servers import free_port
from tests.servers.processes import Child

ROOT = Path(__file__).parent.parent


def test_secrets_are_read_from_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """As systemd and containers hand them over; what is set in the environment goes first."""
    (tmp_path / "mentoring_smtp_password").write_text("тайна\n", encoding="utf-8")
    (tmp_path / "mentoring_smtp_user").write_text("from-file", encoding="utf-8")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    monkeypatch.setenv("MENTORING_SMTP_USER", "from-environment")
    settings = Settings()
    assert (settings.smtp_password, settings.smtp_user) == ("тайна", "from-environment")


def test_the_worker_shows_that_it_lives(tmp_path: Path):
    """The probe asks a file, so that an outage of database or Temporal ends no worker."""
    sign = tmp_path / "worker.alive"
    probe = [sys.executable, "-m", "activities.sign", str(sign)]
    assert subprocess.run(probe, cwd=ROOT).returncode == 1, "no worker has been here"
    env = os.environ | {"MENTORING_HOME": str(tmp_path), "MENTORING_TEMPORAL_ADDRESS": "127.0.0.1:1"}
    assert CliRunner().invoke(app, ["migrate", "--home", str(tmp_path)]).stdout == "База данных готова.\n"
    worker = Child([sys.executable, ROOT / "cli.py", "worker"], tmp_path / "log", env=env)
    try:
        worker.ready(sign.exists)
        assert subprocess.run(probe, cwd=ROOT).returncode == 0
    finally:
        worker.stop()
    assert "Traceback" not in worker.tail()
    long_ago = time.time() - FRESH - 1
    os.utime(sign, (long_ago, long_ago))
    assert subprocess.run(probe, cwd=ROOT).returncode == 1


@pytest.mark.slow
@pytest.mark.parametrize("ended", [signal.SIGTERM, signal.SIGKILL])
def test_several_processes_answer_on_one_port(tmp_path: Path, ended: signal.Signals):
    """They end with their supervisor, however that ends."""
    CliRunner().invoke(app, ["migrate", "--home", str(tmp_path)])
    port = free_port()
    env = os.environ | {"MENTORING_HOME": str(tmp_path), "MENTORING_TEMPORAL_ADDRESS": "127.0.0.1:1"}
    command: list[str | Path] = [sys.executable, ROOT / "cli.py", "api", "--port", str(port), "--processes", "2"]
    api = Child(command, tmp_path / "log", env=env)

    def answers() -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
        except httpx.HTTPError:
            return False

    try:
        api.ready(answers, 120)
        serving = psutil.Process(api.pid).children()
        assert len(serving) >= 2
        os.kill(api.pid, ended)
        assert psutil.wait_procs(serving, timeout=20)[1] == []
    finally:
        api.stop()
