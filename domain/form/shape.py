"""What cannot be kept even as a draft."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from domain.form.problem import Problem, step

DEEPEST = 12
LARGEST = 10**15
"""Larger whole numbers lose digits on their way through other programs."""
MOST_ENTRIES = 5_000
MOST_LETTERS = 200_000

_UNKEPT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def shape_problems(values: Any) -> list[Problem]:
    """Why these values cannot be kept as a draft; a draft that is incomplete or wrong can. At most ten problems."""
    if not isinstance(values, Mapping):
        return [Problem("", "Форма — это объект JSON с разделами.")]
    found: list[Problem] = []
    entries = letters = 0
    for pointer, value in _all(values):
        entries, letters = entries + 1, letters + (len(value) if isinstance(value, str) else 0)
        if entries > MOST_ENTRIES or letters > MOST_LETTERS:
            return [Problem("", "Форма слишком велика: уберите из неё лишнее.")]
        if (detail := _unkept(pointer, value)) and len(found) < 10:
            found.append(Problem(pointer, detail))
    return found


def _all(values: Mapping[Any, Any]) -> Iterator[tuple[str, object]]:
    """Every value and every key with its place; what is deeper than a form goes is not looked into."""
    waiting: list[tuple[str, object, int]] = [("", values, 0)]
    while waiting:
        pointer, value, depth = waiting.pop()
        yield pointer, value
        if depth > DEEPEST:
            continue
        if isinstance(value, Mapping):
            yield from ((pointer, key) for key in value)
            waiting += [(f"{pointer}/{step(key)}", inner, depth + 1) for key, inner in value.items()]
        elif isinstance(value, Sequence) and not isinstance(value, str | bytes):
            waiting += [(f"{pointer}/{number}", inner, depth + 1) for number, inner in enumerate(value)]


def _unkept(pointer: str, value: object) -> str:
    match value:
        case str():
            return "Текст содержит управляющие знаки, уберите их." if _UNKEPT.search(value) else ""
        case bool() | None:
            return ""
        case int():
            return "Число слишком большое, проверьте его." if abs(value) > LARGEST else ""
        case float():
            return "" if math.isfinite(value) else "Это не число, проверьте его."
        case Mapping() | list() | tuple():
            return "Вложенность слишком велика." if pointer.count("/") > DEEPEST else ""
        case _:
            return "Такое значение сохранить нельзя."
