"""What can be kept as a draft: it may be incomplete and wrong, but each place holds what belongs there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, assert_never

from domain.form.answers import unknown_keys
from domain.form.definition import FormDefinition
from domain.form.fields import (
    BESIDE_PAIR,
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


def draft_problems(definition: FormDefinition, values: Any) -> list[Problem]:
    """Keys that the form does not have, and values of another kind than their field; what is absent is fine."""
    return shape_problems(values) or list(_inside("", definition.sections, values))


def _inside(pointer: str, fields: tuple[AnyField, ...], value: object) -> Problems:
    known = {field.key: field for field in fields if not isinstance(field, Repeat)}
    for place, inner in _object(pointer, value, tuple(known)):
        field = known[place.rpartition("/")[2]]
        if isinstance(field, Group):
            yield from _inside(place, field.fields, inner)
        else:
            yield from _field(place, field, inner)
    yield from _not_object(pointer, value, tuple(known))


def _field(pointer: str, field: OneField, value: object) -> Problems:
    match field:
        case Text() | Narrative():
            yield from _text(pointer, value)
        case Count():
            yield from _count(pointer, value)
        case YesNo():
            if value is not None and not isinstance(value, bool):
                yield Problem(pointer, "Здесь нужно true или false.")
        case Contact():
            yield from _texts(pointer, value, tuple(PERSON_PARTS))
        case Share():
            yield from _share(pointer, value)
        case Pair():
            yield from _pair(pointer, field, value)
        case _:
            assert_never(field)


def _pair(pointer: str, field: Pair, value: object) -> Problems:
    keys = (*YEARS, *BESIDE_PAIR)
    for place, inner in _object(pointer, value, keys):
        if place.rpartition("/")[2] in BESIDE_PAIR:
            yield from _text(place, inner)
        else:
            yield from (_share if field.of == "share" else _count)(place, inner)
    yield from _not_object(pointer, value, keys)


def _share(pointer: str, value: object) -> Problems:
    if isinstance(value, Mapping) and "missing" in value:
        yield from _texts(pointer, value, ("missing",))
        return
    for place, inner in _object(pointer, value, SHARE_PARTS):
        yield from _count(place, inner)
    yield from _not_object(pointer, value, SHARE_PARTS)


def _count(pointer: str, value: object) -> Problems:
    if isinstance(value, Mapping):
        yield from _texts(pointer, value, ("missing",))
    elif value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        yield Problem(pointer, "Здесь нужно целое число, например 12.")


def _text(pointer: str, value: object) -> Problems:
    if value is not None and not isinstance(value, str):
        yield Problem(pointer, "Здесь нужен текст.")


def _texts(pointer: str, value: object, keys: tuple[str, ...]) -> Problems:
    for place, inner in _object(pointer, value, keys):
        yield from _text(place, inner)
    yield from _not_object(pointer, value, keys)


def _object(pointer: str, value: object, keys: tuple[str, ...]) -> Iterator[tuple[str, object]]:
    """The known keys of an object, by their places."""
    if isinstance(value, Mapping):
        yield from ((f"{pointer}/{key}", value[key]) for key in keys if key in value)


def _not_object(pointer: str, value: object, keys: tuple[str, ...]) -> Problems:
    """What else an object has, or that there is none."""
    if isinstance(value, Mapping):
        yield from unknown_keys(pointer, value, keys)
    elif value is not None:
        yield Problem(pointer, f"Здесь нужен объект с полями: {', '.join(keys)}.")
