"""Whether one answer is of its kind: the problems that a field has by itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import assert_never

from domain.form.fields import (
    BESIDE_PAIR,
    MISSING,
    PERSON_PARTS,
    SHARE_PARTS,
    YEARS,
    Contact,
    Count,
    Narrative,
    OneField,
    Pair,
    Share,
    Text,
    YesNo,
)
from domain.form.problem import Problem, step
from domain.form.reading import MOST, count_of, said_missing, words

REASON_ROOM = 500
"""Characters of a reason or a comment."""
PERSON_ROOM = 200

_PHONE = re.compile(r"[0-9+()\-–— .,;/]|доб|тел|факс")
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>.]+(\.[^@\s,;<>.]+)+")

Problems = Iterator[Problem]
Check = Callable[[str, object, str], Problems]


def answer_problems(field: OneField, pointer: str, value: object, name: str, years: tuple[int, int]) -> Problems:
    """What is wrong with an answer by itself; `name` is how the field is called in the sentences."""
    if value is None and not field.required:
        return iter(())
    match field:
        case Text() | Narrative():
            return _text(pointer, value, name, field.most, wanted=field.required)
        case Count():
            return count_problems(pointer, value, name)
        case YesNo():
            return _yes_no(pointer, value, name)
        case Contact():
            return _person(pointer, value, name)
        case Share():
            return share_problems(pointer, value, name)
        case Pair():
            return _pair(field, pointer, value, name, years)
        case _:
            assert_never(field)


def unknown_keys(pointer: str, value: Mapping[object, object], known: Sequence[str]) -> Problems:
    """Keys that no field has."""
    for key in value:
        if key not in known:
            place = f"{pointer}/{step(key)}"
            yield Problem(place, f"Такого поля в форме нет: {place}. Уберите его или исправьте его название.")


def count_problems(pointer: str, value: object, name: str) -> Problems:
    """What keeps a value from being a count, or from being missing for a reason."""
    if isinstance(value, Mapping):
        yield from _missing(pointer, value, name)
    elif value is None:
        yield Problem(pointer, f"{name}: укажите число; если данных нет, отметьте это и напишите причину.")
    elif isinstance(value, bool) or not isinstance(value, int):
        yield Problem(pointer, f"{name}: нужно целое число, например 12.")
    elif value < 0:
        yield Problem(pointer, f"{name}: число не может быть меньше 0.")
    elif value > MOST:
        yield Problem(pointer, f"{name}: число слишком большое, проверьте его.")


def share_problems(pointer: str, value: object, name: str) -> Problems:
    """What keeps a value from being a share between 0 and 100 %, or from being missing for a reason."""
    if said_missing(value):
        yield from count_problems(pointer, value, name)
        return
    if not isinstance(value, Mapping):
        yield Problem(pointer, f"{name}: укажите числитель и знаменатель, доля вычисляется сама.")
        return
    yield from unknown_keys(pointer, value, tuple(SHARE_PARTS))
    for part, called in SHARE_PARTS.items():
        yield from count_problems(f"{pointer}/{part}", value.get(part), f"{name}, {called}")
    numerator, denominator = (count_of(value.get(part)) for part in SHARE_PARTS)
    if numerator is not None and denominator is not None and numerator > denominator:
        yield Problem(
            f"{pointer}/numerator",
            f"{name}: числитель {numerator} больше знаменателя {denominator}, а доля не бывает больше 100 %."
            " Исправьте одно из чисел.",
        )


def _missing(pointer: str, value: Mapping[object, object], name: str) -> Problems:
    if "missing" not in value:
        yield Problem(pointer, f"{name}: нужно целое число, например 12.")
    else:
        yield from unknown_keys(pointer, value, tuple(MISSING))
        yield from _text(f"{pointer}/missing", value["missing"], f"{name}, {MISSING['missing']}", REASON_ROOM)


def _text(pointer: str, value: object, name: str, most: int, *, wanted: bool = True) -> Problems:
    if value is not None and not isinstance(value, str):
        yield Problem(pointer, f"{name}: нужен текст.")
    elif not words(value):
        if wanted:
            yield Problem(pointer, f"{name}: заполните это поле.")
    elif (length := len(words(value))) > most:
        yield Problem(pointer, f"{name}: текст длиннее {most} знаков (сейчас {length}), сократите его.")


def _yes_no(pointer: str, value: object, name: str) -> Problems:
    if not isinstance(value, bool):
        yield Problem(pointer, f"{name}: ответьте «да» или «нет».")


def _person(pointer: str, value: object, name: str) -> Problems:
    given = {} if value is None else value
    if not isinstance(given, Mapping):
        yield Problem(pointer, f"{name}: укажите ФИО, должность, телефон и e-mail.")
        return
    yield from unknown_keys(pointer, given, tuple(PERSON_PARTS))
    for part, called in PERSON_PARTS.items():
        faults = list(_text(f"{pointer}/{part}", given.get(part), f"{name}, {called}", PERSON_ROOM))
        yield from faults or _implausible(part, f"{pointer}/{part}", words(given.get(part)), name)


def _implausible(part: str, pointer: str, text: str, name: str) -> Problems:
    if part == "phone" and (_PHONE.sub("", text.lower()) or not 5 <= sum(map(str.isdigit, text)) <= 30):
        yield Problem(pointer, f"{name}: телефон не похож на номер, напишите его с кодом, например +7 (3822) 51-51-51.")
    if part == "email" and not _EMAIL.fullmatch(text):
        yield Problem(pointer, f"{name}: e-mail не похож на адрес, нужен вид name@example.ru.")


def _pair(field: Pair, pointer: str, value: object, name: str, years: tuple[int, int]) -> Problems:
    given = {} if value is None else value
    if not isinstance(given, Mapping):
        yield Problem(pointer, f"{name}: укажите данные за {years[0]} и {years[1]} годы.")
        return
    yield from unknown_keys(pointer, given, (*YEARS, *BESIDE_PAIR))
    check: Check = share_problems if field.of == "share" else count_problems
    for key, year in zip(YEARS, years, strict=True):
        yield from check(f"{pointer}/{key}", given.get(key), f"{name}, {year} г.")
    for beside, called in BESIDE_PAIR.items():
        told = f"{name}, {called.lower()}"
        yield from _text(f"{pointer}/{beside}", given.get(beside), told, REASON_ROOM, wanted=False)
