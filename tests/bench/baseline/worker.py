"""The worker process of the yardstick: `python -m tests.bench.baseline.worker`."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from temporalio.client import Client
from temporalio.worker import Worker

from tests.bench.baseline.activities import Hands
from tests.bench.baseline.settings import TASK_QUEUE, Settings, from_environment
from tests.bench.baseline.workflow import LeanProgramme

THREADS = 16
CACHED = 20_000  # more than any population here: a smaller cache doubles the worker's CPU


def build(client: Client, settings: Settings) -> Worker:
    hands = Hands(settings.home)
    return Worker(
        client,
        task_queue=TASK_QUEUE,
        workflows=[LeanProgramme],
        activities=[hands.send_notice, hands.record_missed],
        activity_executor=ThreadPoolExecutor(THREADS),
        max_concurrent_activities=THREADS,
        max_cached_workflows=CACHED,
    )


async def main() -> None:
    settings = from_environment()
    client = await Client.connect(settings.temporal)
    await build(client, settings).run()


if __name__ == "__main__":
    asyncio.run(main())
