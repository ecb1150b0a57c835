"""The SDK's engine room: its lines go into our log, its figures to Prometheus."""

from __future__ import annotations

import logging
from functools import cache

from temporalio.runtime import (
    LogForwardingConfig,
    LoggingConfig,
    PrometheusConfig,
    Runtime,
    TelemetryConfig,
    TelemetryFilter,
)

_QUIET = TelemetryFilter(core_level="WARN", other_level="ERROR")


@cache
def runtime(metrics: str | None = None) -> Runtime:
    """One for the process. `metrics`: `host:port` for Prometheus to ask; raises ValueError when it is taken."""
    logs = LoggingConfig(_QUIET, LogForwardingConfig(logging.getLogger("temporalio.core")))
    return Runtime(telemetry=TelemetryConfig(logging=logs, metrics=_prometheus(metrics) if metrics else None))


def _prometheus(address: str) -> PrometheusConfig:
    return PrometheusConfig(address, counters_total_suffix=True, unit_suffix=True, durations_as_seconds=True)
