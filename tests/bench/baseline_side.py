"""The yardstick as three real processes, each started again at once when it is killed."""

import secrets
import sqlite3
import subprocess
import sys
from pathlib import Path

from tests.bench.generator import Generator
from tests.bench.jobs import Call
from tests.bench.processes import answers, free_port, listens, spawn, stop, until
from tests.bench.sides import Part, Side
from tests.bench.temporal import dev_server

UVICORN = ["-m", "uvicorn", "tests.bench.baseline.api:create", "--factory", "--log-level", "warning", "--no-access-log"]


class BaselineSide(Side):
    name = "baseline"
    workflow_type = "lean_programme"

    def __init__(self, home: Path, shift: float) -> None:
        super().__init__(home, shift)
        self.port, self.temporal_port = free_port(), free_port()
        self.token = secrets.token_urlsafe(24)
        self.address = f"127.0.0.1:{self.temporal_port}"
        self.parts: dict[Part, subprocess.Popen[bytes]] = {}

    def begin(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        self.launch("temporal")
        until(lambda: listens(self.temporal_port), 60, "Temporal")
        self.launch("worker")
        self.launch("api")
        until(lambda: answers(f"http://127.0.0.1:{self.port}/healthz"), 60, "the API")

    def end(self) -> None:
        for part in ("api", "worker", "temporal"):
            if part in self.parts:
                stop(self.parts[part])

    def launch(self, part: Part) -> None:
        command = {
            "temporal": dev_server(self.temporal_port, str(self.home / "temporal.db")),
            "worker": [sys.executable, "-m", "tests.bench.baseline.worker"],
            "api": [sys.executable, *UVICORN, "--port", str(self.port)],
        }[part]
        environment = {
            "BENCH_HOME": str(self.home),
            "BENCH_TEMPORAL": self.address,
            "BENCH_TOKEN": self.token,
            "MENTORING_CLOCK_OFFSET": str(self.shift),
        }
        self.parts[part] = spawn(command, self.home / "logs" / f"{part}.log", environment)

    def pids(self) -> dict[Part, int]:
        return {part: process.pid for part, process in self.parts.items()}

    def kill(self, part: Part) -> None:
        self.parts[part].kill()
        self.parts[part].wait()
        self.launch(part)

    def missed(self) -> int:
        with sqlite3.connect(f"file:{self.home / 'baseline.db'}?mode=ro", uri=True, timeout=10) as database:
            return int(database.execute("SELECT count(*) FROM missed").fetchone()[0])

    def prepare(self, organisations: list[str], generator: Generator) -> None:
        """A workflow needs no organisation."""

    def liveness(self, programme: str) -> Call:
        return self.read(programme)
