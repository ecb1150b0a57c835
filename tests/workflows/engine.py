"""The engine's own worker on a real Temporal, with a journal in a home of its own and a clock that tests move."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHandle
from temporalio.service import RPCError

from activities import journal
from activities.demo import load_region
from activities.directory import load_tree, put_unit
from activities.lagging import Expected
from activities.people import Person, give_role, put_person
from activities.recorder import Recorded
from activities.sample import completion, put_sample, sample_place
from activities.settings import Settings
from activities.standing import facts_of
from activities.starting import plan_for, start_command
from activities.wiring import core_of
from domain.plan import PlanRef
from domain.programme.commands import ProgrammeCommand
from domain.programme.state import Programme
from domain.refusal import Refusal
from domain.units import Unit
from worker import keep_current, make_worker
from workflows.client import Workflows, connect, ensure_namespace, ensure_search_attributes
from workflows.nudger import Nudger
from workflows.reconciler import Reconciler

AUTUMN = datetime(2026, 9, 1, 3, tzinfo=UTC)
"""Ten in the morning in Tomsk."""

SCHOOL = "programme/sample-school-2026"


class MovedClock:
    """Runs as fast as the wall clock does, from a moment that a test has set."""

    def __init__(self, now: datetime = AUTUMN) -> None:
        self.go(now)

    def __call__(self) -> datetime:
        return self.wall() + self._ahead

    def wall(self) -> datetime:
        """The time outside."""
        return datetime.now(UTC)

    def go(self, moment: datetime) -> None:
        self._ahead = moment - self.wall()


class Engine:
    """One installation: a home, a namespace of its own, a school and its people."""

    def __init__(self, home: Path, address: str, url: str, **settings: Any) -> None:
        self.clock = MovedClock()
        self.settings = Settings(
            home=home, database_url=url, temporal_address=address, temporal_namespace=home.name, **settings
        )
        load_region(self.settings)
        self.core = core_of(self.settings, self.clock)
        self.expected = Expected(self.core.database, self.core.kinds)
        self.nudged: list[str] = []
        with self.core.database.writing() as connection:
            tree = load_tree(connection)
            put_sample(connection, tree, sample_place(tree, "school"), AUTUMN)

    async def connect(self) -> None:
        """Ask for a namespace that knows our search attributes."""
        self.loop = asyncio.get_running_loop()
        self.client = await connect(self.settings.temporal_address, self.settings.temporal_namespace, lazy=False)
        self.workflows = Workflows(self.client)
        await ensure_namespace(self.client)
        await self.until(self._attributes, "the namespace is known everywhere")

    async def _attributes(self) -> bool:
        with suppress(RPCError):
            await ensure_search_attributes(self.client)
            return True
        return False

    @asynccontextmanager
    async def worker(self, build: str = "a", takes_over: bool = True) -> AsyncIterator[None]:
        """The worker of a build, as `python -m worker` runs it, without its reconciler."""
        nudger = Nudger(self.workflows.nudge)
        async with make_worker(self.client, self.core, nudger, build):
            keeping = keep_current(self.client, build, takes_over)
            beside = [asyncio.create_task(nudger.run()), asyncio.create_task(keeping)]
            await asyncio.sleep(0)
            try:
                yield
            finally:
                for task in beside:
                    task.cancel()
                await asyncio.gather(*beside, return_exceptions=True)

    def reconciler(self) -> Reconciler:
        """One that notes whom it nudges in `nudged`; `mend` sends the nudges too."""
        return Reconciler(self.workflows, lambda stream, _: self.nudged.append(stream), self.expected, self.clock)

    async def mend(self) -> list[str]:
        """One round of a reconciler; the streams it nudged."""
        self.nudged = []
        await self.reconciler().once()
        for stream in self.nudged:
            await self.workflows.nudge(stream, self.expected.facts(stream))
        return self.nudged

    def add_schools(self, count: int) -> list[str]:
        """More schools beside the first; their ids."""
        ids = [f"school-{number}" for number in range(count)]
        with self.core.database.writing() as connection:
            tree = load_tree(connection)
            parent = sample_place(tree, "school").parent
            for one in ids:
                unit = Unit(id=one, kind="organisation", parent=parent, sector="general", name=one)
                assert not isinstance(put_unit(connection, unit, "test", AUTUMN), Refusal)
                put_person(connection, Person(id=f"c-{one}", name=one, email=f"{one}@e.example"), "test", AUTUMN)
                give_role(connection, f"c-{one}", "curator", one, AUTUMN.date(), "test", AUTUMN)
        return ids

    def record(self, command: ProgrammeCommand, stream: str = SCHOOL, **given: Any) -> Recorded:
        """What somebody does, without a nudge."""
        done = self.core.recorder.record(stream, command, by="person:test", **given)
        assert isinstance(done, Recorded), done
        return done

    async def act(self, command: ProgrammeCommand, stream: str = SCHOOL, **given: Any) -> Recorded:
        """What somebody does, and the nudge that follows."""
        done = await asyncio.to_thread(self.record, command, stream, **given)
        if done.nudge and done.state is not None:
            await self.workflows.nudge(stream, facts_of(done.state))
        return done

    async def start(self, organisation: str = "sample-school", nudge: bool = True, **given: Any) -> str:
        """Begin a year; the stream."""
        with self.core.database.reading() as connection:
            tree = load_tree(connection)
        plan = plan_for(self.core.library, tree, organisation, 2026, None)
        assert isinstance(plan, PlanRef)
        stream = f"programme/{organisation}-2026"
        command = start_command(tree, organisation, 2026, plan, **given)
        await (self.act(command, stream) if nudge else asyncio.to_thread(self.record, command, stream))
        return stream

    async def complete(self, step: int, stream: str = SCHOOL) -> None:
        """Close a step with figures that satisfy every gate."""
        state = self.state(stream)
        command, texts = completion(state, self.core.streams.plan(state), step, self.clock())
        await self.act(command, stream, texts=texts)

    async def nudge(self, stream: str = SCHOOL) -> None:
        await self.workflows.nudge(stream, facts_of(self.state(stream)))

    def state(self, stream: str = SCHOOL) -> Programme:
        state = self.core.recorder.state(stream)
        assert isinstance(state, Programme)
        return state

    def happened(self, kind: str, stream: str = SCHOOL) -> list[Any]:
        """The events of a type in the journal, with their moments."""
        with self.core.database.reading() as connection:
            entries = list(journal.read(connection, stream))
        return [self.core.streams.parse_event(entry) for entry in entries if entry.type == kind]

    def handle(self, stream: str = SCHOOL) -> WorkflowHandle[Any, Any]:
        return self.client.get_workflow_handle(stream)

    async def history(self, stream: str = SCHOOL) -> list[HistoryEvent]:
        return [event async for event in self.handle(stream).fetch_history_events()]

    async def count(self, kind: str, stream: str = SCHOOL) -> int:
        """How many events of a type the history of the present run holds."""
        wanted = EventType.Value(f"EVENT_TYPE_{kind}")
        return sum(event.event_type == wanted for event in await self.history(stream))

    async def standing(self, stream: str = SCHOOL) -> dict[str, Any]:
        return await self.workflows.standing(stream)

    async def rested(self, stream: str = SCHOOL) -> None:
        """Wait until the workflow stands where the journal stands, with nothing left to carry out."""

        async def settled() -> bool:
            if self.state(stream).items:
                return False
            standing = await self.standing(stream)
            return standing["version"] == self.state(stream).version and not standing["in_flight"]

        await self.until(settled, f"{stream} has caught up")

    async def until(
        self, holds: Callable[[], bool] | Callable[[], Awaitable[bool]], what: str, seconds: float = 30
    ) -> None:
        """Poll until it holds; a server that does not answer does not count."""
        deadline = time.monotonic() + seconds
        while True:
            with suppress(RPCError):
                answer = holds()
                if answer if isinstance(answer, bool) else await answer:
                    return
            if time.monotonic() > deadline:
                raise TimeoutError(f"in vain waited until {what}")
            await asyncio.sleep(0.05)

    async def next_moment(self, before: timedelta = timedelta(seconds=1.5), stream: str = SCHOOL) -> datetime:
        """Turn the clock to shortly before the agenda's next moment; the moment."""
        wake = self.core.streams.wake_at(self.state(stream))
        assert wake is not None
        self.clock.go(wake - before)
        return wake
