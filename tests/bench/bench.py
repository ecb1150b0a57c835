"""What every measurement is given: options, the load generator, and sides in homes of their own."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.baseline_side import BaselineSide
from tests.bench.clock import QUIET, shift_to
from tests.bench.engine_side import EngineSide
from tests.bench.generator import Generator
from tests.bench.jobs import Job, Lane, LaneResult, Result
from tests.bench.pool import Pool
from tests.bench.settle import settle
from tests.bench.sides import Side

KINDS: dict[str, type[Side]] = {"baseline": BaselineSide, "engine": EngineSide}


@dataclass
class Options:
    seconds: float = 60.0  # per side and level
    slices: int = 4
    quick: bool = False
    sides: tuple[str, ...] = ("baseline", "engine")

    def scaled(self, count: int) -> int:
        return max(20, count // 10) if self.quick else count


@dataclass
class Bench:
    options: Options
    generator: Generator
    home: Path
    homes: int = 0
    rates: dict[tuple[str, int], float] = field(default_factory=dict)

    @contextmanager
    def pair(self) -> Iterator[list[Pool]]:
        """Both sides at once, on the quiet day; measured in turn."""
        with ExitStack() as stack:
            pools = [Pool(stack.enter_context(self.side(name)), self.generator) for name in self.options.sides]
            for pool in pools:
                pool.usable()
            common = [step for step in pools[0].steps if all(step in pool.steps for pool in pools)]
            for pool in pools:
                pool.steps = tuple(common)
            yield pools

    @contextmanager
    def side(self, name: str, shift: float | None = None) -> Iterator[Side]:
        self.homes += 1
        home = self.home / f"{self.homes}-{name}"
        with KINDS[name](home, shift_to(QUIET) if shift is None else shift) as side:
            yield side
        shutil.rmtree(home, ignore_errors=True)

    def slice_seconds(self) -> float:
        return self.options.seconds / self.options.slices

    def commands(self, pool: Pool, clients: int, seconds: float, readers: int = 0) -> Result:
        """One slice of step commands, with readers beside them when asked; unused commands go back to the pool."""
        guess = self.rates.get((pool.side.name, clients), 150.0)
        calls = pool.take(max(clients, round(guess * seconds * 1.5)))
        lanes = [Lane("commands", clients, calls)]
        if readers:
            reads = [pool.side.read(programme) for programme in pool.programmes]
            lanes.append(Lane("reads", readers, reads, cycle=True))
        result = self.generator.run(Job(pool.side.port, pool.side.token, lanes, seconds))
        commands = result.lanes["commands"]
        pool.give_back(calls[commands.taken :])
        self.rates[pool.side.name, clients] = max(20.0, commands.answered / result.seconds)
        complain(pool.side, commands)
        return result

    def starts(self, pool: Pool, clients: int, seconds: float) -> tuple[Result, float]:
        """One slice of starts and the seconds until their workflows have caught up."""
        guess = self.rates.get((pool.side.name, 0), 100.0)
        calls = pool.reserve(max(clients, round(guess * seconds * 1.5)))
        settle(pool.side)
        result = self.generator.run(Job(pool.side.port, pool.side.token, [Lane("starts", clients, calls)], seconds))
        lane = result.lanes["starts"]
        pool.started(calls[: lane.taken])
        self.rates[pool.side.name, 0] = max(20.0, lane.answered / result.seconds)
        complain(pool.side, lane)
        return result, settle(pool.side, len(pool.programmes))


def complain(side: Side, lane: LaneResult) -> None:
    if lane.errors:
        print(f"  {side.name}, {lane.name}: {lane.errors}, first: {lane.first_error}", flush=True)
