"""From an organisation to the command that starts its year."""

from datetime import date

import pytest

from activities.starting import FIRST_YEAR, LAST_YEAR, plan_for, start_command
from domain.mentoring_forms import MentoringForm
from domain.plan import PlanRef
from domain.refusal import Refusal
from tests.activities.mailroom import library
from tests.activities.region import TREE


def plan(organisation: str, year: int = 2026, roadmap: str | None = None) -> PlanRef | Refusal:
    return plan_for(library(), TREE, organisation, year, roadmap)


def ref(organisation: str) -> PlanRef:
    found = plan(organisation)
    assert isinstance(found, PlanRef), found
    return found


@pytest.mark.parametrize(
    ("organisation", "roadmap", "ladder", "municipality", "zone"),
    [
        ("school-1", "school@1", "step-municipal@1", "mo-a", "Asia/Tomsk"),
        ("school-2", "school@1", "step-municipal@1", "mo-b", "Asia/Novosibirsk"),
        ("club-1", "school@1", "step-municipal@1", "mo-a", "Asia/Tomsk"),
        ("lyceum", "school@1", "step-state@1", None, "Asia/Tomsk"),
        ("college", "college@1", "step-state@1", None, "Asia/Tomsk"),
    ],
)
def test_the_unit_tree_says_how_an_organisation_runs(
    organisation: str, roadmap: str, ladder: str, municipality: str | None, zone: str
):
    frozen = ref(organisation)
    assert (frozen.roadmap, frozen.ladder) == (roadmap, ladder)
    command = start_command(TREE, organisation, 2026, frozen)
    assert (command.organisation, command.municipality, command.zone) == (organisation, municipality, zone)


@pytest.mark.parametrize(
    ("refused", "code", "pointer"),
    [
        (plan("nowhere"), "organisation_unknown", "/organisation"),
        (plan("dgo"), "organisation_unknown", "/organisation"),
        (plan("mo-a"), "roadmap_not_approved", "/organisation"),
        (plan("school-1", FIRST_YEAR - 1), "year_out_of_range", "/year"),
        (plan("school-1", LAST_YEAR + 1), "year_out_of_range", "/year"),
        (plan("school-1", roadmap="college"), "roadmap_foreign", "/roadmap"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(refused: PlanRef | Refusal, code: str, pointer: str):
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.pointer) == (code, pointer)


def test_its_own_roadmap_may_be_named():
    assert plan("college", roadmap="college") == ref("college")


def test_what_is_asked_for_goes_into_the_command():
    forms: list[MentoringForm] = ["pupil-pupil", "teacher-pupil", "pupil-pupil"]
    dates, people = {3: date(2026, 10, 1)}, {3: "anna"}
    command = start_command(TREE, "school-1", 2026, ref("school-1"), forms=forms, deadlines=dates, responsible=people)
    assert command.forms == ("pupil-pupil", "teacher-pupil")
    assert (command.deadlines, command.responsible) == (dates, people)
