"""How long each side is silent after kill -9 of one of its parts."""

import time
from dataclasses import dataclass

from tests.bench.bench import Bench
from tests.bench.figures import Chapter
from tests.bench.jobs import Job, Lane, LaneResult
from tests.bench.pool import Pool
from tests.bench.settle import settle
from tests.bench.sides import Part

PROGRAMMES = 200
BEFORE = 3.0  # seconds of load before the kill
WATCH = 45.0  # seconds of load in all
PARTS: tuple[Part, ...] = ("worker", "temporal", "api")
SILENT = float("inf")


@dataclass
class Silence:
    first: float  # seconds from the kill to the first answer to a call that was sent after it
    longest: float  # the longest wait for one call that was open at the kill or sent after it


def recovery(bench: Bench) -> list[Chapter]:
    chapter = Chapter("recovery", "Recovery after kill -9")
    chapter.figure("API killed (baseline: worker killed), commands answered after", "s", 0.3, "<=")
    with bench.pair() as pools:
        for part in PARTS:
            for pool in pools:
                enter(chapter, pool.side.name, part, killed(bench, pool, part))
    return [chapter]


def killed(bench: Bench, pool: Pool, part: Part) -> dict[str, Silence]:
    """Paced commands, reads and questions to the workflows; the part dies under them."""
    pool.grow(min(PROGRAMMES, bench.options.scaled(PROGRAMMES * 10)))
    side = pool.side
    seconds = WATCH / 2 if bench.options.quick else WATCH
    commands = pool.take(round(seconds * 60))
    lanes = [
        Lane("commands", 4, commands, pause=0.1),
        Lane("reads", 2, [side.read(programme) for programme in pool.programmes], cycle=True, pause=0.05),
        Lane("workflows", 2, [side.liveness(programme) for programme in pool.programmes], cycle=True, pause=0.05),
    ]
    settle(side)
    bench.generator.begin(Job(side.port, side.token, lanes, seconds, persist=True))
    time.sleep(BEFORE)
    at = time.monotonic()
    side.kill(part)
    result = bench.generator.result()
    pool.give_back(commands[result.lanes["commands"].taken :])
    settle(side)
    return {name: silence(lane, at) for name, lane in result.lanes.items()}


def silence(lane: LaneResult, killed_at: float) -> Silence:
    first = min((end for begin, end in lane.spans if begin >= killed_at), default=SILENT)
    longest = max((end - begin for begin, end in lane.spans if end >= killed_at), default=SILENT)
    return Silence(first - killed_at, longest)


def enter(chapter: Chapter, side: str, part: Part, found: dict[str, Silence]) -> None:
    commands, reads, workflows = found["commands"], found["reads"], found["workflows"]
    if (side, part) in (("baseline", "worker"), ("engine", "api")):
        chapter.figures[0].set(side, commands.first)
    chapter.figure(f"{part} killed: first command answered", "s").set(side, commands.first)
    for what, longest in (("command", commands.longest), ("read", reads.longest)):
        figure = chapter.figure(f"{part} killed: longest wait for a {what}", "s")
        figure.set(side, longest)
        figure.own_bar = None if part == "api" else 1.0  # commands and reads flow on
    chapter.figure(f"{part} killed: first workflow answers", "s").set(side, workflows.first)
    chapter.figure(f"{part} killed: longest wait for a workflow", "s").set(side, workflows.longest)
