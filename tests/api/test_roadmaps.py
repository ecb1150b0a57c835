"""Both roadmaps as the document has them, word for word."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.api.world import World, problem

ORDER = (Path(__file__).parents[1] / "golden" / "order-420r-2020.txt").read_text(encoding="utf-8")
COLLEGE_BEGINS = "Примерная «дорожная карта» по внедрению модели наставничества"
RULES = {"window", "until", "relative", "recurring", "dates"}


def titles_in(text: str) -> dict[int, str]:
    return {int(row[1]): row[2] for row in re.finditer(r"^(\d+)\t([^\t]+)\t", text, re.MULTILINE)}


def steps_of(roadmap: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for phase in roadmap["phases"] for step in phase["steps"]]


@pytest.mark.parametrize(("key", "part", "count"), [("school", 0, 34), ("college", 2, 10)])
def test_titles_are_word_for_word_the_documents(shared: World, key: str, part: int, count: int):
    titles = titles_in(ORDER.partition(COLLEGE_BEGINS)[part])
    assert {step["number"]: step["title"] for step in steps_of(shared.get(f"/roadmaps/{key}"))} == titles
    assert len(titles) == count


@pytest.mark.parametrize("key", ["school", "college"])
def test_phases_hold_steps_with_number_title_kind_role_and_date_rule(shared: World, key: str):
    roadmap = shared.get(f"/roadmaps/{key}")
    assert set(roadmap) >= {"key", "version", "title", "source", "phases"}
    for phase in roadmap["phases"]:
        assert set(phase) == {"number", "label", "title", "steps"}
        for step in phase["steps"]:
            assert set(step) >= {"number", "title", "phase", "kind", "role", "roles", "date"}
            assert step["phase"] == phase["number"]
            assert step["role"] == step["roles"][0]
            assert step["date"]["rule"] in RULES


def test_the_list(shared: World):
    answer = shared.get("/roadmaps")
    assert {one["key"]: (one["phases"], one["steps"]) for one in answer["items"]} == {
        "school": (7, 34),
        "college": (4, 10),
    }
    assert answer["next"] is None


def test_one_that_is_not_there(shared: World):
    problem(shared.ask("curator", "GET", "/roadmaps/kindergarten"), 404, "roadmap_unknown")
