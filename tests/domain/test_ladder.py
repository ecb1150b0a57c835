"""Whom a deadline disturbs, and when."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

import domain
from domain.ladder import Ladder

DATA = Path(domain.__file__).parent / "data" / "ladders"


def ladder(key: str) -> Ladder:
    return Ladder.model_validate(yaml.safe_load((DATA / f"{key}.yaml").read_text(encoding="utf-8")))


def climbed(key: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(rung.key, rung.to) for rung in ladder(key).rungs]


BEFORE = [(f"before-{days}", ("responsible", "curator")) for days in (10, 3, 0)]
MISSED = [("missed", ("responsible", "curator", "head"))]


def test_a_municipal_organisation_is_heard_by_municipality_then_centre_then_department():
    assert climbed("step-municipal") == [
        *BEFORE,
        *MISSED,
        ("after-3", ("municipal_authority",)),
        ("after-5", ("operating_centre",)),
        ("after-10", ("department",)),
    ]


def test_a_state_organisation_has_no_municipality_above_it():
    assert climbed("step-state") == [
        *BEFORE,
        *MISSED,
        ("after-3", ("operating_centre",)),
        ("after-10", ("department",)),
    ]


def test_each_ladder_says_which_organisations_it_is_for():
    assert (ladder("step-municipal").organisations, ladder("step-state").organisations) == ("municipal", "state")


def refused(*rungs: dict[str, Any], organisations: str = "municipal") -> str:
    with pytest.raises(ValidationError) as problem:
        Ladder.model_validate(
            {"key": "own", "version": "1", "obligation": "step", "organisations": organisations, "rungs": list(rungs)}
        )
    return str(problem.value)


def test_a_rung_given_twice_is_refused():
    rung = {"kind": "reminder", "days": 3, "to": ["curator"]}
    assert "лестница own: ступень before-3 указана дважды" in refused(rung, rung)


def test_a_recipient_given_twice_is_refused():
    assert "на ступени missed один адресат указан дважды" in refused({"kind": "missed", "to": ["head", "head"]})


def test_a_state_ladder_cannot_call_a_municipality():
    rung = {"kind": "escalation", "days": 3, "to": ["municipal_authority"]}
    assert "на ступени after-3 указан муниципалитет" in refused(rung, organisations="state")


def test_a_rung_for_nobody_is_refused():
    assert "rungs.0.to" in refused({"kind": "missed", "to": []})
