"""A college goes through all 10 steps of its year."""

from __future__ import annotations

import pytest

from tests.story.test_school_year import live
from tests.story.town import Town


@pytest.mark.temporal
def test_a_college_goes_through_its_year(here: Town):
    """The navigator does every step in time, and the year ends by itself."""
    state = live(here, "college-1", "dpo", "vocational", "college")
    assert state["status"] == "closed"
    assert [step["state"] for step in state["steps"]] == ["done"] * 10
    assert here.letters("Напоминание: ", "p-curator")
    assert here.letters("Программа наставничества 2026/27 учебного года завершена", "p-curator")
    assert not here.letters("Срок прошёл")
