"""Where the shipped ladders end in the region as it is: every rung leads to a unit that is there."""

from pathlib import Path
from typing import Any

import pytest
import yaml

import domain
from domain.ladder import Ladder
from domain.ladder_places import missing_places
from domain.units import Unit, UnitTree

DATA = Path(domain.__file__).parent / "data"


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


LADDERS = [Ladder.model_validate(_read(path)) for path in sorted((DATA / "ladders").glob("*.yaml"))]
REGION = [Unit.model_validate(unit) for unit in _read(DATA / "units" / "tomsk.yaml")["units"]]
TREE = UnitTree(
    [
        *REGION,
        Unit(id="school", kind="organisation", parent="mo-tomsk", sector="general", name="Школа"),
        Unit(id="club", kind="organisation", parent="mo-seversk", sector="additional", name="Дом творчества"),
        Unit(id="lyceum", kind="organisation", parent="dgo", sector="general", name="Областной лицей"),
        Unit(id="studio", kind="organisation", parent="dgo", sector="additional", name="Областная школа искусств"),
        Unit(id="college", kind="organisation", parent="dpo", sector="vocational", name="Техникум"),
    ]
)


def escalated(unit: str, obligation: str = "step") -> list[list[str]]:
    """The units that each escalation reaches, rung by rung."""
    kind = "municipal" if obligation == "monitoring" and unit.startswith("mo-") else TREE.organisation_class(unit)
    (ladder,) = [one for one in LADDERS if (one.obligation, one.organisations) == (obligation, kind)]
    rungs = [rung for rung in ladder.rungs if rung.kind == "escalation"]
    return [[found.id for to in rung.to for found in TREE.supervisors(to, unit)] for rung in rungs]


@pytest.mark.parametrize(
    ("organisation", "units"),
    [
        ("school", [["mo-tomsk"], ["rcro"], ["dgo"]]),
        ("club", [["mo-seversk"], ["rcro"], ["dgo"]]),
        ("lyceum", [["rcro"], ["dgo"]]),
        ("studio", [["rcro"], ["dgo"]]),
        ("college", [["rcrpk"], ["dpo"]]),
    ],
)
def test_a_step_ends_at_the_department_of_the_sector_and_a_state_organisation_skips_the_municipality(
    organisation: str, units: list[list[str]]
):
    assert escalated(organisation) == units


@pytest.mark.parametrize(
    ("respondent", "first"), [("mo-tomsk", ["rcro", "dgo"]), ("lyceum", ["rcro", "dgo"]), ("college", ["rcrpk", "dpo"])]
)
def test_a_submission_is_heard_by_centre_and_department_and_ends_at_both_departments(respondent: str, first: list[str]):
    assert escalated(respondent, "monitoring") == [first, ["dgo", "dpo"]]


def test_the_operating_centre_is_that_of_the_chosen_forms():
    assert [one.id for one in TREE.supervisors("operating_centre", "school", ("teacher-teacher",))] == ["toipkro"]


@pytest.mark.parametrize("ladder", LADDERS, ids=lambda one: one.key)
def test_no_shipped_rung_calls_somebody_whom_the_region_does_not_have(ladder: Ladder):
    assert list(missing_places(TREE, ladder.obligation, ladder.organisations, ladder.rungs)) == []


def test_a_sector_without_its_centre_is_named():
    tree = UnitTree([unit for unit in REGION if unit.id != "rcrpk"])
    ladder = next(one for one in LADDERS if one.key == "step-state")
    (fault,) = missing_places(tree, ladder.obligation, ladder.organisations, ladder.rungs)
    assert fault.reason == (
        "ступень 5 (after-3): адресатом operating_centre никто не может стать: для профессиональных образовательных"
        " организаций в регионе нет центра, сопровождающего формы наставничества"
    )


def test_a_region_without_any_unit_has_nobody():
    ladder = next(one for one in LADDERS if one.key == "step-state")
    assert {fault.rung for fault in missing_places(UnitTree([]), "step", "state", ladder.rungs)} == {4, 5}
