"""The only place that talks to a Temporal client."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

from google.protobuf.duration_pb2 import Duration
from temporalio.api.deployment.v1 import WorkerDeploymentInfo
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import (
    DescribeNamespaceRequest,
    DescribeWorkerDeploymentRequest,
    RegisterNamespaceRequest,
    SetWorkerDeploymentCurrentVersionRequest,
    UpdateNamespaceRequest,
)
from temporalio.client import (
    Client,
    ScheduleAlreadyRunningError,
    ScheduleOverlapPolicy,
    ScheduleUpdate,
    WorkflowExecutionDescription,
    WorkflowQueryFailedError,
    WorkflowQueryRejectedError,
)
from temporalio.common import SearchAttributeIndexedValueType, SearchAttributeKey
from temporalio.converter import DataConverter
from temporalio.service import RPCError, RPCStatusCode

from activities.beat import Facts
from activities.streams import workflow_type
from workflows.attributes import ALL, attributes_of
from workflows.failures import WithoutWords
from workflows.names import DEPLOYMENT, MAIL, TASK_QUEUE
from workflows.outgoing import TracedClient
from workflows.runtime import runtime
from workflows.schedules import every_morning, every_so_often, every_winter

SOON = timedelta(seconds=5)
RETENTION = timedelta(days=30)
"""How long closed workflows stay visible; the journal keeps everything."""

TemporalError = (RPCError, RuntimeError)
"""Raised while Temporal is down (by a lazy client's first call: RuntimeError) or does not know what it is asked."""

_VALUE_TYPES = {
    SearchAttributeIndexedValueType.KEYWORD: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    SearchAttributeIndexedValueType.INT: IndexedValueType.INDEXED_VALUE_TYPE_INT,
    SearchAttributeIndexedValueType.BOOL: IndexedValueType.INDEXED_VALUE_TYPE_BOOL,
    SearchAttributeIndexedValueType.DATETIME: IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
}


async def connect(address: str, namespace: str, lazy: bool = True, metrics: str | None = None) -> Client:
    """A client; a `lazy` one connects with its first call, so that a process can start while Temporal is down.

    `metrics`: where Prometheus asks for the figures of this client and its workers.
    """
    return await Client.connect(
        address,
        namespace=namespace,
        lazy=lazy,
        data_converter=replace(DataConverter.default, failure_converter_class=WithoutWords),
        interceptors=[TracedClient()],
        runtime=runtime(metrics),
    )


class Workflows:
    """Starts, nudges and asks workflows. Every call ends within seconds; raises RPCError when Temporal is down."""

    def __init__(self, client: Client) -> None:
        self.client = client

    async def nudge(self, stream: str, facts: Facts | None) -> None:
        """Signal-with-start: the workflow of a stream hears of its journal, or begins to run."""
        if facts is None:
            await self.start_bulk(stream.removeprefix("bulk/"))
            return
        await self.client.start_workflow(
            workflow_type(stream),
            stream,
            id=stream,
            task_queue=TASK_QUEUE,
            start_signal="nudge",
            search_attributes=attributes_of(facts),
            static_summary=facts.summary,
            rpc_timeout=SOON,
        )

    async def wake(self, stream: str) -> None:
        """Let a workflow that runs look at its journal: one whose stream is not there ends."""
        with suppress(RPCError):  # it has ended meanwhile
            await self.client.get_workflow_handle(stream).signal("nudge", rpc_timeout=SOON)

    async def start_bulk(self, bulk: str) -> None:
        """Run a bulk start, unless it runs already."""
        await self.client.start_workflow(
            "bulk", bulk, id=f"bulk/{bulk}", task_queue=TASK_QUEUE, start_signal="nudge", rpc_timeout=SOON
        )

    async def schedule_digests(self, zone: str) -> None:
        """Let the digests of a zone be sent every morning, unless they are already."""
        with suppress(ScheduleAlreadyRunningError):
            await self.client.create_schedule(f"digests/{zone}", every_morning(zone), rpc_timeout=SOON)

    async def trigger_digests(self, zone: str) -> None:
        """Send the digests of a zone now, unless somebody is busy with them."""
        schedule = self.client.get_schedule_handle(f"digests/{zone}")
        await schedule.trigger(overlap=ScheduleOverlapPolicy.SKIP, rpc_timeout=SOON)

    async def schedule_proposals(self, zone: str) -> None:
        """Let the next monitoring round be proposed every year, unless it is already."""
        with suppress(ScheduleAlreadyRunningError):
            await self.client.create_schedule("proposal", every_winter(zone), rpc_timeout=SOON)

    async def trigger_proposals(self) -> None:
        """Propose it now, unless somebody is busy with that."""
        schedule = self.client.get_schedule_handle("proposal")
        await schedule.trigger(overlap=ScheduleOverlapPolicy.SKIP, rpc_timeout=SOON)

    async def schedule_mail(self, every: timedelta) -> None:
        """Let the mailbox for forms be read that often, also when it was another time before."""
        wanted = every_so_often(every)
        try:
            await self.client.create_schedule(MAIL, wanted, rpc_timeout=SOON)
        except ScheduleAlreadyRunningError:
            handle = self.client.get_schedule_handle(MAIL)
            await handle.update(lambda _: ScheduleUpdate(wanted), rpc_timeout=SOON)

    async def standing(self, stream: str, within: timedelta = SOON) -> dict[str, Any]:
        """What the running workflow answers to the query `standing`."""
        handle = self.client.get_workflow_handle(stream)
        answer: dict[str, Any] = await handle.query("standing", rpc_timeout=within)
        return answer

    async def standing_if_any(self, stream: str, within: timedelta = SOON) -> dict[str, Any] | None:
        """The same, or `None` when nobody answers within seconds: no worker, or one that cannot."""
        try:
            return await self.standing(stream, within)
        except (*TemporalError, WorkflowQueryFailedError, WorkflowQueryRejectedError):
            return None

    async def describe(self, stream: str, within: timedelta = SOON) -> WorkflowExecutionDescription:
        """What the server knows of the workflow."""
        return await self.client.get_workflow_handle(stream).describe(rpc_timeout=within)

    async def count_running(self, kind: str) -> int:
        """How many workflows of a kind run."""
        return (await self.client.count_workflows(running(kind))).count

    async def running(self, kind: str) -> AsyncIterator[str]:
        """The ids of the workflows of a kind that run."""
        async for execution in self.client.list_workflows(running(kind)):
            yield execution.id

    async def alive(self) -> bool:
        """Whether the server answers."""
        try:
            return await self.client.service_client.check_health(timeout=timedelta(seconds=2))
        except (RPCError, RuntimeError):
            return False


def running(kind: str) -> str:
    """The query for the workflows of a kind that run."""
    return f'WorkflowType = "{kind}" AND ExecutionStatus = "Running"'


async def ensure_namespace(client: Client) -> None:
    """Register the namespace, or raise the time that a server keeps its closed workflows."""
    service = client.workflow_service
    keep = Duration(seconds=int(RETENTION.total_seconds()))
    try:
        found = await service.describe_namespace(DescribeNamespaceRequest(namespace=client.namespace), timeout=SOON)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        request = RegisterNamespaceRequest(namespace=client.namespace, workflow_execution_retention_period=keep)
        try:
            await service.register_namespace(request, timeout=SOON)
        except RPCError as clash:
            if clash.status is not RPCStatusCode.ALREADY_EXISTS:  # another worker was faster
                raise
        return
    if found.config.workflow_execution_retention_ttl.seconds < keep.seconds:
        config = NamespaceConfig(workflow_execution_retention_ttl=keep)
        await service.update_namespace(UpdateNamespaceRequest(namespace=client.namespace, config=config), timeout=SOON)


async def ensure_search_attributes(client: Client) -> None:
    """Register the search attributes that are missing."""
    request = ListSearchAttributesRequest(namespace=client.namespace)
    listed = await client.operator_service.list_search_attributes(request, timeout=SOON)
    missing = [key for key in ALL if key.name not in listed.custom_attributes]
    if missing:
        await add_search_attributes(client, missing)


async def add_search_attributes(client: Client, keys: Sequence[SearchAttributeKey[Any]] = ALL) -> None:
    """Register search attributes of the namespace."""
    types = {key.name: _VALUE_TYPES[key.indexed_value_type] for key in keys}
    request = AddSearchAttributesRequest(namespace=client.namespace, search_attributes=types)
    await client.operator_service.add_search_attributes(request, timeout=SOON)


async def deployment(client: Client, insist: bool = False) -> WorkerDeploymentInfo | None:
    """The builds that the server knows and which of them is current; `None` when it knows of none.

    `insist`: a server too busy to say is asked again for ten seconds. Raises RPCError.
    """
    request = DescribeWorkerDeploymentRequest(namespace=client.namespace, deployment_name=DEPLOYMENT)
    try:
        found = await client.workflow_service.describe_worker_deployment(request, retry=insist, timeout=SOON)
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return None
        raise
    return found.worker_deployment_info


async def current_build(client: Client, insist: bool = False) -> str | None:
    """The build that new workflow tasks go to; `None` when the server knows of none. Raises RPCError."""
    found = await deployment(client, insist)
    return (found and found.routing_config.current_deployment_version.build_id) or None


async def make_current(client: Client, build: str, insist: bool = False) -> None:
    """Let this build take over all running workflows. NOT_FOUND until its worker has polled for the first time.

    `insist`: a server too busy to do it is asked again for ten seconds. Raises RPCError.
    """
    request = SetWorkerDeploymentCurrentVersionRequest(
        namespace=client.namespace,
        deployment_name=DEPLOYMENT,
        build_id=build,
        version=f"{DEPLOYMENT}.{build}",
        ignore_missing_task_queues=True,
        identity=client.identity,
    )
    await client.workflow_service.set_worker_deployment_current_version(request, retry=insist, timeout=SOON)
