"""The worker is down from 18 to 24 March, on a Temporal whose time skips: what comes of it, notice for notice."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from temporalio.api.enums.v1 import EventType

from activities import journal
from activities.agenda_view import agenda_view
from activities.recipients import RecipientBook
from activities.rehearsal_home import begins, rehearsal_core, sample_start
from activities.verify import differences
from activities.wiring import Core
from domain.plan import local_day
from domain.programme import events as e
from domain.programme.commands import StartProgramme
from domain.programme.evolve import fold
from domain.programme.passing import pass_time
from domain.programme.state import Programme
from workflows.rehearsal import Rehearsal, rehearsal_worker
from workflows.virtual_time import OneClock, VirtualClock

TOMSK = ZoneInfo("Asia/Tomsk")
STARTED = date(2027, 3, 1)
GONE = datetime(2027, 3, 17, 20, tzinfo=TOMSK)
BACK = datetime(2027, 3, 24, 12, tzinfo=TOMSK)


class LeapingClock(VirtualClock):
    """The server holds its time while a task waits for a worker; what the world lives through meanwhile is a leap."""

    leapt = timedelta(0)

    def leap(self, moment: datetime, server: datetime) -> None:
        """It is this moment, while the server's time stands at `server`."""
        self.leapt = moment - super().told(server)
        self.now = moment

    def told(self, server: datetime) -> datetime:
        return super().told(server) + self.leapt


NO_STICKY = {"max_cached_workflows": 0}
"""The server keeps a task for the worker that knew the workflow last, and while its time stands, for ever."""

NAMES = ("at", "kind", "step", "to", "subject")
SETTLED = ("NoticeSent", "NoticeDropped")

DEADLINES = {
    1: date(2027, 3, 12),
    2: date(2027, 3, 16),
    3: date(2027, 3, 19),
    8: date(2027, 3, 24),
    12: date(2027, 3, 31),
}
"""Of what is late before, missed meanwhile, due on the day of the return, and due after it."""


def foretold(core: Core, rehearsal: Rehearsal) -> list[dict[str, Any]]:
    """The notices of the year as they are foretold at its start, each with its deadline."""
    with core.database.reading() as connection:
        book = RecipientBook.load(connection, rehearsal.state)
    items = agenda_view(rehearsal.state, rehearsal.plan, book)
    dues = {(s.number, o.number): o.due for s, o in rehearsal.state.open_obligations()}
    return [{**item, "due": dues[item["step"], item["occurrence"]]} for item in items]


def stale(item: dict[str, Any], all_items: list[dict[str, Any]]) -> bool:
    """A reminder of the time away: its deadline has passed, or a later one of the same deadline says more."""
    if item["kind"] != "reminder" or not GONE < item["at"] <= BACK:
        return False
    later = [
        one
        for one in all_items
        if one["kind"] == "reminder" and one["step"] == item["step"] and item["at"] < one["at"] <= BACK
    ]
    return item["due"] < BACK.date() or bool(later)


def events(core: Core, stream: str) -> list[tuple[journal.Entry, Any]]:
    with core.database.reading() as connection:
        return [(entry, core.streams.parse_event(entry).event) for entry in journal.read(connection, stream)]


@pytest.mark.temporal
async def test_a_worker_away_from_18_to_24_march(time_skipping_binary: Path):
    """The state is right on return, no stale reminder goes out, each escalation goes out once, the rest as foretold."""
    clock = LeapingClock(BACK)
    with rehearsal_core(clock) as core:
        made = sample_start(core, "school", 2026, clock.now)
        assert isinstance(made, StartProgramme)
        start = made.model_copy(update={"deadlines": DEADLINES})
        clock.since = clock.now = begins(core, start, STARTED)
        async with OneClock.running(time_skipping_binary) as server:
            rehearsal = Rehearsal(core, clock, server, start)
            async with rehearsal_worker(server.client, core, **NO_STICKY):
                await rehearsal.begin()
                expected = foretold(core, rehearsal)
                await rehearsal.live_until(GONE)
            before = rehearsal.state
            await _the_timer_fires(server, rehearsal)
            clock.leap(BACK, await server.now(rehearsal.handle))
            assert rehearsal.state == before, "nobody has worked"
            async with rehearsal_worker(server.client, core):
                await _until(lambda: rehearsal.state != before, "the task is taken up by the new worker")
                await rehearsal.live_until(BACK + timedelta(minutes=1))
                _state_is_right(rehearsal.state, before, rehearsal)
                _everything_kept_its_moment(core, rehearsal.stream)
                await rehearsal.live_until(expected[-1]["at"] + timedelta(minutes=1))
        sent = rehearsal.sent()
        assert list(differences(core.database, core.kinds)) == []
        told = events(core, rehearsal.stream)
    fresh = [item for item in expected if not stale(item, expected)]
    assert len(fresh) < len(expected)
    assert sent == [{name: item[name] for name in NAMES} for item in fresh]
    _each_once(told)


async def _the_timer_fires(server: OneClock, rehearsal: Rehearsal) -> None:
    """On the first morning without a worker; its task waits from then on."""
    wake = rehearsal.wake_at
    assert wake is not None
    await server.forward(rehearsal.handle, wake - GONE - timedelta(seconds=1))
    scheduled = EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED

    async def waits() -> bool:
        return (await rehearsal.handle.fetch_history()).events[-1].event_type == scheduled

    await _until(waits, "the timer fires")


async def _until(holds: Callable[[], bool] | Callable[[], Awaitable[bool]], what: str) -> None:
    deadline = asyncio.get_running_loop().time() + 60
    while True:
        answer = holds()
        if answer if isinstance(answer, bool) else await answer:
            return
        assert asyncio.get_running_loop().time() < deadline, f"in vain waited until {what}"
        await asyncio.sleep(0.05)


def _state_is_right(state: Programme, before: Programme, rehearsal: Rehearsal) -> None:
    """But for letters, what it would have been had somebody worked."""
    lived = fold(before, pass_time(before, rehearsal.plan, BACK + timedelta(minutes=1)))
    assert lived is not None
    assert (state.steps, state.phases, state.status) == (lived.steps, lived.phases, lived.status)
    assert {1, 2, 3} <= set(state.overdue_steps)
    assert not {8, 12} & set(state.overdue_steps)


def _everything_kept_its_moment(core: Core, stream: str) -> None:
    """What was missed at midnight belongs there, however late it was written down."""
    away = [(entry, event) for entry, event in events(core, stream) if GONE < entry.at <= BACK]
    missed = [entry for entry, event in away if isinstance(event, e.StepMissed) and event.step == 3]
    assert [local_day(entry.at, "Asia/Tomsk") for entry in missed] == [date(2027, 3, 20)]
    assert all(entry.recorded_at >= BACK for entry, event in away if not entry.type.startswith(SETTLED))


def _each_once(told: list[tuple[journal.Entry, Any]]) -> None:
    """Every queued notice came to one end; every escalation of the time away was sent, and stands alone."""
    queued = {entry.version: event for entry, event in told if isinstance(event, e.NoticeQueued)}
    ends = Counter(event.item for _, event in told if isinstance(event, e.NoticeSent | e.NoticeDropped))
    assert set(ends) == set(queued)
    assert set(ends.values()) == {1}
    escalations = Counter(
        (event.steps, event.rung, event.due) for event in queued.values() if event.kind == "escalation"
    )
    assert set(escalations.values()) == {1}
    dropped = [
        queued[event.item] for _, event in told if isinstance(event, e.NoticeDropped) and event.reason == "untrue"
    ]
    assert dropped
    assert {event.kind for event in dropped} == {"reminder"}
