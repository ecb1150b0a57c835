"""A file that the worker touches while its loop turns: `python -m activities.sign FILE` fails when it does not.

A database or a Temporal that is away is no reason to start a worker again, so the probe asks neither. Only the
standard library is imported: a probe that runs every few seconds must cost next to nothing.
"""

from __future__ import annotations

import asyncio
import sys
import time
from contextlib import suppress
from pathlib import Path

EVERY = 5.0
FRESH = 60.0
"""Seconds after which a file that was not touched tells that the worker hangs."""


async def show_life(file: Path) -> None:
    """Touch the file until cancelled; a full disk is not a dead worker."""
    while True:
        with suppress(OSError):
            await asyncio.to_thread(file.touch)
        await asyncio.sleep(EVERY)


def alive(file: Path) -> bool:
    """Whether somebody has touched it lately."""
    try:
        return time.time() - file.stat().st_mtime < FRESH
    except OSError:
        return False


if __name__ == "__main__":
    raise SystemExit(not alive(Path(sys.argv[1])))
