"""Free texts: rows of their own, so that a person's words can be erased and the journal stays whole."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Table, bindparam, insert, select

from activities.tables import TextRow

ERASED = "[удалено]"
REF_PREFIX = "txt-"
_REF = re.compile(rf"^{REF_PREFIX}[0-9a-f]{{32}}$")


_TABLE: Table = TextRow.__table__  # type: ignore[attr-defined]
_OF_STREAM = select(_TABLE.c.id, _TABLE.c.body).where(_TABLE.c.stream == bindparam("stream"))


def text_ref() -> str:
    """A fresh reference."""
    return f"{REF_PREFIX}{uuid4().hex}"


def write_texts(connection: Connection, stream: str, texts: Mapping[str, str], at: datetime) -> None:
    """Store texts by their references."""
    if texts:
        rows = [{"id": ref, "stream": stream, "body": body, "at": at} for ref, body in texts.items()]
        connection.execute(insert(_TABLE), rows)


def read_texts(connection: Connection, stream: str) -> dict[str, str]:
    """All texts of a stream by reference."""
    rows = connection.execute(_OF_STREAM, {"stream": stream})
    return {row.id: row.body for row in rows}


def resolved(value: Any, texts: Mapping[str, str]) -> Any:
    """The value with every reference replaced by its text; an erased one reads «[удалено]»."""
    if isinstance(value, str):
        return texts.get(value, ERASED) if _REF.match(value) else value
    if isinstance(value, dict):
        return {key: resolved(one, texts) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [resolved(one, texts) for one in value]
    return value
