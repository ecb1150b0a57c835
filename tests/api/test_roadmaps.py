"""Both roadmaps as the document has them, word for word."""

from __future__ import annotations

from pathlib import Path

from tests.api.world import World

ORDER = (Path(__file__).parents[1] / "golden" / "order-420r-2020.txt").read_text(encoding="utf-8")


def test_titles(small: World):
    assert small.start()
