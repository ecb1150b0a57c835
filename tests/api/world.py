"""A small region behind the API: two municipalities, state organisations, and a key for everyone who may ask."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, literal, select, union_all
from sqlmodel import SQLModel

from activities.database import Database
from activities.definition_store import MemoryDefinitions
from activities.definitions import BUILT_IN, Library
from activities.directory import put_unit
from activities.lagging import Expected
from activities.migrations import migrate
from activities.people import Person, give_role, put_person
from activities.settings import Settings
from activities.tokens import create_token
from activities.wiring import Core, core_of
from api.app import create
from domain.diagnosis.facts import Machine, Process, Seen, Server
from domain.diagnosis.finding import Finding, of_machine
from domain.queue_commands import RecordDropped
from domain.units import Role, Unit
from tests.api.asking import Asking

V1 = "/api/v1"
Place = tuple[str, dict[str, str]]
"""The address of a region's database, and the keys to it."""
AUTUMN = datetime(2026, 9, 1, 3, 0, tzinfo=UTC)
"""Ten in the morning in Tomsk, on the first day of the school year."""

ORGANISATIONS = (
    Unit(id="school-1", kind="organisation", parent="mo-tomsk", sector="general", name="Школа № 1"),
    Unit(id="club-1", kind="organisation", parent="mo-tomsk", sector="additional", name="Дом творчества"),
    Unit(id="school-9", kind="organisation", parent="mo-seversk", sector="general", name="Канарейка школа № 9"),
    Unit(id="lyceum", kind="organisation", parent="dgo", sector="general", name="Канарейка лицей"),
    Unit(id="college", kind="organisation", parent="dpo", sector="vocational", name="Канарейка техникум"),
)
ROADMAP = {"general": "school", "additional": "school", "vocational": "college"}

PEOPLE = ("p-curator", "p-head", "p-other")

KEYS: dict[str, tuple[Role, str]] = {
    "curator": ("curator", "school-1"),
    "head": ("head", "school-1"),
    "curator of 9": ("curator", "school-9"),
    "curator of lyceum": ("curator", "lyceum"),
    "navigator": ("navigator", "college"),
    "coordinator": ("municipal_coordinator", "mo-tomsk"),
    "rcro": ("methodologist", "rcro"),
    "rcrpk": ("methodologist", "rcrpk"),
    "toipkro": ("methodologist", "toipkro"),
    "dgo": ("department_officer", "dgo"),
    "dpo": ("department_officer", "dpo"),
    "office": ("project_office", "rvpo"),
    "operator": ("operator", "tomsk-oblast"),
    "administrator": ("administrator", "tomsk-oblast"),
}


class Clock:
    """A clock that tests set."""

    def __init__(self, now: datetime = AUTUMN) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def on(self, day: str, hour: int = 10) -> None:
        """Go to a local day in Tomsk."""
        self.now = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC) + timedelta(hours=hour - 7)


UNREAD = pytest.mark.parametrize("shared", ["sqlite"], indirect=True)
"""What is refused before any database is asked is tried on one."""

_COUNTED = union_all(
    *(
        select(literal(table.name), func.count()).select_from(table)
        for table in SQLModel.metadata.sorted_tables
        if table.name not in ("definition", "heartbeat")
    )
)


@dataclass
class World:
    """The application with its region; `keys` are tokens by who holds them."""

    core: Core
    app: FastAPI
    client: Asking
    clock: Clock
    keys: dict[str, str]

    def ask(self, who: str | None, method: str, path: str, **given: Any) -> httpx.Response:
        """One request under `/api/v1`, or of another path that begins with two slashes."""
        headers = {"Authorization": f"Bearer {self.keys[who]}"} if who else {}
        headers |= given.pop("headers", {})
        url = path.removeprefix("/") if path.startswith("//") else V1 + path
        answer: httpx.Response = self.client.request(method, url, headers=headers, **given)
        return answer

    def get(self, path: str, who: str = "administrator", **given: Any) -> Any:
        """The JSON of an answer that has to be 200."""
        answer = self.ask(who, "GET", path, **given)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: Any = None, who: str = "administrator", **given: Any) -> Any:
        """The JSON of an answer that has to be 200 or 201."""
        answer = self.ask(who, "POST", path, json=body, **given)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def heal(self) -> None:
        """From now on all is well with the machine."""
        self.break_down(AllWell)

    def break_down(self, watch: type[AllWell]) -> None:
        """From now on the machine is in this state."""
        context = self.app.state.context
        self.app.state.context = replace(context, watch=watch(self.core))

    def catch_up(self, name: str = "school-1-2026", kind: str = "programme") -> None:
        """What its workflow would do by now, but for the letters."""
        stream, record = f"{kind}/{name}", self.core.recorder.record
        record(stream, self.core.kinds.of(stream).time, by="worker")
        for number in self.core.recorder.state(stream).items:
            record(stream, RecordDropped(item=number, reason="untrue"), by="worker")

    def start(self, organisation: str = "school-1", year: int = 2026, **more: Any) -> str:
        """Start a programme; its id."""
        made: str = self.post("/programmes", {"organisation": organisation, "year": year, **more})["id"]
        return made

    def written(self) -> dict[str, int]:
        """How many rows every table holds; definitions apart, which are frozen when they are first looked at."""
        with self.core.database.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(_COUNTED)}


class AllWell:
    """In place of the watch: a machine where a worker works, and a Temporal that has nothing to complain of."""

    worker_lives = True

    def __init__(self, core: Core) -> None:
        self._core = core
        self.look = self

    def processes(self) -> tuple[Process, ...]:
        with self._core.database.reading():
            return (self._worker(),)

    async def machine(self) -> Machine:
        return Machine(self._core.clock(), processes=(self._worker(),), server=Server(build="b"))

    def _worker(self) -> Process:
        return Process("test/1", "worker", "b", self._core.clock(), alive=True)

    def findings(self, machine: Machine) -> list[Finding]:
        return list(of_machine(machine))

    async def stream(self, stream: str, ask: bool) -> Seen:
        return Seen("running", saw=self._core.recorder.state(stream).version)

    async def failing(self) -> set[str]:
        return set()

    async def count(self, kind: str) -> int:
        return Expected(self._core.database, self._core.kinds).count_open(kind)


@contextmanager
def world(place: Place, home: Path, temporal: str = "127.0.0.1:1", well: bool = True) -> Iterator[World]:
    """The application over a region that is `settled`; nobody listens where Temporal should be, which troubles nobody
    where all is `well`.
    """
    url, keys = place
    clock = Clock()
    core = core_of(Settings(home=home, database_url=url, temporal_address=temporal), clock)
    app = create(core=core)
    with Asking(app) as client:
        made = World(core, app, client, clock, dict(keys))
        if well:
            made.heal()
        yield made


def settled(url: str) -> dict[str, str]:
    """Put the region and its people into a new database; the tokens by who holds them."""
    migrate(url)
    database, keys = Database(url), {}
    with database.writing() as connection:
        for unit in (*Library([BUILT_IN], MemoryDefinitions()).units(), *ORGANISATIONS):
            assert isinstance(put_unit(connection, unit, "test", AUTUMN), tuple), unit.id
        for person in PEOPLE:
            put_person(connection, Person(id=person, name=f"Имя {person}"), "test", AUTUMN)
        give_role(connection, "p-curator", "curator", "school-1", AUTUMN.date(), "test", AUTUMN)
        for who, (role, unit_id) in KEYS.items():
            made = create_token(connection, who, unit_id, role, None, "test", AUTUMN)
            assert isinstance(made, tuple), who
            keys[who] = made[1]
    database.close()
    return keys


def problem(answer: httpx.Response, status: int, code: str | None = None) -> dict[str, Any]:
    """The body of an answer that has to be a problem in Russian, without the number of its request."""
    assert answer.status_code == status, (answer.status_code, answer.text[:500])
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["status"] == status
    assert len(body.pop("trace_id")) == 32
    assert {"type", "title", "status", "detail"} <= set(body)
    assert any("а" <= letter <= "я" for letter in body["title"].lower()), body
    if code is not None:
        assert body["type"].rpartition("/")[2] == code, body
    return body


def pointers(body: dict[str, Any]) -> set[str]:
    """The fields that a problem names."""
    return {error["pointer"] for error in body.get("errors", ())}


def quoted(part: str) -> str:
    """A part of a path."""
    return quote(part, safe="", errors="surrogatepass")
