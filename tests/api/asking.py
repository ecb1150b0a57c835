"""Requests to an application in this process."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from functools import partial
from typing import Any

import httpx
from anyio.from_thread import start_blocking_portal
from fastapi import FastAPI

ADDRESS = "http://testserver"


class Asking:
    """Asks an application in its event loop: one hop between threads for a request, where TestClient makes eight, which
    is most of what a short request costs.
    """

    def __init__(self, app: FastAPI) -> None:
        self._app, self._stack = app, ExitStack()
        self._transport = httpx.ASGITransport(app)
        self._http = httpx.AsyncClient(transport=self._transport, base_url=ADDRESS, follow_redirects=True)

    def __enter__(self) -> Asking:
        self._portal = self._stack.enter_context(start_blocking_portal())
        lifespan = self._app.router.lifespan_context(self._app)
        self._stack.enter_context(self._portal.wrap_async_context_manager(lifespan))
        self._stack.enter_context(self._portal.wrap_async_context_manager(self._http))
        return self

    def __exit__(self, *error: Any) -> None:
        self._stack.close()

    def show_no_bugs(self) -> None:
        """Answer an unexpected error as the server does, instead of raising it here."""
        self._transport.raise_app_exceptions = False

    def request(self, method: str, path: str, **given: Any) -> httpx.Response:
        """One request and its whole answer; an iterator as its content is sent piece by piece."""
        if isinstance(given.get("content"), Iterator):
            given["content"] = _streamed(given["content"])
        return self._portal.call(partial(self._http.request, method, path, **given))

    def get(self, path: str, **given: Any) -> httpx.Response:
        """The same, to look at something."""
        return self.request("GET", path, **given)

    def post(self, path: str, **given: Any) -> httpx.Response:
        """The same, to change something."""
        return self.request("POST", path, **given)


async def _streamed(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece
