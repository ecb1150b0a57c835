"""The words for what is wrong with one field of a request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# pydantic's error type: the Russian words
_FIELDS = {
    "missing": "поле обязательно",
    "extra_forbidden": "такого поля нет",
    "int_type": "нужно целое число",
    "int_parsing": "нужно целое число",
    "int_from_float": "нужно целое число",
    "string_type": "нужна строка",
    "string_unicode": "текст содержит недопустимые знаки",
    "bool_type": "нужно true или false",
    "bool_parsing": "нужно true или false",
    "list_type": "нужен список",
    "tuple_type": "нужен список",
    "dict_type": "нужен объект",
    "model_type": "нужен объект",
    "model_attributes_type": "нужен объект",
    "int_parsing_size": "слишком большое число",
    "finite_number": "нужно целое число",
    "date_type": "нужна дата вида ГГГГ-ММ-ДД",
    "date_parsing": "нужна дата вида ГГГГ-ММ-ДД",
    "date_from_datetime_parsing": "нужна дата вида ГГГГ-ММ-ДД",
    "date_from_datetime_inexact": "нужна дата вида ГГГГ-ММ-ДД, без времени",
    "datetime_type": "нужны дата и время вида ГГГГ-ММ-ДДTчч:мм:ссZ",
    "datetime_parsing": "нужны дата и время вида ГГГГ-ММ-ДДTчч:мм:ссZ",
    "datetime_from_date_parsing": "нужны дата и время вида ГГГГ-ММ-ДДTчч:мм:ссZ",
    "date_parsing_size": "слишком большая дата",
    "timezone_aware": "нужно время с часовым поясом",
}
_WITH_LIMIT = {
    "string_too_short": "слишком коротко, нужно не меньше знаков: {min_length}",
    "string_too_long": "слишком длинно, можно не больше знаков: {max_length}",
    "greater_than_equal": "нужно не меньше {ge}",
    "less_than_equal": "нужно не больше {le}",
    "too_short": "нужно не меньше элементов: {min_length}",
    "too_long": "можно не больше элементов: {max_length}",
    "literal_error": "можно только: {expected}",
    "string_pattern_mismatch": "недопустимые знаки; нужен вид {pattern}",
}

_OF_TEXT = {"too_short": "string_too_short", "too_long": "string_too_long"}
"""A text that is checked further has its length counted like that of a list."""


def field_detail(error: Mapping[str, Any]) -> str:
    """The words of one field's error."""
    kind, context = error["type"], error.get("ctx") or {}
    if kind == "value_error":
        return str(context.get("error", error["msg"]))
    if isinstance(error.get("input"), str):
        kind = _OF_TEXT.get(kind, kind)
    if kind == "string_too_short" and not error["input"].strip():
        return "заполните это поле"
    if kind in _WITH_LIMIT:
        return _WITH_LIMIT[kind].format_map(context).replace(" or ", " или ")
    return _FIELDS.get(kind, "недопустимое значение")
