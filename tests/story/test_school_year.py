"""A school goes through all 34 steps of its year."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from activities.verify import differences
from tests.story.town import Town


def live(here: Town, organisation: str, parent: str, sector: str, roadmap: str) -> dict[str, Any]:
    """Every step is done on the last day of its deadline; the programme at its end."""
    here.settle(organisation, parent, sector)
    body = {"organisation": organisation, "year": 2026, "roadmap": roadmap}
    state: dict[str, Any] = here.ask("POST", "/programmes", json=body)
    programme = state["id"]
    here.quiet(programme)
    while owed := [
        (step["due"], step["number"], step) for step in state["steps"] if step["state"] in ("waiting", "open")
    ]:
        due, _, step = min(owed, key=lambda one: one[:2])
        if date.fromisoformat(due) > here.clock().date():
            here.on(due)
            here.nudge(programme)
            here.quiet(programme)
        state = here.complete(programme, step, sector, date.fromisoformat(due))
    here.quiet(programme)
    return state


@pytest.mark.temporal
def test_a_school_goes_through_its_year(here: Town):
    """The curator does every step in time; reminders come, nobody hears of a delay, and the year ends by itself."""
    state = live(here, "school-1", "mo-tomsk", "general", "school")
    assert state["status"] == "closed"
    assert [step["state"] for step in state["steps"]] == ["done"] * 34
    kinds = [kind for kind, _ in here.happened(state["id"])]
    assert "StepMissed" not in kinds
    assert here.letters("Напоминание: ", "p-curator")
    assert here.letters("Программа наставничества 2026/27 учебного года начата", "p-curator")
    assert here.letters("Программа наставничества 2026/27 учебного года завершена", "p-curator")
    assert not here.letters("Срок прошёл")
    assert not here.letters("Не выполнено")
    ids = [letter.message_id for letter in here.mail.letters]
    assert len(ids) == len(set(ids))
    assert here.ask("GET", f"/programmes/{state['id']}/workflow")["status"] == "completed"
    assert list(differences(here.core.database, here.core.kinds)) == []
