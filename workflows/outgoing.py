"""What goes out to workflows brings the trace of its sender along."""

from __future__ import annotations

from typing import Any

from opentelemetry.trace import SpanKind
from temporalio.client import Interceptor, OutboundInterceptor, StartWorkflowInput, WorkflowHandle

from activities.tracing import carried, span
from workflows.tracing import with_place


class TracedClient(Interceptor):
    """Nudges and starts bring the trace of their sender along."""

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:  # noqa: A002, its name there
        """See Interceptor."""
        return _Outgoing(next)


class _Outgoing(OutboundInterceptor):
    async def start_workflow(self, input: StartWorkflowInput) -> WorkflowHandle[Any, Any]:  # noqa: A002
        name = f"{input.start_signal or 'start'} {input.workflow}"
        with span(name, kind=SpanKind.PRODUCER, stream=input.id):
            input.headers = with_place(input.headers, carried())
            return await super().start_workflow(input)
