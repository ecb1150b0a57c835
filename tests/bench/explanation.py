"""`python -m tests.bench.explanation [programmes]`: milliseconds of an explanation and of the list of incidents.

`mentoring run` as people have it, with every programme's workflow running; one person asks after another, in several
rounds. The bar is held by the median of the rounds: a machine that others use too has bad minutes.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter

import httpx

from activities.demo import load_region
from activities.migrations import migrate
from activities.settings import Settings
from activities.wiring import core_of
from tests.api.world import AUTUMN
from tests.bench.whatif import begun
from tests.story.machine import Machine, machine
from workflows.client import Workflows, connect

PROGRAMMES = 5_000
BAR = 0.3
"""Seconds of an explanation, at the 95th percentile."""

ROUNDS = 5
ASKED = 400
LISTED = 20
MEDIAN = "explanation p95, median of the rounds"
PATIENCE = 1_800.0
"""Seconds until all workflows run and their first letters are out."""


def peopled(home: Path, programmes: int, offset: float) -> list[str]:
    """So many programmes, begun, whose workflows nobody has started yet; their ids."""
    home.mkdir(parents=True)
    settings = Settings(home=home, clock_offset=offset)
    migrate(settings.database)
    load_region(settings)
    core = core_of(settings)
    begun(core, programmes)
    core.database.close()
    return [f"s-{number}-2026" for number in range(programmes)]


def at_work(here: Machine, programmes: int) -> bool:
    """Whether every workflow runs and nothing is queued any more."""

    async def running() -> int:
        return await Workflows(await connect(here.card["temporal"], "default", lazy=False)).count_running("programme")

    with here.client() as client:
        counts = client.get("/operations/incidents", params={"limit": 1}).json().get("counts", [])
    return asyncio.run(running()) == programmes and not [one for one in counts if one["harm"] > 1]


def percentile(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(share * len(times)))]


def measured(home: Path, programmes: int) -> Iterator[tuple[str, float]]:
    """What was asked, and its seconds at the 50th and the 95th percentile."""
    offset = (AUTUMN - datetime.now(UTC)).total_seconds()
    ids, dice = peopled(home, programmes, offset), random.Random(5)
    with machine(home, offset) as here:
        deadline = time.monotonic() + PATIENCE
        while not at_work(here, programmes):
            assert time.monotonic() < deadline, "the workflows do not all run"
            time.sleep(2)
        with here.client() as client:
            rounds = []
            for number in range(1, ROUNDS + 1):
                found = [ask(client, f"/programmes/{dice.choice(ids)}/explanation") for _ in range(ASKED)]
                rounds.append(percentile(found, 0.95))
                yield f"explanation, round {number}, p50", percentile(found, 0.5)
                yield f"explanation, round {number}, p95", rounds[-1]
            yield MEDIAN, median(rounds)
            yield "incidents p95", percentile([ask(client, "/operations/incidents") for _ in range(LISTED)], 0.95)


def ask(client: httpx.Client, path: str) -> float:
    """Seconds of one question."""
    start = perf_counter()
    answer = client.get(path)
    took = perf_counter() - start
    assert answer.status_code == 200, answer.text
    assert "worker" not in {answer.json().get("layer")}, answer.text
    return took


def main() -> int:
    programmes = int(sys.argv[1]) if len(sys.argv) > 1 else PROGRAMMES
    failed = False
    with tempfile.TemporaryDirectory(prefix="mentoring-explanation-") as home:
        for what, took in measured(Path(home) / "home", programmes):
            failed |= what == MEDIAN and took > BAR
            print(f"{programmes} open programmes, {what}: {1000 * took:.0f} ms", flush=True)
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main())
