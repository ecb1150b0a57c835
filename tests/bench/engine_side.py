"""The engine as its user gets it: `mentoring run` in a home of its own; everything else through its API."""

import json
import os
import signal
import sqlite3
import subprocess
import time
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

from tests.bench.generator import Generator
from tests.bench.jobs import Call
from tests.bench.processes import answers, binary, free_port, spawn, stop, until
from tests.bench.sides import Part, Side

PATIENCE = 180.0
MISSED = "SELECT count(*) FROM event WHERE type = 'StepMissed'"


class EngineSide(Side):
    name = "engine"
    workflow_type = "programme"

    def __init__(self, home: Path, shift: float) -> None:
        super().__init__(home, shift)
        self.supervisor: subprocess.Popen[bytes] | None = None
        self.municipality = ""

    def begin(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        ports = ["--port", str(self.port), "--temporal-port", str(free_port())]
        command = [binary("mentoring"), "run", "--home", str(self.home), *ports, "--no-demo"]
        # The wall clock of worker and API is moved, so that a deadline's moment can be brought near.
        self.supervisor = spawn(command, self.home / "bench.log", {"MENTORING_CLOCK_OFFSET": str(self.shift)})
        until(self.is_up, PATIENCE, "the engine")
        facts = self.facts()
        self.token = facts["token"]
        self.address = facts["temporal"].removeprefix("http://")
        units = self.get("/api/v1/units?kind=municipality&limit=1")["items"]
        self.municipality = units[0]["id"]

    def is_up(self) -> bool:
        if self.supervisor is not None and self.supervisor.poll() is not None:
            raise RuntimeError(
                f"`mentoring run` ended with {self.supervisor.returncode}; see {self.home / 'bench.log'}"
            )
        return (self.home / "run.json").exists() and answers(f"http://127.0.0.1:{self.port}/readyz")

    def end(self) -> None:
        if self.supervisor is not None:
            stop(self.supervisor, 30)

    def facts(self) -> dict[str, Any]:
        facts: dict[str, Any] = json.loads((self.home / "run.json").read_text(encoding="utf-8"))
        return facts

    def pids(self) -> dict[Part, int]:
        """Read anew each time: the supervisor starts a part that died under another id."""
        pids: dict[Part, int] = self.facts()["pids"]
        return pids

    def kill(self, part: Part) -> None:
        os.kill(self.pids()[part], signal.SIGKILL)

    def missed(self) -> int:
        with sqlite3.connect(f"file:{self.home / 'mentoring.db'}?mode=ro", uri=True, timeout=10) as database:
            return int(database.execute(MISSED).fetchone()[0])

    def prepare(self, organisations: list[str], generator: Generator) -> None:
        calls = [Call("PUT", f"/api/v1/units/{unit}", self.unit(unit)) for unit in organisations]
        generator.through(self.port, self.token, calls, clients=4)

    def unit(self, unit: str) -> dict[str, Any]:
        return {"kind": "organisation", "name": f"Школа {unit}", "parent": self.municipality, "sector": "general"}

    def liveness(self, programme: str) -> Call:
        return Call("GET", f"/api/v1/programmes/{urllib.parse.quote(programme)}/workflow")

    def get(self, path: str) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        deadline = time.monotonic() + 10
        while True:
            try:
                with urllib.request.urlopen(request, timeout=10) as answer:
                    return json.load(answer)
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
