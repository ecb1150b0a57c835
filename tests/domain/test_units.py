"""The region as a tree, and what one may see from each place in it."""

from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

import domain
from domain.mentoring_forms import FORM_TITLES, form_key
from domain.units import Role, Unit, UnitTree, sees_organisation

DATA = Path(domain.__file__).parent / "data" / "units" / "tomsk.yaml"
REGION = [Unit.model_validate(unit) for unit in yaml.safe_load(DATA.read_text(encoding="utf-8"))["units"]]

SCHOOL = Unit(id="school-5", kind="organisation", name="Школа № 5", parent="mo-asinovsky", sector="general")
STUDIO = Unit(id="studio", kind="organisation", name="Дом творчества", parent="mo-tomsk", sector="additional")
BOARDING = Unit(id="boarding", kind="organisation", name="Кадетский корпус", parent="dgo", sector="general")
COLLEGE = Unit(id="college", kind="organisation", name="Техникум", parent="dpo", sector="vocational", zone="Asia/Omsk")
TREE = UnitTree([*REGION, SCHOOL, STUDIO, BOARDING, COLLEGE])


def test_the_region_has_twenty_municipalities_and_everyone_the_order_names():
    kinds = [unit.kind for unit in REGION]
    assert {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)} == {
        "region": 1,
        "department": 2,
        "centre": 3,
        "office": 1,
        "municipality": 20,
    }
    assert TREE.units["mo-seversk"].name == "ЗАТО Северск"


def test_every_unit_stands_where_it_may():
    assert [problem for unit in REGION if (problem := TREE.problem_with(unit))] == []


def test_every_form_of_mentoring_is_operated_by_exactly_one_centre():
    operated = [form for centre in TREE.of_kind("centre") for form in centre.operates]
    assert sorted(operated) == sorted(FORM_TITLES)
    assert TREE.centres(["teacher-teacher"]) == [TREE.units["toipkro"]]


def test_the_regional_mentoring_centre_is_the_two_centres_with_a_sector():
    assert {centre.id: centre.sector for centre in TREE.of_kind("centre") if centre.sector} == {
        "rcro": "general",
        "rcrpk": "vocational",
    }


@pytest.mark.parametrize(("organisation", "centre"), [("school-5", "rcro"), ("studio", "rcro"), ("college", "rcrpk")])
def test_while_no_form_is_chosen_the_centre_of_the_sector_answers(organisation: str, centre: str):
    assert [unit.id for unit in TREE.centres_of(organisation, [])] == [centre]


def test_chosen_forms_bring_their_own_centres():
    assert {unit.id for unit in TREE.centres_of("school-5", ["pupil-pupil", "teacher-teacher"])} == {"rcro", "toipkro"}


def test_a_school_is_municipal_and_a_college_is_the_states():
    assert TREE.organisation_class("school-5") == "municipal"
    assert TREE.organisation_class("college") == TREE.organisation_class("boarding") == "state"
    municipality = TREE.municipality("school-5")
    assert municipality is not None
    assert municipality.id == "mo-asinovsky"
    assert TREE.municipality("college") is None


def test_the_zone_is_the_nearest_one_on_the_way_up():
    assert TREE.zone("school-5") == "Asia/Tomsk"
    assert TREE.zone("college") == "Asia/Omsk"


def test_each_sector_answers_to_its_department():
    departments = {id_: TREE.department(id_) for id_ in ("school-5", "studio", "boarding", "college")}
    assert {id_: unit and unit.id for id_, unit in departments.items()} == {
        "school-5": "dgo",
        "studio": "dgo",
        "boarding": "dgo",
        "college": "dpo",
    }


def sees(unit: str, role: Role, organisation: str, *forms: str) -> bool:
    return sees_organisation(TREE, unit, role, organisation, [form_key(form) for form in forms])


def test_a_curator_sees_the_own_organisation_and_no_other():
    assert sees("school-5", "curator", "school-5")
    assert not sees("school-5", "curator", "studio")


def test_a_coordinator_sees_the_municipality():
    assert sees("mo-asinovsky", "municipal_coordinator", "school-5")
    assert not sees("mo-asinovsky", "municipal_coordinator", "studio")
    assert not sees("mo-asinovsky", "municipal_coordinator", "boarding")


def test_a_department_sees_every_organisation_of_its_sector_wherever_it_stands():
    assert [id_ for id_ in ("school-5", "studio", "boarding", "college") if sees("dgo", "department_officer", id_)] == [
        "school-5",
        "studio",
        "boarding",
    ]
    assert sees("dpo", "department_officer", "college")
    assert not sees("dpo", "department_officer", "school-5")


def test_a_methodologist_sees_the_programmes_with_forms_of_the_centre():
    assert sees("rcro", "methodologist", "school-5", "ученик — ученик")
    assert not sees("rcro", "methodologist", "school-5", "учитель–учитель")
    assert not sees("rcro", "methodologist", "school-5")
    assert sees("toipkro", "methodologist", "school-5", "учитель–учитель")


def test_operator_and_administrator_see_all():
    assert sees("rcro", "operator", "college")
    assert sees("tomsk-oblast", "administrator", "school-5")


def test_nobody_else_sees_an_organisation_that_does_not_exist():
    assert not sees("mo-tomsk", "municipal_coordinator", "nowhere")
    assert not sees("nowhere", "curator", "school-5")


@pytest.mark.parametrize(
    ("unit", "problem"),
    [
        (Unit(id="x", kind="organisation", name="x", parent="school-5", sector="general"), "не может подчиняться"),
        (Unit(id="x", kind="municipality", name="x", parent="dgo"), "не может подчиняться"),
        (Unit(id="x", kind="centre", name="x", parent="nowhere"), "«nowhere» нет"),
    ],
)
def test_a_unit_in_the_wrong_place_is_named(unit: Unit, problem: str):
    assert problem in (TREE.problem_with(unit) or "")


def test_a_unit_without_what_its_kind_needs_is_refused():
    with pytest.raises(ValidationError, match="нужно указать вид"):
        Unit(id="x", kind="organisation", name="x", parent="mo-tomsk")
    with pytest.raises(ValidationError, match="есть вышестоящий"):
        Unit(id="x", kind="municipality", name="x")
    with pytest.raises(ValidationError, match="нет вышестоящего"):
        Unit(id="x", kind="region", name="x", parent="dgo")


@pytest.mark.parametrize("text", ["педагог-ученик", "«учитель – ученик»", "Учитель — Ученик", "teacher-pupil"])
def test_a_form_is_understood_however_it_is_written(text: str):
    assert form_key(text) == "teacher-pupil"


def test_an_unknown_form_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="«ученик – ученик»"):
        form_key("сосед – сосед")
