"""The parts of an installation as services of their own: an API, workers of several builds, commands of each."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import httpx

from activities.demo import load_region, operator_token
from activities.migrations import migrate
from activities.settings import Settings
from tests.servers import SmtpServer, TemporalServer, free_port
from tests.servers.processes import Child
from tests.story.machine import ROOT

CODE = ("domain", "activities", "workflows", "api", "deploy/migrations", "*.py")


def next_version(folder: Path) -> Path:
    """This code with a difference that makes it another build."""
    for pattern in CODE:
        for path in ROOT.glob(pattern):
            copy = shutil.copytree if path.is_dir() else shutil.copy
            (folder / path.relative_to(ROOT)).parent.mkdir(parents=True, exist_ok=True)
            copy(path, folder / path.relative_to(ROOT))
    with (folder / "workflows" / "stream.py").open("a", encoding="utf-8") as file:
        file.write("\n# The next version.\n")
    return folder


class Services:
    """One home; whoever runs is stopped by `close`."""

    def __init__(self, home: Path, temporal: TemporalServer, mail: SmtpServer) -> None:
        self.home, self.port = home, free_port()
        given = {
            "home": str(home), "temporal_address": temporal.address, "smtp_host": mail.host,
            "smtp_port": str(mail.port), "quiet_hours": "", "takes_over": "false",
        }  # fmt: skip
        self._env = os.environ | {f"MENTORING_{name.upper()}": value for name, value in given.items()}
        self.settings = Settings.model_validate(given)
        home.mkdir()
        migrate(self.settings.database)
        load_region(self.settings)
        self.token = operator_token(self.settings)
        self._running: list[Child] = []

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/v1"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def api(self) -> None:
        """Returns when it answers."""
        child = self._child(ROOT, "-m", "api.serve", "--port", str(self.port))
        child.ready(self._answers, 120)

    def worker(self, code: Path = ROOT) -> Child:
        """Of the build that lies in a folder; waits for nothing."""
        return self._child(code, "-m", "worker")

    def run(self, *words: str, code: Path = ROOT) -> str:
        """What a `mentoring` command says; it has to succeed."""
        command = [sys.executable, "-P", str(code / "cli.py"), *words, "--home", str(self.home)]
        done = subprocess.run(command, env=self._env_of(code), capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def close(self) -> None:
        for child in reversed(self._running):
            if child.running:
                child.stop()

    def _child(self, code: Path, *words: str) -> Child:
        log = self.home / f"part-{len(self._running)}.log"
        child = Child([sys.executable, "-P", *words], log, cwd=self.home, env=self._env_of(code))
        self._running.append(child)
        return child

    def _env_of(self, code: Path) -> dict[str, str]:
        return self._env | {"PYTHONPATH": str(code)}

    def _answers(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/healthz", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False
