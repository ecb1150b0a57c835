"""Who asks: a bearer token is looked at before anything else, even before the path."""

from __future__ import annotations

from datetime import datetime

from anyio import to_thread
from starlette.types import ASGIApp, Receive, Scope, Send

from activities.database import UNREACHABLE
from activities.tokens import Identity, find_token
from activities.wiring import Core
from api.context import Context
from api.problems import Problem, problem_response
from api.watching import PROTECTED

WITHOUT_DATABASE = {("GET", f"{PROTECTED}/operations/incidents")}
"""What is answered while the database is away."""


class BearerAuth:
    """ASGI middleware: strangers get 401 under `/api/v1`; others carry their identity in the request's state."""

    def __init__(self, app: ASGIApp, core: Core) -> None:
        self._app, self._core = app, core

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let in or turn away."""
        if scope["type"] != "http" or not scope["path"].startswith(PROTECTED):
            await self._app(scope, receive, send)
            return
        identity = await self._identify(scope)
        if identity is None:
            await problem_response(_UNKNOWN, {"WWW-Authenticate": "Bearer"})(scope, receive, send)
            return
        scope.setdefault("state", {})["identity"] = identity
        await self._app(scope, receive, send)

    async def _identify(self, scope: Scope) -> Identity | None:
        header = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
        scheme, _, token = header.decode("latin-1").partition(" ")
        if scheme.lower() != "bearer" or not token:
            return None
        try:
            if self._core.database.is_sqlite:  # one indexed look-up, shorter than a hop to a thread
                return self._look_up(token.strip(), self._core.clock())
            return await to_thread.run_sync(self._look_up, token.strip(), self._core.clock())
        except UNREACHABLE:
            if known := self._at_hand(scope, token.strip()):
                return known
            raise

    def _at_hand(self, scope: Scope, token: str) -> Identity | None:
        """Whoever looks after the machine may ask what is wrong with it while nobody can look their token up."""
        if (scope["method"], scope["path"]) not in WITHOUT_DATABASE:
            return None
        context: Context = scope["app"].state.context
        return context.watch.identity(token)

    def _look_up(self, token: str, now: datetime) -> Identity | None:
        with self._core.database.reading() as connection:
            return find_token(connection, token, now)


_UNKNOWN = Problem(
    status=401,
    type="unauthorized",
    title="Нужен действующий ключ доступа",
    detail="Передайте ключ в заголовке «Authorization: Bearer …». Ключ выдаёт администратор региона.",
)
