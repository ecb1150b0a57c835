"""A short run of `make chaos` on each database, with few people."""

from __future__ import annotations

import pytest

from tests.chaos.chaos import Options, run
from tests.chaos.installation import Kind
from tests.chaos.report import markdown

pytestmark = [pytest.mark.slow, pytest.mark.temporal]


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_what_was_acknowledged_is_there_once(kind: Kind):
    found = run(Options(kind, seconds=150, clients=20, pause=5.0, seed=420))
    assert found.evidence.wrong == ()
    assert found.verified == "Расхождений нет."
    assert found.evidence.commands > 0
    assert "| kill -9: " in markdown([found])
