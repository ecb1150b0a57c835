"""The worker: wires settings to dependencies, then runs workflows and activities until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import structlog
import uvloop
from temporalio.client import Client
from temporalio.common import VersioningBehavior
from temporalio.service import RPCError
from temporalio.worker import Worker, WorkerDeploymentConfig, WorkerDeploymentVersion
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from activities.bounce_mailbox import BounceMailbox, watch_bounces
from activities.build import build_id
from activities.campaign_letters import CampaignLetters
from activities.correspondence import Correspondence
from activities.cures.doing import CureItems
from activities.delivery import Delivery
from activities.digest_days import DigestDays
from activities.digest_hands import DigestHands
from activities.digests import Digests
from activities.heartbeat import Heart, beat_heart
from activities.job_hands import BulkHands
from activities.lagging import Expected
from activities.logs import configure_logs
from activities.mail import mailer_of
from activities.mail_in.answers import Answers
from activities.mail_in.hands import MailHands
from activities.mail_in.reader import MailReader
from activities.programme_hands import ProgrammeHands
from activities.proposal_hands import ProposalHands
from activities.proposals import Proposals
from activities.questionnaires import Forms
from activities.recorder import Clock
from activities.retention import keep_tidy
from activities.settings import Settings
from activities.sign import show_life
from activities.submission_letters import SubmissionLetters
from activities.tracing import configure_tracing
from activities.wiring import Core, core_of, process_name, take_short_turns
from workflows.bulk import BulkStart
from workflows.client import (
    Workflows,
    connect,
    current_build,
    ensure_namespace,
    make_current,
)
from workflows.digests import DigestsOfDay
from workflows.mail_in import MailIn
from workflows.mending import Mending, MendingHands
from workflows.monitoring import CampaignRound, SubmissionWay
from workflows.names import DEPLOYMENT, TASK_QUEUE
from workflows.nudger import Nudger
from workflows.programme import ProgrammeYear
from workflows.proposal import CampaignProposal
from workflows.reconciler import Reconciler
from workflows.tracing import Tracing

THREADS = 8

WORKFLOWS: tuple[type, ...] = (
    ProgrammeYear,
    CampaignRound,
    SubmissionWay,
    BulkStart,
    DigestsOfDay,
    CampaignProposal,
    MailIn,
)

CACHED_WORKFLOWS = 6_000
"""More than a region has programmes: an evicted workflow costs a replay at its next moment."""

WORKFLOW_TASKS = 2 * THREADS
"""Each waits for the local activities of its workflow. More at once would all be slow: after the death of a worker each
replays its history first, and one that takes longer than Temporal waits (10 s) is lost and replayed once more.
"""

STICKY = timedelta(seconds=5)
"""How long a task waits for the worker that knows its workflow before any worker may take it."""

KEEP_CURRENT = 5.0
"""Seconds between two looks whether the server still knows who is current."""

log = structlog.get_logger()


def sandbox() -> SandboxedWorkflowRunner:
    """Workflows run the code that the worker started with.

    Not passed through, a module would be read from the disk and compiled anew for every workflow: a third of the
    worker's time, and after an update on the disk another code than the worker's.
    """
    passed = SandboxRestrictions.default.with_passthrough_modules("domain", "activities.beat", "workflows")
    return SandboxedWorkflowRunner(restrictions=passed)


def digest_days(core: Core) -> DigestDays:
    """When superiors read digests."""
    return DigestDays(core.database, core.library, core.settings.quiet)


def inbox_every(settings: Settings) -> timedelta | None:
    """How often the mailbox for forms is read; `None` where there is none."""
    return timedelta(seconds=settings.inbox_every) if settings.imap_host and settings.inbox_folder else None


def make_worker(client: Client, core: Core, nudger: Nudger, build: str, task_queue: str = TASK_QUEUE) -> Worker:
    """A worker of this build; new builds take over running workflows once they are made current."""
    settings, recorder = core.settings, core.recorder
    mailer = mailer_of(settings)
    monitoring: tuple[Correspondence, ...] = (CampaignLetters(core.library), SubmissionLetters(core.library))
    delivery = Delivery(core.database, recorder, mailer, settings, core.clock, *monitoring)
    digests = Digests(core.database, core.library, core.streams, mailer, settings, digest_days(core))
    hands = ProgrammeHands(recorder, delivery, Forms(core.database, recorder, core.clock))
    proposals = ProposalHands(Proposals(core.database, core.library, mailer, settings), core.clock)
    mending = MendingHands(Mending(Workflows(client)), nudger.nudge, asyncio.get_running_loop())
    bulk = BulkHands(recorder, nudger.nudge, CureItems(core, mending))
    mail = MailHands(
        MailReader(core.database, core.uploads, settings, core.clock),
        Answers(core.database, mailer, settings, core.clock),
    )
    return Worker(
        client,
        task_queue=task_queue,
        workflows=WORKFLOWS,
        activities=[
            *hands.activities,
            bulk.bulk_share,
            bulk.bulk_start,
            DigestHands(digests, core.clock).send_digests,
            proposals.propose_campaign,
            *mail.activities,
        ],
        interceptors=[Tracing()],
        activity_executor=ThreadPoolExecutor(2 * THREADS, thread_name_prefix="activity"),
        workflow_runner=sandbox(),
        max_cached_workflows=CACHED_WORKFLOWS,
        max_concurrent_workflow_tasks=WORKFLOW_TASKS,
        max_concurrent_activities=THREADS,
        max_concurrent_local_activities=THREADS,
        sticky_queue_schedule_to_start_timeout=STICKY,
        graceful_shutdown_timeout=timedelta(seconds=5),
        deployment_config=WorkerDeploymentConfig(
            version=WorkerDeploymentVersion(DEPLOYMENT, build),
            use_worker_versioning=True,
            default_versioning_behavior=VersioningBehavior.AUTO_UPGRADE,
        ),
    )


async def keep_current(client: Client, build: str, takes_over: bool = True) -> None:
    """Let this build take over, as soon as the server knows it; and again when a server comes back without memory.

    A newer build that has taken over since is left alone. Where releases are made by command it steps in only while
    there is nobody.
    """
    ours = not takes_over
    while True:
        with suppress(RPCError):
            if not ours or await current_build(client) is None:
                await make_current(client, build)
                log.info("build_current", build=build)
            ours = True
        await asyncio.sleep(KEEP_CURRENT if ours else 0.2)


async def run(settings: Settings, stop: asyncio.Event, clock: Clock | None = None) -> None:
    """Work until `stop` is set."""
    take_short_turns()
    core = await asyncio.to_thread(core_of, settings, clock)
    living = asyncio.create_task(show_life(settings.worker_sign))
    client = await reached(settings, stop)
    if client is None:
        living.cancel()
        return
    workflows = Workflows(client)
    nudger = Nudger(workflows.nudge)
    build = build_id()
    expected = Expected(core.database, core.kinds)
    proposals = Proposals(core.database, core.library, mailer_of(settings), settings)
    reconciler = Reconciler(
        workflows, nudger.nudge, expected, core.clock, digest_days(core), proposals, inbox_every(settings)
    )
    beside = [
        living,
        asyncio.create_task(nudger.run()),
        asyncio.create_task(
            beat_heart(core.database, Heart("worker", process_name(), build, settings.home), core.clock)
        ),
        asyncio.create_task(keep_tidy(core.database, core.clock, core.uploads.store)),
    ]
    if settings.imap_host:
        mailbox = BounceMailbox(core.database, settings, core.clock)
        beside.append(asyncio.create_task(watch_bounces(mailbox, settings.imap_every)))
    try:
        async with make_worker(client, core, nudger, build):
            beside.append(asyncio.create_task(keep_current(client, build, settings.takes_over)))
            beside.append(asyncio.create_task(reconciler.run()))
            log.info("worker_ready", build=build)
            await stop.wait()
    finally:
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        core.database.close()


async def reached(settings: Settings, stop: asyncio.Event) -> Client | None:
    """A connected client; Temporal may start after the worker. `None` when told to stop before."""
    while not stop.is_set():
        with suppress(RuntimeError, RPCError):
            client = await connect(
                settings.temporal_address, settings.temporal_namespace, lazy=False, metrics=settings.metrics_address
            )
            await ensure_namespace(client)
            await Workflows(client).count_running("programme")  # until the namespace is known everywhere
            return client
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), 0.2)
    return None


async def main() -> None:
    """Run with the settings of the environment until SIGTERM or Ctrl-C."""
    configure_logs()
    configure_tracing("mentoring-worker")
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    await run(Settings(), stop)


if __name__ == "__main__":
    uvloop.run(main())
