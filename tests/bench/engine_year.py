"""One programme year of the engine under time skipping."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from activities.demo import load_region
from activities.migrations import migrate
from activities.rehearsal_home import sample_start
from activities.sample import completion
from activities.settings import Settings
from activities.wiring import core_of
from domain.programme.commands import StartProgramme
from domain.programme.state import Programme
from tests.bench.processes import binary
from tests.bench.sides import SCHOOL_YEAR
from tests.bench.temporal import History, first_run, history
from tests.bench.years import END, START, Scenario, closing_moment
from workflows.rehearsal import Rehearsal, rehearsal_worker
from workflows.virtual_time import OneClock, VirtualClock


async def engine_year_history(home: Path, scenario: Scenario) -> History | None:
    """The engine's own workflow and activities, its journal's clock that of the server; letters lie in `home/mail`."""
    settings = Settings(home=home, database_url=f"sqlite:///{home / 'mentoring.db'}")
    settings.home.mkdir(parents=True, exist_ok=True)
    migrate(settings.database)
    load_region(settings)
    clock = VirtualClock(START)
    core = core_of(settings, clock)
    start = sample_start(core, "school", SCHOOL_YEAR, START)
    assert isinstance(start, StartProgramme)
    server = OneClock.running(Path(binary("temporal-test-server")))
    async with server as skipping, rehearsal_worker(skipping.client, core):
        year = Rehearsal(core, clock, skipping, start)
        await year.begin()
        run = await first_run(year.handle)
        await live(year, scenario)
        letters = len(list((home / "mail").iterdir()))
        found = await history(skipping.client, year.handle.id, run, letters)
    core.database.close()
    return found


async def live(year: Rehearsal, scenario: Scenario) -> None:
    while act := next_act(year.state, scenario):
        moment, step = act
        await year.live_until(moment)
        command, texts = completion(year.state, year.plan, step, moment)
        await year.record(command, texts=texts)
    await year.live_until(END)


def next_act(state: Programme, scenario: Scenario) -> tuple[datetime, int] | None:
    """The deadline that is closed next, and when."""
    owed = state.open_obligations() if state.active else ()
    moments = [(closing_moment(scenario, occurrence.due), step.number) for step, occurrence in owed]
    return min(((moment, step) for moment, step in moments if moment is not None), default=None)
