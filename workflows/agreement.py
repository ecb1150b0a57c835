"""Whether the workflows that run are the ones the journal expects."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

from activities.lagging import Expected
from activities.recorder import Clock
from workflows.client import Workflows

PATIENCE = 15.0
"""Seconds that workflows get to catch up before a lag counts as a difference."""


async def workflow_differences(workflows: Workflows, expected: Expected, clock: Clock) -> list[str]:
    """What differs after waiting for what lags, one Russian sentence each. Raises RPCError while Temporal is down."""
    deadline = time.monotonic() + PATIENCE
    while True:
        running = {stream for kind in expected.kinds async for stream in workflows.running(kind)}
        found = list(_compared(running, expected, clock))
        if not found or time.monotonic() > deadline:
            return found
        await asyncio.sleep(1)


def _compared(running: set[str], expected: Expected, clock: Clock) -> Iterator[str]:
    wanted = set().union(*(expected.open_streams(kind) for kind in expected.kinds))
    for stream in sorted(wanted - running):
        yield f"{stream}: процесс не запущен. Выполните mentoring reconcile или запустите обработчик."
    for stream in sorted(running - wanted):
        yield f"{stream}: процесс идёт, а ждать ему больше нечего. Выполните mentoring reconcile."
    for stream in sorted(expected.late(clock())):
        yield f"{stream}: процесс отстаёт от журнала. Выполните mentoring reconcile и проверьте обработчик."
