"""Answers are bytes: what was stored goes out as it is, everything else is written once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from starlette.responses import Response

JSON = "application/json"


def answer(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """The JSON answer; dates are ISO, instants carry their zone."""
    return Response(orjson.dumps(body), status, headers, media_type=JSON)


def page(items: Any, following: str | None = None) -> Response:
    """A list: `{items, next}`."""
    return answer({"items": items, "next": following})


def etag(version: int | str) -> dict[str, str]:
    """The header of a versioned answer."""
    return {"ETag": f'"{version}"'}
