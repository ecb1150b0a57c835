"""How long commands take to be recorded, as a figure and as a place in the trace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from prometheus_client import Histogram

from activities.tracing import span

WORKER = "worker"
"""Who acts in the journal when nobody does."""

DURATIONS = Histogram(
    "mentoring_record_duration_seconds",
    "Seconds that a command took from the decision to the commit, by kind of stream and by who gave it",
    ["stream", "by"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15),
)


@contextmanager
def recording(stream: str, command: str, by: str) -> Iterator[None]:
    """Around the transaction of a command; `command`: its type."""
    kind, begun = stream.partition("/")[0], perf_counter()
    with span(f"record {kind}", stream=stream, command=command):
        yield
    DURATIONS.labels(kind, WORKER if by == WORKER else "person").observe(perf_counter() - begun)
