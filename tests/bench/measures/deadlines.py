"""1,000 deadlines that pass at the same instant, until all are durably written down."""

import time

from tests.bench.bench import Bench
from tests.bench.clock import DEADLINE, seconds_until, shift_before
from tests.bench.figures import Chapter
from tests.bench.pool import Pool
from tests.bench.settle import settle
from tests.bench.sides import Side

COUNT = 1000
LEAD = 120.0  # seconds from the side's start to the instant, for starting the programmes
ROUNDS = 2
PATIENCE = 300.0


def deadlines(bench: Bench) -> list[Chapter]:
    count = bench.options.scaled(COUNT)
    chapter = Chapter("deadlines", f"{count:,} deadlines at the same instant")
    seconds: dict[str, list[float]] = {name: [] for name in bench.options.sides}
    for _ in range(ROUNDS if bench.options.seconds >= 60 else 1):
        for name in bench.options.sides:
            seconds[name].append(one_round(bench, name, count))
    for name, measured in seconds.items():
        chapter.figure("until all are written down", "s", 1.2, "<=").set(name, sum(measured) / len(measured))
        chapter.details[name] = measured
    return [chapter]


def one_round(bench: Bench, name: str, count: int) -> float:
    """One side alone: both would stand at the same instant. Seconds from the instant to the last row."""
    lead = LEAD / 2 if bench.options.quick else LEAD
    shift = shift_before(DEADLINE, lead)
    with bench.side(name, shift) as side:
        Pool(side, bench.generator).grow(count)
        settle(side)
        left = seconds_until(DEADLINE, shift)
        if left < 1:
            raise RuntimeError(f"{name}: {count} programmes were not ready {lead:.0f} s after the start")
        time.sleep(left)
        return until_written(side, count)


def until_written(side: Side, count: int) -> float:
    begin = time.monotonic()
    while (written := side.missed()) < count:
        if time.monotonic() - begin > PATIENCE:
            raise RuntimeError(f"{side.name}: {written} of {count} deadlines after {PATIENCE:.0f} s")
        time.sleep(0.1)
    return time.monotonic() - begin
