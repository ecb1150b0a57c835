"""A table of organisations is applied: dry first, then for good, then again."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlmodel import SQLModel

from activities.database import Database
from activities.directory import find_unit
from activities.import_file import ImportedOrganisation, ImportedPerson, ImportSheet, RowProblem
from activities.importing import Counts, ImportResult, apply
from activities.people import people_of
from domain.plan import local_day
from tests.activities.region import NOW, region

TODAY = local_day(NOW, "Asia/Tomsk")
HEAD = ImportedPerson(role="head", name="Рябинина Ольга Игоревна", email="head@new.example")
CURATOR = ImportedPerson(role="curator", name="Клёнов Пётр Ильич", email=None)


@pytest.fixture
def database(journal_url: str) -> Iterator[Database]:
    with region(journal_url) as database:
        yield database


def row(number: int = 2, persons: Sequence[ImportedPerson] = (HEAD, CURATOR), **given: object) -> ImportedOrganisation:
    values: dict[str, object] = {
        "id": "new",
        "name": "Новая школа",
        "sector": "general",
        "municipality": "mo-a",
        "founder": None,
    }
    values |= {"zone": None, "email": None, **given}
    return ImportedOrganisation.model_validate({"row": number, "persons": tuple(persons), **values})


def run(database: Database, *rows: ImportedOrganisation, days: int = 0, dry_run: bool = False) -> ImportResult:
    with database.writing() as connection:
        return apply(connection, ImportSheet(rows=rows), "test", NOW + timedelta(days=days), dry_run=dry_run)


def size(database: Database) -> list[int | None]:
    with database.reading() as connection:
        return [
            connection.scalar(select(func.count()).select_from(SQLModel.metadata.tables[name]))
            for name in ("unit", "person", "role", "audit")
        ]


def holders(database: Database, day: int = 0) -> list[tuple[str, str]]:
    with database.reading() as connection:
        return [(one.role.role, one.person.name) for one in people_of(connection, "new", TODAY + timedelta(days=day))]


def test_a_dry_run_counts_and_leaves_nothing_behind(database: Database):
    before = size(database)
    with database.writing() as connection:
        result = apply(connection, ImportSheet(rows=(row(),)), "test", NOW)
    assert result == ImportResult(True, [], Counts(created=1), Counts(created=2), Counts(created=2))
    assert size(database) == before


def test_organisations_come_with_their_people(database: Database):
    result = run(database, row(), row(3, (), id=None, name="Школа № 2 «Берёзка»", municipality="Район Б"))
    assert (result.units, result.persons, result.roles) == (Counts(2), Counts(2), Counts(2))
    assert holders(database) == [("curator", CURATOR.name), ("head", HEAD.name)]
    with database.reading() as connection:
        unit = find_unit(connection, "new")
    assert unit is not None
    assert unit.path == "region/mo-a/new/"


def test_the_same_table_again_changes_nothing(database: Database):
    run(database, row())
    before = size(database)
    result = run(database, row(), days=10)
    assert result == ImportResult(False, [], Counts(0, 0, 1), Counts(0, 0, 2), Counts(0, 0, 2))
    assert size(database) == before


def test_an_empty_cell_keeps_what_is_known_and_a_full_one_changes_it(database: Database):
    run(database, row(zone="Asia/Novosibirsk", email="old@new.example"))
    result = run(database, row(persons=(), name="Школа имени героя"))
    assert (result.units, result.persons) == (Counts(changed=1), Counts())
    with database.reading() as connection:
        unit = find_unit(connection, "new")
    assert unit is not None
    assert (unit.name, unit.zone, unit.email) == ("Школа имени героя", "Asia/Novosibirsk", "old@new.example")
    assert holders(database) == [("curator", CURATOR.name), ("head", HEAD.name)]


def test_a_new_head_takes_over_from_today(database: Database):
    run(database, row())
    successor = HEAD.model_copy(update={"name": "Осинина Вера Павловна", "email": "osinina@new.example"})
    result = run(database, row(persons=(successor,)), days=10)
    assert (result.persons, result.roles) == (Counts(created=1), Counts(changed=1))
    assert ("head", HEAD.name) in holders(database, day=9)
    assert [one for one in holders(database, day=10) if one[0] == "head"] == [("head", successor.name)]


def test_a_corrected_name_or_address_stays_the_same_person(database: Database):
    run(database, row())
    married = HEAD.model_copy(update={"name": "Осинина Ольга Игоревна"})
    reachable = CURATOR.model_copy(update={"email": "klenov@new.example"})
    result = run(database, row(persons=(married, reachable)), days=10)
    assert (result.persons, result.roles) == (Counts(changed=2), Counts(unchanged=2))
    assert holders(database, day=10) == [("curator", CURATOR.name), ("head", married.name)]


def test_one_person_may_lead_two_organisations(database: Database):
    result = run(database, row(persons=(HEAD,)), row(3, (HEAD,), id="other", name="Другая школа"))
    assert result.persons == Counts(created=1, unchanged=1)
    assert size(database)[1] == 1


def test_with_errors_nothing_is_applied(database: Database):
    before = size(database)
    result = run(database, row(), row(3, id="third", name="Третья", municipality="Район Ы"))
    assert [(one.row, one.column) for one in result.errors] == [(3, "Муниципалитет")]
    assert result.units == Counts()
    with database.writing() as connection:
        broken = apply(connection, ImportSheet(errors=(RowProblem(detail="пусто"),)), "test", NOW, dry_run=False)
    assert [one.detail for one in broken.errors] == ["пусто"]
    assert size(database) == before
