"""`mentoring run` as people start it: a process of its own with parts that can be killed."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import psutil

from tests.servers.processes import Child

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("worker", "api", "temporal")
AUTUMN_OFFSET = "MENTORING_CLOCK_OFFSET"


class Machine:
    """One home; `start` and `stop` as often as you like."""

    def __init__(self, home: Path, offset: float = 0.0, settings: Mapping[str, str] | None = None) -> None:
        self.home = home
        self.port, self.temporal_port = _port_to_keep(), _port_to_keep(beside=1000)
        self._env = os.environ | {"PYTHONPATH": str(ROOT), AUTUMN_OFFSET: str(offset)} | dict(settings or {})
        self._child: Child | None = None
        self._launched = 0.0

    def command(self, *words: str) -> list[str | Path]:
        """A `mentoring` command on this home."""
        return [sys.executable, ROOT / "cli.py", *words, "--home", self.home]

    def start(self) -> None:
        """Returns when everything serves."""
        self.launch()
        assert self._child is not None
        self._child.ready(self.told, 180)
        assert all(self.pids.values()), "run.json comes when everything is at work"
        self._child.ready(self.ready, 180)

    def launch(self) -> None:
        """Waits for nothing."""
        self._launched = time.time()
        ports = ["--port", str(self.port), "--temporal-port", str(self.temporal_port)]
        self._child = Child(
            self.command("run", *ports, "--no-demo"), self.home.with_suffix(".log"), cwd=self.home.parent, env=self._env
        )

    def cut(self) -> None:
        """`kill -9` of everything at once, as when the power fails."""
        assert self._child is not None
        for part in self.pids:
            self.kill(part)
        self._child.kill()

    def stop(self) -> None:
        assert self._child is not None
        self._child.stop(30)

    @property
    def running(self) -> bool:
        return self._child is not None and self._child.running

    @property
    def card(self) -> dict[str, Any]:
        """What run.json says."""
        card: dict[str, Any] = json.loads((self.home / "run.json").read_text("utf-8"))
        return card

    @property
    def pids(self) -> dict[str, int]:
        """The processes of the parts."""
        return dict(self.card["pids"])

    def pid(self, part: str) -> int:
        return int(self.pids[part])

    def kill(self, part: str) -> int:
        """`kill -9`; the process that was."""
        pid = self.pid(part)
        os.kill(pid, signal.SIGKILL)
        return pid

    def told(self) -> bool:
        """Whether this start has written run.json."""
        with suppress(OSError):
            return (self.home / "run.json").stat().st_mtime > self._launched
        return False

    def ready(self) -> bool:
        """Database, Temporal and a worker of now."""
        try:
            facts = self.card["pids"]
            alive = all(pid and psutil.pid_exists(pid) for pid in facts.values())
            return alive and httpx.get(f"http://127.0.0.1:{self.port}/readyz", timeout=5).status_code == 200
        except (OSError, ValueError, KeyError, httpx.HTTPError):
            return False

    def client(self) -> httpx.Client:
        """The API with the operator's token."""
        headers = {"Authorization": f"Bearer {self.card['token']}"}
        return httpx.Client(base_url=f"http://127.0.0.1:{self.port}/api/v1", headers=headers, timeout=30)

    def verify(self) -> str:
        """What `mentoring verify` says; it has to find no difference."""
        command = [str(word) for word in self.command("verify")]
        done = subprocess.run(command, env=self._env, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def _port_to_keep(beside: int = 0) -> int:
    """A free port outside of the range from which the kernel lends: nobody gets it while the machine is down.

    `beside`: so much further on there has to be a free one too.
    """
    while True:
        port = random.randrange(15_000, 30_000)
        if all(_free(one) for one in {port, port + beside}):
            return port


def _free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


@contextmanager
def machine(home: Path, offset: float = 0.0) -> Iterator[Machine]:
    """A machine that runs."""
    made = Machine(home, offset)
    made.start()
    try:
        yield made
    finally:
        if made.running:
            made.stop()


def schools(client: httpx.Client, count: int, parents: tuple[str, ...] = ("mo-tomsk", "mo-seversk")) -> list[str]:
    """Schools in several municipalities; their ids."""
    ids = [f"school-{number}" for number in range(count)]
    for number, one in enumerate(ids):
        parent = parents[number % len(parents)]
        body = {"kind": "organisation", "name": f"Школа {one}", "parent": parent, "sector": "general"}
        client.put(f"/units/{one}", json=body).raise_for_status()
    return ids
