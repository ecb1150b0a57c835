"""What an operator does to the workflow of a stream: it holds no truth, so none of this can lose anything."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from datetime import timedelta
from typing import Any

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType
from temporalio.api.workflowservice.v1 import ResetActivityRequest, ResetWorkflowExecutionRequest
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.service import RPCError, RPCStatusCode

from activities.beat import Facts
from activities.streams import workflow_type
from workflows.attributes import attributes_of
from workflows.client import SOON, Workflows
from workflows.names import TASK_QUEUE

ANSWER = timedelta(seconds=20)
"""How long a thread waits for the event loop to have asked the server."""

WHY = "оператор вернул процесс назад"
_COMPLETED = EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED
_STARTED = EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED


class Mending:
    """Asks the server; every call ends within seconds. Raises RPCError or RuntimeError while Temporal is down."""

    def __init__(self, workflows: Workflows) -> None:
        self._client = workflows.client

    async def retry(self, stream: str, facts: Facts) -> None:
        """Try at once what rests in the workflow or waits in the server; one that does not run begins to."""
        await self._client.start_workflow(
            workflow_type(stream),
            stream,
            id=stream,
            task_queue=TASK_QUEUE,
            start_signal="retry",
            search_attributes=attributes_of(facts),
            static_summary=facts.summary,
            rpc_timeout=SOON,
        )
        described = await self._client.get_workflow_handle(stream).describe(rpc_timeout=SOON)
        for pending in described.raw_description.pending_activities:
            request = ResetActivityRequest(
                namespace=self._client.namespace,
                execution=WorkflowExecution(workflow_id=stream, run_id=described.run_id or ""),
                identity=self._client.identity,
                id=pending.activity_id,
            )
            with suppress(RPCError):  # it may have ended since, or the server may be too old to know the request
                await self._client.workflow_service.reset_activity(request, timeout=SOON)

    async def restart(self, stream: str, facts: Facts) -> None:
        """End the run, if there is one, and begin another in its place: one request, so that there is always one."""
        await self._client.start_workflow(
            workflow_type(stream),
            stream,
            id=stream,
            task_queue=TASK_QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.TERMINATE_EXISTING,
            search_attributes=attributes_of(facts),
            static_summary=facts.summary,
            rpc_timeout=SOON,
        )

    async def reset(self, stream: str, to: str) -> None:
        """Take it back to its `first` workflow task, or to the `last` one that was completed."""
        handle = self._client.get_workflow_handle(stream)
        described = await handle.describe(rpc_timeout=SOON)
        request = ResetWorkflowExecutionRequest(
            namespace=self._client.namespace,
            workflow_execution=WorkflowExecution(workflow_id=stream, run_id=described.run_id or ""),
            reason=WHY,
            workflow_task_finish_event_id=await self._place(stream, to),
            request_id=f"{stream}/{described.run_id}/{to}",
            identity=self._client.identity,
        )
        await self._client.workflow_service.reset_workflow_execution(request, timeout=SOON)

    async def _place(self, stream: str, to: str) -> int:
        """The event to go back to; of a workflow that never completed a task the first one that was begun."""
        completed: list[int] = []
        begun: list[int] = []
        async for event in self._client.get_workflow_handle(stream).fetch_history_events(rpc_timeout=SOON):
            if event.event_type == _COMPLETED:
                completed.append(event.event_id)
            elif event.event_type == _STARTED:
                begun.append(event.event_id)
            if to == "first" and completed:
                break
        places = completed or begun
        if not places:
            raise RPCError("no workflow task to go back to", RPCStatusCode.FAILED_PRECONDITION, b"")
        return places[0] if to == "first" else places[-1]


class MendingHands:
    """The same for threads: cures are carried out in one, the client lives in the event loop."""

    def __init__(self, mending: Mending, nudge: Any, loop: asyncio.AbstractEventLoop) -> None:
        self._mending, self._nudge, self._loop = mending, nudge, loop

    def nudge(self, stream: str, facts: Facts) -> None:
        """Let it hear of its journal; a lost nudge is the reconciler's."""
        self._nudge(stream, facts)

    def retry(self, stream: str, facts: Facts) -> None:
        """Try at once."""
        self._wait(self._mending.retry(stream, facts))

    def reset(self, stream: str, to: str) -> None:
        """Take it back."""
        self._wait(self._mending.reset(stream, to))

    def restart(self, stream: str, facts: Facts) -> None:
        """Begin anew."""
        self._wait(self._mending.restart(stream, facts))

    def _wait(self, asked: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(asked, self._loop).result(ANSWER.total_seconds())
