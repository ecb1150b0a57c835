"""Every request is a trace and a figure, told by its route: addresses hold secrets, and what people look for."""

from __future__ import annotations

from time import perf_counter

from opentelemetry.trace import Span, SpanKind, StatusCode
from prometheus_client import Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from activities.tracing import brought, here, span

PROTECTED = "/api/v1"

PLACE = "mentoring.trace"
"""Where the request keeps its place in the trace, for an answer that is made outside of this middleware."""

TEMPLATE = "mentoring.route"
"""Where a middleware that answers by itself writes whose answer it gives."""

PROBES = ("/healthz", "/readyz", "/metrics")
"""Asked every few seconds; a trace of each would bury the others."""

NOWHERE = "none"
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH")

DURATIONS = Histogram(
    "mentoring_http_request_duration_seconds",
    "Seconds from a request to the last byte of its answer, by route",
    ["method", "route", "status"],
    buckets=(0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)


class Watched:
    """Outermost ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, note how it went."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, status = perf_counter(), 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        method = scope["method"] if scope["method"] in METHODS else NOWHERE
        try:
            if scope["path"] in PROBES:
                await self._app(scope, receive, noted)
                return
            headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
            with span(method, brought(headers), SpanKind.SERVER) as request:
                scope[PLACE] = here()
                await self._app(scope, receive, noted)
                _tell(request, method, route_of(scope), status)
        finally:
            DURATIONS.labels(method, route_of(scope), status).observe(perf_counter() - begun)


def route_of(scope: Scope) -> str:
    """The path with the names of its parts; what nothing answers to is all one."""
    if TEMPLATE in scope:
        return str(scope[TEMPLATE])
    route = getattr(scope.get("route"), "path", None)
    if route is None:
        return NOWHERE
    return f"{PROTECTED}{route}" if scope["path"].startswith(f"{PROTECTED}/") else str(route)


def _tell(request: Span, method: str, route: str, status: int) -> None:
    request.update_name(f"{method} {route}")
    request.set_attributes({"http.request.method": method, "http.route": route, "http.response.status_code": status})
    if status >= 500:
        request.set_status(StatusCode.ERROR)
