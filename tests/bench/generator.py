"""The harness's end of the load generator's pipe."""

import json
import subprocess
import sys
from types import TracebackType
from typing import Self

from tests.bench.jobs import Call, Job, Lane, Result, read_result, write_job
from tests.bench.processes import ROOT


class Generator:
    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.bench.load"]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()

    def begin(self, job: Job) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(write_job(job) + "\n")
        self.process.stdin.flush()

    def result(self) -> Result:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line or "failure" in (raw := json.loads(line)):
            raise RuntimeError(f"the load generator failed: {raw['failure'] if line else 'it ended'}")
        return read_result(line)

    def run(self, job: Job) -> Result:
        self.begin(job)
        return self.result()

    def through(self, port: int, token: str, calls: list[Call], clients: int = 16) -> Result:
        """Every call answered, whatever it takes; not a measurement."""
        job = Job(port, token, [Lane("all", clients, calls)])
        result = self.run(job)
        lane = result.lanes["all"]
        if lane.errors:
            raise RuntimeError(f"{lane.errors} of {len(calls)} calls, first: {lane.first_error}")
        return result
