"""A year in seconds: the real workflow on a Temporal whose time skips, in a home of its own."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, get_args

from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from activities.acts import NOON, Act, read_acts
from activities.campaign_letters import CampaignLetters
from activities.correspondence import Correspondence
from activities.delivery import Delivery
from activities.job_hands import BulkHands
from activities.mail import mailer_of
from activities.programme_hands import ProgrammeHands
from activities.questionnaires import Forms
from activities.recorder import Recorded
from activities.rehearsal_home import begins, rehearsal_core, sample_start
from activities.sent import notices_sent
from activities.standing import facts_of
from activities.submission_letters import SubmissionLetters
from activities.wiring import Core
from domain.plan import Plan, zone_of
from domain.programme.agenda import agenda
from domain.programme.commands import ProgrammeCommand, StartProgramme
from domain.programme.state import Programme
from domain.refusal import Refusal
from workflows.bulk import BulkStart
from workflows.client import Workflows
from workflows.monitoring import CampaignRound, SubmissionWay
from workflows.names import TASK_QUEUE
from workflows.programme import ProgrammeYear
from workflows.virtual_time import Client, Handle, OneClock, Skipping, TellTime, VirtualClock

Scenario = Literal["nobody", "on-time"]
SCENARIOS: tuple[Scenario, ...] = get_args(Scenario)
THREADS = 4
PATIENCE = 20.0


class RehearsalFailed(RuntimeError):
    """The workflow did not come along."""


class RehearsalRefused(RuntimeError):
    """The rules say no to what was to be rehearsed."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(f"{refusal.code} {refusal.facts}")
        self.refusal = refusal


class Rehearsal:
    """One programme on its way through a year; `core` has a `VirtualClock` and the organisation in its directory."""

    def __init__(self, core: Core, clock: VirtualClock, skipping: Skipping, start: StartProgramme) -> None:
        self._core, self._clock, self._skipping = core, clock, skipping
        self.start = start
        self.stream = f"programme/{start.organisation}-{start.year}"
        self._workflows = Workflows(skipping.client)

    @property
    def handle(self) -> Handle:
        """The workflow of the year."""
        return self._skipping.client.get_workflow_handle(self.stream)

    @property
    def state(self) -> Programme:
        """Where the programme stands in the journal."""
        state = self._core.recorder.state(self.stream)
        assert isinstance(state, Programme), "the rehearsal has begun"
        return state

    @property
    def plan(self) -> Plan:
        """What the year runs by."""
        return self._core.streams.plan(self.state)

    @property
    def wake_at(self) -> datetime | None:
        """The next moment at which the workflow has to look."""
        return self._core.streams.wake_at(self.state)

    async def begin(self) -> None:
        """Start the programme and its workflow."""
        await self.record(self.start)
        await self._settled(self._clock.now)

    async def record(self, command: ProgrammeCommand, **given: Any) -> None:
        """Somebody acts now, and the workflow hears of it. Raises RehearsalRefused."""
        done = await asyncio.to_thread(self._core.recorder.record, self.stream, command, by="rehearsal", **given)
        if isinstance(done, Refusal):
            raise RehearsalRefused(done)
        assert isinstance(done, Recorded)
        if done.state is not None and done.nudge:
            await self._workflows.nudge(self.stream, facts_of(done.state))

    async def act(self, act: Act) -> None:
        """What a line says. Raises RehearsalRefused with the place of the line."""
        command, texts = act.prepared(self.state, self.plan)
        try:
            await self.record(command, texts=texts)
        except RehearsalRefused as error:
            raise RehearsalRefused(error.refusal.model_copy(update={"pointer": act.place})) from None

    async def live_until(self, moment: datetime) -> None:
        """Let time pass; the clock outside of the workflow then stands at the moment."""
        while self.state.active:
            at = self._clock.told(await self._skipping.now(self.handle))
            if at >= moment or not await self._skipping.forward(self.handle, moment - at):
                break
        await self._settled(moment)
        self._clock.now = max(self._clock.now, moment)

    async def _settled(self, moment: datetime) -> None:
        """Wait until everything that is due at the moment has been recorded, and what is queued carried out."""
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while self._restless(moment):
            if asyncio.get_running_loop().time() > deadline:
                raise RehearsalFailed(f"{self.stream}: поручения не выполняются")
            await asyncio.sleep(0.005)

    def _restless(self, moment: datetime) -> bool:
        wake = self.wake_at
        return bool(self.state.items) or (wake is not None and wake <= moment)

    def sent(self) -> list[dict[str, Any]]:
        """Every notice so far; see `notices_sent`."""
        with self._core.database.reading() as connection:
            return notices_sent(connection, self._core.streams, self.stream, self.state)


def rehearsal_worker(client: Client, core: Core, **options: Any) -> Worker:
    """The worker of a rehearsal: the real workflow and activities, told the workflow's time; `options` as of Worker."""
    monitoring: tuple[Correspondence, ...] = (CampaignLetters(core.library), SubmissionLetters(core.library))
    mailer = mailer_of(core.settings)
    delivery = Delivery(core.database, core.recorder, mailer, core.settings, core.clock, *monitoring)
    hands = ProgrammeHands(core.recorder, delivery, Forms(core.database, core.recorder, core.clock))
    bulk = BulkHands(core.recorder, lambda *_: None)
    passed = SandboxRestrictions.default.with_passthrough_modules("domain", "activities.beat")
    return Worker(
        client,
        task_queue=TASK_QUEUE,
        build_id="rehearsal",  # else the SDK reads every module that is loaded to make one
        workflows=[ProgrammeYear, CampaignRound, SubmissionWay, BulkStart],
        activities=[*hands.activities, bulk.bulk_share, bulk.bulk_start],
        activity_executor=ThreadPoolExecutor(THREADS, thread_name_prefix="activity"),
        workflow_runner=SandboxedWorkflowRunner(restrictions=passed),
        max_concurrent_activities=THREADS,
        max_concurrent_local_activities=THREADS,
        interceptors=[TellTime()],
        **options,
    )


async def live_through(rehearsal: Rehearsal, scenario: Scenario, acts: Sequence[Act] = ()) -> None:
    """The whole year with its acts, until nothing comes by itself any more."""
    await rehearsal.begin()
    waiting = deque(acts)
    while deed := _next_deed(rehearsal, scenario, waiting):
        await rehearsal.live_until(deed.at)
        await rehearsal.act(deed)
    while rehearsal.state.active and (items := agenda(rehearsal.state, rehearsal.plan)):
        await rehearsal.live_until(items[-1].at + timedelta(minutes=1))


def _next_deed(rehearsal: Rehearsal, scenario: Scenario, waiting: deque[Act]) -> Act | None:
    """The next line, or before it what is done in time."""
    owed = _next_owed(rehearsal.state) if scenario == "on-time" else None
    if owed is None or (waiting and waiting[0].at <= owed.at):
        return waiting.popleft() if waiting else None
    return owed


def _next_owed(state: Programme) -> Act | None:
    owed = state.open_obligations() if state.active else ()
    step, occurrence = min(owed, key=lambda one: (one[1].due, one[0].number), default=(None, None))
    if step is None or occurrence is None:
        return None
    at = datetime.combine(occurrence.due, NOON, zone_of(state.zone))
    return Act(number=0, line="", at=at, verb="complete", step=step.number)


async def rehearse(
    binary: Path,
    roadmap: str,
    year: int,
    since: date | None = None,
    scenario: Scenario = "nobody",
    lines: Sequence[str] = (),
) -> list[dict[str, Any]]:
    """Every reminder, missed deadline and escalation that a sample organisation's year would send.

    `binary`: the time-skipping test server; `lines`: what people do, see `activities.acts`. Raises RehearsalRefused
    for a year or a day that no programme can have, and for an act that is unclear or not possible.
    """
    clock = VirtualClock(datetime.now(UTC))
    with rehearsal_core(clock) as core:
        start = sample_start(core, roadmap, year, clock.now)
        if isinstance(start, Refusal):
            raise RehearsalRefused(start)
        clock.since = clock.now = begins(core, start, since)
        acts = read_acts(lines, start.zone, clock.since)
        if isinstance(acts, Refusal):
            raise RehearsalRefused(acts)
        async with OneClock.running(binary) as server, rehearsal_worker(server.client, core):
            rehearsal = Rehearsal(core, clock, server, start)
            await live_through(rehearsal, scenario, acts)
        return rehearsal.sent()
