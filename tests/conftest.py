"""Fixtures that every test may use; the servers behind them are real ones."""

import os
from collections.abc import Generator, Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

from activities import definition_files
from activities.migrations import migrate
from tests import servers
from tests.moulds import Moulds

settings.register_profile("mentoring", deadline=None, print_blob=True)
settings.load_profile("mentoring")

DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None]:
    """A test that asks for a server is marked with its name, so that `-m "not temporal"` leaves it out.

    The long ones, which wait for Temporal, go first: the other process has short ones to do meanwhile, and at the end
    there are only short ones to share.
    """
    for item in items:
        wanted = set(getattr(item, "fixturenames", ()))
        if "temporal_server" in wanted:
            item.add_marker(pytest.mark.temporal)
        if wanted & {"postgres_server", "postgres_url"}:
            item.add_marker(pytest.mark.postgres)
        if item.get_closest_marker("alike") and "postgresql" in _parameters(item):
            item.add_marker(pytest.mark.slow)
    yield
    items.sort(key=lambda item: item.get_closest_marker("temporal") is None)


def _parameters(item: pytest.Item) -> list[object]:
    call = getattr(item, "callspec", None)
    return list(call.params.values()) if call else []


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the developer has set in the shell does not reach the tests."""
    for name in os.environ:
        if name.startswith(("MENTORING_", "TEMPORAL_")):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session", autouse=True)
def _files_are_read_once() -> Iterator[None]:
    """The built-in definitions are parsed once, not for every installation: they are frozen values."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(definition_files, "parse", cache(definition_files.parse))
        yield


@pytest.fixture(scope="session")
def temporal_binary() -> Path:
    return servers.temporal_binary()


@pytest.fixture(scope="session")
def time_skipping_binary() -> Path:
    return servers.time_skipping_binary()


@pytest.fixture(scope="session")
def temporal_server() -> Iterator[servers.TemporalServer]:
    """One dev server per test process. Tests share it: use ids and task queues of your own, and do not kill it."""
    with servers.TemporalServer() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[servers.PostgresServer]:
    """One PostgreSQL per test process."""
    with servers.PostgresServer() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_url(postgres_server: servers.PostgresServer) -> str:
    """The maintenance database: for what concerns the server as a whole."""
    return postgres_server.url


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh, empty database for each test, once on each engine that we support."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'mentoring.db'}"
        return
    server: servers.PostgresServer = request.getfixturevalue("postgres_server")
    name = server.create_database()
    yield server.url_of(name)
    server.drop_database(name)


@pytest.fixture(scope="session")
def moulds(tmp_path_factory: pytest.TempPathFactory) -> Moulds:
    """Databases to copy: what many tests begin with is made once."""
    return Moulds(tmp_path_factory.mktemp("moulds"))


@pytest.fixture(params=DATABASES)
def journal_url(request: pytest.FixtureRequest, moulds: Moulds, tmp_path: Path) -> Iterator[str]:
    """Like `database_url`, with all tables in place."""
    with moulds.copy(request, tmp_path, migrate) as (url, _):
        yield url


@pytest.fixture
def sqlite_url(moulds: Moulds, tmp_path: Path) -> str:
    """A journal on SQLite, for what does not depend on the database."""
    return moulds.sqlite(tmp_path, migrate)[0]


@pytest.fixture
def smtp_server() -> Iterator[servers.SmtpServer]:
    """A mail server of this test alone."""
    with servers.SmtpServer() as server:
        yield server


@pytest.fixture(scope="session")
def _imap_server() -> Iterator[servers.ImapServer]:
    with servers.ImapServer() as server:
        yield server


@pytest.fixture
def imap_server(_imap_server: servers.ImapServer) -> servers.ImapServer:
    """A mailbox that answers and is empty."""
    _imap_server.reset()
    return _imap_server


@pytest.fixture(scope="session")
def _s3_server() -> Iterator[servers.S3Server]:
    with servers.S3Server() as server:
        yield server


@pytest.fixture
def s3_server(_s3_server: servers.S3Server) -> servers.S3Server:
    """An S3-compatible server whose bucket is empty."""
    _s3_server.reset()
    return _s3_server
