"""What the harness needs from either side: the engine or its yardstick."""

import uuid
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Literal, Self

import psutil

from tests.bench.generator import Generator
from tests.bench.jobs import Call
from tests.bench.processes import cpu_seconds, family, until
from tests.bench.temporal import running

Part = Literal["api", "worker", "temporal"]
SCHOOL_YEAR = 2025


class Side(ABC):
    name: str
    workflow_type: str

    def __init__(self, home: Path, shift: float) -> None:
        self.home = home
        self.shift = shift
        self.port = 0
        self.token = ""
        self.address = ""

    def __enter__(self) -> Self:
        try:
            self.begin()
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    @abstractmethod
    def begin(self) -> None: ...

    @abstractmethod
    def end(self) -> None: ...

    @abstractmethod
    def pids(self) -> dict[Part, int]: ...

    @abstractmethod
    def kill(self, part: Part) -> None:
        """kill -9; somebody (a supervisor, or this method) starts the part again at once."""

    @abstractmethod
    def missed(self) -> int:
        """Missed deadlines that are durably written down."""

    @abstractmethod
    def prepare(self, organisations: list[str], generator: Generator) -> None:
        """Whatever must exist before these organisations can start a year."""

    @abstractmethod
    def liveness(self, programme: str) -> Call:
        """A request that only a running workflow with a live worker can answer."""

    def start(self, organisation: str) -> Call:
        body = {"organisation": organisation, "year": SCHOOL_YEAR, "roadmap": "school", "forms": []}
        return Call("POST", "/api/v1/programmes", body, uuid.uuid4().hex)

    def complete(self, programme: str, step: int) -> Call:
        return Call("POST", f"/api/v1/programmes/{programme}/steps/{step}/completion", {}, uuid.uuid4().hex)

    def read(self, programme: str) -> Call:
        return Call("GET", f"/api/v1/programmes/{programme}")

    def processes(self) -> list[psutil.Process]:
        return family(self.pids().values())

    def cpu(self) -> float:
        return cpu_seconds(self.processes())

    def wait_for_workflows(self, count: int, patience: float = 600) -> float:
        """Seconds until so many workflows run."""
        return until(
            lambda: running(self.address, self.workflow_type) >= count, patience, f"{self.name} workflows", 0.25
        )


def organisations(first: int, count: int) -> list[str]:
    return [f"bench-{number:05d}" for number in range(first, first + count)]


def programme_of(organisation: str) -> str:
    return f"{organisation}-{SCHOOL_YEAR}"
