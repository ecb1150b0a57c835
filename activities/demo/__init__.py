"""What a new installation begins with: the region's units, an invented region to look at, and a token."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection, select
from sqlmodel import SQLModel

from activities import audit, tables
from activities.database import Database
from activities.definition_files import BadDefinition
from activities.definition_store import SqlDefinitions
from activities.definitions import Library, definition_folders
from activities.demo.organisations import PLACES
from activities.demo.people import BY, put_everybody
from activities.demo.sign_in import SignIn, read_tokens, sign_ins
from activities.demo.stories import STORIES
from activities.demo.years import Life, begins
from activities.directory import load_tree, put_unit
from activities.programmes import ProgrammeStreams
from activities.settings import Settings
from activities.starting import plan_for, start_command
from activities.tokens import create_token, find_token
from activities.wiring import clock_of
from domain.dates import SCHOOL_YEAR_STARTS
from domain.plan import local_day
from domain.refusal import Refusal
from domain.units import UnitTree

__all__ = ["SignIn", "load_demo", "load_region", "operator_token"]

_AUDIT = SQLModel.metadata.tables[str(tables.AuditRow.__tablename__)]
_DEMO = "demo"
_SETUP = "setup"


def load_region(settings: Settings) -> None:
    """Put the units that the region begins with; what is there already stays as people have changed it."""
    now = clock_of(settings)()
    database = Database(settings.database)
    try:
        units = Library(definition_folders(settings.home), SqlDefinitions(database)).units()
        with database.writing() as connection:
            audit.one_at_a_time(connection)
            known = load_tree(connection).units
            for unit in units:
                answer = None if unit.id in known else put_unit(connection, unit, _SETUP, now)
                if isinstance(answer, Refusal):
                    raise BadDefinition(f"Узел {unit.id} не подходит к дереву региона ({answer.code}).")
    finally:
        database.close()


def load_demo(settings: Settings) -> list[SignIn]:
    """Fill an empty region with invented organisations, people and programmes of this school year; once.

    A region that has organisations of its own is left alone.
    """
    now = clock_of(settings)()
    database = Database(settings.database)
    try:
        with database.reading() as connection:
            tree = load_tree(connection)
            missing = not _loaded(connection)
        if missing and not _fits(tree):
            return []
        lives = _lives(settings, database, tree, now) if missing else []
        with database.writing() as connection:
            audit.one_at_a_time(connection)
            if missing and not _loaded(connection):
                _fill(connection, tree, lives, settings, now)
            return sign_ins(connection, settings.home, now)
    finally:
        database.close()


def operator_token(settings: Settings) -> str:
    """The administrator's token of this installation: that of the last run while it is valid, else a new one."""
    now = clock_of(settings)()
    database = Database(settings.database)
    try:
        with database.writing() as connection:
            kept = read_tokens(settings.run_file).get("token", "")
            if find_token(connection, kept, now) is not None:
                return kept
            region = next(iter(load_tree(connection).of_kind("region")))
            answer = create_token(connection, "mentoring run", region.id, "administrator", None, _SETUP, now)
            assert not isinstance(answer, Refusal), "an administrator belongs to the region"
            return answer[1]
    finally:
        database.close()


def _loaded(connection: Connection) -> bool:
    return connection.scalar(select(_AUDIT.c.id).where(_AUDIT.c.subject == _DEMO).limit(1)) is not None


def _fits(tree: UnitTree) -> bool:
    return not tree.of_kind("organisation") and {place.parent for place in PLACES} <= set(tree.units)


def _lives(settings: Settings, database: Database, tree: UnitTree, now: datetime) -> list[Life]:
    """The programmes that have begun by now, at their starts. Freezes definitions, in transactions of its own."""
    places = {place.id: place for place in PLACES}
    filled = UnitTree([*tree.units.values(), *(place.unit for place in PLACES)])
    library = Library(definition_folders(settings.home), SqlDefinitions(database))
    year, lives = _year(tree, now), []
    for story in STORIES:
        plan = plan_for(library, filled, story.organisation, year, None)
        if isinstance(plan, Refusal):
            raise ValueError(f"{story.organisation}: {plan}")
        forms = story.forms if story.plans_forms else ()
        start = start_command(filled, story.organisation, year, plan, forms=forms)
        if begins(story, start, now) <= now:
            lives.append(Life(ProgrammeStreams(library), story, places[story.organisation], start, now))
    return lives


def _fill(connection: Connection, tree: UnitTree, lives: list[Life], settings: Settings, now: datetime) -> None:
    put_everybody(connection, tree, date(_year(tree, now) - 1, 9, 1), now)
    for life in lives:
        life.live(connection, settings.mail_domain)
    audit.note(connection, _DEMO, None, {"organisations": len(PLACES), "programmes": len(lives)}, BY, now)


def _year(tree: UnitTree, now: datetime) -> int:
    """The year in which the school year of today starts, August to July."""
    region = next(iter(tree.of_kind("region")))
    today = local_day(now, tree.zone(region.id))
    return today.year if today.month >= SCHOOL_YEAR_STARTS else today.year - 1
