"""One number leads from a request to the letters that it sends: in spans, logs, letters and problems."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import structlog
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import format_trace_id

from activities.collector import sampled
from activities.logs import configure_logs
from activities.tracing import TRACING
from tests.servers import Deadline
from tests.story.test_outages import begun
from tests.story.town import Town

pytestmark = pytest.mark.temporal

ASKED = "4bf92f3577b34da6a3ce929d0e0e4736"
HEADERS = {"traceparent": f"00-{ASKED}-00f067aa0ba902b7-01"}
"""Whoever asks may bring a trace of their own."""


@pytest.fixture
def kept() -> Iterator[InMemorySpanExporter]:
    """All spans of this process."""
    exporter, provider = InMemorySpanExporter(), sampled("mentoring")
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    TRACING.keep(provider)
    yield exporter
    TRACING.keep(None)


@pytest.fixture
def lines(here: Town) -> Iterator[io.StringIO]:
    """What the parts write from now on."""
    written = io.StringIO()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(written))
    yield written
    configure_logs()


def traces(kept: InMemorySpanExporter) -> dict[str, list[ReadableSpan]]:
    """Spans by trace, each in the order of their beginnings."""
    found: dict[str, list[ReadableSpan]] = {}
    for one in sorted(kept.get_finished_spans(), key=lambda span: span.start_time or 0):
        assert one.context is not None
        found.setdefault(format_trace_id(one.context.trace_id), []).append(one)
    return found


def charge(here: Town, programme: str, person: str, **given: Any) -> Any:
    """Somebody is charged with a step, and gets a letter."""
    return here.http.post(f"/programmes/{programme}/steps/2/responsible", json={"person": person}, **given)


def test_a_command_is_one_trace_down_to_its_letter(here: Town, kept: InMemorySpanExporter, lines: io.StringIO):
    programme = begun(here)
    kept.clear()
    charge(here, programme, "p-head", headers=HEADERS).raise_for_status()
    here.quiet(programme)

    names = [span.name for span in traces(kept)[ASKED]]
    wanted = [
        "POST /api/v1/programmes/{programme}/steps/{step}/responsible",
        "record programme",
        "nudge programme",
        "workflow programme",
        "activity beat",
        "mail",
    ]
    assert [name for name in dict.fromkeys(names) if name in wanted] == wanted, names
    assert all(span.status.is_unset for span in traces(kept)[ASKED])

    (letter,) = here.letters("Вам поручено", "p-head")
    told = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert {one["trace_id"] for one in told if one.get("letter") == letter.message_id} == {ASKED}
    (row,) = [one for one in here.ask("GET", "/letters")["items"] if one["id"] == letter.message_id.strip("<>")]
    assert row["trace_id"] == ASKED


def test_a_problem_carries_the_number_of_its_request(here: Town):
    begun(here)
    first, second, own = (
        here.http.get("/programmes/nobody-2026", headers=headers).json() for headers in ({}, {}, HEADERS)
    )
    assert own["trace_id"] == ASKED
    assert len({one["trace_id"] for one in (first, second, own)}) == 3


def test_there_is_a_number_also_where_nobody_collects(here: Town, lines: io.StringIO):
    programme = begun(here)
    charge(here, programme, "p-head", headers=HEADERS).raise_for_status()
    here.quiet(programme)
    (letter,) = here.letters("Вам поручено", "p-head")
    told = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert {one["trace_id"] for one in told if one.get("letter") == letter.message_id} == {ASKED}


def test_a_timer_begins_a_trace_of_its_own(here: Town, kept: InMemorySpanExporter):
    """What time brings months later does not belong to the command that began the year."""
    programme = begun(here)
    state = here.core.recorder.state(f"programme/{programme}")
    wake = here.core.streams.wake_at(state)
    assert wake is not None
    here.clock.go(wake - timedelta(seconds=2))
    here.nudge(programme)  # the timer learns of the clock that was moved
    here.quiet(programme)
    kept.clear()
    Deadline(30).until(lambda: any("workflow programme" in names_of(one) for one in traces(kept).values()), "it wakes")
    here.quiet(programme)
    (own,) = [one for one in traces(kept).values() if "workflow programme" in names_of(one)]
    assert own[0].name == "workflow programme"
    assert own[0].parent is None
    assert "activity beat" in names_of(own)


def names_of(trace: list[ReadableSpan]) -> list[str]:
    return [span.name for span in trace]
