"""People who work through all of it: each hands a step of one school to and fro, and repeats what had no answer."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field

import httpx

PEOPLE = ("p-one", "p-two")
STEP = 34
TIMEOUT = 10.0
AGAIN = 0.2
"""Seconds before a command without an answer is sent again, with the same key."""


@dataclass
class Acknowledged:
    """A command that got its answer: the version that the answer named."""

    key: str
    person: str
    version: int


@dataclass
class Office:
    """One client, one school. `troubles`: how often there was no answer, or which status instead of 200."""

    http: httpx.AsyncClient
    school: str
    pause: float
    dice: random.Random
    acknowledged: list[Acknowledged] = field(default_factory=list)
    troubles: Counter[str] = field(default_factory=Counter)

    @property
    def programme(self) -> str:
        return f"{self.school}-2026"

    async def work(self, over: asyncio.Event) -> None:
        """Until it is over; what was begun is brought to its end."""
        await asyncio.sleep(self.dice.uniform(0, self.pause))
        while not over.is_set():
            await self.hand_over()
            await asyncio.sleep(self.dice.uniform(0.5, 1.5) * self.pause)

    async def hand_over(self) -> Acknowledged:
        """One command, sent until it is acknowledged. Raises RuntimeError for an answer that is no "later"."""
        number = len(self.acknowledged)
        key, person = f"chaos/{self.school}/{number}", PEOPLE[number % 2]
        while (version := await self._attempt(key, person)) is None:  # noqa: ASYNC110, nobody tells when it is back
            await asyncio.sleep(AGAIN)
        self.acknowledged.append(Acknowledged(key, person, version))
        return self.acknowledged[-1]

    async def _attempt(self, key: str, person: str) -> int | None:
        path = f"/programmes/{self.programme}/steps/{STEP}/responsible"
        headers = {"Idempotency-Key": key}
        try:
            answer = await self.http.post(path, json={"person": person}, headers=headers, timeout=TIMEOUT)
        except httpx.HTTPError as error:
            self.troubles[type(error).__name__] += 1
            return None
        if answer.status_code == 200:
            return int(answer.headers["ETag"].strip('"'))
        self.troubles[str(answer.status_code)] += 1
        if answer.status_code < 500:
            raise RuntimeError(f"{key}: {answer.status_code} {answer.text}")
        return None
