"""Fixtures of the tests around the journal."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from activities.database import Database
from activities.settings import Settings
from tests.activities.mailroom import Mailroom, library


@pytest.fixture
def desk(journal_url: str, tmp_path: Path) -> Iterator[Mailroom]:
    """A recorder with a clock to turn, on an empty journal; the directory is empty too."""
    database = Database(journal_url)
    yield Mailroom(database, library(), Settings(home=tmp_path))
    database.close()
