"""What one may see and do: the lists in SQL say the same as the pure rule."""

from collections.abc import Iterator
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, select
from sqlmodel import SQLModel

from activities.access import may, may_put_unit, may_see_programme, may_see_unit, programme_scope, unit_scope
from activities.database import Database
from activities.directory import folded, joined, load_tree
from activities.tokens import Identity
from domain.access import GRANTS, Action
from domain.mentoring_forms import FORM_TITLES, MentoringForm
from domain.units import Role, Unit, UnitKind, UnitTree
from tests.activities.region import TREE, UNIT, region

PROGRAMME = SQLModel.metadata.tables["programme"]
ROLES: tuple[Role, ...] = get_args(Role)
FORMS: tuple[MentoringForm, ...] = tuple(FORM_TITLES)
SECTORS = ("general", "additional", "vocational")


def who(role: Role, unit: str) -> Identity:
    return Identity("1", "Ключ", unit, role)


@st.composite
def regions(draw: st.DrawFn) -> tuple[Unit, ...]:
    """A region with ids that are each other's beginnings, and wildcards of LIKE in them."""
    names = draw(st.permutations(["a", "a-b", "a_b", "axb", "a.b", "b", "a-b-c", "a_", "c", "d", "e_f", "exf"]))
    region = Unit(id="r", kind="region", name="r")
    above = [region]
    for name in names[:6]:
        kind: UnitKind = draw(st.sampled_from(("department", "centre", "office", "municipality")))
        above.append(
            Unit(
                id=name,
                kind=kind,
                name=name,
                parent="r",
                sector=draw(st.sampled_from((*SECTORS, None))),
                operates=tuple(draw(st.sets(st.sampled_from(FORMS), max_size=3))),
            )
        )
    places = [unit.id for unit in above if unit.kind in ("department", "municipality")]
    below = [
        Unit(
            id=name,
            kind="organisation",
            name=name,
            parent=draw(st.sampled_from(places)),
            sector=draw(st.sampled_from(SECTORS)),
        )
        for name in (names[6:] if places else ())
    ]
    return (*above, *below)


def fill(connection: Connection, tree: UnitTree, forms: dict[str, tuple[MentoringForm, ...]]) -> None:
    for unit in tree.units.values():
        path = "".join(f"{place.id}/" for place in reversed(tree.lineage(unit.id)))
        row = unit.model_dump() | {"search": folded(unit.name), "operates": joined(unit.operates), "path": path}
        connection.execute(insert(UNIT), row | {"version": 1})
    for organisation, used in forms.items():
        row = {"id": f"{organisation}-2026", "organisation": organisation, "municipality": None, "year": 2026}
        row |= {"roadmap": "school@1", "status": "running", "phase": 1, "version": 1, "overdue": 0, "body": "{}"}
        connection.execute(insert(PROGRAMME), row | {"forms": f",{','.join(used)},"})


@pytest.fixture
def connection(journal_url: str) -> Iterator[Connection]:
    database = Database(journal_url)
    with database.engine.connect() as connection:
        yield connection
    database.close()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(units=regions(), data=st.data())
def test_the_lists_in_sql_are_what_the_rule_says(connection: Connection, units: tuple[Unit, ...], data: st.DataObject):
    tree = UnitTree(sorted(units, key=lambda unit: unit.id))
    organisations = [unit.id for unit in units if unit.kind == "organisation"]
    used = st.lists(st.sampled_from(FORMS), max_size=3, unique=True).map(tuple)
    forms = {organisation: data.draw(used) for organisation in organisations}
    with connection.begin() as transaction:
        fill(connection, tree, forms)
        assert load_tree(connection).units == tree.units
        for unit in [*tree.units, "nowhere"]:
            for role in ROLES:
                check(connection, tree, who(role, unit), forms)
        transaction.rollback()


def check(
    connection: Connection, tree: UnitTree, identity: Identity, forms: dict[str, tuple[MentoringForm, ...]]
) -> None:
    joint = PROGRAMME.join(UNIT, UNIT.c.id == PROGRAMME.c.organisation)
    query = select(PROGRAMME.c.organisation).select_from(joint).where(programme_scope(identity, tree))
    listed = set(connection.scalars(query))
    assert listed == {one for one in forms if may_see_programme(identity, tree, one, forms[one])}, identity
    assert listed == {one for one in forms if may(identity, "read", one, tree, forms[one])}, identity
    seen = set(connection.scalars(select(UNIT.c.id).where(unit_scope(identity, tree))))
    assert seen == {unit for unit in tree.units if may(identity, "read", unit, tree, forms.get(unit, ()))}, identity
    if identity.role == "methodologist":
        assert seen == {unit for unit in tree.units if may_see_unit(connection, identity, tree, unit)}, identity


def allowed(role: Role, unit: str, action: Action) -> set[str]:
    return {target for target in TREE.units if may(who(role, unit), action, target, TREE)}


@pytest.mark.parametrize("role", ["curator", "navigator", "head"])
def test_people_of_an_organisation_start_and_steer_their_own(role: Role):
    assert allowed(role, "school-1", "start") == {"school-1"}
    assert allowed(role, "school-1", "steer") == {"school-1"}
    assert allowed(role, "school-1", "bulk") == set()
    assert allowed(role, "school-1", "read") == {"school-1", "mo-a", "region"}


def test_a_head_above_does_not_steer_what_is_below():
    assert allowed("head", "mo-a", "steer") == {"mo-a"}
    assert allowed("head", "mo-a", "read") == {"region", "mo-a", "school-1", "club-1"}


def test_a_municipal_coordinator_works_within_the_municipality():
    actions: tuple[Action, ...] = ("start", "steer", "bulk", "manage_units", "manage_people")
    for action in actions:
        assert allowed("municipal_coordinator", "mo-a", action) == {"mo-a", "school-1", "club-1"}
    assert allowed("municipal_coordinator", "mo-a", "manage_tokens") == set()


def test_a_department_reads_its_sector_and_steers_its_own():
    read = allowed("department_officer", "dgo", "read")
    assert {"school-1", "club-1", "school-2", "lyceum"} <= read
    assert "college" not in read
    assert allowed("department_officer", "dgo", "steer") == {"dgo", "lyceum"}
    assert allowed("department_officer", "dpo", "bulk") == {"dpo", "college"}


def test_a_methodologist_reads_the_programmes_of_the_forms_that_the_centre_operates():
    identity = who("methodologist", "rcro")
    assert may(identity, "read", "school-2", TREE, ("teacher-pupil",))
    assert not may(identity, "read", "school-2", TREE, ("employer-pupil",))
    own: set[Action] = {"manage_absences", "run_campaigns", "review_form"}
    assert all(allowed("methodologist", "rcro", action) == {"rcro"} for action in own)
    rest = set(get_args(Action)) - {"read", *own}
    assert all(allowed("methodologist", "rcro", action) == set() for action in rest)


def test_an_operator_steers_and_an_administrator_does_everything():
    assert allowed("operator", "rcro", "steer") == set(TREE.units)
    assert allowed("operator", "rcro", "start") == set()
    for action in get_args(Action):
        assert allowed("administrator", "region", action) == set(TREE.units)
    assert allowed("project_office", "rvpo", "steer") == set()


def test_every_role_has_its_line_in_the_table():
    assert set(GRANTS) == set(ROLES)
    assert all("read" in grants for grants in GRANTS.values())


def test_a_coordinator_puts_units_into_the_municipality_but_takes_none_from_another():
    mine = who("municipal_coordinator", "mo-a")
    new = Unit(id="new", kind="organisation", parent="mo-a", sector="general", name="Новая школа")
    assert may_put_unit(mine, TREE, new)
    assert may_put_unit(mine, TREE, TREE.units["school-1"])
    assert not may_put_unit(mine, TREE, new.model_copy(update={"parent": "mo-b"}))
    assert not may_put_unit(mine, TREE, TREE.units["school-2"].model_copy(update={"parent": "mo-a"}))
    assert not may_put_unit(mine, TREE, TREE.units["school-1"].model_copy(update={"parent": "mo-b"}))
    assert not may_put_unit(mine, TREE, TREE.units["mo-a"])
    assert not may_put_unit(mine, TREE, TREE.units["region"])
    assert may_put_unit(who("administrator", "region"), TREE, TREE.units["region"])


def test_a_missing_organisation_is_nobodys_but_the_operators(journal_url: str):
    with region(journal_url) as database, database.reading() as connection:
        for role in ROLES:
            assert not may_see_unit(connection, who(role, "mo-a"), TREE, "nowhere")
