"""The application with a small region in it, once on each database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.monitoring import OPENING
from tests.api.world import Place, World, settled, world
from tests.conftest import DATABASES
from tests.moulds import Moulds

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


@pytest.fixture(params=DATABASES)
def place(request: pytest.FixtureRequest, moulds: Moulds, tmp_path: Path) -> Iterator[Place]:
    """Where a region of this test alone is, on SQLite and on PostgreSQL."""
    with moulds.copy(request, tmp_path, settled) as made:
        yield made


@pytest.fixture
def region(place: Place, tmp_path: Path) -> Iterator[World]:
    """A region of this test alone, on SQLite and on PostgreSQL."""
    with world(place, tmp_path) as made:
        yield made


@pytest.fixture
def small(moulds: Moulds, tmp_path: Path) -> Iterator[World]:
    """A region of this test alone, on SQLite, for what does not depend on the database."""
    with world(moulds.sqlite(tmp_path, settled), tmp_path) as made:
        yield made


@pytest.fixture(scope="session", params=DATABASES)
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, moulds: Moulds) -> Iterator[World]:
    """One region for tests that change nothing: that is what they prove."""
    home = tmp_path_factory.mktemp("shared")
    with moulds.copy(request, home, settled) as place, world(place, home) as made:
        made.start()
        made.post("/campaigns", OPENING | {"respondents": ["mo-tomsk"]}, "rcro")  # so that every path leads somewhere
        yield made
