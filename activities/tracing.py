"""One trace id from a person's request to the letters that it leads to.

The ids exist everywhere, for logs and problems; spans are kept and sent only where a collector is named (decision 35).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from random import getrandbits
from typing import TYPE_CHECKING, Any

from opentelemetry import context as contexts
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import NonRecordingSpan, Span, SpanContext, SpanKind, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from sqlalchemy import Engine

COLLECTORS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
"""Where spans go, as everywhere in OpenTelemetry."""

_PROPAGATOR = TraceContextTextMapPropagator()
_NOWHERE = Context()


class IdsOnly(trace.NoOpTracer):
    """Spans that nobody keeps: one without a parent gets a new trace id, the others hand theirs on."""

    def start_span(self, name: str, context: Context | None = None, *_: Any, **__: Any) -> Span:
        """A span with ids and nothing else, also without its `name`."""
        del name
        parent = trace.get_current_span(context).get_span_context()
        return NonRecordingSpan(parent if parent.is_valid else SpanContext(getrandbits(128), getrandbits(64), False))


class Tracing:
    """How this process traces; there is one, like the one way to log."""

    def __init__(self) -> None:
        self.tracer: Tracer = IdsOnly()
        self.provider: TracerProvider | None = None

    def keep(self, provider: TracerProvider | None) -> None:
        """From now on spans are kept by a provider; `None`: only ids."""
        self.provider = provider
        self.tracer = provider.get_tracer("mentoring") if provider else IdsOnly()


TRACING = Tracing()


def configure_tracing(service: str) -> None:
    """Send spans to the collector that the environment names, under the name of a service, if it names any."""
    if TRACING.provider is None and any(os.environ.get(name) for name in COLLECTORS):
        from activities.collector import provider_of

        TRACING.keep(provider_of(service))


def watch_database(engine: Engine) -> None:
    """Let each statement be a span; none while nobody keeps them."""
    if TRACING.provider is not None:
        from activities.collector import watch_statements

        watch_statements(engine, TRACING.provider)


@contextmanager
def span(
    name: str, parent: Context | None = None, kind: SpanKind = SpanKind.INTERNAL, **facts: str | int
) -> Iterator[Span]:
    """Everything inside belongs to this span. `parent`: instead of the span around it; `facts`: ids and figures.

    An error is noted by its type alone: its words may hold what people wrote.
    """
    made = TRACING.tracer.start_span(name, parent, kind, {f"mentoring.{key}": value for key, value in facts.items()})
    with trace.use_span(made, end_on_exit=True, record_exception=False, set_status_on_exception=False):
        try:
            yield made
        except Exception as error:
            made.set_status(StatusCode.ERROR, type(error).__name__)
            raise


@contextmanager
def inside(place: Context) -> Iterator[None]:
    """Go on where `here` was asked."""
    token = contexts.attach(place)
    try:
        yield
    finally:
        contexts.detach(token)


def here() -> Context:
    """The present place in the trace, for those who go on later or in another thread."""
    return contexts.get_current()


def trace_id() -> str | None:
    """The id of the present trace, `None` outside of any."""
    found = trace.get_current_span().get_span_context()
    return trace.format_trace_id(found.trace_id) if found.is_valid else None


def carried() -> dict[str, str]:
    """The present place as headers (W3C Trace Context)."""
    headers: dict[str, str] = {}
    _PROPAGATOR.inject(headers)
    return headers


def brought(headers: Mapping[str, str]) -> Context:
    """The place that headers speak of; without any, the beginning of a new trace."""
    return _PROPAGATOR.extract(headers, _NOWHERE)
