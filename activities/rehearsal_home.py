"""The temporary home of a rehearsal: the region's units, one invented organisation, and the command of its start."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from activities.demo import load_region
from activities.directory import load_tree
from activities.migrations import migrate
from activities.recorder import Clock
from activities.sample import put_sample, sample_place
from activities.settings import Settings
from activities.starting import plan_for, start_command
from activities.wiring import Core, core_of
from domain.plan import midnight
from domain.programme.commands import StartProgramme
from domain.programme.schedule import first_window
from domain.refusal import Refusal

MEMORY = Path("/dev/shm")
"""Where files cost no disk, on machines that have it."""


@contextmanager
def rehearsal_core(clock: Clock, **settings: Any) -> Iterator[Core]:
    """A core in an empty home that vanishes afterwards; letters become files there unless `settings` say
    otherwise."""
    memory = MEMORY if os.access(MEMORY, os.W_OK) else None
    with TemporaryDirectory(prefix="mentoring-rehearsal-", dir=memory, ignore_cleanup_errors=True) as folder:
        chosen = Settings(
            **{"home": Path(folder), "database_url": None, "smtp_host": None, "clock_offset": 0, **settings}
        )
        migrate(chosen.database)
        load_region(chosen)
        core = core_of(chosen, clock)
        try:
            yield core
        finally:
            core.database.close()


def sample_start(core: Core, roadmap: str, year: int, at: datetime) -> StartProgramme | Refusal:
    """Put the sample organisation and its people; the command that starts its year."""
    with core.database.writing() as connection:
        tree = load_tree(connection)
        place = sample_place(tree, roadmap)
        put_sample(connection, tree, place, at)
        tree = load_tree(connection)
    plan = plan_for(core.library, tree, place.id, year, roadmap)
    return plan if isinstance(plan, Refusal) else start_command(tree, place.id, year, plan)


def begins(core: Core, start: StartProgramme, since: date | None) -> datetime:
    """The instant a rehearsed year is counted from: the given day, or the roadmap's first window."""
    plan = core.library.plan(start.plan)
    return midnight(since or first_window(plan, start.year), start.zone)
