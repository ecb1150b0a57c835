"""How an event becomes a row of the journal, and the content of a row an event of today."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson

from activities.journal import Draft
from domain.earlier_shapes import of_today, shape_of


def content(stream: str, event: str, data: str) -> dict[str, Any]:
    """What a row says, in the shape of today; `stream`: its id or the prefix of its kind, `event`: its type."""
    return dict(of_today(_kind(stream), event, orjson.loads(data)))


def typed(stream: str, event: str, data: str) -> dict[str, Any]:
    """The same with its type, as the unions of events are validated."""
    return {**content(stream, event, data), "type": event}


def drafted(stream: str, at: datetime, event: Any) -> Draft:
    """The row of an event. What equals its default is not written."""
    data = event.model_dump_json(exclude={"type"}, exclude_defaults=True)
    if shape := shape_of(_kind(stream), event.type):
        data = orjson.dumps({**orjson.loads(data), **shape}).decode()
    return Draft(type=event.type, at=at, data=data)


def _kind(stream: str) -> str:
    return stream.partition("/")[0]
