"""Worker memory and CPU per command as the number of open programmes grows."""

from tests.bench.bench import Bench
from tests.bench.figures import Chapter
from tests.bench.pool import Pool
from tests.bench.processes import family, resident_mib
from tests.bench.settle import settle

COMMANDS = 1000
CLIENTS = 16
FEW, SOME, MANY = 100, 1000, 5000


def cost(bench: Bench) -> list[Chapter]:
    memory = Chapter("memory", "Memory of the worker")
    price = Chapter("cost", f"CPU per command, all processes of a side, {CLIENTS} clients")
    with bench.pair() as pools:
        for nominal in (FEW, SOME, MANY):
            population = nominal if nominal == FEW else bench.options.scaled(nominal)
            for pool in pools:
                weigh(bench, pool, population, memory, price)
    growth(price, FEW, bench.options.scaled(MANY))
    return [memory, price]


def weigh(bench: Bench, pool: Pool, population: int, memory: Chapter, price: Chapter) -> None:
    pool.grow(population)
    name = pool.side.name
    worker = resident_mib(family([pool.side.pids()["worker"]]))
    memory.figure(f"worker with {population:,} open programmes", "MiB").set(name, worker)
    everything = resident_mib(pool.side.processes())
    memory.figure(f"all processes with {population:,}", "MiB").set(name, everything)
    if population != bench.options.scaled(SOME):
        spent = per_command(bench, pool)
        price.figure(f"with {population:,} open programmes", "ms").set(name, spent)


def per_command(bench: Bench, pool: Pool) -> float:
    """Milliseconds of CPU of all processes for one command, what the workflows do afterwards included."""
    calls = pool.take(min(COMMANDS, len(pool.commands)))
    settle(pool.side)
    before = pool.side.cpu()
    bench.generator.through(pool.side.port, pool.side.token, calls, CLIENTS)
    settle(pool.side)
    return 1000 * (pool.side.cpu() - before) / len(calls)


def growth(price: Chapter, few: int, many: int) -> None:
    """The bar is about the engine alone: its own cost with many against its own with few."""
    first = price.figure(f"with {few:,} open programmes", "ms")
    last = price.figure(f"with {many:,} open programmes", "ms")
    own = price.figure("growth from few to many", "×")
    for side in ("baseline", "engine"):
        low, high = getattr(first, side), getattr(last, side)
        own.set(side, high / low if low and high else None)
    own.own_bar = 1.2
