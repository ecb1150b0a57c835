"""Letters that nobody gets, as findings: for whom none arrives, and for which role there is nobody."""

from __future__ import annotations

from collections.abc import Iterable

from activities.addresses import without_addresses
from activities.delivery_incidents import DeliveryIncident
from activities.empty_roles import EmptyRole
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


def unlost(empty: Iterable[EmptyRole], vacant: Iterable[Vacancy]) -> list[EmptyRole]:
    """Roles for which no letter was lost yet; the others are told of by their letters."""
    told = {one.id for one in vacant}
    return [one for one in empty if one.id not in told]


def of_empty_role(one: EmptyRole, tree: UnitTree) -> Finding:
    """A role that nobody holds, before any letter was lost."""
    since = local_day(one.since, tree.zone(one.unit))
    return Finding("unfilled", one.since, {"who": _role(one.unit, one.addressee, tree), "since": since}, one.id)


def of_vacancy(one: Vacancy, tree: UnitTree) -> Finding:
    """A role that nobody holds although letters go to it."""
    count = len(one.lost)
    facts = {
        "who": _role(one.unit, one.addressee, tree),
        "since": local_day(one.since, tree.zone(one.unit)),
        "found": plural(count, "нашло", "нашли", "нашли"),
        "letters": count,
    }
    return Finding("vacant", one.since, facts, one.id)


def _role(name: str, addressee: str, tree: UnitTree) -> str:
    """`куратор программы, Школа № 1`"""
    unit = tree.units.get(name)
    municipal = unit is not None and unit.kind == "municipality"
    return f"{addressed((addressee,), municipal)}, {unit.name if unit else name}"
