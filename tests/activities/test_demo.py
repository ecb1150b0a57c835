"""The demonstration region on any day of the year: lived through by the rules, whole, loaded once."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import SQLModel

from activities import demo, journal
from activities.access import may
from activities.database import Database
from activities.definition_store import SqlDefinitions
from activities.definitions import Library, definition_folders
from activities.demo.organisations import PLACES
from activities.demo.stories import STORIES
from activities.directory import as_unit, find_unit, load_tree, put_unit
from activities.migrations import migrate
from activities.programme_view import programme_body
from activities.programmes import PREFIX, ProgrammeStreams
from activities.settings import Settings
from activities.texts import read_texts
from activities.tokens import find_token
from domain.units import Unit

AUTUMN = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
TABLES = SQLModel.metadata.tables


def settings_at(today: datetime, home: Path, url: str | None = None) -> Settings:
    offset = (today - datetime.now(UTC)).total_seconds()
    return Settings(home=home, database_url=url, clock_offset=offset)


def rows(database: Database, table: str) -> list[dict[str, Any]]:
    with database.reading() as connection:
        return [dict(row) for row in connection.execute(select(TABLES[table])).mappings()]


def sizes(database: Database) -> dict[str, int | None]:
    with database.reading() as connection:
        return {name: connection.scalar(select(func.count()).select_from(table)) for name, table in TABLES.items()}


@pytest.fixture(scope="module")
def autumn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, Database]]:
    settings = settings_at(AUTUMN, tmp_path_factory.mktemp("autumn"))
    migrate(settings.database)
    demo.load_region(settings)
    demo.load_demo(settings)
    database = Database(settings.database)
    yield settings, database
    database.close()


def check_every_stream(settings: Settings, database: Database, now: datetime) -> int:
    """The journal's chain holds, and snapshot and read model are its fold."""
    streams = ProgrammeStreams(Library(definition_folders(settings.home), SqlDefinitions(database)))
    programmes = {row["id"]: row for row in rows(database, "programme")}
    snapshots = {row["stream"]: row for row in rows(database, "snapshot")}
    for stream, snapshot in snapshots.items():
        with database.reading() as connection:
            entries = list(journal.read(connection, stream))
            texts = read_texts(connection, stream)
        assert [entry.hash for entry in entries] == [entry.computed_hash() for entry in entries]
        assert [entry.previous for entry in entries[1:]] == [entry.hash for entry in entries[:-1]]
        assert all(entry.at <= entry.recorded_at <= now for entry in entries)
        state = streams.fold(None, [streams.parse_event(entry) for entry in entries])
        assert state == streams.parse_state(snapshot["state"])
        assert (snapshot["version"], snapshot["head"]) == (len(entries), entries[-1].hash)
        assert snapshot["wake_at"] is None or snapshot["wake_at"] > now
        body = programme_body(state, streams.plan(state), texts).decode()
        assert json.loads(programmes[stream.removeprefix(PREFIX)]["body"]) == json.loads(body)
        assert "[удалено]" not in body
    return len(snapshots)


@pytest.mark.parametrize(
    "today",
    [
        datetime(2026, 7, 31, 17, 5, tzinfo=UTC),  # in Tomsk the school year is five minutes old
        datetime(2026, 9, 2, 4, 0, tzinfo=UTC),
        datetime(2026, 10, 9, 2, 0, 5, tzinfo=UTC),  # five seconds after the morning's notices were queued
        datetime(2027, 2, 28, 20, 0, tzinfo=UTC),
        datetime(2027, 7, 31, 12, 0, tzinfo=UTC),
    ],
    ids=lambda day: f"{day:%Y-%m-%d}",
)
def test_on_any_day_the_past_is_past_and_nothing_waits(today: datetime, tmp_path: Path):
    settings = settings_at(today, tmp_path)
    migrate(settings.database)
    demo.load_region(settings)
    demo.load_demo(settings)
    database = Database(settings.database)
    assert check_every_stream(settings, database, today + timedelta(minutes=1)) >= 3
    assert rows(database, "queue") == []
    assert {row["status"] for row in rows(database, "delivery")} == {"sent"}
    assert all(row["address"].endswith(".example") for row in rows(database, "delivery"))
    assert {row["year"] for row in rows(database, "programme")} == {2026}
    database.close()


def test_every_step_is_closed_that_the_stories_mean_to_close(tmp_path: Path):
    """Whatever is open at the end of the year was left open on purpose."""
    settings = settings_at(datetime(2027, 7, 31, 12, 0, tzinfo=UTC), tmp_path)
    migrate(settings.database)
    demo.load_region(settings)
    demo.load_demo(settings)
    database = Database(settings.database)
    unfinished = {row["organisation"] for row in rows(database, "programme") if row["status"] == "running"}
    database.close()
    assert unfinished == {
        story.organisation for story in STORIES if story.never or story.only_form is not None or story.stops
    }


def test_in_autumn_there_is_something_of_everything(autumn: tuple[Settings, Database]):
    programmes = rows(autumn[1], "programme")
    assert {row["status"] for row in programmes} == {"running", "paused", "cancelled", "closed"}
    assert len({row["phase"] for row in programmes}) >= 3
    assert any(row["overdue"] for row in programmes)
    assert {row["roadmap"].partition("@")[0] for row in programmes} == {"school", "college"}
    types = {row["type"] for row in rows(autumn[1], "event")}
    assert types >= {
        "ProgrammeStarted", "PersonAppointed", "ResultPlanned", "StepCompleted", "PartCompleted", "StepMissed",
        "DeadlineMoved", "StepAssigned", "StepSkipped", "NoticeSent", "FormsFixed", "PhaseCompleted",
    }  # fmt: skip
    late = [
        row for row in rows(autumn[1], "event") if row["type"] == "StepCompleted" and json.loads(row["data"])["late"]
    ]
    assert late


def test_the_region_has_people_for_every_notice(autumn: tuple[Settings, Database]):
    _, database = autumn
    with database.reading() as connection:
        tree = load_tree(connection)
    assert len(tree.of_kind("organisation")) == len(PLACES) == 20
    assert len({tree.municipality(place.id) for place in PLACES}) == 6
    assert {unit.parent for unit in tree.of_kind("organisation")} >= {"dgo", "dpo", "mo-tomsk", "mo-seversk"}
    held = {(row["unit"], row["role"]) for row in rows(database, "role")}
    for place in PLACES:
        assert {(place.id, "head"), (place.id, "navigator" if place.sector == "vocational" else "curator")} <= held
    people = rows(database, "person")
    assert len({row["name"] for row in people}) == len(people)
    assert all(row["email"].endswith(".example") for row in people)
    assert not [row for row in rows(database, "event") if row["type"] == "NoticeDropped"]


def test_the_journal_names_no_person(autumn: tuple[Settings, Database]):
    _, database = autumn
    surnames = {row["name"].split()[0] for row in rows(database, "person")}
    written = "\n".join(row["data"] for row in rows(database, "event"))
    assert not [name for name in surnames if name in written]


def test_loading_gives_the_same_on_both_databases_and_once_only(
    journal_url: str, tmp_path: Path, autumn: tuple[Settings, Database]
):
    settings = settings_at(AUTUMN, tmp_path, journal_url)
    demo.load_region(settings)
    first = demo.load_demo(settings)
    database = Database(journal_url)
    before = sizes(database)
    demo.load_region(settings)
    assert demo.load_demo(settings) == first
    assert sizes(database) == before
    assert check_every_stream(settings, database, AUTUMN + timedelta(minutes=1)) == len(STORIES)
    now, then = rows(database, "event"), rows(autumn[1], "event")
    database.close()

    def essence(events: list[dict[str, Any]]) -> set[tuple[object, ...]]:
        return {(row["stream"], row["version"], row["type"], row["at"], row["by"]) for row in events}

    steady = {f"{PREFIX}{story.organisation}-2026" for story in STORIES if story.ending != "paused"}
    assert {one for one in essence(now) if one[0] in steady} == {one for one in essence(then) if one[0] in steady}


def test_the_sign_ins_work(autumn: tuple[Settings, Database]):
    settings, database = autumn
    people = demo.load_demo(settings)
    assert {one.role for one in people} >= {"куратор", "муниципальный координатор", "педагог-навигатор"}
    with database.reading() as connection:
        tree = load_tree(connection)
        for one in people:
            identity = find_token(connection, one.token, AUTUMN)
            assert identity is not None
            assert (identity.name, tree.units[identity.unit].name) == (one.name, one.unit)
    assert (settings.home / "demo.json").stat().st_mode & 0o077 == 0


def test_a_region_of_its_own_is_left_alone(journal_url: str, tmp_path: Path):
    settings = settings_at(AUTUMN, tmp_path, journal_url)
    demo.load_region(settings)
    database = Database(journal_url)
    school = Unit(id="school", kind="organisation", parent="mo-tomsk", sector="general", name="Школа")
    with database.writing() as connection:
        put_unit(connection, school, "token:1", AUTUMN)
    before = sizes(database)
    assert demo.load_demo(settings) == []
    assert sizes(database) == before
    database.close()


def test_the_regions_units_stay_as_people_have_changed_them(journal_url: str, tmp_path: Path):
    settings = settings_at(AUTUMN, tmp_path, journal_url)
    demo.load_region(settings)
    database = Database(journal_url)
    with database.writing() as connection:
        row = find_unit(connection, "mo-tomsk")
        assert row is not None
        put_unit(connection, as_unit(row).model_copy(update={"email": "uo@tomsk.example"}), "token:1", AUTUMN)
    demo.load_region(settings)
    with database.reading() as connection:
        row = find_unit(connection, "mo-tomsk")
        assert row is not None
        assert row.email == "uo@tomsk.example"
        assert len(load_tree(connection).of_kind("municipality")) == 20
    database.close()


def test_the_token_of_the_last_run_stays_until_it_is_lost(journal_url: str, tmp_path: Path):
    settings = settings_at(AUTUMN, tmp_path, journal_url)
    demo.load_region(settings)
    token = demo.operator_token(settings)
    settings.run_file.write_text(json.dumps({"token": token}))
    assert demo.operator_token(settings) == token
    settings.run_file.unlink()
    another = demo.operator_token(settings)
    assert another != token
    database = Database(journal_url)
    with database.reading() as connection:
        identity = find_token(connection, another, AUTUMN)
        assert identity is not None
        assert may(identity, "manage_tokens", "tomsk-oblast", load_tree(connection))
    database.close()


def test_the_stories_begin_in_their_school_year():
    assert all(date(2026, 8, 1) <= date(2026, *story.starts) <= date(2026, 12, 31) for story in STORIES)
    assert len({story.organisation for story in STORIES}) == len(STORIES) < len(PLACES)
