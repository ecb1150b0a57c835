"""The question that is asked most, answered before the framework: `GET /api/v1/programmes/{id}`.

FastAPI's way of a request costs several times what the answer costs; the route stays in `api.programmes` for its
document and for past states, and both ways share `answer_one`.
"""

from __future__ import annotations

import re

from anyio import to_thread
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from activities.programme_query import body_now
from activities.tokens import Identity
from api.answers import JSON, etag
from api.context import Context
from api.problems import Refused, problem_of, problem_response
from api.visibility import visible_row
from api.watching import TEMPLATE

ROUTE = "/api/v1/programmes/{programme}"
_PATH = re.compile(r"^/api/v1/programmes/([a-z0-9][a-z0-9._-]*-\d{4})$")


def answer_one(context: Context, caller: Identity, programme: str, known: str | None = None) -> Response:
    """The programme now: the row of the read model, or its state with the time that nobody has recorded yet.

    `known`: the ETag that the caller has already, 304 while nothing has changed; time changes without a version.
    """
    with context.core.database.reading() as connection:
        row = visible_row(context, connection, caller, programme)
        body, now = row.body, context.core.clock()
        if row.changes_at is not None and row.changes_at <= now:
            body = body_now(connection, context.core.streams, programme, now)
        elif known is not None and known.strip().removeprefix("W/") == f'"{row.version}"':
            return Response(None, 304, etag(row.version))
    return Response(body, headers=etag(row.version), media_type=JSON)


class QuickRead:
    """ASGI middleware behind `BearerAuth`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the one question, pass everything else on."""
        if scope["type"] != "http" or scope["method"] != "GET" or scope["query_string"]:
            await self._app(scope, receive, send)
            return
        match = _PATH.match(scope["path"])
        if match is None:
            await self._app(scope, receive, send)
            return
        scope[TEMPLATE] = ROUTE
        context: Context = scope["app"].state.context
        caller: Identity = scope["state"]["identity"]
        try:
            if context.core.database.is_sqlite:  # readers never wait there: a hop to a thread costs more than the query
                response = answer_one(context, caller, match[1], _known(scope))
            else:
                response = await to_thread.run_sync(answer_one, context, caller, match[1], _known(scope))
        except Refused as error:
            response = problem_response(problem_of(error.refusal))
        await response(scope, receive, send)


def _known(scope: Scope) -> str | None:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == b"if-none-match"), None)
