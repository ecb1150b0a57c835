"""`kill -9` of a process that records: what was acknowledged is in the journal exactly once, nothing is half done."""

import random
import signal
import subprocess
import time
from collections import Counter

import pytest

from activities.database import Database
from activities.programmes import ProgrammeStreams
from activities.recorder import Recorded, Recorder
from activities.streams import Streams
from activities.verify import differences
from tests.activities.ledger import planned, planned_numbers, stored
from tests.activities.mailroom import SCHOOL, Mailroom, library
from tests.activities.writers import MOMENT, acknowledged, begin, writer

STREAMS = (SCHOOL, "programme/school-2-2026", "programme/lyceum-2026")
MANY = 1_000_000


def killed(child: subprocess.Popen[str], after: float) -> dict[int, int]:
    """What a writer saw acknowledged until it was killed in the middle of its work."""
    begin(child)
    assert child.stdout is not None
    head = child.stdout.readline()
    time.sleep(after)
    child.send_signal(signal.SIGKILL)
    number, version = head.split()
    return {int(number): int(version), **acknowledged(child)}


def journalled(database: Database) -> Counter[int]:
    """How often each number stands in the journal."""
    return Counter(number for stream in STREAMS for number in planned_numbers(database, stream))


def repeat_the_last(database: Database, prefix: str, answers: dict[int, int]) -> None:
    """Send again what was sent last: an acknowledged command is known, the one in flight is recorded once at most."""
    recorder = Recorder(database, Streams(ProgrammeStreams(library())), lambda: MOMENT)
    last = max(answers)
    for number in (last, last + 1, last + 1):
        stream, key = STREAMS[number % len(STREAMS)], f"{prefix}-{number}"
        done = recorder.record(stream, planned(number), by="person:belov", key=key, fingerprint="f")
        assert isinstance(done, Recorded)
        assert number > last or (done.replayed, done.version) == (True, answers[last])
        answers[number] = done.version


def run(desk: Mailroom, url: str, kills: int) -> None:
    """Writers that wait for their turn, each killed at some moment of its work and followed by the next."""
    for stream in STREAMS:
        desk.start(stream)
    moments = random.Random(420)  # the same moments in every run; where they fall differs enough by itself
    answers: dict[int, int] = {}
    children = [writer(url, ",".join(STREAMS), f"k{attempt}", attempt * MANY, MANY) for attempt in range(kills)]
    for attempt, child in enumerate(children):
        mine = killed(child, moments.uniform(0.0, 0.3))
        reopened = Database(url)
        times = journalled(reopened)
        assert set(mine) <= set(times), "acknowledged and lost"
        assert set(times) - set(answers) - set(mine) <= {max(mine) + 1}, "only the one in flight is not acknowledged"
        assert set(times.values()) == {1}
        keys = {(row["actor"], row["key"]) for row in stored(reopened, "command")["command"]}
        assert len(keys) == sum(times.values())
        assert list(differences(reopened, desk.recorder.kinds)) == []
        repeat_the_last(reopened, f"k{attempt}", mine)
        answers |= mine
        assert journalled(reopened) == Counter(answers.keys())
        assert list(differences(reopened, desk.recorder.kinds)) == []
        reopened.close()


def test_a_writer_is_killed_at_some_moments(desk: Mailroom, journal_url: str):
    run(desk, journal_url, kills=5)


@pytest.mark.slow
def test_a_writer_is_killed_at_many_moments(desk: Mailroom, journal_url: str):
    run(desk, journal_url, kills=20)
