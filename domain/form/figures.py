"""What a form says in numbers alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from domain.form.definition import FormDefinition
from domain.form.fields import SHARE_PARTS, YEARS, Count, OneField, Pair, Share, YesNo
from domain.form.reading import at, count_of
from domain.form.rules import settled_by_no


def figures_of(definition: FormDefinition, values: Any) -> dict[str, int]:
    """The figures by pointer, whole numbers only; yes is 1, and what a no settles is 0. A missing one is not there."""
    found = dict.fromkeys(settled_by_no(definition, values), 0)
    for pointer in figure_places(definition):
        value = at(values, pointer)
        given = int(value) if isinstance(value, bool) and _is_yes_no(definition, pointer) else count_of(value)
        if given is not None:
            found[pointer] = given
    return {pointer: found[pointer] for pointer in figure_places(definition) if pointer in found}


def figure_places(definition: FormDefinition) -> Iterator[str]:
    """Pointers of every figure that the form asks for, in its order."""
    for pointer, field in definition.fields.items():
        yield from _places(field, pointer)


def _places(field: OneField, pointer: str) -> Iterator[str]:
    match field:
        case Count() | YesNo():
            yield pointer
        case Share():
            yield from (f"{pointer}/{part}" for part in SHARE_PARTS)
        case Pair(of="share"):
            yield from (f"{pointer}/{year}/{part}" for year in YEARS for part in SHARE_PARTS)
        case Pair():
            yield from (f"{pointer}/{year}" for year in YEARS)
        case _:
            return


def _is_yes_no(definition: FormDefinition, pointer: str) -> bool:
    return isinstance(definition.fields.get(pointer), YesNo)
