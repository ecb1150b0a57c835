"""Where a row of a table belongs: its municipality, its founder, its id."""

from pathlib import Path

import pytest

from activities.import_check import placed
from activities.import_file import read_organisations
from activities.slugs import derived_id
from domain.units import Unit, UnitTree
from tests.activities.tables import COLLEGE, HEADER, REGION, SCHOOL, TREE, only_problem, problems, xlsx


def test_rows_take_their_place_in_the_region(tmp_path: Path):
    organisations = placed(read_organisations(xlsx(tmp_path, [HEADER, SCHOOL, COLLEGE])), TREE)
    assert [(each.row, each.unit.id, each.unit.parent, each.unit.sector) for each in organisations] == [
        (2, "school-5", "mo-asinovsky", "general"),
        (3, "college-1", "dpo", "vocational"),
    ]
    whole = UnitTree([*REGION, *(each.unit for each in organisations)])
    assert [whole.problem_with(each.unit) for each in organisations] == [None, None]


@pytest.mark.parametrize("text", ["Асиновский район", "Асиновский", "асиновский р-н", "mo-asinovsky"])
def test_a_municipality_is_found_by_name_or_id(tmp_path: Path, text: str):
    sheet = read_organisations(xlsx(tmp_path, [HEADER, [*SCHOOL[:3], text, "", ""]]))
    assert placed(sheet, TREE)[0].unit.parent == "mo-asinovsky"


@pytest.mark.parametrize(
    ("text", "municipality"),
    [
        ("г. Томск", "mo-tomsk"),
        ("Томский район", "mo-tomsky"),
        ("Северск", "mo-seversk"),
        ("ЗАТО Северск", "mo-seversk"),
    ],
)
def test_the_city_and_the_district_of_tomsk_are_kept_apart(tmp_path: Path, text: str, municipality: str):
    sheet = read_organisations(xlsx(tmp_path, [HEADER, [*SCHOOL[:3], text, "", ""]]))
    assert placed(sheet, TREE)[0].unit.parent == municipality


def test_a_misspelt_municipality_gets_a_suggestion(tmp_path: Path):
    sheet = read_organisations(xlsx(tmp_path, [HEADER, [*SCHOOL[:3], "Осиновский район", "", ""]]))
    assert only_problem(sheet, TREE) == (
        2,
        "Муниципалитет",
        "Муниципалитета «Осиновский район» нет в списке. Может быть, «Асиновский район»?",
    )


@pytest.mark.parametrize(("sector", "founder"), [("профессиональная", "dgo"), ("общеобразовательная", "dpo")])
def test_a_founder_of_another_sector_is_refused(tmp_path: Path, sector: str, founder: str):
    sheet = read_organisations(xlsx(tmp_path, [HEADER, ["x", "Корпус", sector, "", founder, ""]]))
    row, column, detail = only_problem(sheet, TREE)
    assert (row, column) == (2, "Учредитель")
    assert "не ведёт организации такого вида" in detail


def test_a_state_organisation_may_name_the_town_where_it_stands(tmp_path: Path):
    sheet = read_organisations(xlsx(tmp_path, [HEADER, [*COLLEGE[:3], "город Томск", "dpo", ""]]))
    assert placed(sheet, TREE)[0].unit.parent == "dpo"


def test_the_same_organisation_twice_is_refused_with_both_rows(tmp_path: Path):
    sheet = read_organisations(
        xlsx(tmp_path, [HEADER, SCHOOL, ["other", *SCHOOL[1:]], ["school-5", "Другая", *SCHOOL[2:]]])
    )
    assert [(row, detail) for row, _, detail in problems(sheet, TREE)] == [
        (3, "Повторяет строку 2: то же наименование там же."),
        (4, "Повторяет строку 2: тот же идентификатор."),
    ]


def test_an_id_that_belongs_to_a_department_is_refused(tmp_path: Path):
    sheet = read_organisations(xlsx(tmp_path, [HEADER, ["dgo", *SCHOOL[1:]]]))
    assert only_problem(sheet, TREE)[2].startswith("Идентификатор «dgo» уже занят: Департамент общего образования")


def test_without_an_id_the_organisation_gets_a_stable_one(tmp_path: Path):
    rows = [HEADER, ["", "МБОУ «СОШ № 5»", *SCHOOL[2:]], ["", "МБОУ «СОШ № 5»", SCHOOL[2], "Томский район", "", ""]]
    first, second = placed(read_organisations(xlsx(tmp_path, rows)), TREE)
    assert first.unit.id == derived_id("мбоу сош №5", "mo-asinovsky")
    assert first.unit.id.startswith("mbou-sosh-5-")
    assert first.unit.id != second.unit.id


def test_a_long_official_name_gives_a_short_readable_id():
    name = "Муниципальное автономное общеобразовательное учреждение средняя общеобразовательная школа № 5 города Асино"
    assert derived_id(name, "mo-asinovsky").startswith("sosh-5-goroda-asino-")
    assert len(derived_id("щ" * 500, "mo-asinovsky")) < 50
    nothing_to_read = derived_id("«»", "p")
    assert Unit(id=nothing_to_read, kind="region", name="«»").id == nothing_to_read


def test_an_organisation_that_is_known_keeps_its_id_when_the_table_gives_none(tmp_path: Path):
    known = Unit(id="asino-5", kind="organisation", name="МБОУ «СОШ №5»", parent="mo-asinovsky", sector="general")
    tree = UnitTree([*REGION, known])
    sheet = read_organisations(xlsx(tmp_path, [HEADER, ["", *SCHOOL[1:]]]))
    assert placed(sheet, tree)[0].unit.id == "asino-5"
    assert (
        "уже есть под идентификатором «asino-5»"
        in only_problem(read_organisations(xlsx(tmp_path, [HEADER, SCHOOL])), tree)[2]
    )
