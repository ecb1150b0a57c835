"""An installation for each test, in a namespace of its own on the server that all tests share."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest

from activities import heartbeat
from activities.migrations import migrate
from tests import servers
from tests.moulds import Moulds
from tests.workflows.desk import Desk
from tests.workflows.engine import Engine

MakeEngine = Callable[..., Engine]


@pytest.fixture
def make_engine(moulds: Moulds, tmp_path: Path) -> MakeEngine:
    """`make_engine(address, **settings)`: an installation beside a Temporal at an address."""

    def make(address: str, **settings: object) -> Engine:
        home = tmp_path / f"home-{uuid4().hex[:12]}"
        home.mkdir()
        return Engine(home, address, moulds.sqlite(home, migrate)[0], **settings)

    return make


@pytest.fixture
async def engine(temporal_server: servers.TemporalServer, make_engine: MakeEngine) -> AsyncIterator[Engine]:
    """An installation whose letters land in files."""
    made = make_engine(temporal_server.address)
    await made.connect()
    yield made
    made.core.database.close()


@pytest.fixture
async def mailing(
    temporal_server: servers.TemporalServer, make_engine: MakeEngine, smtp_server: servers.SmtpServer
) -> AsyncIterator[Engine]:
    """An installation whose letters go to `smtp_server`."""
    made = make_engine(temporal_server.address, smtp_host=smtp_server.host, smtp_port=smtp_server.port)
    await made.connect()
    yield made
    made.core.database.close()
    with suppress(Exception):
        smtp_server.stop()


@pytest.fixture
def desk(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Somebody who looks after the installation; hearts beat fast."""
    monkeypatch.setattr(heartbeat, "EVERY", 0.2)
    return Desk(engine)
