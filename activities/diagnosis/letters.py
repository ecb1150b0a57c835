"""Letters that nobody got, as findings: for whom none arrives, and for which role there is nobody."""

from __future__ import annotations

from activities.addresses import without_addresses
from activities.delivery_incidents import DeliveryIncident
from activities.letter_words import addressed
from activities.russian import plural
from activities.vacancies import Vacancy
from domain.diagnosis.finding import Finding
from domain.plan import local_day
from domain.units import UnitTree


def of_delivery(one: DeliveryIncident, tree: UnitTree, hidden: bool) -> Finding:
    """A recipient whose letters come back or are refused; `hidden`: without personal data."""
    error = without_addresses(one.last.error) if hidden else one.last.error
    facts = {
        "who": "Адресат" if hidden else one.name,
        "since": local_day(one.since, tree.zone(one.last.unit or "")),
        "letters": one.letters,
        "failure": f" ({error})" if error else "",
    }
    return Finding("bounced" if one.last.status == "bounced" else "failed", one.since, facts, one.id)


def of_vacancy(one: Vacancy, tree: UnitTree) -> Finding:
    """A role that nobody holds although letters go to it."""
    unit, count = tree.units.get(one.unit), len(one.lost)
    municipal = unit is not None and unit.kind == "municipality"
    facts = {
        "who": f"{addressed((one.addressee,), municipal)}, {unit.name if unit else one.unit}",
        "since": local_day(one.since, tree.zone(one.unit)),
        "found": plural(count, "нашло", "нашли", "нашли"),
        "letters": count,
    }
    return Finding("vacant", one.since, facts, one.id)
