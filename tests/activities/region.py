"""A small region for tests of the directory."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import Connection
from sqlmodel import SQLModel

from activities.database import Database
from activities.directory import put_unit
from domain.units import Unit, UnitTree

AUDIT = SQLModel.metadata.tables["audit"]
UNIT = SQLModel.metadata.tables["unit"]
NOW = datetime(2026, 9, 1, 3, 0, tzinfo=UTC)

UNITS = (
    Unit(id="region", kind="region", name="Область", zone="Asia/Tomsk"),
    Unit(id="dgo", kind="department", parent="region", sector="general", name="Департамент общего образования"),
    Unit(id="dpo", kind="department", parent="region", sector="vocational", name="Департамент проф. образования"),
    Unit(
        id="rcro",
        kind="centre",
        parent="region",
        sector="general",
        operates=("pupil-pupil", "teacher-pupil"),
        name="Центр развития образования",
    ),
    Unit(id="rvpo", kind="office", parent="region", name="Проектный офис"),
    Unit(id="mo-a", kind="municipality", parent="region", name="Район А"),
    Unit(id="mo_a", kind="municipality", parent="region", name="Район с подчёркиванием"),
    Unit(id="mo-b", kind="municipality", parent="region", name="Район Б", zone="Asia/Novosibirsk"),
    Unit(id="school-1", kind="organisation", parent="mo-a", sector="general", name="Школа № 1 «Берёзка»"),
    Unit(id="club-1", kind="organisation", parent="mo-a", sector="additional", name="Дом творчества"),
    Unit(id="school-2", kind="organisation", parent="mo-b", sector="general", name="Школа № 2"),
    Unit(id="lyceum", kind="organisation", parent="dgo", sector="general", name="Областной лицей"),
    Unit(id="college", kind="organisation", parent="dpo", sector="vocational", name="Техникум"),
)
TREE = UnitTree(UNITS)


@contextmanager
def region(url: str) -> Iterator[Database]:
    """The units in a migrated database."""
    database = Database(url)
    with database.writing() as connection:
        put_all(connection)
    yield database
    database.close()


def put_all(connection: Connection) -> None:
    for unit in UNITS:
        assert isinstance(put_unit(connection, unit, "test", NOW), tuple), unit.id
