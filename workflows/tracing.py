"""The trace of whoever woke a workflow, on its way through Temporal to what the workflow does.

Not the SDK's own interceptor: it counts a whole year to the command that began it, and writes down what errors say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from opentelemetry.context import Context
from opentelemetry.trace import SpanKind
from temporalio import activity, worker, workflow
from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadConverter

from activities import tracing

HEADER = "_tracer-data"
"""The header that the SDKs of Temporal use for it."""

AWAKENING = "beat"
"""The activity that a workflow of a stream begins with whenever it wakes up."""

Headers = Mapping[str, Payload]


def _read(headers: Headers) -> dict[str, str]:
    if HEADER not in headers:
        return {}
    found: dict[str, str] = PayloadConverter.default.from_payloads([headers[HEADER]])[0]
    return found


def with_place(headers: Headers, place: Mapping[str, str]) -> Headers:
    """Headers that bring a place in a trace along."""
    return {**headers, HEADER: PayloadConverter.default.to_payloads([place])[0]}


class Tracing(worker.Interceptor):
    """For workers; `workflows.outgoing` traces what goes out to them."""

    def workflow_interceptor_class(
        self, _given: worker.WorkflowInterceptorClassInput
    ) -> type[worker.WorkflowInboundInterceptor]:
        """What comes in at a workflow."""
        return _Woken

    def intercept_activity(self, following: worker.ActivityInboundInterceptor) -> worker.ActivityInboundInterceptor:
        """What comes in at an activity."""
        return _Acting(following)


class _Woken(worker.WorkflowInboundInterceptor):
    """Remembers who nudged; everything up to the next awakening belongs to that trace.

    A nudge that comes while the workflow is busy counts for the awakening after it. A timer begins a new trace.
    """

    heard: dict[str, str]
    place: dict[str, str]

    def init(self, outbound: worker.WorkflowOutboundInterceptor) -> None:
        """Called before anything runs."""
        self.heard, self.place = {}, {}
        super().init(_Hands(outbound, self))

    async def execute_workflow(self, given: worker.ExecuteWorkflowInput) -> Any:
        """Whoever started it woke it first."""
        self.heard = self.heard or _read(given.headers)
        return await super().execute_workflow(given)

    async def handle_signal(self, given: worker.HandleSignalInput) -> None:
        """A nudge."""
        self.heard = _read(given.headers) or self.heard
        await super().handle_signal(given)

    def wake(self) -> None:
        """The workflow's own span, once: a replay repeats what has been told."""
        heard, self.heard = self.heard, {}
        if workflow.unsafe.is_replaying():
            self.place = heard
            return
        about, parent = workflow.info(), tracing.brought(heard)
        with tracing.span(f"workflow {about.workflow_type}", parent, SpanKind.CONSUMER, stream=about.workflow_id):
            self.place = tracing.carried()


class _Hands(worker.WorkflowOutboundInterceptor):
    def __init__(self, following: worker.WorkflowOutboundInterceptor, woken: _Woken) -> None:
        super().__init__(following)
        self._woken = woken

    def start_activity(self, given: worker.StartActivityInput) -> workflow.ActivityHandle[Any]:
        """One that operators can see."""
        given.headers = self._headers(given.activity, given.headers)
        return super().start_activity(given)

    def start_local_activity(self, given: worker.StartLocalActivityInput) -> workflow.ActivityHandle[Any]:
        """One inside of a workflow task."""
        given.headers = self._headers(given.activity, given.headers)
        return super().start_local_activity(given)

    def _headers(self, name: str, headers: Headers) -> Headers:
        if name == AWAKENING or not self._woken.place:
            self._woken.wake()
        return with_place(headers, self._woken.place)


class _Acting(worker.ActivityInboundInterceptor):
    async def execute_activity(self, given: worker.ExecuteActivityInput) -> Any:
        """One attempt."""
        about = activity.info()
        stream = about.workflow_id or ""
        parent: Context = tracing.brought(_read(given.headers))
        name = f"activity {about.activity_type}"
        with tracing.span(name, parent, SpanKind.CONSUMER, stream=stream, attempt=about.attempt):
            return await super().execute_activity(given)
