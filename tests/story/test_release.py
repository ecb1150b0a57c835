"""A release while people work: the next build beside the old one, all running years handed over, and back again."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from temporalio.api.enums.v1 import EventType

from activities.wiring import core_of
from tests.chaos.clients import PEOPLE, Office
from tests.chaos.evidence import gather
from tests.servers import Deadline, SmtpServer, TemporalServer
from tests.story.machine import schools
from tests.story.services import Services, next_version
from workflows.client import Workflows, connect

pytestmark = pytest.mark.temporal

PATIENCE = 300.0


@pytest.fixture
def services(tmp_path: Path, smtp_server: SmtpServer) -> Iterator[Services]:
    """An installation whose API answers; no worker yet."""
    with TemporalServer() as temporal:
        made = Services(tmp_path / "home", temporal, smtp_server)
        try:
            made.api()
            yield made
        finally:
            made.close()


@pytest.mark.slow
@pytest.mark.parametrize(("programmes", "pause"), [(20, 8.0), (200, 20.0)])
async def test_a_release_and_its_rollback_while_people_work(
    services: Services, smtp_server: SmtpServer, tmp_path: Path, programmes: int, pause: float
):
    """No workflow task fails, no acknowledged command is lost, every letter arrives once."""
    later = next_version(tmp_path / "later")
    old = services.worker()
    services.run("release")
    names = begun(services, programmes)
    workflows = Workflows(await connect(services.settings.temporal_address, "default", lazy=False))
    async with at_work(services, names, pause) as offices:
        first = await carried(workflows, names)
        new = services.worker(later)
        told = await asyncio.to_thread(services.run, "release", code=later)
        second = await carried(workflows, names, not_by=first)
        assert told == f"Действует {second}, раньше {first}."
        await asyncio.to_thread(old.stop)
        services.worker()
        await asyncio.to_thread(services.run, "release", "--rollback", code=later)
        await asyncio.to_thread(new.stop)
        assert await carried(workflows, names, not_by=second) == first
    await asyncio.to_thread(settled, services)
    assert await failed_tasks(workflows, names) == []
    assert services.run("verify") == "Расхождений нет."
    core = core_of(services.settings)
    with core.database.reading() as connection:
        found = gather(connection, offices, smtp_server.letters)
    core.database.close()
    assert found.wrong == ()
    assert (found.twice, found.unsure) == (0, 0)
    assert found.commands > programmes


def begun(services: Services, count: int) -> list[str]:
    """Schools whose year runs, and the people who take turns."""
    with httpx.Client(base_url=services.base, headers=services.headers, timeout=30) as client:
        for person in PEOPLE:
            client.put(f"/people/{person}", json={"name": person, "email": f"{person}@e.example"}).raise_for_status()
        names = schools(client, count)
        for name in names:
            client.post("/programmes", json={"organisation": name, "year": 2026}).raise_for_status()
    return names


@asynccontextmanager
async def at_work(services: Services, names: list[str], pause: float) -> AsyncIterator[list[Office]]:
    """Everybody gives commands meanwhile."""
    over = asyncio.Event()
    async with (
        httpx.AsyncClient(base_url=services.base, headers=services.headers) as http,
        asyncio.TaskGroup() as group,
    ):
        offices = [Office(http, name, pause, random.Random(name)) for name in names]
        for office in offices:
            group.create_task(office.work(over))
        yield offices
        over.set()


async def carried(workflows: Workflows, names: list[str], not_by: str = "") -> str:
    """The build that carries every year, as soon as it is one and another than before."""
    builds: set[str] = set()
    async with asyncio.timeout(PATIENCE):
        while len(builds) != 1 or builds & {"", not_by}:
            await asyncio.sleep(0.2)
            builds = {await build_of(workflows, name) for name in names}
    return builds.pop()


async def build_of(workflows: Workflows, name: str) -> str:
    described = await workflows.describe(f"programme/{name}-2026")
    version = described.raw_description.workflow_execution_info.versioning_info.deployment_version
    return str(version.build_id)


async def failed_tasks(workflows: Workflows, names: list[str]) -> list[str]:
    """Years in whose history a workflow task has failed."""
    failure = EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED
    found = []
    for name in names:
        history = workflows.client.get_workflow_handle(f"programme/{name}-2026").fetch_history_events()
        if [event async for event in history if event.event_type == failure]:
            found.append(name)
    return found


def settled(services: Services) -> None:
    """Everything queued has been carried out."""
    core = core_of(services.settings)

    def empty() -> bool:
        with core.database.reading() as connection:
            return connection.exec_driver_sql("SELECT 1 FROM queue").first() is None

    Deadline(120, every=0.2).until(empty, "the queue is empty")
    core.database.close()
