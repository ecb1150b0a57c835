"""How long it takes after a trouble until everything is as before, asked from outside as people would."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import httpx
from sqlalchemy.exc import SQLAlchemyError

from activities.lagging import Expected
from activities.wiring import Core
from tests.chaos.clients import Office
from tests.chaos.installation import Installation

MILESTONES = ("API answers", "command recorded", "workflow knows", "letter out", "nothing late")
PATIENCE = 180.0


@dataclass
class Recoveries:
    """Seconds from the end of each trouble to each milestone, by trouble."""

    seconds: dict[str, list[dict[str, float]]] = field(default_factory=dict)

    def note(self, trouble: str, times: dict[str, float]) -> None:
        self.seconds.setdefault(trouble, []).append(times)


class Probe:
    """Somebody with a school of their own who asks after each trouble what works again."""

    def __init__(self, here: Installation, core: Core, office: Office) -> None:
        self._here, self._core, self._office = here, core, office
        self._expected = Expected(core.database, core.kinds)

    async def times(self) -> dict[str, float]:
        """Seconds to each milestone. Raises TimeoutError with the name of the one that is not reached."""
        begun, found = time.monotonic(), {}
        steps: tuple[Callable[[], Awaitable[bool]], ...] = (
            self._answers, self._records, self._knows, self._delivers, self._caught_up
        )  # fmt: skip
        for milestone, step in zip(MILESTONES, steps, strict=True):
            try:
                async with asyncio.timeout(PATIENCE):
                    while not await step():  # noqa: ASYNC110, nobody tells
                        await asyncio.sleep(0.05)
            except TimeoutError:
                raise TimeoutError(f"{milestone}: waited {PATIENCE:.0f} s in vain") from None
            found[milestone] = time.monotonic() - begun
        return found

    async def _answers(self) -> bool:
        return await self._get("") is not None

    async def _records(self) -> bool:
        self._letters = len(self._here.mail.letters)
        self._last = await self._office.hand_over()
        return True

    async def _knows(self) -> bool:
        told = await self._get("/workflow")
        return bool(told and told["standing"] and (told["standing"]["version"] or 0) >= self._last.version)

    async def _delivers(self) -> bool:
        address = f"{self._last.person}@e.example"
        name = self._office.school
        letters = self._here.mail.letters[self._letters :]
        return any(address in one.recipients and name in one.text for one in letters)

    async def _caught_up(self) -> bool:
        def late() -> bool:
            return bool(self._expected.late(self._core.clock()))

        try:
            return not await asyncio.to_thread(late)
        except SQLAlchemyError:
            return False

    async def _get(self, what: str) -> dict[str, dict[str, int]] | None:
        try:
            answer = await self._office.http.get(f"/programmes/{self._office.programme}{what}", timeout=5)
        except httpx.HTTPError:
            return None
        found: dict[str, dict[str, int]] | None = answer.json() if answer.status_code == 200 else None
        return found
