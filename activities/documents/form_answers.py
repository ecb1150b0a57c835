"""Answers as people read them; whatever was put into a draft can be shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from domain.form.fields import PERSON_PARTS, YEARS, Contact, Count, Narrative, OneField, Pair, Share, Text, YesNo
from domain.form.reading import reason_of, said_missing, share_of, words
from domain.form.shares import percent


def answer_text(field: OneField, value: object, years: tuple[int, int]) -> str:
    """The answer to one question; empty when there is none. `years`: those that a pair is of."""
    match field:
        case Text() | Narrative():
            return words(value)
        case YesNo():
            return {True: "да", False: "нет"}.get(value, "") if isinstance(value, bool) else ""
        case Contact():
            given = value if isinstance(value, Mapping) else {}
            return "\n".join(filter(None, (words(given.get(part)) for part in PERSON_PARTS)))
        case Count():
            return count_text(value)
        case Share():
            return share_text(value)
        case Pair():
            given = value if isinstance(value, Mapping) else {}
            told = zip(years, (year_text(field, given.get(year)) for year in YEARS), strict=True)
            return "\n".join(f"{year} год: {text}" for year, text in told)
        case _:
            assert_never(field)


def year_text(field: Pair, value: object) -> str:
    """One year of a pair."""
    return share_text(value) if field.of == "share" else count_text(value)


def count_text(value: object) -> str:
    """«12» or «нет данных: причина»."""
    if said_missing(value):
        return _no_figure(value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def share_text(value: object) -> str:
    """«25,0 % (300 из 1200)», «не применимо (0 из 0)»; without one of the figures, what there is of them."""
    if said_missing(value) or not isinstance(value, Mapping):
        return count_text(value) if said_missing(value) else ""
    parts = [count_text(value.get(part)) for part in ("numerator", "denominator")]
    if (given := share_of(value)) is None:
        return " из ".join(parts) if all(parts) else ""
    share = percent(*given)
    told = "не применимо" if share is None else f"{share} %".replace(".", ",")
    return f"{told} ({' из '.join(parts)})"


def _no_figure(value: object) -> str:
    reason = reason_of(value)
    return f"нет данных: {reason}" if reason else "нет данных"
