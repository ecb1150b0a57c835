"""Starts, step commands and reads per second, in turn slices of one run."""

from dataclasses import dataclass, field

from tests.bench.bench import Bench
from tests.bench.figures import Chapter
from tests.bench.jobs import percentile
from tests.bench.pool import Pool
from tests.bench.settle import settle

LEVELS = (1, 16, 64)
STARTERS = 16
READERS = 8


@dataclass
class Tally:
    """Slices of one side at one level, added up."""

    answered: int = 0
    seconds: float = 0.0
    milliseconds: list[float] = field(default_factory=list)
    catch_up: float = 0.0
    reads: int = 0
    cpu: float = 0.0
    generator_cpu: float = 0.0
    errors: int = 0

    @property
    def rate(self) -> float:
        return self.answered / self.seconds if self.seconds else 0.0


def rates(bench: Bench) -> list[Chapter]:
    with bench.pair() as pools:
        chapters = [starts(bench, pools)]
        chapters += [commands(bench, pools, clients) for clients in LEVELS]
        chapters.append(reads(bench, pools))
    return chapters


def starts(bench: Bench, pools: list[Pool]) -> Chapter:
    chapter = Chapter("starts", f"Starting programmes, {STARTERS} clients")
    tallies = {pool.side.name: Tally() for pool in pools}
    for _ in range(bench.options.slices):
        for pool in pools:
            tally = tallies[pool.side.name]
            result, caught_up = bench.starts(pool, STARTERS, bench.slice_seconds())
            lane = result.lanes["starts"]
            tally.answered += lane.answered
            tally.seconds += result.seconds
            tally.milliseconds += lane.milliseconds
            tally.catch_up += caught_up
            tally.generator_cpu += result.cpu
    for name, tally in tallies.items():
        chapter.figure("starts acknowledged", "1/s", 1.5, ">=").set(name, tally.rate)
        chapter.figure("p50", "ms").set(name, percentile(tally.milliseconds, 0.5))
        chapter.figure("p99", "ms").set(name, percentile(tally.milliseconds, 0.99))
        chapter.figure("until workflows caught up, per 1,000 starts", "s").set(
            name, 1000 * tally.catch_up / max(1, tally.answered)
        )
        chapter.details[name] = {
            "starts": tally.answered,
            "catch_up": tally.catch_up,
            "client_cpu": tally.generator_cpu,
        }
    return chapter


def commands(bench: Bench, pools: list[Pool], clients: int) -> Chapter:
    plural = "client" if clients == 1 else "clients"
    chapter = Chapter(f"commands-{clients}", f"Step commands, {clients} {plural}")
    for name, tally in measured(bench, pools, clients, readers=0).items():
        bar = (1.5, ">=") if clients == 16 else (None, "")
        chapter.figure("commands acknowledged", "1/s", *bar).set(name, tally.rate)
        bar = (0.5, "<=") if clients == 1 else (None, "")
        chapter.figure("p50", "ms", *bar).set(name, percentile(tally.milliseconds, 0.5))
        chapter.figure("p95", "ms").set(name, percentile(tally.milliseconds, 0.95))
        chapter.figure("p99", "ms").set(name, percentile(tally.milliseconds, 0.99))
        chapter.figure("until workflows caught up, per slice", "s").set(name, tally.catch_up / bench.options.slices)
        chapter.figure("CPU per command, all processes", "ms").set(name, 1000 * tally.cpu / max(1, tally.answered))
        chapter.details[name] = summary(tally)
    return chapter


def reads(bench: Bench, pools: list[Pool]) -> Chapter:
    chapter = Chapter("reads", f"State reads ({READERS} clients) beside step commands (16 clients)")
    for name, tally in measured(bench, pools, 16, READERS).items():
        chapter.figure("state reads", "1/s", 10, ">=").set(name, tally.reads / tally.seconds)
        chapter.figure("commands acknowledged beside them", "1/s").set(name, tally.rate)
        chapter.figure("command p50", "ms").set(name, percentile(tally.milliseconds, 0.5))
        chapter.details[name] = summary(tally)
    return chapter


def measured(bench: Bench, pools: list[Pool], clients: int, readers: int) -> dict[str, Tally]:
    tallies = {pool.side.name: Tally() for pool in pools}
    for pool in pools:
        bench.commands(pool, clients, min(2.0, bench.slice_seconds()), readers)  # warm, and a guess at the rate
    for _ in range(bench.options.slices):
        for pool in pools:
            pool.take_ready(round(bench.rates[pool.side.name, clients] * bench.slice_seconds() * 1.5))
            settle(pool.side)
            slice_of(bench, pool, clients, readers, tallies[pool.side.name])
    return tallies


def slice_of(bench: Bench, pool: Pool, clients: int, readers: int, tally: Tally) -> None:
    cpu = pool.side.cpu()
    result = bench.commands(pool, clients, bench.slice_seconds(), readers)
    tally.catch_up += settle(pool.side)
    tally.cpu += pool.side.cpu() - cpu
    lane = result.lanes["commands"]
    tally.answered += lane.answered
    tally.errors += sum(lane.errors.values())
    tally.seconds += result.seconds
    tally.milliseconds += lane.milliseconds
    tally.generator_cpu += result.cpu
    if readers:
        tally.reads += result.lanes["reads"].answered


def summary(tally: Tally) -> dict[str, float]:
    return {
        "answered": tally.answered,
        "seconds": tally.seconds,
        "errors": tally.errors,
        "reads": tally.reads,
        "catch_up": tally.catch_up,
        "cpu": tally.cpu,
        "client_cpu": tally.generator_cpu,
    }
