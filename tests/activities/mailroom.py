"""A school and a college with their people, a clock to turn, a recorder: for tests of letters and their delivery."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.message import EmailMessage
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlmodel import SQLModel

from activities.campaign_letters import CampaignLetters
from activities.campaigns import CampaignStreams
from activities.database import Database
from activities.definition_store import MemoryDefinitions
from activities.definitions import BUILT_IN, Library
from activities.delivery import Delivery
from activities.letter_facts import Notice
from activities.letters import Letter, LetterWriter
from activities.mail import Mailer
from activities.migrations import migrate
from activities.notice_story import read_story
from activities.people import Person, give_role, put_person
from activities.programmes import ProgrammeStreams
from activities.questionnaires import Forms
from activities.recipients import RecipientBook
from activities.recorder import Recorded, Recorder
from activities.settings import Settings
from activities.streams import Streams
from activities.submission_letters import SubmissionLetters
from activities.submissions import SubmissionStreams
from domain.programme import commands as c
from domain.programme.state import Item, Programme
from domain.refusal import Refusal
from domain.units import Role, UnitTree
from tests.activities.region import UNITS, put_all

TOMSK = ZoneInfo("Asia/Tomsk")
SCHOOL, COLLEGE = "programme/school-1-2026", "programme/college-2026"
START = datetime(2026, 8, 20, 9, 0, tzinfo=TOMSK)
YEARS_AGO = date(2020, 1, 1)
UNIT = SQLModel.metadata.tables["unit"]
PERSON = SQLModel.metadata.tables["person"]
TEXT = "txt-" + "0" * 32

PEOPLE: dict[str, tuple[str, str | None]] = {
    "orlova": ("Орлова Вера Павловна", "orlova@school.example.org"),
    "belov": ("Белов Игорь Петрович", "belov@school.example.org"),
    "titova": ("Титова Анна Львовна", "titova@district.example.org"),
    "gusev": ("Гусев Олег Ильич", "gusev@centre.example.org"),
    "lapina": ("Лапина Нина Юрьевна", "lapina@department.example.org"),
    "savin": ("Савин Пётр Андреевич", "savin@school.example.org"),
    "mute": ("Немова Зоя Ивановна", None),
    "zimin": ("Зимин Роман Олегович", "zimin@college.example.org"),
}
ROLES: tuple[tuple[str, Role, str], ...] = (
    ("orlova", "curator", "school-1"),
    ("belov", "head", "school-1"),
    ("titova", "municipal_coordinator", "mo-a"),
    ("gusev", "methodologist", "rcro"),
    ("lapina", "department_officer", "dgo"),
    ("zimin", "navigator", "college"),
)


@dataclass
class Mailroom:
    """One database with a region in it."""

    database: Database
    library: Library
    settings: Settings
    now: datetime = START
    taken: list[EmailMessage] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.streams = ProgrammeStreams(self.library)
        kinds = Streams(self.streams, CampaignStreams(self.library), SubmissionStreams(self.library))
        self.recorder = Recorder(self.database, kinds, self.clock)
        self.forms = Forms(self.database, self.recorder, self.clock)

    def clock(self) -> datetime:
        return self.now.astimezone(UTC)

    def at(self, month: int, day: int, hour: int = 9, year: int = 2026) -> Mailroom:
        """Turn the clock to a moment in Tomsk."""
        self.now = datetime(year, month, day, hour, tzinfo=TOMSK)
        return self

    def record(self, command: c.ProgrammeCommand, stream: str = SCHOOL, **given: Any) -> Recorded:
        done = self.recorder.record(stream, command, by="person:orlova", **given)
        assert not isinstance(done, Refusal), done
        return done

    def start(self, stream: str = SCHOOL, **given: Any) -> None:
        organisation = stream.removeprefix("programme/").removesuffix("-2026")
        tree = UnitTree(UNITS)
        municipality = tree.municipality(organisation)
        kind = tree.organisation_class(organisation)
        sector = tree.units[organisation].sector
        assert sector is not None
        ref = self.library.plan_ref("college" if sector == "vocational" else "school", kind, 2026)
        place = municipality.id if municipality else None
        self.record(
            c.StartProgramme(
                organisation=organisation, organisation_class=kind, municipality=place, sector=sector,
                zone="Asia/Tomsk", year=2026, plan=ref, **given,
            ),
            stream,
        )  # fmt: skip

    def pass_time(self, stream: str = SCHOOL) -> None:
        self.recorder.record(stream, c.PassTime(), by="worker")

    def state(self, stream: str = SCHOOL) -> Programme:
        state = self.recorder.state(stream)
        assert isinstance(state, Programme)
        return state

    def items(self, kind: str, step: int | None = None, stream: str = SCHOOL) -> list[Item]:
        found = [one for one in self.state(stream).items.values() if kind in (one.notice, one.kind)]
        return [one for one in found if step is None or step in [number for number, _ in one.steps]]

    def item(self, kind: str, step: int | None = None, stream: str = SCHOOL) -> Item:
        return self.items(kind, step, stream)[-1]

    def delivery(self, mailer: Mailer | None = None) -> Delivery:
        beside = (CampaignLetters(self.library), SubmissionLetters(self.library))
        return Delivery(self.database, self.recorder, mailer or self, self.settings, self.clock, *beside)

    def hand_over(self, message: EmailMessage) -> str | None:
        """A mailer that takes everything."""
        self.taken.append(message)
        return None

    def send_all(self, stream: str = SCHOOL) -> None:
        for number in sorted(self.state(stream).items):
            self.delivery().send_notice(stream, number)

    def notice(self, item: Item, stream: str = SCHOOL) -> Notice:
        state = self.state(stream)
        with self.database.reading() as connection:
            story = read_story(connection, stream, item)
            book = RecipientBook.load(connection, state, (*item.to, *story.recipients))
        return Notice(state, self.recorder.plan(state), item, book, story, self.clock())

    def letter(self, item: Item, stream: str = SCHOOL) -> Letter:
        """The letter to the first recipient."""
        notice = self.notice(item, stream)
        steps = [step.number for step, _ in notice.steps()]
        found = notice.book.resolve_for(notice.programme, notice.plan, steps, item.to, notice.today)
        return LetterWriter(notice, "http://mentoring.example.org/programmes/x").write(found.recipients[0])

    def book(self, stream: str = SCHOOL, *to: str) -> RecipientBook:
        with self.database.reading() as connection:
            return RecipientBook.load(connection, self.state(stream), to)

    def resolved(self, *to: str, step: int | None = None, stream: str = SCHOOL) -> list[str | None]:
        state, day = self.state(stream), self.now.date()
        found = self.book(stream, *to).resolve(state, self.recorder.plan(state), step, to, day)
        return [*(one.id for one in found.recipients), *([None] if found.unresolved else [])]

    def give_role(self, person: str, role: Role, unit: str, since: date, until: date | None = None) -> None:
        with self.database.writing() as connection:
            assert isinstance(give_role(connection, person, role, unit, since, "test", START, until), tuple)

    def set_email(self, unit: str, email: str | None) -> None:
        with self.database.writing() as connection:
            connection.execute(update(UNIT).where(UNIT.c.id == unit).values(email=email))

    def set_address(self, person: str, email: str | None) -> None:
        with self.database.writing() as connection:
            connection.execute(update(PERSON).where(PERSON.c.id == person).values(email=email))

    def rows(self, table: str) -> list[dict[str, Any]]:
        wanted = SQLModel.metadata.tables[table]
        with self.database.reading() as connection:
            return [dict(row) for row in connection.execute(select(wanted)).mappings()]

    def events(self, kind: str, stream: str = SCHOOL) -> list[str]:
        """The data of every event of a type."""
        rows = [row for row in self.rows("event") if (row["stream"], row["type"]) == (stream, kind)]
        return [row["data"] for row in sorted(rows, key=lambda row: row["version"])]


@lru_cache
def library() -> Library:
    """The built-in definitions, loaded once: they are never changed."""
    return Library([BUILT_IN], MemoryDefinitions())


@contextmanager
def mailroom(url: str, settings: Settings) -> Iterator[Mailroom]:
    """The one in a database that is `peopled` or `begun`."""
    database = Database(url)
    yield Mailroom(database, library(), settings)
    database.close()


def begun(url: str) -> None:
    """The school's year has begun too, and its first letters are sent."""
    peopled(url)
    with mailroom(url, Settings()) as room:
        room.start()
        room.send_all()


def peopled(url: str) -> None:
    """Put the region and its people into a new database."""
    migrate(url)
    database = Database(url)
    with database.writing() as connection:
        put_all(connection)
        for person, (name, email) in PEOPLE.items():
            assert isinstance(put_person(connection, Person(id=person, name=name, email=email), "test", START), tuple)
        for person, role, unit in ROLES:
            given = give_role(connection, person, role, unit, YEARS_AGO, "test", START)
            assert isinstance(given, tuple), given
    database.close()
