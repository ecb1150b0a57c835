"""One run: an installation, its people, and troubles in a random order until the time is over."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import httpx

from activities.wiring import Core
from tests.chaos.clients import PEOPLE, Office
from tests.chaos.evidence import TABLES, Evidence, gather
from tests.chaos.installation import Installation, Kind
from tests.chaos.recovery import Probe, Recoveries
from tests.chaos.troubles import Trouble, troubles
from tests.servers import Deadline
from tests.story.machine import schools

REST = (1.0, 4.0)
"""Seconds between a recovery and the next trouble."""

SETTLING = 180.0
"""Seconds that everything queued gets at the end."""


@dataclass(frozen=True)
class Options:
    """What is asked of a run; `pause`: seconds that a client rests on average after a command."""

    kind: Kind
    seconds: float
    clients: int
    pause: float
    seed: int


@dataclass(frozen=True)
class Outcome:
    """What a run has shown. `refused`: attempts without an answer or with another one than 200, by reason."""

    options: Options
    seconds: float
    recoveries: Recoveries
    evidence: Evidence
    refused: Counter[str]
    verified: str
    with_disk: bool


def run(options: Options) -> Outcome:
    """Shake an installation and look what is left. Raises AssertionError when `mentoring verify` finds anything."""
    begun, recoveries = time.monotonic(), Recoveries()
    with Installation(options.kind) as here, _core(here) as core:
        offices = asyncio.run(_shaken(here, core, options, recoveries))
        with core.database.reading() as connection:
            evidence = gather(connection, offices, here.mail.letters)
        refused: Counter[str] = sum((office.troubles for office in offices), Counter())
        seconds = time.monotonic() - begun
        if evidence.wrong:
            here.keep_logs()
        return Outcome(
            options, seconds, recoveries, evidence, refused, here.machine.verify().strip(), here.disk is not None
        )


@contextmanager
def _core(here: Installation) -> Iterator[Core]:
    core = here.core()
    try:
        yield core
    finally:
        core.database.close()


async def _shaken(here: Installation, core: Core, options: Options, recoveries: Recoveries) -> list[Office]:
    dice = random.Random(options.seed)
    headers = {"Authorization": f"Bearer {here.machine.card['token']}"}
    limits = httpx.Limits(max_connections=options.clients + 10)
    base = f"http://127.0.0.1:{here.machine.port}/api/v1"
    async with httpx.AsyncClient(base_url=base, headers=headers, limits=limits) as http:
        names = await asyncio.to_thread(_opened, here, options.clients + 1)
        offices = [Office(http, name, options.pause, random.Random(dice.random())) for name in names]
        over, probe = asyncio.Event(), Probe(here, core, offices[0])
        async with asyncio.TaskGroup() as group:
            for office in offices[1:]:
                group.create_task(office.work(over))
            await _befall(troubles(here, dice), probe, options.seconds, dice, recoveries)
            over.set()
    await asyncio.to_thread(_settle, here, core)
    return offices


def _opened(here: Installation, count: int) -> list[str]:
    """Schools whose year runs, and the people who take turns."""
    with here.machine.client() as client:
        for person in PEOPLE:
            client.put(f"/people/{person}", json={"name": person, "email": f"{person}@e.example"}).raise_for_status()
        names = schools(client, count)
        with ThreadPoolExecutor(4) as pool:
            for begun in pool.map(
                lambda name: client.post("/programmes", json={"organisation": name, "year": 2026}), names
            ):
                begun.raise_for_status()
    return names


async def _befall(
    every: list[Trouble], probe: Probe, seconds: float, dice: random.Random, recoveries: Recoveries
) -> None:
    """Each trouble once before any comes again, until the time is over."""
    until, coming = time.monotonic() + seconds, list[Trouble]()
    while time.monotonic() < until:
        coming = coming or dice.sample(every, len(every))
        trouble = coming.pop()
        await asyncio.sleep(dice.uniform(*REST))
        await asyncio.to_thread(trouble.do)
        await asyncio.sleep(dice.uniform(*trouble.seconds))
        await asyncio.to_thread(trouble.undo)
        times = await probe.times()
        recoveries.note(trouble.name, times)
        print(f"{trouble.name}: {' · '.join(f'{name} {took:.1f} s' for name, took in times.items())}", flush=True)


def _settle(here: Installation, core: Core) -> None:
    """Letters that waited for the mail server have an hour at most; the clock brings it near."""
    here.jump(timedelta(hours=2))

    def empty() -> bool:
        with core.database.reading() as connection:
            return connection.execute(TABLES["queue"].select().limit(1)).first() is None

    Deadline(SETTLING, every=0.5).until(empty, "everything queued has been carried out")
