"""A form as data: sections of fields and the rules between them, versioned, wording as in its document."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Self, assert_never

from pydantic import Field, model_validator

from domain.form.checks import AtMost, ChangeOver, EqualsLast, NeedsIf, Rule
from domain.form.fields import (
    BESIDE_PAIR,
    PERSON_PARTS,
    SHARE_PARTS,
    YEARS,
    Contact,
    Count,
    Group,
    Key,
    Narrative,
    OneField,
    Pair,
    Repeat,
    Section,
    Share,
    Text,
    YesNo,
)
from domain.form.sources import Source
from domain.submission.commands import DocumentKind
from domain.value import Value


class FormWords(Value):
    """How texts speak of a form: «форма `of`», which a `round`, a masculine noun, collects; `of_round`: its genitive.

    Without `of` the title stands in quotes: «форма «Паспорт летней школы»».
    """

    of: str = ""
    round: str = "сбор форм"
    of_round: str = "сбора форм"


class FormDefinition(Value):
    """What a form asks, and the files that come with it. Refuses keys given twice and references to nowhere, naming
    the place.
    """

    key: Key
    version: str = Field(min_length=1, max_length=40)
    title: str = Field(min_length=1)
    source: str = ""
    signed_by: str = "Руководитель"
    words: FormWords = FormWords()
    documents: tuple[DocumentKind, ...] = ("form-docx", "form-pdf")
    sections: tuple[Section, ...] = Field(min_length=1)
    rules: tuple[Rule, ...] = ()
    prefill: tuple[Source, ...] = ()

    @property
    def of(self) -> str:
        """What stands after «форма» where a text speaks of it."""
        return self.words.of or f"«{self.title}»"

    @cached_property
    def fields(self) -> dict[str, OneField]:
        """Every field that has a value, by its pointer, in the order of the form."""
        return dict(_walk("", self.sections))

    @cached_property
    def groups(self) -> dict[str, Group]:
        """Every section and group, by its pointer; the form itself is not among them."""
        return dict(_groups("", self.sections))

    @cached_property
    def places(self) -> frozenset[str]:
        """The pointer of everything that may stand in its values, down to the parts of a share."""
        parts = (place for pointer, field in self.fields.items() for place in _parts(pointer, field))
        return frozenset((*self.groups, *self.fields, *parts))

    @cached_property
    def repeated(self) -> frozenset[str]:
        """Pointers of the fields that are shown elsewhere again: printed there, asked here."""
        inside = (field for group in self.groups.values() for field in group.fields)
        return frozenset(field.of for field in inside if isinstance(field, Repeat))

    @cached_property
    def order(self) -> dict[str, int]:
        """The place of each group and field in the form, a group before what is in it."""
        return {pointer: number for number, pointer in enumerate(_all("", self.sections))}

    @cached_property
    def names(self) -> dict[str, str]:
        """How problems call each field: «Вопрос 1, краткое описание»; sections go without saying."""
        return {pointer: self._name(pointer) for pointer in self.fields}

    def _name(self, pointer: str) -> str:
        field = self.fields[pointer]
        above = (self.groups[at].short for at in _above(pointer))
        return ", ".join([*(name for name in above if name), field.label])

    def matching(self, pattern: str) -> list[str]:
        """Pointers of the fields that a pattern names."""
        parts = pattern.split("/")
        return [pointer for pointer in self.fields if _fits(pointer.split("/"), parts)]

    @model_validator(mode="after")
    def _sound(self) -> Self:
        _refuse_twins(self)
        if len(set(self.documents)) < len(self.documents):
            raise ValueError(f"форма {self.key}: документ указан дважды")
        for pointer in self.repeated:
            if pointer not in self.fields:
                raise ValueError(f"форма {self.key}: повторяется поле {pointer}, а такого нет")
        for rule in self.rules:
            _refuse_unknown_places(self, rule)
        for source in self.prefill:
            fitting = Count if source.take == "organisations" else Count | YesNo
            if not isinstance(self.fields.get(source.field), fitting):
                raise ValueError(f"форма {self.key}: поле {source.field} нельзя заполнить заранее ({source.take})")
        return self


def _walk(place: str, fields: tuple[Group | OneField | Repeat, ...]) -> Iterator[tuple[str, OneField]]:
    for field in fields:
        if isinstance(field, Group):
            yield from _walk(f"{place}/{field.key}", field.fields)
        elif not isinstance(field, Repeat):
            yield f"{place}/{field.key}", field


def _parts(pointer: str, field: OneField) -> Iterator[str]:
    match field:
        case Contact():
            yield from (f"{pointer}/{part}" for part in PERSON_PARTS)
        case Share():
            yield from _figure(pointer, shared=True)
        case Count():
            yield from _figure(pointer, shared=False)
        case Pair():
            yield from (f"{pointer}/{key}" for key in (*YEARS, *BESIDE_PAIR))
            for year in YEARS:
                yield from _figure(f"{pointer}/{year}", shared=field.of == "share")
        case Text() | Narrative() | YesNo():
            return
        case _:
            assert_never(field)


def _figure(pointer: str, shared: bool) -> Iterator[str]:
    yield from (f"{pointer}/{part}" for part in ("missing", *(SHARE_PARTS if shared else ())))


def _groups(place: str, fields: tuple[Group | OneField | Repeat, ...]) -> Iterator[tuple[str, Group]]:
    for field in fields:
        if isinstance(field, Group):
            yield f"{place}/{field.key}", field
            yield from _groups(f"{place}/{field.key}", field.fields)


def _all(place: str, fields: tuple[Group | OneField | Repeat, ...]) -> Iterator[str]:
    for field in fields:
        if not isinstance(field, Repeat):
            yield f"{place}/{field.key}"
        if isinstance(field, Group):
            yield from _all(f"{place}/{field.key}", field.fields)


def _above(pointer: str) -> Iterator[str]:
    parts = pointer.split("/")
    return ("/".join(parts[:length]) for length in range(3, len(parts)))


def _fits(parts: list[str], pattern: list[str]) -> bool:
    return len(parts) == len(pattern) and all(
        wanted in ("*", part) for part, wanted in zip(parts, pattern, strict=True)
    )  # fmt: skip


def _refuse_twins(form: FormDefinition) -> None:
    for place, fields in (("", form.sections), *((place, group.fields) for place, group in form.groups.items())):
        seen: set[str] = set()
        for field in fields:
            if isinstance(field, Repeat):
                continue
            if field.key in seen:
                raise ValueError(f"форма {form.key}: поле {place}/{field.key} указано дважды")
            seen.add(field.key)


def _refuse_unknown_places(form: FormDefinition, rule: Rule) -> None:
    for pattern, kinds in _places(form, rule):
        found = form.matching(pattern)
        if not found:
            raise ValueError(f"форма {form.key}: правило {rule.rule} ссылается на {pattern}, а такого поля нет")
        for pointer in found:
            if not isinstance(form.fields[pointer], kinds):
                raise ValueError(f"форма {form.key}: правило {rule.rule} не подходит к виду поля {pointer}")


def _places(form: FormDefinition, rule: Rule) -> Iterator[tuple[str, type[OneField] | tuple[type[OneField], ...]]]:
    match rule:
        case AtMost():
            yield rule.field, Count
            yield rule.limit, Count
            if len(form.matching(rule.limit)) > 1:
                raise ValueError(f"форма {form.key}: правило at_most ссылается на несколько полей: {rule.limit}")
        case NeedsIf():
            yield rule.when, YesNo
            beside = rule.when.rpartition("/")[0]
            yield from ((f"{beside}/{key}", Count) for key in (*rule.positive, *rule.zero))
            yield from ((f"{beside}/{key}", (Text, Narrative)) for key in (*rule.filled, *rule.empty))
        case EqualsLast() | ChangeOver():
            yield rule.field, Pair
