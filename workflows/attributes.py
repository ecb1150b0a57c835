"""The search attributes of a programme's workflow."""

from __future__ import annotations

from typing import Any

from temporalio.common import SearchAttributeKey, SearchAttributePair, SearchAttributeUpdate, TypedSearchAttributes

from activities.beat import Beat, Facts

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


def news(known: TypedSearchAttributes, beat: Beat) -> list[SearchAttributeUpdate[Any]]:
    """What to upsert: nothing finer than a phase, what is overdue, or a deadline that came earlier.

    An upsert is the dearest thing a workflow can do. A deadline that was met would bring one for each step, so the
    later one is told with the next news: until then the attribute says too early a day, never too late.
    """
    told, deadline = known.get(NEXT_DEADLINE), beat.next_deadline
    earlier = deadline is not None and (told is None or deadline < told)
    over = told is not None and deadline is None
    if not earlier and not over and known.get(PHASE) == str(beat.phase) and known.get(OVERDUE) == beat.overdue:
        return []
    wanted: list[tuple[SearchAttributeKey[Any], Any]] = [
        (PHASE, str(beat.phase)),
        (NEXT_DEADLINE, deadline),
        (OVERDUE, beat.overdue),
    ]
    return [_update(key, value) for key, value in wanted if known.get(key) != value]


def _update(key: SearchAttributeKey[Any], value: Any) -> SearchAttributeUpdate[Any]:
    return key.value_set(value) if value is not None else key.value_unset()
