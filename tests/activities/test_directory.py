"""Units: validation, paths, search, pages, audit."""

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, select

from activities.database import Database
from activities.directory import Trees, as_unit, find_unit, list_units, load_tree, put_unit
from activities.paging import Page, cursor_of
from activities.tables import UnitRow
from domain.refusal import Refusal
from domain.units import Unit
from tests.activities.region import AUDIT, NOW, TREE, UNIT, UNITS, region

SCHOOL = TREE.units["school-1"]


@pytest.fixture
def database(journal_url: str) -> Iterator[Database]:
    with region(journal_url) as database:
        yield database


def put(database: Database, unit: Unit, **given: Any) -> tuple[UnitRow, bool]:
    answer = refused_or_put(database, unit, **given)
    assert not isinstance(answer, Refusal), answer
    return answer


def refused_or_put(database: Database, unit: Unit, **given: Any) -> tuple[UnitRow, bool] | Refusal:
    with database.writing() as connection:
        return put_unit(connection, unit, "token:1", NOW, **given)


def ids(answer: Page[UnitRow] | Refusal) -> list[str]:
    assert isinstance(answer, Page)
    return [row.id for row in answer.items]


def path(connection: Connection, unit: str) -> str:
    row = find_unit(connection, unit)
    assert row is not None
    return row.path


def test_the_tree_is_what_was_put(database: Database):
    with database.reading() as connection:
        assert load_tree(connection).units == TREE.units
        row = find_unit(connection, "rcro")
    assert row is not None
    assert row.operates == ",pupil-pupil,teacher-pupil,"
    assert as_unit(row) == TREE.units["rcro"]


def test_a_new_unit_has_its_path_and_a_search_name(database: Database):
    with database.reading() as connection:
        row = find_unit(connection, "school-1")
    assert row is not None
    assert (row.path, row.search, row.version) == ("region/mo-a/school-1/", "школа № 1 «березка»", 1)


def test_a_change_counts_the_version_and_leaves_an_audit_row(database: Database):
    row, created = put(database, SCHOOL.model_copy(update={"name": "Школа № 1"}))
    assert (row.version, created) == (2, False)
    with database.reading() as connection:
        trail = connection.execute(select(AUDIT).where(AUDIT.c.subject == "unit:school-1").order_by(AUDIT.c.id)).all()
    assert [(one.action, one.by) for one in trail] == [("created", "test"), ("changed", "token:1")]
    assert json.loads(trail[1].before)["name"] == "Школа № 1 «Берёзка»"
    assert json.loads(trail[1].after)["name"] == "Школа № 1"


def test_putting_the_same_again_changes_nothing(database: Database):
    with database.reading() as connection:
        before = Trees().current(connection)
    row, created = put(database, SCHOOL)
    assert (row.version, created) == (1, False)
    with database.reading() as connection:
        assert load_tree(connection).units == before.units
        assert len(connection.execute(select(AUDIT)).all()) == len(UNITS)


def test_a_moved_unit_takes_its_subtree_along(database: Database):
    put(database, Unit(id="dep", kind="department", parent="region", name="Другой"))
    put(database, TREE.units["rcro"].model_copy(update={"parent": "dep"}))
    put(database, SCHOOL.model_copy(update={"parent": "mo-b"}))
    with database.reading() as connection:
        assert path(connection, "rcro") == "region/dep/rcro/"
        assert path(connection, "school-1") == "region/mo-b/school-1/"
        assert path(connection, "club-1") == "region/mo-a/club-1/"


def test_everything_below_a_moved_unit_gets_the_new_path(database: Database):
    with database.writing() as connection:
        connection.execute(UNIT.update().where(UNIT.c.id == "mo-a"), {"path": "old/mo-a/"})
        for unit in ("school-1", "club-1"):
            connection.execute(UNIT.update().where(UNIT.c.id == unit), {"path": f"old/mo-a/{unit}/"})
    put(database, TREE.units["mo-a"])
    with database.reading() as connection:
        assert [path(connection, unit) for unit in ("mo-a", "school-1", "club-1", "mo_a")] == [
            "region/mo-a/",
            "region/mo-a/school-1/",
            "region/mo-a/club-1/",
            "region/mo_a/",
        ]


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"parent": "nowhere"}, "unit_misplaced", "/parent"),
        ({"parent": "rcro"}, "unit_misplaced", "/parent"),
        ({"kind": "municipality", "parent": "region"}, "unit_kind_fixed", "/kind"),
        ({"zone": "Mars/Olympus"}, "zone_unknown", "/zone"),
        ({"zone": "../etc/passwd"}, "zone_unknown", "/zone"),
        ({"email": "no address"}, "email_invalid", "/email"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(database: Database, change: dict[str, Any], code: str, pointer):
    answer = refused_or_put(database, SCHOOL.model_copy(update=change))
    assert isinstance(answer, Refusal)
    assert (answer.code, answer.pointer) == (code, pointer)
    with database.reading() as connection:
        assert load_tree(connection).units == TREE.units


def test_there_is_one_region(database: Database):
    answer = refused_or_put(database, Unit(id="another", kind="region", name="Другая область"))
    assert isinstance(answer, Refusal)
    assert (answer.code, answer.facts) == ("region_exists", {"region": "region"})


def test_a_stale_change_is_refused(database: Database):
    answer = refused_or_put(database, SCHOOL.model_copy(update={"name": "Иначе"}), expected_version=0)
    assert answer == Refusal(code="version_stale", facts={"expected": 0, "version": 1})
    assert put(database, SCHOOL.model_copy(update={"name": "Иначе"}), expected_version=1)[0].version == 2


def test_units_are_listed_by_name_in_pages(database: Database):
    with database.reading() as connection:
        everything = ids(list_units(connection))
        seen: list[str] = []
        cursor: str | None = None
        while True:
            page = list_units(connection, limit=4, cursor=cursor)
            seen += ids(page)
            assert isinstance(page, Page)
            cursor = page.next
            if cursor is None:
                break
    assert seen == everything
    assert sorted(seen) == sorted(TREE.units)


def test_units_are_found_by_parent_kind_and_part_of_the_name(database: Database):
    with database.reading() as connection:
        assert ids(list_units(connection, parent="mo-a")) == ["club-1", "school-1"]
        assert ids(list_units(connection, kind="office")) == ["rvpo"]
        assert ids(list_units(connection, q="БЕРЕЗК")) == ["school-1"]
        assert ids(list_units(connection, q="подчёрк")) == ["mo_a"]
        assert ids(list_units(connection, q="%")) == []
        assert ids(list_units(connection, q="\0школа")) == []
        assert ids(list_units(connection, parent="mo-a", kind="municipality")) == []


@pytest.mark.parametrize(
    "cursor",
    ["", "???", "bm8", "W10", "WzEsMl0", "ÿ", cursor_of(["\0", "a"]), "WyJcdWQ4MDAiLCJhIl0", "W1tb" * 5000],
    ids=lambda cursor: cursor[:12],
)
def test_a_cursor_that_is_not_ours_is_refused(database: Database, cursor: str):
    with database.reading() as connection:
        assert list_units(connection, cursor=cursor) == Refusal(code="cursor_invalid", pointer="/cursor")


def test_the_kept_tree_follows_every_change(database: Database):
    trees = Trees()
    with database.reading() as connection:
        before = trees.current(connection)
        assert trees.current(connection) is before
    put(database, SCHOOL.model_copy(update={"parent": "mo-b"}))
    with database.reading() as connection:
        assert trees.current(connection).units["school-1"].parent == "mo-b"


def test_simultaneous_changes_all_come_through(database: Database):
    names = [f"Школа {number}" for number in range(8)]

    def rename(name: str) -> None:
        put(database, SCHOOL.model_copy(update={"name": name}))

    threads = [threading.Thread(target=rename, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as connection:
        row = find_unit(connection, "school-1")
    assert row is not None
    assert row.version == 1 + len(names)
