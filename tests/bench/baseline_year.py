"""One programme year of the yardstick under time skipping."""

from datetime import datetime, timedelta
from pathlib import Path

from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from tests.bench.baseline.plan import STEPS, due_dates
from tests.bench.baseline.settings import TASK_QUEUE, Settings
from tests.bench.baseline.worker import build
from tests.bench.baseline.workflow import Completion, LeanProgramme, Year
from tests.bench.processes import binary
from tests.bench.sides import SCHOOL_YEAR
from tests.bench.temporal import History, first_run, history
from tests.bench.years import END, START, Scenario, closing_moment


async def baseline_year_history(home: Path, scenario: Scenario) -> History:
    server = binary("temporal-test-server")
    async with await WorkflowEnvironment.start_time_skipping(test_server_existing_path=server) as env:
        shift = START - await env.get_current_time()
        settings = Settings(home, "", "", shift.total_seconds())
        async with build(env.client, settings):
            handle: WorkflowHandle[LeanProgramme, None] = await env.client.start_workflow(
                LeanProgramme.run, Year("school", SCHOOL_YEAR, settings.shift), id="lean/school", task_queue=TASK_QUEUE
            )
            run = await first_run(handle)
            for moment, step in script(scenario):
                await sleep_until(env, moment - shift)
                await handle.execute_update(LeanProgramme.complete_step, Completion(step, f"key-{step}"))
            if scenario == "nobody":
                await sleep_until(env, END - shift)
            else:
                await handle.result()
            return await history(env.client, handle.id, run, letters(home))


def letters(home: Path) -> int:
    return len(list((home / "mail").iterdir()))


def script(scenario: Scenario) -> list[tuple[datetime, int]]:
    dues = due_dates(SCHOOL_YEAR, START.date())
    moments = [(closing_moment(scenario, due), step) for step, due in zip(STEPS, dues, strict=True)]
    return sorted((moment, step) for moment, step in moments if moment is not None)


async def sleep_until(env: WorkflowEnvironment, moment: datetime) -> None:
    wait = moment - await env.get_current_time()
    if wait > timedelta(0):
        await env.sleep(wait)
