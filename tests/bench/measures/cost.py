"""Worker memory and CPU per command as the number of open programmes grows."""

import time

from tests.bench.bench import Bench, complain
from tests.bench.figures import Chapter
from tests.bench.jobs import Call, Job, Lane
from tests.bench.pool import Pool
from tests.bench.processes import family, resident_mib
from tests.bench.settle import settle

CLIENTS = 16
PAUSE = 0.3  # seconds that a client rests between two commands
IDLE = 16.0  # seconds: one turn of the housekeeping
LAST_EARLY = 4  # steps up to here fall due next and would re-arm a timer
FEW, SOME, MANY = 100, 1000, 5000


def cost(bench: Bench) -> list[Chapter]:
    memory = Chapter("memory", "Memory of the worker")
    price = Chapter("cost", f"CPU per command, all processes of a side, {CLIENTS} clients")
    with bench.pair() as pools:
        for nominal in (FEW, SOME, MANY):
            population = nominal if nominal == FEW else bench.options.scaled(nominal)
            for pool in pools:
                weigh(pool, population, memory)
                if nominal != SOME:
                    charge(bench, pool, population, price)
    growth(price, FEW, bench.options.scaled(MANY))
    return [memory, price]


def weigh(pool: Pool, population: int, memory: Chapter) -> None:
    pool.grow(population)
    name = pool.side.name
    worker = resident_mib(family([pool.side.pids()["worker"]]))
    memory.figure(f"worker with {population:,} open programmes", "MiB").set(name, worker)
    everything = resident_mib(pool.side.processes())
    memory.figure(f"all processes with {population:,}", "MiB").set(name, everything)


def charge(bench: Bench, pool: Pool, population: int, price: Chapter) -> None:
    spent, idle = per_command(bench, pool, late_steps(pool, population == FEW))
    price.figure(f"with {population:,} open programmes", "ms").set(pool.side.name, spent)
    price.figure(f"idle with {population:,}", "% of a core").set(pool.side.name, 100 * idle)


def per_command(bench: Bench, pool: Pool, calls: list[Call]) -> tuple[float, float]:
    """Milliseconds of CPU of all processes for one command, and the share of a core that they use when idle.

    Paced, so that one turn of the housekeeping falls into both windows; its cost is taken off again.
    """
    side = pool.side
    settle(side)
    begin, before = time.monotonic(), side.cpu()
    time.sleep(IDLE)
    idle = (side.cpu() - before) / (time.monotonic() - begin)
    begin, before = time.monotonic(), side.cpu()
    lane = Lane("commands", CLIENTS, calls, pause=PAUSE)
    result = bench.generator.run(Job(side.port, side.token, [lane])).lanes["commands"]
    settle(side)
    spent = side.cpu() - before - idle * (time.monotonic() - begin)
    complain(side, result)
    return 1000 * spent / max(1, result.answered), idle


def late_steps(pool: Pool, few: bool) -> list[Call]:
    """The same work at any population: the same number of each late step, none of which re-arms a timer.

    With few programmes each takes every step; with many each takes one. The first was spent on finding usable steps.
    """
    steps = [step for step in pool.steps if step > LAST_EARLY]
    if few:
        return [pool.side.complete(programme, step) for step in steps for programme in pool.programmes[1:FEW]]
    fresh = pool.programmes[FEW:]
    count = min(len(fresh), (FEW - 1) * len(steps))
    chosen = fresh[:: len(fresh) // count][:count]
    return [pool.side.complete(programme, steps[place % len(steps)]) for place, programme in enumerate(chosen)]


def growth(price: Chapter, few: int, many: int) -> None:
    """The bar is about the engine alone: its own cost with many against its own with few."""
    first = price.figure(f"with {few:,} open programmes", "ms")
    last = price.figure(f"with {many:,} open programmes", "ms")
    own = price.figure("growth from few to many", "×")
    for side in ("baseline", "engine"):
        low, high = getattr(first, side), getattr(last, side)
        own.set(side, high / low if low and high else None)
    own.own_bar = 1.2
