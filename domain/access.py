"""What a role may do, and how far it reaches in the tree: a table of data (DESIGN, 6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from domain.mentoring_forms import MentoringForm
from domain.units import Role, Sector, UnitTree, sees_organisation

Action = Literal[
    "read",
    "start",
    "steer",
    "bulk",
    "manage_units",
    "manage_people",
    "manage_absences",
    "manage_ladders",
    "manage_calendar",
    "manage_tokens",
    "run_campaigns",
    "fill_form",
    "review_form",
    "operate",
]
Reach = Literal["own", "subtree", "sector", "seen", "region"]
"""`own`: the unit of the role alone; `subtree`: it and everything under it; `sector`: whatever works for the same kind
of organisations; `seen`: whatever the role may see."""

_ORGANISATION: Mapping[Action, Reach] = {"read": "seen", "start": "own", "steer": "own", "manage_absences": "own"}

GRANTS: Mapping[Role, Mapping[Action, Reach]] = {
    "curator": {**_ORGANISATION, "fill_form": "own"},
    "navigator": _ORGANISATION,
    "head": {**_ORGANISATION, "fill_form": "own"},
    "municipal_coordinator": {
        "read": "seen",
        "start": "subtree",
        "steer": "subtree",
        "bulk": "subtree",
        "manage_units": "subtree",
        "manage_people": "subtree",
        "manage_absences": "subtree",
        "fill_form": "own",
    },
    "methodologist": {"read": "seen", "manage_absences": "own", "run_campaigns": "own", "review_form": "own"},
    "department_officer": {
        "read": "seen",
        "start": "subtree",
        "steer": "subtree",
        "bulk": "subtree",
        "manage_absences": "subtree",
        "run_campaigns": "sector",
    },
    "project_office": {"read": "seen"},
    "operator": {
        "read": "region",
        "steer": "region",
        "operate": "region",
        "manage_ladders": "region",
        "manage_calendar": "region",
    },
    "administrator": {
        "read": "region",
        "start": "region",
        "steer": "region",
        "bulk": "region",
        "manage_units": "region",
        "manage_people": "region",
        "manage_absences": "region",
        "manage_ladders": "region",
        "manage_calendar": "region",
        "manage_tokens": "region",
        "run_campaigns": "region",
        "fill_form": "region",
        "review_form": "region",
        "operate": "region",
    },
}


def permits(
    tree: UnitTree, unit: str, role: Role, action: Action, target: str, forms: Iterable[MentoringForm] = ()
) -> bool:
    """Whether who holds `role` at `unit` may do `action` at the unit `target`; campaigns are acted on at their centre,
    forms are filled in at their respondent.

    `forms`: those of the programme that is asked for, or of all programmes when `target` is asked for as a unit.
    """
    match GRANTS[role].get(action):
        case None:
            return False
        case "own":
            return target == unit and target in tree.units
        case "subtree":
            return any(place.id == unit for place in tree.lineage(target))
        case "sector":
            mine = tree.units[unit].sector if unit in tree.units else None
            return target in tree.units and mine is not None and mine == tree.units[target].sector
        case "seen":
            return sees_unit(tree, unit, role, target, forms)
        case "region":
            return target in tree.units


def sees_unit(tree: UnitTree, unit: str, role: Role, target: str, forms: Iterable[MentoringForm] = ()) -> bool:
    """Organisations as `sees_organisation` says; besides them the own line up to the region.

    Who works for the whole region (a department, centre or office) sees its places, not all of its organisations.
    """
    if target not in tree.units:
        return False
    if tree.units[target].kind == "organisation" or role in ("operator", "administrator"):
        return sees_organisation(tree, unit, role, target, forms)
    if unit not in tree.units:
        return False
    related = {place.id for place in tree.lineage(target)} >= {unit} or target in {p.id for p in tree.lineage(unit)}
    return related or tree.units[unit].kind in REGIONAL


def sees_submission(tree: UnitTree, unit: str, role: Role, respondent: str, centre: str) -> bool:
    """Whether who holds `role` at `unit` may see the form of a respondent to a campaign that `centre` runs.

    A respondent sees its own, the centre what it has asked for, the department of general education all.
    """
    if role in ("operator", "administrator"):
        return True
    if role == "project_office" or unit not in tree.units:
        return False
    return unit in (respondent, centre) or "general" in sectors_of(tree, unit)


def oversees_campaign(tree: UnitTree, unit: str, role: Role, centre: str) -> bool:
    """Whether one sees a whole campaign that `centre` runs, and what was noted about it: the centre, the department of
    general education, operators and administrators. Respondents see their own part, the project office figures.
    """
    return sees_submission(tree, unit, role, "", centre)


def hears_of(tree: UnitTree, unit: str, organisation: str, forms: Iterable[MentoringForm]) -> bool:
    """Whether letters to a unit may speak of an organisation's programme: of what the unit sees, and, while no form is
    chosen, of what it answers for as the mentoring centre.
    """
    chosen = tuple(forms)
    if sees_organisation(tree, unit, "head", organisation, chosen):
        return True
    return organisation in tree.units and unit in {one.id for one in tree.centres_of(organisation, chosen)}


def hears_of_submission(tree: UnitTree, unit: str, respondent: str, centre: str) -> bool:
    """Whether letters to a unit may speak of a respondent's form: the respondent itself and whatever stands above it,
    the centre that runs the campaign, the departments.
    """
    if respondent not in tree.units or unit not in tree.units:
        return False
    above = any(place.id == unit for place in tree.lineage(respondent))
    return above or unit == centre or tree.units[unit].kind == "department"


REGIONAL = ("department", "centre", "office")
"""Kinds of unit that work for the whole region."""


def sectors_of(tree: UnitTree, department: str) -> tuple[Sector, ...]:
    """The kinds of organisation that a department cares for, wherever they stand in the tree."""
    found: list[Sector] = []
    served: tuple[tuple[Sector, tuple[Sector, ...]], ...] = (
        ("general", ("general", "additional")),
        ("vocational", ("vocational",)),
    )
    for wanted, sectors in served:
        first = next((unit for unit in tree.of_kind("department") if unit.sector == wanted), None)
        if first is not None and first.id == department:
            found.extend(sectors)
    return tuple(found)
