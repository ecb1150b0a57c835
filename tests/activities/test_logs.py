"""Logs never stand in the way of what they tell of."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import structlog

from activities.logs import configure_logs

FULL = Path("/dev/full")
"""Whatever is written there, no space is left for it."""


@contextmanager
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Standard error leads to it; not a fixture, for pytest gives every phase of a test its own."""
    log = FULL.open("w", buffering=1)
    monkeypatch.setattr(sys, "stderr", log)
    yield
    structlog.reset_defaults()
    with suppress(OSError):
        log.close()


@pytest.mark.skipif(not FULL.exists(), reason="only Linux has such a device")
def test_a_full_disk_hinders_nobody_who_has_something_to_say(monkeypatch: pytest.MonkeyPatch):
    """Else the answer that the database is away would be a failure itself, and loops that note one would end by it."""
    with full_disk(monkeypatch):
        configure_logs()
        structlog.get_logger().error("database_unavailable", error="OperationalError")
