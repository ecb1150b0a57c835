"""The proposal of the next round over HTTP: for those who may open it."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter

from api import monitoring_documents as m
from tests.api.monitoring import OPENING
from tests.api.world import World, problem


def test_the_centre_sees_what_the_next_round_would_be(small: World):
    small.clock.on("2026-11-22")
    said = small.get("/campaigns/proposal", "rcro")
    TypeAdapter(m.CampaignProposal).validate_python(said)
    assert said["years"] == [2025, 2026]
    assert (said["deadline_asked"], said["deadline"], said["rolled"]) == ("2027-03-21", "2027-03-22", True)
    assert said["reason"].startswith("срок перенесён с воскресенья 21 марта")
    small.clock.on("2027-02-25")
    plan = small.post("/campaigns", OPENING | {"dry_run": True}, "rcro")
    assert (said["centre"], said["respondents"]) == (plan["centre"], plan["respondents"])


@pytest.mark.parametrize("who", ["coordinator", "curator", "rcrpk", "office"])
def test_who_may_not_open_a_round_is_not_proposed_one(small: World, who: str):
    problem(small.ask(who, "GET", "/campaigns/proposal"), 403, "forbidden")
