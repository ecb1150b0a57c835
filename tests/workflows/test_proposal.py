"""The yearly proposal on a real Temporal: a schedule for 1 February, made good when it was slept through."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import SQLModel

from activities.mail import mailer_of
from activities.proposals import Proposals
from tests.workflows.engine import Engine
from workflows.reconciler import Reconciler

DELIVERY = SQLModel.metadata.tables["delivery"]
TOMSK = ZoneInfo("Asia/Tomsk")
FEBRUARY = datetime(2027, 2, 10, 10, tzinfo=TOMSK).astimezone(UTC)


def reconciler(engine: Engine) -> Reconciler:
    proposals = Proposals(engine.core.database, engine.core.library, mailer_of(engine.settings), engine.settings)
    return Reconciler(
        engine.workflows, lambda *_: None, engine.expected, engine.clock, None, proposals
    )  # fmt: skip


def letters(engine: Engine) -> list[dict[str, Any]]:
    with engine.core.database.reading() as connection:
        found = connection.execute(select(DELIVERY).where(DELIVERY.c.kind == "proposal"))
        return [dict(row) for row in found.mappings()]


async def test_the_schedule_wakes_it_once_a_year(engine: Engine):
    await reconciler(engine).once()
    await reconciler(engine).once()
    described = await engine.client.get_schedule_handle("proposal").describe()
    first, second, *_ = [at.astimezone(TOMSK) for at in described.info.next_action_times]
    assert (first.month, first.day, first.time()) == (2, 1, time(9))
    assert second.year == first.year + 1


async def test_what_it_slept_through_is_proposed_once(engine: Engine):
    engine.clock.go(FEBRUARY)
    async with engine.worker():
        for _ in range(3):
            await reconciler(engine).once()
        await engine.until(lambda: [one["status"] for one in letters(engine)] == ["sent"], "the centre has its letter")
        await reconciler(engine).once()
    (letter,) = letters(engine)
    assert (letter["stream"], letter["handovers"]) == ("proposal/2027", 1)
