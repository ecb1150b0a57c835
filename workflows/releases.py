"""Which build of the workers carries the running workflows, and how another one takes over."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Set

from temporalio.service import RPCError, RPCStatusCode

from workflows.client import Workflows, deployment, make_current

LOOK_EVERY = 0.5


class NobodyThere(Exception):
    """No worker of the build is at work: made current, it would let every programme stand still."""


async def release_build(workflows: Workflows, build: str, at_work: Callable[[], Set[str]], patience: float) -> None:
    """Make a build current as soon as the server knows it and a worker of it is alive. Raises NobodyThere.

    Patience in seconds; `at_work`: the builds of the workers whose hearts beat. Raises RPCError.
    """
    deadline = time.monotonic() + patience
    while not (build in await asyncio.to_thread(at_work) and await _taken(workflows, build)):
        if time.monotonic() > deadline:
            raise NobodyThere(build)
        await asyncio.sleep(LOOK_EVERY)


async def _taken(workflows: Workflows, build: str) -> bool:
    try:
        await make_current(workflows.client, build, insist=True)
    except RPCError as error:
        if error.status in (RPCStatusCode.NOT_FOUND, RPCStatusCode.FAILED_PRECONDITION):
            return False  # its workers have not polled yet
        raise
    return True


async def earlier_build(workflows: Workflows) -> str | None:
    """The build that was current before the present one; `None` when the server knows of none."""
    known = await deployment(workflows.client, insist=True)
    now = known and known.routing_config.current_deployment_version.build_id
    if known is None or not now:
        return None
    past = [
        (one.last_current_time.ToDatetime(), one.deployment_version.build_id)
        for one in known.version_summaries
        if one.HasField("last_current_time") and one.deployment_version.build_id != now
    ]
    return max(past)[1] if past else None
