"""A journal that was restored to an earlier moment, beside a Temporal that remembers what came after it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from activities import deliveries
from activities.copies import chosen, put_back, take
from activities.files.store import open_store
from activities.lagging import Expected
from activities.restored import mark_restored
from activities.verify import differences
from activities.wiring import core_of
from tests.workflows.engine import SCHOOL, Engine
from tests.workflows.test_reconciler import letters
from workflows.agreement import workflow_differences


def back_up(engine: Engine) -> Path:
    folder = engine.settings.home.with_name("backups")
    take(engine.settings, engine.core.uploads.store, folder, engine.clock.wall())
    return folder


def lose_and_restore(engine: Engine, folder: Path) -> None:
    """The disk with the journal is lost; Temporal, the mailboxes and the clock are not."""
    engine.core.database.close()
    for part in engine.settings.home.glob("mentoring.db*"):
        part.unlink()
    put_back(chosen(folder, None), engine.settings, open_store(engine.settings))
    engine.core = core_of(engine.settings, engine.clock)
    engine.expected = Expected(engine.core.database, engine.core.kinds)
    mark_restored(engine.core.database, engine.clock(), None)


async def agree(engine: Engine) -> None:
    assert list(differences(engine.core.database, engine.core.kinds)) == []
    assert await workflow_differences(engine.workflows, engine.expected, engine.clock) == []


async def test_workflows_that_are_ahead_of_their_journal(engine: Engine):
    """The workflow has seen a version that the journal does not have: it goes on from what the journal has."""
    async with engine.worker():
        await engine.start()
        await engine.rested()
        folder, version = back_up(engine), engine.state().version
        await engine.complete(1)
        await engine.nudge()
        await engine.rested()
        ahead = (await engine.standing())["version"]
        assert ahead > version
    lose_and_restore(engine, folder)
    assert engine.state().version == version
    async with engine.worker():
        await engine.nudge()
        await engine.rested()
        assert (await engine.standing())["version"] == version
        await engine.complete(1)
        await engine.nudge()
        await engine.rested()
        await agree(engine)
        assert await engine.count("WORKFLOW_EXECUTION_STARTED") == 1


async def test_a_programme_that_the_journal_has_forgotten(engine: Engine):
    """It was begun after the copy: its workflow looks, finds nothing to wait for, and ends."""
    folder = back_up(engine)
    async with engine.worker():
        await engine.start()
        await engine.rested()
    lose_and_restore(engine, folder)
    async with engine.worker():

        async def ended() -> bool:
            await engine.mend()
            return await engine.workflows.count_running("programme") == 0

        await engine.until(ended, "the workflow has ended")
        await agree(engine)
        await engine.start()
        await engine.rested()
        await agree(engine)


async def test_a_letter_of_the_lost_time_goes_out_once_more_and_is_counted(engine: Engine):
    """Nobody knows any more that it was sent: the Message-ID is that of the first one, and it counts as a second."""
    await engine.start(nudge=False)
    folder = back_up(engine)
    async with engine.worker():
        await engine.nudge()
        await engine.rested()
    first = letters(engine.settings.mail_folder)
    lose_and_restore(engine, folder)
    engine.clock.go(engine.clock() + timedelta(minutes=1))
    async with engine.worker():
        await engine.mend()
        await engine.rested()
    assert letters(engine.settings.mail_folder) == first, "the folder knows a letter by its Message-ID"
    with engine.core.database.reading() as connection:
        found = deliveries.list_letters(connection, deliveries.Wanted(stream=SCHOOL))
    assert [(one.status, one.handovers) for one in found] == [("sent", 2)] * len(first)
