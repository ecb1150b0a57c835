"""What Temporal knows when one asks why something stands: each question bounded to a second, none of them fatal."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any, TypeVar

from google.protobuf.timestamp_pb2 import Timestamp
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType, TaskQueueType, WorkflowExecutionStatus, WorkflowTaskFailedCause
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import (
    DescribeTaskQueueRequest,
    DescribeWorkflowExecutionResponse,
    GetWorkflowExecutionHistoryReverseRequest,
)
from temporalio.service import RPCError, RPCStatusCode

from domain.diagnosis.facts import Pending, Poller, Resting, Seen, Server, Task, Trouble
from workflows.client import TemporalError, Workflows, current_build, running
from workflows.names import TASK_QUEUE

A_MOMENT = timedelta(seconds=1)
SHORTLY = timedelta(seconds=0.25)
"""How long a workflow itself may take to answer: what the server knows of it is told all the same."""

LAST_EVENTS = 12
"""How far back a failed workflow task is looked for: only its first attempt leaves an event."""

NOT_DETERMINISTIC = WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR
FAILING = 'ExecutionStatus = "Running" AND TemporalReportedProblems IS NOT NULL'
TEMPORAL_AWAY = (*TemporalError, TimeoutError)

SILENCE = 8.0
"""Seconds of nothing but slow answers that count as an outage."""

_SLOW = (RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED, RPCStatusCode.RESOURCE_EXHAUSTED)

T = TypeVar("T")


class Look:
    """Asks Temporal about itself and about single workflows."""

    def __init__(self, workflows: Workflows, silence: float = SILENCE, patience: timedelta = SHORTLY) -> None:
        """`silence`: seconds of it that are an outage; who asks but once may not wait. `patience`: with a workflow."""
        self._workflows, self._silence, self._patience = workflows, silence, patience
        self._silent_since: float | None = None

    async def server(self, now: datetime) -> Server:
        """Whether it answers, which build is current, and who polls; one slow answer is no outage yet."""
        try:
            build, pollers = await _bounded(asyncio.gather(current_build(self._client), self._pollers()))
        except TEMPORAL_AWAY as error:
            away = not _slow(error) or self._silent()
            return Server(Trouble(now, type(error).__name__)) if away else Server()
        self._silent_since = None
        return Server(None, build, pollers)

    def _silent(self) -> bool:
        moment = monotonic()
        self._silent_since = self._silent_since or moment
        return moment - self._silent_since >= self._silence

    async def stream(self, stream: str, ask: bool, within: timedelta = A_MOMENT) -> Seen:
        """The workflow of a stream; `ask`: also itself, where it stands; that takes a worker."""
        try:
            return await _bounded(self._stream(stream, ask, within), within + self._patience)
        except RPCError as error:
            return Seen("missing" if error.status is RPCStatusCode.NOT_FOUND else "unknown")
        except TEMPORAL_AWAY:
            return Seen()

    async def failing(self) -> set[str]:
        """Streams whose workflow tasks have failed several times in a row; none while nobody can be asked."""
        with suppress(*TEMPORAL_AWAY):
            return await _bounded(self._listed(FAILING))
        return set()

    async def count(self, kind: str) -> int:
        """How many workflows of a kind run. Raises what is in `TEMPORAL_AWAY`."""
        return await _bounded(self._workflows.count_running(kind))

    async def running(self, kind: str) -> set[str]:
        """Which ones. Raises what is in `TEMPORAL_AWAY`."""
        return await _bounded(self._listed(running(kind)))

    async def _listed(self, query: str) -> set[str]:
        return {one.id async for one in self._client.list_workflows(query, rpc_timeout=A_MOMENT)}

    async def _stream(self, stream: str, ask: bool, within: timedelta) -> Seen:
        standing = asyncio.create_task(self._workflows.standing_if_any(stream, self._patience)) if ask else None
        try:
            raw = (await self._workflows.describe(stream, within)).raw_description
            task = await self._task(raw)
            return _seen(raw, await standing if standing else None, task)
        finally:
            if standing:
                standing.cancel()

    @property
    def _client(self) -> Any:
        return self._workflows.client

    async def _pollers(self) -> tuple[Poller, ...]:
        request = DescribeTaskQueueRequest(
            namespace=self._client.namespace,
            task_queue=TaskQueue(name=TASK_QUEUE),
            task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
        )
        found = await self._client.workflow_service.describe_task_queue(request, timeout=A_MOMENT)
        return tuple(
            Poller(one.identity, one.deployment_options.build_id or None, _instant(one.last_access_time))
            for one in found.pollers
        )

    async def _task(self, raw: DescribeWorkflowExecutionResponse) -> Task | None:
        """The workflow task that is tried again, with the failure of its first attempt."""
        if not raw.HasField("pending_workflow_task") or raw.pending_workflow_task.attempt < 2:
            return None
        pending = raw.pending_workflow_task
        request = GetWorkflowExecutionHistoryReverseRequest(
            namespace=self._client.namespace,
            execution=WorkflowExecution(
                workflow_id=raw.workflow_execution_info.execution.workflow_id,
                run_id=raw.workflow_execution_info.execution.run_id,
            ),
            maximum_page_size=LAST_EVENTS,
        )
        service = self._client.workflow_service
        history = (await service.get_workflow_execution_history_reverse(request, timeout=A_MOMENT)).history
        failed = EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED
        event = next((one for one in history.events if one.event_type == failed), None)
        since = _instant(event.event_time if event else pending.original_scheduled_time)
        told = event.workflow_task_failed_event_attributes if event else None
        failure = told.failure.message if told else None
        return Task(pending.attempt, since, failure, told is not None and told.cause == NOT_DETERMINISTIC)


async def _bounded(asked: Awaitable[T], within: timedelta = A_MOMENT) -> T:
    """A client that is not connected yet waits for longer than its calls."""
    return await asyncio.wait_for(asked, within.total_seconds())


def _slow(error: BaseException) -> bool:
    """Whether nothing was said in time, or there is too much to do; who is not there at all is known at once."""
    if isinstance(error, RPCError):
        return error.status in _SLOW
    return isinstance(error, TimeoutError)


def _seen(raw: DescribeWorkflowExecutionResponse, standing: dict[str, Any] | None, task: Task | None) -> Seen:
    info = raw.workflow_execution_info
    status = WorkflowExecutionStatus.Name(info.status).removeprefix("WORKFLOW_EXECUTION_STATUS_").lower()
    return Seen(
        state="running" if status == "running" else "ended",
        run=info.execution.run_id,
        status=status,
        started_at=_instant(info.start_time),
        events=info.history_length,
        build=info.versioning_info.deployment_version.build_id or None,
        pending=tuple(_pending(one) for one in raw.pending_activities),
        task=task,
        saw=standing.get("version") if standing else None,
        resting=tuple(_resting(standing)),
        standing=standing,
    )


def _resting(standing: dict[str, Any] | None) -> list[Resting]:
    found = standing.get("resting", []) if standing else []
    return [Resting(one["item"], datetime.fromisoformat(one["until"]), one["failure"]) for one in found]


def _pending(raw: Any) -> Pending:
    failure = raw.last_failure if raw.HasField("last_failure") else None
    planned = raw.next_attempt_schedule_time if raw.HasField("next_attempt_schedule_time") else raw.scheduled_time
    return Pending(
        activity=raw.activity_type.name,
        attempt=raw.attempt,
        failure=failure.message or None if failure else None,
        failure_type=failure.application_failure_info.type or None if failure else None,
        next=_instant(planned),
    )


def _instant(stamp: Timestamp) -> datetime | None:
    return stamp.ToDatetime(UTC) if stamp.seconds else None
