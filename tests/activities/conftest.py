"""Fixtures of the tests around the journal."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from activities.database import Database
from activities.settings import Settings
from tests.activities.mailroom import Mailroom, begun, library, mailroom, peopled
from tests.conftest import DATABASES
from tests.moulds import Moulds


@pytest.fixture
def desk(journal_url: str, tmp_path: Path) -> Iterator[Mailroom]:
    """A recorder with a clock to turn, on an empty journal; the directory is empty too."""
    database = Database(journal_url)
    yield Mailroom(database, library(), Settings(home=tmp_path))
    database.close()


@pytest.fixture(params=DATABASES)
def staffed(request: pytest.FixtureRequest, moulds: Moulds, tmp_path: Path) -> Iterator[Mailroom]:
    """A region with its people, in which nothing has begun."""
    with moulds.copy(request, tmp_path, peopled) as (url, _), mailroom(url, Settings(home=tmp_path)) as room:
        yield room


@pytest.fixture(params=DATABASES)
def running(request: pytest.FixtureRequest, moulds: Moulds, tmp_path: Path) -> Iterator[Mailroom]:
    """A school whose year has begun and whose first letters are sent."""
    with moulds.copy(request, tmp_path, begun) as (url, _), mailroom(url, Settings(home=tmp_path)) as room:
        yield room


@pytest.fixture
def staffed_here(moulds: Moulds, tmp_path: Path) -> Iterator[Mailroom]:
    """Like `staffed`, on SQLite, for what does not depend on the database."""
    with mailroom(moulds.sqlite(tmp_path, peopled)[0], Settings(home=tmp_path)) as room:
        yield room


@pytest.fixture
def running_here(moulds: Moulds, tmp_path: Path) -> Iterator[Mailroom]:
    """Like `running`, on SQLite, for what does not depend on the database."""
    with mailroom(moulds.sqlite(tmp_path, begun)[0], Settings(home=tmp_path)) as room:
        yield room
