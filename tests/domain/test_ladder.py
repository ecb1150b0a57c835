"""Whom a deadline disturbs, and when."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

import domain
from domain.ladder import Ladder
from domain.plan import Plan, local_day
from tests.domain.programme.plans import CALENDAR, COLLEGE

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


SUBMISSION = [
    *((f"before-{days}", ("coordinator",)) for days in (10, 5, 2, 0)),
    ("missed", ("coordinator", "authority_head")),
    ("after-0", ("mentoring_centre", "department")),
    ("after-5", ("working_group",)),
]


@pytest.mark.parametrize("organisations", ["municipal", "state"])
def test_the_submission_of_21_march_is_heard_by_centre_and_department_the_same_morning(organisations: str):
    found = ladder(f"monitoring-{organisations}")
    assert (found.obligation, found.organisations) == ("monitoring", organisations)
    assert climbed(found.key) == SUBMISSION


def test_zero_days_after_a_missed_deadline_is_the_missed_morning_itself():
    found = ladder("monitoring-municipal")
    moments = Plan(COLLEGE.ref, COLLEGE.roadmap, found, CALENDAR).moments(date(2026, 3, 20), "Asia/Tomsk")
    days = {moment.rung.key: local_day(moment.at, "Asia/Tomsk") for moment in moments if moment.rung}
    assert days["missed"] == days["after-0"] == date(2026, 3, 23)
    assert (days["before-0"], days["before-2"]) == (date(2026, 3, 20), date(2026, 3, 18))
    assert days["after-5"] == date(2026, 3, 30)
    keys = [moment.rung.key for moment in moments if moment.rung]
    assert keys.index("missed") < keys.index("after-0")


def test_what_comes_above_a_rung():
    found = ladder("step-state")
    assert [rung.key for rung in found.after("missed")] == ["after-3", "after-10"]
    assert found.after("after-10") == ()
    assert found.after(None) == found.after("a rung of another version") == found.rungs


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
    assert "лестница own, ступень 2 (before-3): ступень before-3 указана дважды" in refused(rung, rung)


def test_a_recipient_given_twice_is_refused():
    assert "ступень 1 (missed): один адресат указан дважды" in refused({"kind": "missed", "to": ["head", "head"]})


def test_a_state_ladder_cannot_call_a_municipality():
    rung = {"kind": "escalation", "days": 3, "to": ["municipal_authority"]}
    assert "ступень 1 (after-3): указан муниципалитет" in refused(rung, organisations="state")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"kind": "escalation", "days": 5}, {"kind": "escalation", "days": 3}),
        ({"kind": "escalation", "days": 0}, {"kind": "missed"}),
        ({"kind": "missed"}, {"kind": "reminder", "days": 0}),
        ({"kind": "reminder", "days": 3}, {"kind": "reminder", "days": 10}),
    ],
)
def test_a_rung_that_comes_before_the_one_below_it_is_refused(first: dict[str, Any], second: dict[str, Any]):
    text = refused({**first, "to": ["curator"]}, {**second, "to": ["head"]})
    assert "лестница own, ступень 2" in text
    assert "а наступает раньше неё" in text


def test_a_recipient_of_another_obligation_is_refused():
    text = refused({"kind": "escalation", "days": 3, "to": ["working_group"]})
    assert "ступень 1 (after-3): адресата working_group у такой обязанности не бывает, можно curator" in text


def test_a_ladder_without_rungs_is_refused():
    assert "rungs" in refused()


def test_a_missed_rung_has_no_days():
    assert "ступень 1 (missed): у сообщения о пропуске нет числа дней" in refused(
        {"kind": "missed", "days": 2, "to": ["head"]}
    )


def test_a_rung_for_nobody_is_refused():
    assert "rungs.0.to" in refused({"kind": "missed", "to": []})
