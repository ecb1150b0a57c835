"""Reading a definition file: YAML into a domain value, or one Russian sentence that names file and place."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from domain.value import Value

V = TypeVar("V", bound=Value)

_PLACES = {
    "phases": "этап",
    "steps": "мероприятие",
    "rungs": "ступень",
    "units": "узел",
    "transfers": "перенос",
    "sections": "раздел",
    "fields": "пункт",
    "rules": "правило",
}
_SENTENCES = {
    "missing": "нет обязательного поля",
    "extra_forbidden": "такого поля нет",
    "literal_error": "значение {given} не подходит, можно {expected}",
    "int_parsing": "вместо {given} нужно целое число",
    "bool_parsing": "вместо {given} нужно true или false",
    "tuple_type": "нужен список в квадратных скобках, а дано {given}",
    "date_from_datetime_parsing": "вместо {given} нужна дата вида 2028-05-02",
    "too_short": "список пуст",
    "string_too_short": "текст пуст",
    "union_tag_invalid": "{unknown_tag}, можно {expected_tags}",
    "union_tag_not_found": "{no_tag}",
}
_TAGS = {
    "rule": ("правило {given} неизвестно", "не указано правило (rule)"),
    "take": ("источник {given} неизвестен", "не указан источник (take)"),
    "kind": ("вид {given} неизвестен", "не указан вид (kind)"),
}


class BadDefinition(Exception):
    """A definition cannot be used; the text is one Russian sentence for whoever wrote it."""


class _PlainLoader(yaml.CBaseLoader):
    """Reads every scalar as text (25.08 stays a date, not 25.8) and refuses a key that is given twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.MarkedYAMLError(problem=f"поле «{key.value}» указано дважды", problem_mark=key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def definition_files(folder: Path) -> list[Path]:
    """The definition files of a folder by name; none when there is no such folder."""
    return sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]) if folder.is_dir() else []


def read(path: Path, model: type[V]) -> V:
    """The value described by a file. Raises BadDefinition."""
    try:
        return parse(path.read_bytes(), model)
    except OSError as problem:
        raise BadDefinition(f"Файл {path}: не читается как текст в кодировке UTF-8 ({problem}).") from problem
    except BadDefinition as problem:
        raise BadDefinition(f"Файл {path}{problem}") from problem


def parse(body: bytes, model: type[V]) -> V:
    """The value described by a file's content. Raises BadDefinition, with the place and without a file's name."""
    try:
        content = yaml.load(body.decode("utf-8"), _PlainLoader)
    except UnicodeDecodeError as problem:
        raise BadDefinition(f": не читается как текст в кодировке UTF-8 ({problem}).") from problem
    except yaml.YAMLError as problem:
        raise BadDefinition(f"{_where(problem)}: {_what(problem)}.") from problem
    try:
        return model.model_validate(content)
    except ValidationError as problems:
        raise BadDefinition(f": {_sentence(problems, content)}.") from problems


def reasons(problems: ValidationError, content: Any) -> list[str]:
    """Everything that is wrong with a value, each with its place, in Russian."""
    found = problems.errors(include_url=False)
    places = [_place(error["loc"], content) for error in found]
    return [f"{place}{': ' if place else ''}{_reason(error)}" for place, error in zip(places, found, strict=True)]


def _where(problem: yaml.YAMLError) -> str:
    mark = getattr(problem, "problem_mark", None)
    return f", строка {mark.line + 1}, столбец {mark.column + 1}" if mark else ""


def _what(problem: yaml.YAMLError) -> str:
    text = str(getattr(problem, "problem", None) or problem)
    return text if text.startswith("поле ") else f"это не YAML ({text})"


def _sentence(problems: ValidationError, content: Any) -> str:
    found = problems.errors(include_url=False)
    places = [error["loc"] for error in found]
    first, *others = [  # a list with a bad item is also reported as too short
        error for error in found if not any(place != error["loc"] == place[: len(error["loc"])] for place in places)
    ]
    more = f" (и ещё замечаний: {len(others)})" if others else ""
    place = _place(first["loc"], content)
    return f"{place}{': ' if place else ''}{_reason(first)}{more}"


def _reason(error: Any) -> str:
    context = error.get("ctx", {})
    if error["type"] == "value_error":
        return str(context["error"]).rstrip(".")
    given = f"«{error['input']}»" if isinstance(error["input"], str) else "данного"
    given = f"«{context['tag']}»" if "tag" in context else given
    unknown_tag, no_tag = _TAGS.get(str(context.get("discriminator", "")).strip("'"), ("", ""))
    facts = {
        "given": given,
        "unknown_tag": unknown_tag.format(given=given),
        "no_tag": no_tag,
        "expected": str(context.get("expected", "")).replace(" or ", " или ").replace("'", ""),
        "expected_tags": str(context.get("expected_tags", "")).replace("'", ""),
    }
    return _SENTENCES.get(error["type"], "значение {given} не подходит").format(**facts)


def _place(location: tuple[int | str, ...], content: Any) -> str:
    """Where in the file: «этап 2, мероприятие 5, поле date.opens»."""
    places: list[str] = []
    fields: list[str] = []
    at, inside = content, ""
    for part in location:
        if isinstance(part, int):
            at = at[part] if isinstance(at, list) and part < len(at) else None
            if fields and inside in _PLACES:
                fields.pop()
                places.append(f"{_PLACES[inside]} {_name(at, part)}")
            continue
        known = isinstance(at, dict) and part in at
        if known or part == location[-1]:  # the name of a union's branch is no place in the file
            fields.append(part)
        if known:
            at, inside = at[part], part
    return ", ".join([*places, *([f"поле {'.'.join(fields)}"] if fields else [])])


def _name(item: Any, index: int) -> str:
    if isinstance(item, dict):
        return str(item.get("number") or item.get("id") or item.get("key") or f"№ {index + 1}")
    return f"№ {index + 1}"
