"""From an organisation to the command that starts its year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from activities.definitions import Library
from domain.calendar import Rolling
from domain.mentoring_forms import MentoringForm
from domain.plan import PlanRef
from domain.programme.commands import StartProgramme
from domain.refusal import Refusal
from domain.roadmap import MAIN_ROADMAP
from domain.units import Sector, Unit, UnitTree

FIRST_YEAR, LAST_YEAR = 2020, 2100


def plan_for(
    library: Library,
    tree: UnitTree,
    organisation: str,
    year: int,
    roadmap: str | None,
    rolling: Rolling = "next_working_day",
) -> PlanRef | Refusal:
    """The frozen versions that a year runs by; refuses a roadmap that is not the organisation's own.

    A municipality runs the one that it has approved itself (order 420-р, 6.1).
    """
    unit = tree.units.get(organisation)
    if unit is None or unit.kind not in ("organisation", "municipality"):
        return Refusal(code="organisation_unknown", facts={"organisation": organisation}, pointer="/organisation")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        span = {"year": year, "first": FIRST_YEAR, "last": LAST_YEAR}
        return Refusal(code="year_out_of_range", facts=span, pointer="/year")
    sector = _sector(unit)
    own = MAIN_ROADMAP[sector] if sector else organisation
    if sector is None and not library.approved(own):
        return Refusal(code="roadmap_not_approved", facts={"unit": organisation}, pointer="/organisation")
    if roadmap is not None and roadmap != own:
        facts = {"roadmap": roadmap, "own": own, "sector": sector}
        return Refusal(code="roadmap_foreign", facts=facts, pointer="/roadmap")
    return library.plan_ref(own, tree.organisation_class(organisation), year, rolling)


def start_command(
    tree: UnitTree,
    organisation: str,
    year: int,
    plan: PlanRef,
    *,
    forms: Sequence[MentoringForm] = (),
    deadlines: Mapping[int, date] | None = None,
    responsible: Mapping[int, str] | None = None,
    since: datetime | None = None,
) -> StartProgramme:
    """The command, with what the unit tree knows of the organisation today."""
    unit, municipality = tree.units[organisation], tree.municipality(organisation)
    return StartProgramme(
        organisation=organisation,
        organisation_class=tree.organisation_class(organisation),
        municipality=municipality.id if municipality else None,
        sector=_sector(unit),
        zone=tree.zone(organisation),
        year=year,
        plan=plan,
        forms=tuple(dict.fromkeys(forms)),
        deadlines=dict(deadlines or {}),
        responsible=dict(responsible or {}),
        since=since,
    )


def _sector(unit: Unit) -> Sector | None:
    """`None` for a municipality, whatever the directory says of it."""
    return unit.sector if unit.kind == "organisation" else None
