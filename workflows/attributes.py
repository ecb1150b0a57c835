"""The search attributes of a programme's workflow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from temporalio.common import SearchAttributeKey, SearchAttributePair, SearchAttributeUpdate, TypedSearchAttributes

from activities.beat import Facts

ORGANISATION = SearchAttributeKey.for_keyword("MentoringOrganisation")
MUNICIPALITY = SearchAttributeKey.for_keyword("MentoringMunicipality")
YEAR = SearchAttributeKey.for_int("MentoringYear")
PHASE = SearchAttributeKey.for_keyword("MentoringPhase")
NEXT_DEADLINE = SearchAttributeKey.for_datetime("MentoringNextDeadline")
OVERDUE = SearchAttributeKey.for_bool("MentoringOverdue")

ALL: tuple[SearchAttributeKey[Any], ...] = (ORGANISATION, MUNICIPALITY, YEAR, PHASE, NEXT_DEADLINE, OVERDUE)


def attributes_of(facts: Facts) -> TypedSearchAttributes:
    """The attributes that a workflow starts with."""
    pairs: list[SearchAttributePair[Any]] = [
        SearchAttributePair(ORGANISATION, facts.organisation),
        SearchAttributePair(YEAR, facts.year),
        SearchAttributePair(PHASE, str(facts.phase)),
        SearchAttributePair(OVERDUE, facts.overdue),
    ]
    if facts.municipality is not None:
        pairs.append(SearchAttributePair(MUNICIPALITY, facts.municipality))
    if facts.next_deadline is not None:
        pairs.append(SearchAttributePair(NEXT_DEADLINE, facts.next_deadline))
    return TypedSearchAttributes(pairs)


def changed(
    known: TypedSearchAttributes, wanted: Sequence[tuple[SearchAttributeKey[Any], Any]]
) -> list[SearchAttributeUpdate[Any]]:
    """The updates that lead from what is known to what is wanted; `None` unsets."""
    return [
        key.value_set(value) if value is not None else key.value_unset()
        for key, value in wanted
        if known.get(key) != value
    ]
