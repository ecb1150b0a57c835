"""The room of the digests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from activities.settings import Settings
from tests.activities.digests.desk import eighth_open
from tests.activities.mailroom import Mailroom, mailroom
from tests.conftest import DATABASES
from tests.moulds import Moulds


@pytest.fixture(params=DATABASES)
def room(request: pytest.FixtureRequest, moulds: Moulds, tmp_path: Path) -> Iterator[Mailroom]:
    """A school of which only the eighth step is open; nobody is late yet."""
    with moulds.copy(request, tmp_path, eighth_open) as (url, _), mailroom(url, Settings(home=tmp_path)) as made:
        yield made
