"""What stands in the values of a form, whatever JSON they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Values = Mapping[str, Any]
"""What has been filled in, as JSON."""

MOST = 999_999_999
"""The largest count that a form takes; more is a slip of the finger."""


def at(values: object, pointer: str) -> object:
    """What stands at a pointer of the definition; `None` when nothing does."""
    here = values
    for part in pointer.split("/")[1:]:
        if not isinstance(here, Mapping):
            return None
        here = here.get(part)
    return here


def count_of(value: object) -> int | None:
    """The count, when it is one: a whole number, neither text nor yes."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= MOST else None


def share_of(value: object) -> tuple[int, int] | None:
    """Numerator and denominator, when both are given and make a share."""
    if not isinstance(value, Mapping):
        return None
    numerator, denominator = count_of(value.get("numerator")), count_of(value.get("denominator"))
    if numerator is None or denominator is None or numerator > denominator:
        return None
    return numerator, denominator


def said_missing(value: object) -> bool:
    """Whether somebody says that there is no such figure, for a reason that the rules look at."""
    return isinstance(value, Mapping) and "missing" in value


def reason_of(value: object) -> str:
    """Why there is no figure; empty when there is one, or no reason."""
    return words(value.get("missing")) if isinstance(value, Mapping) else ""


def without_words(values: Any) -> Any:
    """The same values without what people wrote, wherever it stands: there may be names in it."""
    if isinstance(values, Mapping):
        return {key: without_words(value) for key, value in values.items()}
    if isinstance(values, list):
        return [without_words(value) for value in values]
    return None if isinstance(values, str) else values


def words(value: object) -> str:
    """The text without blanks around it; empty when it is none."""
    return value.strip() if isinstance(value, str) else ""
