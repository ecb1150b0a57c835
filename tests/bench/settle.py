"""Waiting until a side has nothing left to do."""

import time

from tests.bench.sides import Side

WINDOW = 0.5  # seconds
QUIET = 0.25  # of one core; an idle side with thousands of open programmes stays below
PATIENCE = 600.0


def settle(side: Side, workflows: int | None = None) -> float:
    """Seconds until all workflows run and the processes have fallen quiet: how long the side needed to catch up."""
    begin = time.monotonic()
    if workflows is not None:
        side.wait_for_workflows(workflows)
    while True:
        window, before = time.monotonic(), side.cpu()
        time.sleep(WINDOW)
        if (side.cpu() - before) / (time.monotonic() - window) < QUIET:
            return window - begin
        if window - begin > PATIENCE:
            print(f"  {side.name} did not fall quiet within {PATIENCE:.0f} s", flush=True)
            return window - begin
