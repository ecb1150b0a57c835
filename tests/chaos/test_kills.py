"""`kill -9` at random moments while people work: what was acknowledged is in the journal, exactly once."""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests.servers import Deadline
from tests.story.machine import PARTS, Machine, machine, schools

pytestmark = [pytest.mark.slow, pytest.mark.temporal]

COMMANDS, SCHOOLS, CLIENTS, KILLS = 1_000, 20, 8, 20
PEOPLE = ("p-one", "p-two")
PATIENCE = 120.0
JOURNAL = "SELECT stream, count(*) FROM event WHERE type = 'StepAssigned' GROUP BY stream"
ANSWERS = "SELECT key, count(*) FROM command WHERE key LIKE 'chaos/%' GROUP BY key"


class Tally:
    """How many commands have been acknowledged, among threads."""

    def __init__(self) -> None:
        self.number = 0
        self._lock = threading.Lock()

    def add(self) -> None:
        with self._lock:
            self.number += 1


class Office:
    """Somebody who hands step 34 of one school to and fro, and repeats what was not acknowledged."""

    def __init__(self, here: Machine, school: str, commands: int) -> None:
        self.school, self._here, self._commands = school, here, commands
        self.acknowledged: list[str] = []

    def work(self, acts: Tally) -> None:
        with self._here.client() as client:
            for number in range(self._commands):
                key = f"chaos/{self.school}/{number}"
                self._hand_over(client, key, PEOPLE[number % 2])
                self.acknowledged.append(key)
                acts.add()

    def _hand_over(self, client: httpx.Client, key: str, person: str) -> None:
        path = f"/programmes/{self.school}-2026/steps/34/responsible"
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                answer = client.post(path, json={"person": person}, headers={"Idempotency-Key": key}, timeout=10)
            except httpx.HTTPError:
                time.sleep(0.05)
                continue
            if answer.status_code == 200:
                return
            assert answer.status_code >= 500, answer.text
            time.sleep(0.05)
        raise TimeoutError(f"{key} was never acknowledged")


def test_what_was_acknowledged_is_there_once(tmp_path: Path):
    """1,000 commands by 8 clients, 20 deaths of worker, API and Temporal; then `mentoring verify` agrees."""
    dice = random.Random(20)
    with machine(tmp_path / "home") as here:
        offices = opened(here)
        done, acts = threading.Event(), Tally()
        with ThreadPoolExecutor(CLIENTS + 1) as pool:
            killing = pool.submit(kill, here, dice, done, acts)
            working = [pool.submit(office.work, acts) for office in offices]
            try:
                for one in working:
                    one.result()
            finally:
                done.set()
            deaths = killing.result()
        assert sum(deaths.values()) == KILLS, deaths
        Deadline(120, every=0.2).until(here.ready, "everything serves")
        found = rows(here, JOURNAL)
        assert found == {f"programme/{office.school}-2026": len(office.acknowledged) for office in offices}
        assert sum(found.values()) == COMMANDS
        assert rows(here, ANSWERS) == {key: 1 for office in offices for key in office.acknowledged}
        Deadline(180, every=0.5).until(lambda: not rows(here, "SELECT stream, 1 FROM queue"), "all notices are out")
        assert "Расхождений нет" in here.verify()


def opened(here: Machine) -> list[Office]:
    """Schools whose year runs, and somebody in each."""
    with here.client() as client:
        for person in PEOPLE:
            client.put(f"/people/{person}", json={"name": person, "email": f"{person}@e.example"}).raise_for_status()
        ids = schools(client, SCHOOLS)
        for one in ids:
            client.post("/programmes", json={"organisation": one, "year": 2026}).raise_for_status()
    return [Office(here, one, COMMANDS // SCHOOLS) for one in ids]


def kill(here: Machine, dice: random.Random, done: threading.Event, acts: Tally) -> Counter[str]:
    """Death comes after random numbers of commands, to each part at least once; it waits for nobody's recovery."""
    parts = [*PARTS, *(dice.choice(PARTS) for _ in range(KILLS - len(PARTS)))]
    dice.shuffle(parts)
    moments = sorted(dice.uniform(0, COMMANDS * 0.9) for _ in parts)
    deaths: Counter[str] = Counter()
    for part, moment in zip(parts, moments, strict=True):
        while acts.number < moment and not done.is_set():
            time.sleep(0.005)
        while True:
            try:
                here.kill(part)
                break
            except (OSError, TypeError, ValueError):  # it is dead already: wait until there is something to kill
                time.sleep(0.05)
        deaths[part] += 1
    return deaths


def rows(here: Machine, query: str) -> dict[str, int]:
    with closing(sqlite3.connect(here.home / "mentoring.db", timeout=30)) as database:
        return dict(database.execute(query).fetchall())
