"""Units of the region, roles in them, and what one may see: the tree of DESIGN, section 6."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from domain.ladder import OrganisationClass, Recipient
from domain.mentoring_forms import MentoringForm
from domain.value import Identifier, Value

UnitKind = Literal["region", "department", "centre", "office", "municipality", "organisation"]
Sector = Literal["general", "additional", "vocational"]
Role = Literal[
    "curator",
    "navigator",
    "head",
    "municipal_coordinator",
    "methodologist",
    "department_officer",
    "project_office",
    "operator",
    "administrator",
]

_PARENTS: dict[UnitKind, tuple[UnitKind, ...]] = {
    "region": (),
    "department": ("region",),
    "centre": ("region", "department"),
    "office": ("region", "department"),
    "municipality": ("region",),
    "organisation": ("municipality", "department"),
}

ROLE_UNITS: dict[Role, tuple[UnitKind, ...]] = {
    "curator": ("organisation",),
    "navigator": ("organisation",),
    "head": ("organisation", "municipality", "department", "centre", "office"),
    "municipal_coordinator": ("municipality",),
    "methodologist": ("centre",),
    "department_officer": ("department",),
    "project_office": ("office", "region"),
    "operator": ("region", "centre"),
    "administrator": ("region",),
}
"""In which kinds of unit a role can be held."""


class Unit(Value):
    """A node of the tree. `sector` belongs to organisations and to the departments and centres that care for one."""

    id: Identifier
    kind: UnitKind
    name: str = Field(min_length=1, max_length=500)
    parent: Identifier | None = None
    sector: Sector | None = None
    zone: str | None = None
    email: str | None = None
    operates: tuple[MentoringForm, ...] = ()

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.kind == "organisation" and self.sector is None:
            raise ValueError("у организации нужно указать вид (sector): general, additional или vocational")
        if self.kind != "region" and self.parent is None:
            raise ValueError("у каждого узла, кроме региона, есть вышестоящий (parent)")
        if self.kind == "region" and self.parent is not None:
            raise ValueError("у региона нет вышестоящего узла")
        return self


class UnitTree:
    """The whole region at a moment; answers questions about places in it."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.units: Mapping[str, Unit] = {unit.id: unit for unit in units}
        self._children: dict[str | None, list[Unit]] = {}
        for unit in self.units.values():
            self._children.setdefault(unit.parent, []).append(unit)

    def children(self, unit: str) -> list[Unit]:
        """Direct children of a unit."""
        return self._children.get(unit, [])

    def subtree(self, unit: str) -> set[str]:
        """Ids of the unit and of everything under it."""
        found = {unit}
        for child in self.children(unit):
            found |= self.subtree(child.id)
        return found

    def lineage(self, unit: str) -> list[Unit]:
        """The unit and its parents up to the region."""
        line: list[Unit] = []
        at: str | None = unit
        while at is not None and at in self.units and len(line) < len(_PARENTS):  # no deeper than there are kinds
            line.append(self.units[at])
            at = self.units[at].parent
        return line

    def of_kind(self, kind: UnitKind) -> list[Unit]:
        """Every unit of one kind."""
        return [unit for unit in self.units.values() if unit.kind == kind]

    def municipality(self, organisation: str) -> Unit | None:
        """The municipality an organisation belongs to, `None` for a state organisation."""
        return next((unit for unit in self.lineage(organisation) if unit.kind == "municipality"), None)

    def organisation_class(self, organisation: str) -> OrganisationClass:
        """`municipal` under a municipality, else `state`: an organisation of its founder department."""
        return "municipal" if self.municipality(organisation) else "state"

    def zone(self, unit: str, default: str = "Asia/Tomsk") -> str:
        """IANA name of the zone: the nearest one set on the way up to the region."""
        return next((place.zone for place in self.lineage(unit) if place.zone), default)

    def department(self, organisation: str) -> Unit | None:
        """The department of the organisation's sector (order 420-р, 1.1); of a municipality that of general schools."""
        mine = self.units[organisation]
        wanted = "vocational" if mine.kind == "organisation" and mine.sector == "vocational" else "general"
        return next((unit for unit in self.of_kind("department") if unit.sector == wanted), None)

    def centres(self, forms: Iterable[MentoringForm]) -> list[Unit]:
        """The centres that operate any of the forms (order 420-р, 3.2), each once."""
        wanted = set(forms)
        return [unit for unit in self.units.values() if wanted & set(unit.operates)]

    def centres_of(self, organisation: str, forms: Iterable[MentoringForm]) -> list[Unit]:
        """The operating centres of a programme; while no form is chosen, the mentoring centre of its sector."""
        return self.centres(forms) or self.mentoring_centres(organisation)

    def mentoring_centres(self, unit: str) -> list[Unit]:
        """The regional mentoring centre of the unit's sector, none where the region has no such centre."""
        wanted = "vocational" if self.units[unit].sector == "vocational" else "general"
        return [one for one in self.of_kind("centre") if one.sector == wanted and one.operates][:1]

    def supervisors(self, recipient: Recipient, unit: str, forms: Iterable[MentoringForm] = ()) -> list[Unit]:
        """The units that a ladder's recipient stands for, seen from an organisation or a respondent.

        None for those who are persons of `unit` itself, and where the region has no such unit.
        """
        found: list[Unit | None] = []
        match recipient:
            case "municipal_authority":
                found = [self.municipality(unit)]
            case "department":
                found = [self.department(unit)]
            case "operating_centre":
                found = [*self.centres_of(unit, forms)]
            case "mentoring_centre":
                found = [*self.mentoring_centres(unit)]
            case "working_group":
                found = [one for one in self.of_kind("department") if one.sector]
            case _:
                pass
        return [one for one in found if one is not None]

    def problem_with(self, unit: Unit) -> str | None:
        """Why the unit cannot stand where it wants to, in Russian; `None` when it can."""
        if unit.kind == "region":
            return None
        parent = self.units.get(unit.parent or "")
        if parent is None:
            return f"вышестоящего узла «{unit.parent}» нет"
        if parent.kind not in _PARENTS[unit.kind]:
            return f"узел вида {unit.kind} не может подчиняться узлу вида {parent.kind}"
        if unit.id in {place.id for place in self.lineage(parent.id)}:
            return f"узел «{unit.id}» оказался бы подчинён сам себе"
        return None


def sees_organisation(tree: UnitTree, unit: str, role: Role, organisation: str, forms: Iterable[MentoringForm]) -> bool:
    """Whether who holds `role` at `unit` may see the programmes of `organisation` (DESIGN, 6)."""
    if role in ("operator", "administrator"):
        return True
    if organisation not in tree.units or unit not in tree.units:
        return False
    if any(place.id == unit for place in tree.lineage(organisation)):
        return True
    mine = tree.units[unit]
    if mine.kind == "department":
        home = tree.department(organisation)
        return home is not None and home.id == unit
    return bool(set(mine.operates) & set(forms))
