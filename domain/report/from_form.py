"""The report that belongs to a form: its counts are summed, its shares and years compared, its texts collected."""

from __future__ import annotations

from collections.abc import Iterator

from domain.form.checks import NeedsIf
from domain.form.definition import FormDefinition
from domain.form.fields import (
    PERSON_PARTS,
    SHARE_PARTS,
    Columns,
    Contact,
    Count,
    Group,
    Narrative,
    OneField,
    Pair,
    Repeat,
    Share,
    YesNo,
)
from domain.report.layout import Layout, Line, Measure, Section, Told

_PLACES = {"monitoring": {"/appendix1": "", "/appendix2": "/indicators"}}
"""Where figures stand in the report, by the form's key; those of any other form are under `/sections`."""

Years = tuple[int, int]


def layout_of(form: FormDefinition, years: Years) -> Layout:
    """What a report over this form says; `years`: the earlier and the later one."""
    settled = dict(_settled_by_no(form))
    wanted = (pointer for pointer, field in form.fields.items() if field.required or pointer in settled)
    return Layout(
        form=f"{form.key}@{form.version}",
        sections=tuple(_sections(form, years)),
        narratives=tuple(_narratives(form)),
        comments=tuple(_beside_pairs(form, "comment")),
        corrections=tuple(_beside_pairs(form, "correction")),
        required=tuple(cell for pointer in wanted for cell in _cells(pointer, form.fields[pointer])),
        settled_by_no=settled,
    )


def _settled_by_no(form: FormDefinition) -> Iterator[tuple[str, str]]:
    for rule in form.rules:
        if isinstance(rule, NeedsIf):
            keys = (*rule.positive, *rule.filled) if rule.answer else (*rule.zero, *rule.empty)
            for when in form.matching(rule.when):
                beside = when.rpartition("/")[0]
                yield from ((f"{beside}/{key}", when) for key in keys)


def _cells(pointer: str, field: OneField) -> tuple[str, ...]:
    match field:
        case Contact():
            return tuple(f"{pointer}/{part}" for part in PERSON_PARTS)
        case Share():
            return _parts(pointer)
        case Pair(of="share"):
            return (*_parts(f"{pointer}/earlier"), *_parts(f"{pointer}/later"))
        case Pair():
            return (f"{pointer}/earlier", f"{pointer}/later")
        case _:
            return (pointer,)


def _parts(pointer: str) -> tuple[str, ...]:
    return tuple(f"{pointer}/{part}" for part in SHARE_PARTS)


def _sections(form: FormDefinition, years: Years) -> Iterator[Section]:
    """A table for each group that has figures or groups with figures."""
    for place, group in form.groups.items():
        lines = tuple(_lines(form, place, group, years))
        if lines:
            yield Section(title=group.label, lines=lines)


def _lines(form: FormDefinition, place: str, group: Group, years: Years) -> Iterator[Line]:
    """Each pair and share is a line of its own; the counts of a group inside are one line, bare counts one each."""
    columns = getattr(group, "columns", None)
    for number, field in enumerate(group.fields, 1):
        if isinstance(field, Repeat):
            continue
        at = f"{place}/{field.key}"
        key = _key(form, at)
        match field:
            case Pair():
                printed = str(number) if columns else ""
                yield _line(field, _pair(key, at, field, columns, years), field.unit, printed)
            case Share():
                yield _line(field, (Measure(key=key, column="Доля", kind="share", cells=_parts(at)),), "%")
            case Group():
                if measures := tuple(_measures(form, at, field)):
                    yield _line(field, measures)
            case Count() if not _inside_line(form, place):
                yield _line(field, (Measure(key=key, column="Количество", kind="sum", cells=(at,)),), field.unit)
            case YesNo() if not _inside_line(form, place):
                yield _line(field, (Measure(key=key, column="Ответили «да»", kind="yes", cells=(at,)),))
            case _:
                pass


def _inside_line(form: FormDefinition, place: str) -> bool:
    """Whether the group is inside of another one, where its counts make a line together."""
    return place.rpartition("/")[0] in form.groups


def _line(field: OneField | Group, measures: tuple[Measure, ...], unit: str = "", number: str = "") -> Line:
    return Line(title=field.title, label=field.label, measures=measures, unit=unit, note=field.sum_note, number=number)


def _measures(form: FormDefinition, place: str, group: Group) -> Iterator[Measure]:
    for field in group.fields:
        if isinstance(field, YesNo | Count):
            at = f"{place}/{field.key}"
            kind = "yes" if isinstance(field, YesNo) else "sum"
            yield Measure.model_validate({"key": _key(form, at), "column": field.label, "kind": kind, "cells": (at,)})


def _pair(key: str, at: str, field: Pair, columns: Columns | None, years: Years) -> tuple[Measure, ...]:
    heads = (columns.earlier, columns.later) if columns else ("{earlier} г.", "{later} г.")
    named = [head.format(earlier=years[0], later=years[1]) for head in heads]
    if field.of == "share":
        return tuple(
            Measure(key=f"{key}/{year}", column=name, kind="share", cells=_parts(f"{at}/{year}"))
            for year, name in zip(("earlier", "later"), named, strict=True)
        )
    both = (f"{at}/earlier", f"{at}/later")
    return (
        Measure(key=f"{key}/earlier", column=named[0], kind="sum", cells=both[:1]),
        Measure(key=f"{key}/later", column=named[1], kind="sum", cells=both[1:]),
        Measure(key=f"{key}/change", column="Изменение", kind="change", cells=both),
    )


def _key(form: FormDefinition, pointer: str) -> str:
    for place, instead in _PLACES.get(form.key, {}).items():
        if pointer.startswith(f"{place}/"):
            return instead + pointer.removeprefix(place)
    return f"/sections{pointer}"


def _narratives(form: FormDefinition) -> Iterator[Told]:
    taken: set[str] = set()
    for pointer, field in form.fields.items():
        if isinstance(field, Narrative):
            place = pointer.rpartition("/")[0]
            short = place.rpartition("/")[2]
            key = pointer if short in taken else short
            taken.add(key)
            yield Told(key=key, title=form.groups[place].label, cell=pointer)


def _beside_pairs(form: FormDefinition, part: str) -> Iterator[Told]:
    for pointer, field in form.fields.items():
        if isinstance(field, Pair):
            yield Told(key=field.key, title=field.label, cell=f"{pointer}/{part}")
