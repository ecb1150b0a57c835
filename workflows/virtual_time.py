"""Time that skips from one timer to the next: the server that has it, and the journal's clock that follows it."""

from __future__ import annotations

import asyncio
from contextvars import ContextVar
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from temporalio import workflow
from temporalio.api.common.v1 import Payload
from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import TimeSkippingConfig, WorkflowEnvironment
from temporalio.worker import (
    ActivityInboundInterceptor,
    ExecuteActivityInput,
    Interceptor,
    StartActivityInput,
    StartLocalActivityInput,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
)

from workflows.client import ensure_search_attributes

HEADER = "now"
DYNAMIC = (
    "frontend.WorkflowTimeSkippingEnabled=true",
    "frontend.WorkflowTimeSkippingMaxSkipPerSession=10000",
    'history.timerProcessorMaxTimeShift="10ms"',
)
"""Settings of the CLI 1.9; later ones call the first `system.WorkflowTimeSkippingEnabled`."""

_workflow_now: ContextVar[datetime | None] = ContextVar("workflow_now", default=None)


class VirtualClock:
    """A clock of the journal. Inside of an activity it tells its workflow's time, moved so that the year begins at
    `since`; outside it stands at the moment that was last set."""

    def __init__(self, since: datetime) -> None:
        self.since = self.now = since
        self._shift: timedelta | None = None

    def __call__(self) -> datetime:
        now = _workflow_now.get()
        return self.now if now is None else self.told(now)

    def told(self, server: datetime) -> datetime:
        """What the journal's clock shows when a workflow's shows `server`; the first to ask begins the year."""
        if self._shift is None:
            self._shift = self.since - server
        return server + self._shift


class TellTime(Interceptor):
    """Every activity is told the time of its workflow: a local one learns nothing of it from the server."""

    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,  # noqa: A002, ARG002
    ) -> type[WorkflowInboundInterceptor] | None:
        """See temporalio."""
        return _Inbound

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002
        """See temporalio."""
        return _Told(next)


class _Told(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002
        token = _workflow_now.set(datetime.fromisoformat(input.headers[HEADER].data.decode()))
        try:
            return await super().execute_activity(input)
        finally:
            _workflow_now.reset(token)


class _Inbound(WorkflowInboundInterceptor):
    def init(self, outbound: WorkflowOutboundInterceptor) -> None:
        super().init(_Outbound(outbound))


class _Outbound(WorkflowOutboundInterceptor):
    def start_activity(self, input: StartActivityInput) -> workflow.ActivityHandle[Any]:  # noqa: A002
        input.headers = {**input.headers, HEADER: _now()}
        return super().start_activity(input)

    def start_local_activity(self, input: StartLocalActivityInput) -> workflow.ActivityHandle[Any]:  # noqa: A002
        input.headers = {**input.headers, HEADER: _now()}
        return super().start_local_activity(input)


def _now() -> Payload:
    return Payload(data=workflow.now().isoformat().encode())


class Skipping(Protocol):
    """A Temporal whose workflows sleep no longer than they are told to."""

    @property
    def client(self) -> Client:
        """Starts workflows whose time can skip."""

    async def forward(self, handle: WorkflowHandle[Any, Any], by: timedelta) -> bool:
        """Let a workflow live through a span of time; False when it has ended."""

    async def now(self, handle: WorkflowHandle[Any, Any]) -> datetime:
        """The workflow's own time."""


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
