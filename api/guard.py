"""What holds for every request before and after its route: size, readable paths, headers, a database that is away."""

from __future__ import annotations

import re

import structlog
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from activities.database import UNREACHABLE
from api.problems import DATABASE_AWAY, HEADERS, http_problem, problem_response

MOST = 1_000_000
"""Bytes of a request's body."""

MOST_OF_FILE = 5_000_000
UPLOADS = ("/api/v1/units/import",)
STREAMED = re.compile(r"/api/v1/submissions/[^/]+/documents/[^/]+(/signature)?")
"""Files that their routes count themselves while they come in, be it for minutes."""

_ENVELOPE = 20_000  # the parts of a form around the file itself

SAFE = ("GET", "HEAD", "OPTIONS")

log = structlog.get_logger()


class Guard:
    """Around all that may answer: security headers on every answer, 503 while the database is away."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def guarded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, guarded)
        except UNREACHABLE as error:
            if begun:
                raise
            log.error("database_unavailable", error=type(error).__name__)
            await problem_response(DATABASE_AWAY, {"Retry-After": "5"})(scope, receive, guarded)


class Bounds:
    """ASGI middleware behind `BearerAuth`: no path that nobody can read, no body that is too large."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, count its body while it streams."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if not scope["path"].isprintable():
            await problem_response(http_problem(404))(scope, receive, send)
            return
        streamed = scope["method"] == "PUT" and STREAMED.fullmatch(scope["path"]) is not None
        most = MOST_OF_FILE + _ENVELOPE if scope["path"] in UPLOADS else MOST
        declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if declared.isdigit() and int(declared) > most and not streamed:
            await problem_response(http_problem(413))(scope, receive, send)
            return
        if scope["method"] in SAFE or streamed:
            await self._app(scope, receive, send)
            return
        with scope["app"].state.context.nudger.person_waits():
            await self._app(scope, _counted(receive, most), send)


def _counted(receive: Receive, most: int) -> Receive:
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > most:
            raise HTTPException(413)
        return message

    return counted
