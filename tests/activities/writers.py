"""A process that records, for tests of many writers and of sudden ends.

`python -m tests.activities.writers URL STREAMS PREFIX FIRST COUNT`: says `ready`, waits for a line on its standard
input, then records COUNT commands numbered from FIRST, in turn on each stream, and prints the number and the version
of each that was acknowledged. Their keys are PREFIX-number.
"""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

from activities.database import Database
from activities.definition_store import MemoryDefinitions
from activities.definitions import BUILT_IN, Library
from activities.programmes import ProgrammeStreams
from activities.recorder import Recorded, Recorder
from activities.streams import Streams
from tests.activities.ledger import planned

MOMENT = datetime(2026, 8, 21, 2, 0, tzinfo=UTC)


def writer(url: str, streams: str, prefix: str, first: int, count: int) -> subprocess.Popen[str]:
    """Start one; the caller says when to begin."""
    command = [sys.executable, "-m", "tests.activities.writers", url, streams, prefix, str(first), str(count)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def begin(*children: subprocess.Popen[str]) -> None:
    """Let them record, all from the same moment on."""
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()


def acknowledged(child: subprocess.Popen[str]) -> dict[int, int]:
    """Wait for its end; number and version of every command that it saw acknowledged."""
    out, _ = child.communicate(timeout=120)
    lines = [line.split() for line in out.splitlines(keepends=True) if line.endswith("\n")]
    return {int(number): int(version) for number, version in lines}


def main(url: str, streams: str, prefix: str, first: str, count: str) -> None:
    library = Library([BUILT_IN], MemoryDefinitions())
    library.plan_ref("school", "municipal", 2026)
    library.plan_ref("school", "state", 2026)
    recorder = Recorder(Database(url), Streams(ProgrammeStreams(library)), lambda: MOMENT)
    names = streams.split(",")
    print("ready", flush=True)  # noqa: T201
    if not sys.stdin.readline():
        return  # the test has ended without us
    for number in range(int(first), int(first) + int(count)):
        stream = names[number % len(names)]
        done = recorder.record(stream, planned(number), by="person:belov", key=f"{prefix}-{number}", fingerprint="f")
        assert isinstance(done, Recorded), done
        print(number, done.version, flush=True)  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
