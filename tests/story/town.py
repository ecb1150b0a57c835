"""A whole installation in one process: the API behind a real port, a real worker, Temporal and mail server, and a
clock that the story moves."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import uvicorn

from activities.demo import load_region, operator_token
from activities.demo.figures import evidence_of
from activities.demo.organisations import Place
from activities.settings import Settings
from activities.wiring import core_of
from api.app import create
from domain.programme.state import Programme
from tests.servers import Deadline, Letter, SmtpServer, TemporalServer, free_port
from tests.workflows.engine import MovedClock
from worker import run
from workflows.client import Workflows, connect

TOMSK = ZoneInfo("Asia/Tomsk")
ROLES = {
    "curator": ("p-curator", "Орлова Вера Павловна"),
    "navigator": ("p-curator", "Орлова Вера Павловна"),
    "head": ("p-head", "Белов Игорь Петрович"),
}
FORMS = {"school": "pupil-pupil", "college": "student-student"}


class Thread:
    """A part of the installation: `body` runs until its event is set."""

    def __init__(self, body: Callable[[asyncio.Event], Any]) -> None:
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._live, args=(body,), daemon=True)
        self._thread.start()

    def _live(self, body: Callable[[asyncio.Event], Any]) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(body(self._stop))

    def stop(self) -> None:
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(30)
        assert not self._thread.is_alive(), "the part does not end"


class Town:
    """What a story does: everything people do goes over HTTP."""

    def __init__(self, home: Path, url: str, temporal: TemporalServer, mail: SmtpServer, now: datetime) -> None:
        self.clock, self.temporal, self.mail = MovedClock(now), temporal, mail
        self.settings = Settings(
            home=home, database_url=url, temporal_address=temporal.address, smtp_host=mail.host, smtp_port=mail.port
        )
        load_region(self.settings)
        self.core = core_of(self.settings, self.clock)
        self.port = free_port()
        self.http = httpx.Client(
            base_url=f"http://127.0.0.1:{self.port}/api/v1",
            headers={"Authorization": f"Bearer {operator_token(self.settings)}"},
            timeout=30,
        )
        self._parts: dict[str, Thread] = {}

    def start_api(self) -> None:
        """Serve the API."""
        app = create(core=core_of(self.settings, self.clock))
        server = uvicorn.Server(uvicorn.Config(app, port=self.port, log_level="error", log_config=None, lifespan="on"))

        async def serve(stop: asyncio.Event) -> None:
            serving = asyncio.create_task(server.serve())
            await stop.wait()
            server.should_exit = True
            await serving

        self._parts["api"] = Thread(serve)
        Deadline(20).until(lambda: server.started, "the API serves")

    def start_worker(self) -> None:
        """Let a worker work."""
        self._parts["worker"] = Thread(lambda stop: run(self.settings, stop, self.clock))

    def stop(self, part: str) -> None:
        """End a part in order."""
        self._parts.pop(part).stop()

    def close(self) -> None:
        for part in list(self._parts):
            self.stop(part)
        self.http.close()
        self.core.database.close()

    def ask(self, method: str, path: str, **given: Any) -> Any:
        """The JSON of an answer that has to be good."""
        answer = self.http.request(method, path, **given)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def on(self, day: str, hour: int = 10) -> None:
        """It is this day in Tomsk."""
        self.clock.go(datetime.combine(date.fromisoformat(day), time(hour), TOMSK).astimezone(UTC))

    def settle(self, organisation: str, parent: str, sector: str) -> None:
        """An organisation with its people, and everybody above it who gets letters."""
        body = {"kind": "organisation", "name": f"Организация {organisation}", "parent": parent, "sector": sector}
        self.ask("PUT", f"/units/{organisation}", json=body)
        leader = "navigator" if sector == "vocational" else "curator"
        roles = [(leader, organisation), ("head", organisation)]
        for role, unit in roles:
            person, name = ROLES[role]
            self.hire(person, name, role, unit)
        self.hire("p-centre", "Гусев Олег Ильич", "methodologist", "rcrpk" if sector == "vocational" else "rcro")
        self.hire("p-department", "Лапина Нина Юрьевна", "department_officer", "dpo" if parent == "dpo" else "dgo")
        if parent.startswith("mo-"):
            self.hire("p-municipality", "Титова Анна Львовна", "municipal_coordinator", parent)

    def hire(self, person: str, name: str, role: str, unit: str) -> None:
        """A person in a role."""
        self.ask("PUT", f"/people/{person}", json={"name": name, "email": f"{person}@example.org"})
        body = {"role": role, "unit": unit, "since": "2020-01-01"}
        self.ask("POST", f"/people/{person}/roles", json=body)

    def complete(self, programme: str, step: dict[str, Any], sector: str, today: date) -> dict[str, Any]:
        """Do a step, with figures that satisfy the gates."""
        state = self.core.recorder.state(f"programme/{programme}")
        assert state is not None
        plan = self.core.recorder.plan(state).roadmap.steps[step["number"]]
        form = FORMS["college" if sector == "vocational" else "school"]
        place = Place(state.organisation, "", sector, "", 24, 12)  # type: ignore[arg-type]
        figures = evidence_of(plan, None, place, [form], today, lambda text: text)  # type: ignore[list-item]
        body: dict[str, Any] = {"evidence": figures.model_dump(mode="json", exclude_none=True)}
        if plan.fixes_forms:
            body["forms"] = [form]
        done: dict[str, Any] = self.ask("POST", f"/programmes/{programme}/steps/{plan.number}/completion", json=body)
        return done

    def quiet(self, programme: str, seconds: float = 60) -> None:
        """Wait until everything queued has been carried out and the workflow knows."""

        def settled() -> bool:
            state = self.core.recorder.state(f"programme/{programme}")
            if state is None or state.items or self._due(state):
                return False
            answer = self.http.get(f"/programmes/{programme}/workflow")
            if answer.status_code != 200:
                return False
            told = answer.json()
            if told["status"] == "completed":
                return not state.active
            return bool(told["standing"] and told["standing"]["version"] == state.version)

        Deadline(seconds, every=0.1).until(settled, f"{programme} has caught up")

    def _due(self, state: Programme) -> bool:
        """Whether time has brought something that is not in the journal yet."""
        wake = self.core.streams.wake_at(state)
        return wake is not None and wake <= self.clock()

    def nudge(self, programme: str) -> None:
        """What the reconciler does seconds later: the clock was moved, and no timer knows."""
        self.tell(f"programme/{programme}")

    def tell(self, *streams: str) -> None:
        """The same of streams of any kind."""

        async def send() -> None:
            workflows = await self._workflows()
            for stream in streams:
                await workflows.nudge(stream, self.core.kinds.facts(stream, self.core.recorder.state(stream)))

        asyncio.run(send())

    def caught_up(self, *streams: str, seconds: float = 90) -> None:
        """Wait until everything queued has been carried out and their workflows know."""

        def there(stream: str, told: dict[str, Any] | None) -> bool:
            state, kind = self.core.recorder.state(stream), self.core.kinds.of(stream)
            wake = kind.wake_at(state)
            if state.items or (wake is not None and wake <= self.clock()):
                return False
            return bool(told and told["version"] == state.version)

        async def look() -> bool:
            workflows = await self._workflows()
            return all([there(stream, await workflows.standing_if_any(stream)) for stream in streams])

        Deadline(seconds, every=0.2).until(lambda: asyncio.run(look()), f"{streams} have caught up")

    def running(self, kind: str) -> set[str]:
        """The workflows of a kind that run."""

        async def listed() -> set[str]:
            return {stream async for stream in (await self._workflows()).running(kind)}

        return asyncio.run(listed())

    async def _workflows(self) -> Workflows:
        return Workflows(await connect(self.settings.temporal_address, self.settings.temporal_namespace, lazy=False))

    def letters(self, subject: str, to: str | None = None) -> list[Letter]:
        """The letters that arrived, by the beginning of their subject and their recipient."""
        found = [letter for letter in self.mail.letters if letter.subject.startswith(subject)]
        return [one for one in found if to is None or f"{to}@example.org" in one.recipients]

    def happened(self, programme: str) -> list[tuple[str, dict[str, Any]]]:
        """Types and data of the journal's events."""
        items: list[Any] = []
        cursor = "0"
        while cursor:
            page = self.ask("GET", f"/programmes/{programme}/events", params={"limit": 500, "cursor": cursor})
            items, cursor = items + page["items"], page["next"]
        return [(item["type"], item["data"]) for item in items]


@contextmanager
def town(home: Path, url: str, temporal: TemporalServer, mail: SmtpServer, now: datetime) -> Iterator[Town]:
    """An installation whose API and worker run."""
    made = Town(home, url, temporal, mail, now)
    try:
        made.start_api()
        made.start_worker()
        yield made
    finally:
        made.close()
