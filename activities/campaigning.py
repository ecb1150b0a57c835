"""From what somebody asks for to the commands on a campaign and on all of its submissions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import get_args

from activities.definitions import Library
from domain.calendar import Rolling
from domain.campaign.commands import Letter, OpenCampaign, Years
from domain.ladder import OrganisationClass
from domain.refusal import Refusal
from domain.submission.commands import OpenSubmission
from domain.units import Unit, UnitTree

CLASSES: tuple[OrganisationClass, ...] = get_args(OrganisationClass)
SECTOR = "general"
"""Monitoring is of general education: its department founds the state organisations that are asked, and its centre
asks them (letter 183 of 25.02.2022)."""


def centre_of(tree: UnitTree) -> Unit | None:
    """The regional mentoring centre that runs the monitoring."""
    return next((one for one in tree.of_kind("centre") if one.sector == SECTOR and one.operates), None)


def all_respondents(tree: UnitTree) -> list[str]:
    """Everybody who owes a form: municipalities, and the state organisations of the department, by id."""
    places = [unit.id for unit in tree.of_kind("municipality")]
    return [*sorted(places), *sorted(unit.id for unit in tree.of_kind("organisation") if _is_state(tree, unit))]


def respondents_refused(tree: UnitTree, respondents: Sequence[str]) -> Refusal | None:
    """Why somebody who was named cannot be asked."""
    for number, one in enumerate(respondents):
        unit = tree.units.get(one)
        known = unit is not None and (unit.kind == "municipality" or _is_state(tree, unit))
        if not known:
            return Refusal(code="respondent_foreign", facts={"respondent": one}, pointer=f"/respondents/{number}")
    return None


def _is_state(tree: UnitTree, unit: Unit) -> bool:
    if unit.kind != "organisation" or tree.municipality(unit.id) is not None:
        return False
    department = tree.department(unit.id)
    return department is not None and department.sector == SECTOR


def open_campaign(
    library: Library,
    tree: UnitTree,
    centre: str,
    respondents: Sequence[str],
    *,
    title: str,
    years: Years,
    asked: date,
    confirmed: date | None,
    letter: Letter,
    form: str,
    rolling: Rolling,
) -> OpenCampaign:
    """The command, with what the unit tree and the definitions say today. Freezes versions: never in a transaction."""
    return OpenCampaign(
        title=title,
        years=years,
        asked=asked,
        confirmed=confirmed,
        letter=letter,
        centre=centre,
        zone=tree.zone(centre),
        plan=library.timetable_ref("municipal", asked, rolling),
        form=library.forms.freeze(form),
        respondents=tuple(respondents),
    )


def open_submissions(library: Library, tree: UnitTree, campaign: str, opened: OpenCampaign) -> list[OpenSubmission]:
    """A command for each respondent; municipalities and state organisations have ladders of their own."""
    wanted = library.forms.frozen(opened.form).documents
    plans = {kind: library.timetable_ref(kind, opened.asked, opened.plan.rolling) for kind in CLASSES}
    kinds = {respondent: tree.organisation_class(respondent) for respondent in opened.respondents}
    return [
        OpenSubmission(
            campaign=campaign,
            respondent=respondent,
            respondent_class=kind,
            centre=opened.centre,
            zone=tree.zone(respondent),
            plan=plans[kind],
            form=opened.form,
            wanted=wanted,
            asked=opened.asked,
        )
        for respondent, kind in kinds.items()
    ]
