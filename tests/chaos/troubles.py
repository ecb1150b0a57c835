"""What befalls the installation: each trouble with what begins it, how long it lasts and what ends it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from tests.chaos.installation import Installation


def nothing() -> None:
    """It ends by itself."""


@dataclass(frozen=True)
class Trouble:
    """`seconds`: how long it lasts at least and at most; recovery counts from its end."""

    name: str
    do: Callable[[], None]
    undo: Callable[[], None] = nothing
    seconds: tuple[float, float] = (0, 0)


def troubles(here: Installation, dice: random.Random) -> list[Trouble]:
    """Everything that can befall this installation."""
    clock = [
        Trouble("the clock jumps one to three days ahead", lambda: here.jump(timedelta(hours=dice.uniform(24, 72)))),
        Trouble("the clock jumps back by up to an hour", lambda: here.jump(-timedelta(minutes=dice.uniform(1, 60)))),
    ]
    killed = [Trouble(f"kill -9: {title}", lambda part=part: kill(here, part)) for part, title in PARTS]  # type: ignore[misc]
    mail = Trouble("the mail server is away", here.mail.stop, here.mail.start, (3, 20))
    power = Trouble("kill -9: everything at once", lambda: cut(here), here.machine.launch, (1, 3))
    return [*killed, mail, power, *clock, *_of_database(here), *_of_disk(here)]


PARTS = (
    ("worker", "the worker"),
    ("temporal", "the Temporal server"),
    ("api", "one of two API processes"),
    ("api_second", "the other API process"),
)


def kill(here: Installation, part: str) -> None:
    """A part that is dead already is waited for: the trouble is that it dies."""
    until = time.monotonic() + 30
    while True:
        try:
            here.machine.kill(part)
            return
        except (OSError, TypeError, ValueError):
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def cut(here: Installation) -> None:
    """The power fails: the database falls with the rest and is back before the machine."""
    here.machine.cut()
    if here.postgres:
        here.postgres.kill()
        here.postgres.start()


def _of_database(here: Installation) -> list[Trouble]:
    if (server := here.postgres) is None:
        return []
    return [
        Trouble("PostgreSQL is stopped", server.stop, server.start, (1, 10)),
        Trouble("kill -9: PostgreSQL", server.kill, server.start, (0, 3)),
    ]


def _of_disk(here: Installation) -> list[Trouble]:
    if (disk := here.disk) is None:
        return []

    def free() -> None:
        disk.free()
        if here.postgres and not here.postgres.running:  # it gives up when it cannot write its log
            here.postgres.start()

    return [Trouble("the disk is full", disk.fill, free, (3, 10))]
