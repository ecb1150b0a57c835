"""The base of every value: frozen, and strict about unknown fields."""

from __future__ import annotations

import datetime
import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

FIRST_DAY, LAST_DAY = datetime.date(1900, 1, 1), datetime.date(2200, 12, 31)
"""Between these lies every day that people write."""


class Value(BaseModel):
    """An immutable value; an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


TextRef = Annotated[str, StringConstraints(pattern=r"^txt-[0-9a-f]{32}$")]
"""Reference to a free text kept outside of the journal, so that it can be erased (DESIGN, 1.7)."""

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
"""Opaque id of a unit or a person: lower-case Latin letters, digits, `.`, `_`, `-`; 1–64 characters."""


def _written(value: object) -> object:
    if isinstance(value, int | float):
        raise ValueError("нужна дата вида ГГГГ-ММ-ДД, а не число")
    return value


def _within_reach(day: datetime.date) -> datetime.date:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(f"нужна дата с {FIRST_DAY:%d.%m.%Y} по {LAST_DAY:%d.%m.%Y}")
    return day


Day = Annotated[
    datetime.date,
    BeforeValidator(_written),
    AfterValidator(_within_reach),
    Field(json_schema_extra={"ge": FIRST_DAY.isoformat(), "le": LAST_DAY.isoformat()}),
]
"""A calendar day as people write it; not a number of seconds, and not at the end of the calendar."""


def _plain(text: str) -> str:
    if _CONTROL.search(text):
        raise ValueError("текст содержит управляющие знаки, уберите их")
    return text


Words = Annotated[str, AfterValidator(_plain)]
"""Text that people write and databases keep: line breaks and tabs, no other control characters."""
