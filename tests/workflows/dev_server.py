"""The real server with time that skips: slower than the test server, and with everything else that it has."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import TimeSkippingConfig, WorkflowEnvironment

from workflows.client import ensure_search_attributes

DYNAMIC = (
    "frontend.WorkflowTimeSkippingEnabled=true",
    "frontend.WorkflowTimeSkippingMaxSkipPerSession=10000",
    'history.timerProcessorMaxTimeShift="10ms"',
)
"""Settings of the CLI 1.9; later ones call the first `system.WorkflowTimeSkippingEnabled`."""


class DevServer:
    """The real server, with a clock for each workflow; `close` ends it."""

    def __init__(self, env: WorkflowEnvironment) -> None:
        self._env = env

    @classmethod
    async def start(cls, binary: Path, *dynamic: str) -> DevServer:
        """A server of its own on a free port, in memory; `dynamic`: more of its settings, `name=value`."""
        flags = ["--output", "none"]  # its banner is no part of our answer
        flags += [part for setting in (*DYNAMIC, *dynamic) for part in ("--dynamic-config-value", setting)]
        env = await WorkflowEnvironment.start_time_skipping_v2(
            ts_config=TimeSkippingConfig(enabled=False),
            dev_server_existing_path=str(binary),
            dev_server_log_level="error",
            dev_server_extra_args=flags,
        )
        await ensure_search_attributes(env.client)
        return cls(env)

    @property
    def client(self) -> Client:
        """See Skipping."""
        return self._env.client

    async def forward(self, handle: WorkflowHandle[Any, Any], by: timedelta) -> bool:
        """See Skipping."""
        try:
            return await self._env.fast_forward(handle, by)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return False
            raise

    async def now(self, handle: WorkflowHandle[Any, Any]) -> datetime:
        """See Skipping."""
        return await self._env.get_current_time(handle)

    async def close(self) -> None:
        """End the server."""
        await asyncio.shield(self._env.shutdown())
