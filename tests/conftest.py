"""Fixtures that every test may use; the servers behind them are real ones."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests import servers

settings.register_profile("mentoring", deadline=None, print_blob=True)
settings.load_profile("mentoring")

DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that asks for a server is marked with its name, so that `-m "not temporal"` leaves it out."""
    for item in items:
        wanted = set(getattr(item, "fixturenames", ()))
        if "temporal_server" in wanted:
            item.add_marker(pytest.mark.temporal)
        if wanted & {"postgres_server", "postgres_url"}:
            item.add_marker(pytest.mark.postgres)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the developer has set in the shell does not reach the tests."""
    for name in os.environ:
        if name.startswith(("MENTORING_", "TEMPORAL_")):
            monkeypatch.delenv(name)


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
def _migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from activities.migrations import migrate

    path = tmp_path_factory.mktemp("template") / "mentoring.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def _migrated_postgres(postgres_server: servers.PostgresServer) -> str:
    from activities.migrations import migrate

    name = postgres_server.create_database()
    migrate(postgres_server.url_of(name))
    return name


@pytest.fixture(params=DATABASES)
def journal_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Like `database_url`, with all tables in place: a copy of a database that was migrated once."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("_migrated_sqlite")
        for part in template.parent.glob("mentoring.db*"):
            shutil.copy(part, tmp_path / part.name)
        yield f"sqlite:///{tmp_path / 'mentoring.db'}"
        return
    server: servers.PostgresServer = request.getfixturevalue("postgres_server")
    name = server.create_database(template=request.getfixturevalue("_migrated_postgres"))
    yield server.url_of(name)
    server.drop_database(name)


@pytest.fixture
def smtp_server() -> Iterator[servers.SmtpServer]:
    """A mail server of this test alone."""
    with servers.SmtpServer() as server:
        yield server


@pytest.fixture
def imap_server() -> Iterator[servers.ImapServer]:
    """A mailbox of this test alone."""
    with servers.ImapServer() as server:
        yield server


@pytest.fixture(scope="session")
def _s3_server() -> Iterator[servers.S3Server]:
    with servers.S3Server() as server:
        yield server


@pytest.fixture
def s3_server(_s3_server: servers.S3Server) -> servers.S3Server:
    """An S3-compatible server whose bucket is empty."""
    _s3_server.reset()
    return _s3_server
