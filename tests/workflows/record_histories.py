"""Records a history of every kind of life that a workflow leads, for the replay test.

`python -m tests.workflows.record_histories [name…]` adds the next file of each kind beside those of earlier versions.
"""

from __future__ import annotations

import asyncio
import functools
import gzip
import re
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from temporalio.client import WorkflowHandle

from activities.bulk import plan_bulk
from activities.campaigning import centre_of, open_campaign, open_submissions
from activities.directory import load_tree
from activities.jobs import create_bulk
from activities.migrations import migrate
from activities.recorder import Recorded
from activities.rehearsal_home import rehearsal_core, sample_start
from activities.sample import completion
from activities.wiring import Core
from domain.campaign.commands import CloseCampaign, Letter, Years
from domain.programme import commands as c
from domain.programme.commands import StartProgramme
from domain.refusal import Refusal
from domain.submission import commands as s
from tests import servers
from tests.servers.imap import PASSWORD, USER
from tests.workflows.dev_server import DevServer
from tests.workflows.engine import Engine
from workflows.client import Workflows
from workflows.names import TASK_QUEUE
from workflows.rehearsal import Rehearsal, live_through, rehearsal_worker
from workflows.virtual_time import VirtualClock

FOLDER = Path(__file__).parents[1] / "golden" / "histories"
SHORT = "limit.historyCount.suggestContinueAsNew=60"
REASON, COMMENT = "txt-" + "0" * 32, "txt-" + "1" * 32
WINTER = datetime(2027, 2, 25, 3, tzinfo=UTC)
SINCE = datetime(2026, 8, 24, 17, tzinfo=UTC)


@dataclass
class Scene:
    """A rehearsal on its way, and the mail server that it sends to, if any."""

    core: Core
    clock: VirtualClock
    server: DevServer
    year: Rehearsal
    mail: servers.SmtpServer


@asynccontextmanager
async def scene(roadmap: str, *dynamic: str, since: datetime = SINCE, smtp: bool = False) -> AsyncIterator[Scene]:
    """A sample organisation on a server whose time skips, with its worker."""
    mail = servers.SmtpServer()
    settings: dict[str, Any] = {"smtp_host": mail.host, "smtp_port": mail.port} if smtp else {}
    clock = VirtualClock(since)
    server = await DevServer.start(servers.temporal_binary(), *dynamic)
    try:
        with rehearsal_core(clock, **settings) as core:
            start = sample_start(core, roadmap, 2026, since)
            assert isinstance(start, StartProgramme)
            async with rehearsal_worker(server.client, core):
                yield Scene(core, clock, server, Rehearsal(core, clock, server, start), mail)
    finally:
        await server.close()
        mail.stop()


async def on_time(name: str) -> None:
    """A school that does everything on the last day."""
    async with scene("school") as now:
        await live_through(now.year, "on-time")
        await keep(name, now.year.handle)


async def late(name: str) -> None:
    """A college that begins in November, misses everything and closes it all in July."""
    async with scene("college", since=datetime(2026, 11, 15, 17, tzinfo=UTC)) as now:
        await live_through(now.year, "nobody")
        moment = now.clock.now + timedelta(days=1)
        await now.year.live_until(moment)
        while now.year.state.active:
            step, _ = min(now.year.state.open_obligations(), key=lambda one: one[0].number)
            command, texts = completion(now.year.state, now.year.plan, step.number, moment)
            await now.year.record(command, texts=texts)
        await ended(now.year)
        await keep(name, now.year.handle)


async def paused(name: str) -> None:
    """A school that pauses for five weeks, goes on, and is called off."""
    async with scene("school") as now:
        await now.year.begin()
        await now.year.live_until(SINCE + timedelta(days=30))
        await now.year.record(c.PauseProgramme(reason=REASON), texts={REASON: "Карантин"})
        await now.year.live_until(SINCE + timedelta(days=65))
        await now.year.record(c.ResumeProgramme())
        await now.year.live_until(SINCE + timedelta(days=80))
        await now.year.record(c.AssignStep(step=8, person="head-sample-school"))
        await now.year.record(c.CancelProgramme(reason=REASON))
        await ended(now.year)
        await keep(name, now.year.handle)


async def deferred(name: str) -> None:
    """The mail server is away when the first letter is due, and back two hours later."""
    async with scene("school", smtp=True) as now:
        await now.year.record(now.year.start)
        deferred = functools.partial(any_deferred, now.year)
        await asyncio.to_thread(servers.Deadline(20).until, deferred, "the first letter has to wait")
        await now.server.forward(now.year.handle, timedelta(hours=2))
        now.mail.start()
        await now.server.forward(now.year.handle, timedelta(hours=3))
        await now.year.live_until(SINCE + timedelta(days=14))
        assert now.mail.letters
        await keep(name, now.year.handle)


def any_deferred(year: Rehearsal) -> bool:
    return any(item.deferred for item in year.state.items.values())


async def continued(name: str) -> None:
    """A history that the server finds too long; the run that was continued."""
    async with scene("school", SHORT) as now:
        await now.year.begin()
        first = (await now.year.handle.describe()).raw_description.workflow_execution_info.first_run_id
        await now.year.live_until(SINCE + timedelta(days=60))
        now_running = (await now.year.handle.describe()).run_id
        assert now_running != first
        await keep(name, now.server.client.get_workflow_handle(now.year.stream, run_id=first))


async def bulk(name: str) -> None:
    """A bulk start of one organisation, from the plan to a hundred percent."""
    async with scene("school") as now:
        with now.core.database.writing() as connection:
            tree = load_tree(connection)
            plan = plan_bulk(connection, now.core.library, tree, tree.of_kind("region")[0].id, 2026, ())
            assert not isinstance(plan, Refusal)
            begun = create_bulk(connection, plan.order, "token:test", SINCE)
        await Workflows(now.server.client).start_bulk(begun)
        handle = now.server.client.get_workflow_handle(f"bulk/{begun}")
        assert await handle.result() == 100
        await keep(name, handle)


async def monitored(name: str) -> None:
    """A municipality that misses its deadline, hands its form in, gets it back and has it accepted; then the round."""
    async with scene("school", since=WINTER) as now:
        round_, form = await opened(now)
        await lived(now, form, timedelta(days=40))
        for command in (
            s.SaveForm(sha256="0" * 64),
            s.SubmitForm(revision=1, by="token:coordinator"),
            s.ReturnForm(comments=(s.Comment(pointer="", comment=COMMENT),), by="token:centre"),
            s.SubmitForm(revision=1, by="token:coordinator"),
            s.AcceptForm(by="token:centre"),
        ):
            await told(now, form, command, {COMMENT: "Сверьте"} if isinstance(command, s.ReturnForm) else {})
        await told(now, round_, CloseCampaign())
        handle = now.server.client.get_workflow_handle(round_ if name == "campaign" else form)
        await handle.result()
        await keep(name, handle)


async def opened(now: Scene) -> tuple[str, str]:
    """A round for one municipality: its stream, and that of the submission."""
    with now.core.database.reading() as connection:
        tree = load_tree(connection)
    (centre, letter) = (centre_of(tree), Letter(number="183", date=WINTER.date(), text=REASON))
    assert centre is not None
    command = open_campaign(
        now.core.library, tree, centre.id, ["mo-tomsk"], title="Мониторинг", years=Years(earlier=2025, later=2026),
        asked=date(2027, 3, 21), confirmed=None, letter=letter, form="monitoring", rolling="next_working_day",
    )  # fmt: skip
    (form,) = open_submissions(now.core.library, tree, "monitoring-2027", command)
    await told(now, "campaign/monitoring-2027", command, {REASON: "Уважаемые коллеги!"})
    await told(now, "submission/monitoring-2027-mo-tomsk", form)
    return "campaign/monitoring-2027", "submission/monitoring-2027-mo-tomsk"


async def told(now: Scene, stream: str, command: Any, texts: dict[str, str] | None = None) -> None:
    """Somebody acts, and the workflow hears of it."""
    recorder = now.core.recorder
    done = await asyncio.to_thread(recorder.record, stream, command, by="token:test", texts=texts or {})
    assert isinstance(done, Recorded), done
    await Workflows(now.server.client).nudge(stream, now.core.kinds.facts(stream, done.state))


async def lived(now: Scene, stream: str, span: timedelta) -> None:
    """Time passes for one workflow; afterwards the clock stands where it is."""
    handle = now.server.client.get_workflow_handle(stream)
    assert await now.server.forward(handle, span)
    now.clock.now = now.clock.told(await now.server.now(handle))


async def woken(name: str) -> None:
    """What a schedule wakes: it looks, acts and ends."""
    with (
        tempfile.TemporaryDirectory(prefix="mentoring-") as folder,
        servers.TemporalServer() as temporal,
        servers.SmtpServer() as smtp,
        servers.ImapServer() as imap,
    ):
        url = f"sqlite:///{folder}/mentoring.db"
        migrate(url)
        engine = Engine(
            Path(folder), temporal.address, url, smtp_host=smtp.host, smtp_port=smtp.port, imap_host=imap.host,
            imap_port=imap.port, imap_user=USER, imap_password=PASSWORD, imap_security="none", inbox_folder="INBOX",
        )  # fmt: skip
        await engine.connect()
        async with engine.worker():
            given = ["Asia/Tomsk"] if name == "digests" else []
            handle = await engine.client.start_workflow(name, args=given, id=name, task_queue=TASK_QUEUE)
            await handle.result()
            await keep(name, handle)
        engine.core.database.close()


async def ended(year: Rehearsal) -> None:
    await year.handle.result()


async def keep(name: str, handle: WorkflowHandle[Any, Any]) -> None:
    """Write the next file of this kind."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    number = 1 + len(list(FOLDER.glob(f"{name}-*.json.gz")))
    content = IDENTITY.sub("recorded", (await handle.fetch_history()).to_json()).encode()
    (FOLDER / f"{name}-{number}.json.gz").write_bytes(gzip.compress(content, mtime=0))


IDENTITY = re.compile(r"\d+@[\w.-]+")
"""Which process on which machine it was is of no interest."""

LIVES: dict[str, Callable[[str], Awaitable[None]]] = {
    "programme-on-time": on_time,
    "programme-late": late,
    "programme-paused": paused,
    "programme-deferred": deferred,
    "programme-continued": continued,
    "bulk": bulk,
    "submission": monitored,
    "campaign": monitored,
    "digests": woken,
    "proposal": woken,
    "mail_in": woken,
}


async def main(names: list[str]) -> None:
    for name in names or LIVES:
        await LIVES[name](name)
        sys.stdout.write(f"{name}\n")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
