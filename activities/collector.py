"""Spans on their way to a collector; loaded only where one is named."""

from __future__ import annotations

import os
from collections.abc import Sequence

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.sqlalchemy import SQLAlchemyInstrumentor
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ALWAYS_ON, Decision, ParentBased, Sampler, SamplingResult
from opentelemetry.trace import Link, SpanKind, TraceState
from opentelemetry.util.types import Attributes
from sqlalchemy import Engine


class NoLoneCalls(Sampler):
    """Drops calls that belong to nothing: the statements of heartbeats, probes and reconcilers, every few seconds."""

    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes | None = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        """Asked for spans without a parent."""
        if kind is SpanKind.CLIENT:
            return SamplingResult(Decision.DROP)
        return ALWAYS_ON.should_sample(parent_context, trace_id, name, kind, attributes, links, trace_state)

    def get_description(self) -> str:
        """See Sampler."""
        return "NoLoneCalls"


def sampled(service: str) -> TracerProvider:
    """A provider that sends nothing yet."""
    resource = Resource.create({SERVICE_NAME: os.environ.get("OTEL_SERVICE_NAME", service)})
    return TracerProvider(ParentBased(NoLoneCalls()), resource)


def provider_of(service: str) -> TracerProvider:
    """A provider that sends to the collector of the environment; what it holds is sent when the process ends."""
    provider = sampled(service)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider


def watch_statements(engine: Engine, provider: TracerProvider) -> None:
    """Statements with placeholders, without their values."""
    instrumentor = SQLAlchemyInstrumentor()
    instrumentor.instrument(engine=engine, tracer_provider=provider, skip_dep_check=True)
