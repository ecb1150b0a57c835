"""A town for each story, with a Temporal of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests import servers
from tests.story.town import Town, town

SUMMER = datetime(2026, 8, 25, 3, tzinfo=UTC)
"""Ten in the morning in Tomsk, on the day the school's first window opens."""


@pytest.fixture
def here(sqlite_url: str, tmp_path: Path, smtp_server: servers.SmtpServer) -> Iterator[Town]:
    """Where the story happens: late in August."""
    with servers.TemporalServer() as temporal, town(tmp_path, sqlite_url, temporal, smtp_server, SUMMER) as made:
        yield made
