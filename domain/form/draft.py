"""What can be kept as a draft: it may be incomplete and wrong, but each place holds what belongs there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, assert_never

from domain.form.answers import unknown_keys
from domain.form.definition import FormDefinition
from domain.form.fields import (
    BESIDE_PAIR,
    MISSING,
    PERSON_PARTS,
    SHARE_PARTS,
    YEARS,
    AnyField,
    Contact,
    Count,
    Group,
    Narrative,
    OneField,
    Pair,
    Repeat,
    Share,
    Text,
    YesNo,
)
from domain.form.problem import Problem
from domain.form.shape import shape_problems

Problems = Iterator[Problem]
Parts = Mapping[str, str]
"""The keys of an object, and what each is called."""


class _Place(NamedTuple):
    """Where a value stands, and what sentences call it."""

    pointer: str
    name: str

    def part(self, key: str, called: str) -> _Place:
        return _Place(f"{self.pointer}/{key}", f"{self.name}, {called}")


def draft_problems(definition: FormDefinition, values: Any, years: tuple[int, int]) -> list[Problem]:
    """Keys that the form does not have, and values of another kind than their field; what is absent is fine.

    `years`: the earlier and the later one that the form is asked for.
    """
    if unkept := shape_problems(values):
        return [_named(definition, one) for one in unkept]
    return list(_inside(definition, years, "", definition.sections, values))


def _named(definition: FormDefinition, problem: Problem) -> Problem:
    """The same said of the nearest place that has a name."""
    place = problem.pointer
    while place:
        if name := _name(definition, place):
            return Problem(problem.pointer, f"{name}: {problem.detail[0].lower()}{problem.detail[1:]}")
        place = place.rpartition("/")[0]
    return problem


def _name(definition: FormDefinition, pointer: str) -> str:
    group = definition.groups.get(pointer)
    return f"«{group.label}»" if group else definition.names.get(pointer, "")


def _inside(
    definition: FormDefinition, years: tuple[int, int], pointer: str, fields: Iterable[AnyField], value: object
) -> Problems:
    known = {field.key: field for field in fields if not isinstance(field, Repeat)}
    for key, inner in _parts(value, known):
        field, place = known[key], f"{pointer}/{key}"
        if isinstance(field, Group):
            yield from _inside(definition, years, place, field.fields, inner)
        else:
            yield from _field(_Place(place, definition.names[place]), field, inner, years)
    labels = {key: field.label for key, field in known.items()}
    yield from _not_object(_Place(pointer, _name(definition, pointer)), value, labels)


def _field(place: _Place, field: OneField, value: object, years: tuple[int, int]) -> Problems:
    match field:
        case Text() | Narrative():
            yield from _text(place, value)
        case Count():
            yield from _count(place, value)
        case YesNo():
            if value is not None and not isinstance(value, bool):
                yield Problem(place.pointer, f"{place.name}: ответьте «да» или «нет» (true или false).")
        case Contact():
            yield from _texts(place, value, PERSON_PARTS)
        case Share():
            yield from _share(place, value)
        case Pair():
            yield from _pair(place, field, value, years)
        case _:
            assert_never(field)


def _pair(place: _Place, field: Pair, value: object, years: tuple[int, int]) -> Problems:
    asked: Parts = {key: f"{year} г." for key, year in zip(YEARS, years, strict=True)}
    beside: Parts = {key: called.lower() for key, called in BESIDE_PAIR.items()}
    for key, inner in _parts(value, asked):
        yield from (_share if field.of == "share" else _count)(place.part(key, asked[key]), inner)
    for key, inner in _parts(value, beside):
        yield from _text(place.part(key, beside[key]), inner)
    yield from _not_object(place, value, {**asked, **beside})


def _share(place: _Place, value: object) -> Problems:
    if isinstance(value, Mapping) and "missing" in value:
        yield from _texts(place, value, MISSING)
        return
    for key, inner in _parts(value, SHARE_PARTS):
        yield from _count(place.part(key, SHARE_PARTS[key]), inner)
    yield from _not_object(place, value, SHARE_PARTS)


def _count(place: _Place, value: object) -> Problems:
    if isinstance(value, Mapping):
        yield from _texts(place, value, MISSING)
    elif value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        yield Problem(place.pointer, f"{place.name}: нужно целое число, например 12.")


def _text(place: _Place, value: object) -> Problems:
    if value is not None and not isinstance(value, str):
        yield Problem(place.pointer, f"{place.name}: нужен текст.")


def _texts(place: _Place, value: object, parts: Parts) -> Problems:
    for key, inner in _parts(value, parts):
        yield from _text(place.part(key, parts[key]), inner)
    yield from _not_object(place, value, parts)


def _parts(value: object, keys: Iterable[str]) -> Iterator[tuple[str, object]]:
    """The known keys of an object, with what stands there."""
    if isinstance(value, Mapping):
        yield from ((key, value[key]) for key in keys if key in value)


def _not_object(place: _Place, value: object, parts: Parts) -> Problems:
    """What else an object has, or that there is none."""
    if isinstance(value, Mapping):
        yield from unknown_keys(place.pointer, value, tuple(parts))
    elif value is not None:
        wanted = ", ".join(f"{called} ({key})" for key, called in parts.items())
        yield Problem(place.pointer, f"{place.name}: здесь нужны поля: {wanted}.")
