"""What the harness asks of a side's Temporal server, and how it starts one."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError

from tests.bench.processes import binary

# Acknowledged means on disk (fsync), on both sides. The same flags as the engine's supervisor gives to its server.
DURABLE = ("--sqlite-pragma", "journal_mode=wal", "--sqlite-pragma", "synchronous=2")


def dev_server(port: int, database: str) -> list[str]:
    flags = ["--headless", "--ip", "127.0.0.1", "--log-level", "error"]
    return [binary("temporal"), "server", "start-dev", "--port", str(port), "--db-filename", database, *flags, *DURABLE]


@dataclass(frozen=True)
class History:
    """A workflow's whole life, summed over its continue-as-new runs."""

    runs: int
    events: int
    bytes: int
    notices: int  # letters that the world saw in that year
    kinds: dict[str, int]


async def history(client: Client, workflow_id: str, first_run: str, notices: int) -> History:
    runs, events, size = 0, 0, 0
    kinds: dict[str, int] = {}
    run: str | None = first_run
    while run:
        fetched = [event async for event in client.get_workflow_handle(workflow_id, run_id=run).fetch_history_events()]
        runs, events, size = runs + 1, events + len(fetched), size + sum(event.ByteSize() for event in fetched)
        for event in fetched:
            name = event.WhichOneof("attributes") or "none"
            kinds[name.removesuffix("_event_attributes")] = kinds.get(name.removesuffix("_event_attributes"), 0) + 1
        run = next_run(fetched)
    return History(runs, events, size, notices, dict(sorted(kinds.items())))


def next_run(events: Iterable[HistoryEvent]) -> str | None:
    for event in events:
        if event.HasField("workflow_execution_continued_as_new_event_attributes"):
            return event.workflow_execution_continued_as_new_event_attributes.new_execution_run_id
    return None


def running(address: str, kind: str) -> int:
    """How many workflows of this type run, as the visibility index has it; -1 when the server does not answer."""

    async def count() -> int:
        client = await Client.connect(address)
        return (await client.count_workflows(f"WorkflowType='{kind}' AND ExecutionStatus='Running'")).count

    try:
        return asyncio.run(count())
    except (RPCError, RuntimeError):
        return -1


async def first_run(handle: WorkflowHandle[Any, Any]) -> str:
    description = await handle.describe()
    return description.raw_description.workflow_execution_info.first_run_id or str(description.run_id)
