"""The application with a small region in it, once on each database."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import servers
from tests.api.monitoring import OPENING
from tests.api.world import World, world
from tests.conftest import DATABASES

BOTH = ("bad_input", "campaigns", "once", "scope", "starting", "story", "submission_documents", "what_people_send")
"""Modules that go to PostgreSQL in `make test` as well: writers at once, scopes in SQL, odd characters.

The rest asks routes whose SQL the tests of `activities` try on both databases; `make test-all` tries them here too.
"""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the second database to the long set where it would only be asked the same again."""
    for item in items:
        module = item.path.stem.removeprefix("test_")
        if item.path.parent.name == "api" and "postgresql" in item.name and module not in BOTH:
            item.add_marker(pytest.mark.slow)


@pytest.fixture
def region(journal_url: str, tmp_path: Path) -> Iterator[World]:
    """A region of this test alone, on SQLite and on PostgreSQL."""
    with world(journal_url, tmp_path) as made:
        yield made


@pytest.fixture
def small(_migrated_sqlite: Path, tmp_path: Path) -> Iterator[World]:
    """A region of this test alone, on SQLite, for what does not depend on the database."""
    with world(_copied(_migrated_sqlite, tmp_path), tmp_path) as made:
        yield made


@pytest.fixture(scope="session", params=DATABASES)
def shared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, _migrated_sqlite: Path
) -> Iterator[World]:
    """One region for tests that change nothing: that is what they prove."""
    home = tmp_path_factory.mktemp("shared")
    if request.param == "sqlite":
        with world(_copied(_migrated_sqlite, home), home) as made:
            _begun(made)
            yield made
        return
    server: servers.PostgresServer = request.getfixturevalue("postgres_server")
    name = server.create_database(template=request.getfixturevalue("_migrated_postgres"))
    with world(server.url_of(name), home) as made:
        _begun(made)
        yield made
    server.drop_database(name)


def _begun(made: World) -> None:
    """A programme and a campaign, so that every path leads somewhere."""
    made.start()
    made.post("/campaigns", OPENING | {"respondents": ["mo-tomsk"]}, "rcro")


def _copied(template: Path, home: Path) -> str:
    for part in template.parent.glob("mentoring.db*"):
        shutil.copy(part, home / part.name)
    return f"sqlite:///{home / 'mentoring.db'}"
