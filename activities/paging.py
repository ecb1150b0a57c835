"""Lists in pages: a keyset cursor names the last row seen, so that rows added meanwhile shift nothing."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, tuple_

T = TypeVar("T")
Key = list[str | int]

DEFAULT_LIMIT = 100
LARGEST_LIMIT = 500


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some rows; `next` is the cursor of the rows after them, `None` at the end."""

    items: list[T]
    next: str | None


def clamped(limit: int) -> int:
    """A limit between 1 and 500."""
    return max(1, min(limit, LARGEST_LIMIT))


def cursor_of(key: Sequence[str | int]) -> str:
    """The cursor that stands after the row with this key."""
    return base64.urlsafe_b64encode(json.dumps(list(key), ensure_ascii=False).encode()).decode().rstrip("=")


def key_of(cursor: str, like: Sequence[type]) -> Key | None:
    """The key a cursor stands for, `None` when it is none of ours; `like`: the types of its parts."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        key = json.loads(text)
    except (ValueError, RecursionError):
        return None
    fits = isinstance(key, list) and [type(part) for part in key] == list(like)
    return key if fits and all(_storable(part) for part in key) else None


def _storable(part: str | int) -> bool:
    """Databases take neither NUL nor half of a surrogate pair, nor integers beyond 64 bits."""
    if isinstance(part, int):
        return abs(part) < 2**63
    return "\0" not in part and not any("\ud800" <= letter <= "\udfff" for letter in part)


def after(columns: Sequence[ColumnElement[Any]], key: Key) -> ColumnElement[bool]:
    """The rows behind the key, in the order of the columns."""
    return tuple_(*columns) > tuple_(*key)
