"""A monitoring round from the letter to its end, through the API, a real worker and a real Temporal."""

from __future__ import annotations

from typing import Any

import pytest

from activities import verify
from tests.api.monitoring import OPENING, filled
from tests.servers import Deadline
from tests.story.town import Town

ROUND = "/campaigns/monitoring-2027"
CAMPAIGN = "campaign/monitoring-2027"
MUNICIPALITIES = ("mo-tomsk", "mo-seversk", "mo-kedrovy")


def stream(respondent: str) -> str:
    return f"submission/monitoring-2027-{respondent}"


def path(respondent: str, act: str = "") -> str:
    return f"/submissions/monitoring-2027-{respondent}{act}"


def kinds_of(here: Town, respondent: str) -> list[str]:
    items = here.ask("GET", path(respondent, "/events?limit=500"))["items"]
    return [f"{one['type']} {one['data'].get('kind', '')}".strip() for one in items]


def key_of(here: Town, name: str, unit: str, role: str) -> dict[str, str]:
    made = here.ask("POST", "/tokens", json={"name": name, "unit": unit, "role": role})
    return {"Authorization": f"Bearer {made['token']}"}


def hand_in(here: Town, respondent: str, key: dict[str, str], form: dict[str, Any]) -> dict[str, Any]:
    here.ask("PUT", path(respondent, "/form"), json=form, headers=key)
    sent: dict[str, Any] = here.ask("POST", path(respondent, "/submission"), headers=key)
    return sent


@pytest.mark.temporal
def test_a_round_from_the_letter_to_its_end(here: Town):
    """One is returned and accepted, one extended, one late; the round is closed, opened for the late one, closed."""
    here.on("2027-02-25")
    centre = key_of(here, "РЦРО", "rcro", "methodologist")
    keys = {one: key_of(here, one, one, "municipal_coordinator") for one in MUNICIPALITIES}
    made = here.ask("POST", "/campaigns", json=OPENING | {"respondents": list(MUNICIPALITIES)}, headers=centre)
    assert (made["deadline_asked"], made["deadline"]) == ("2027-03-21", "2027-03-22")
    streams = [stream(one) for one in MUNICIPALITIES]
    here.caught_up(CAMPAIGN, *streams)
    assert (here.running("campaign"), here.running("submission")) == ({CAMPAIGN}, set(streams))

    here.on("2027-03-09")  # nine working days before, for the eighth was a holiday and so is the day of the deadline
    hand_in(here, "mo-tomsk", keys["mo-tomsk"], filled())
    comments = [{"pointer": "/appendix2/3/later", "comment": "Сверьте с прошлым годом"}]
    here.ask("POST", path("mo-tomsk", "/return"), json={"comments": comments}, headers=centre)
    again = hand_in(here, "mo-tomsk", keys["mo-tomsk"], filled(13))
    assert again["submitted"]["number"] == 2
    accepted = here.ask("POST", path("mo-tomsk", "/acceptance"), headers=centre)
    assert accepted["state"] == "accepted"

    body = {"due": "2027-03-29", "reason": "Карантин"}
    here.ask("POST", path("mo-seversk", "/extension"), json=body, headers=centre)
    here.on("2027-03-23")
    here.tell(*streams[1:])
    here.caught_up(*streams[1:])
    assert "SubmissionMissed" in kinds_of(here, "mo-kedrovy")
    assert "NoticeQueued escalation" in kinds_of(here, "mo-kedrovy")
    assert "SubmissionMissed" not in kinds_of(here, "mo-seversk"), "more time was given"
    sent = hand_in(here, "mo-seversk", keys["mo-seversk"], filled())
    assert (sent["on_time"], sent["on_time_excused"]) == (False, True)
    here.ask("POST", path("mo-seversk", "/acceptance"), headers=centre)

    closed = here.ask("POST", f"{ROUND}/closure", json={"gaps": ["mo-kedrovy"]}, headers=centre)
    assert (closed["gaps"], closed["rates"]["accepted"]) == (["mo-kedrovy"], 2)
    late = {"respondent": "mo-kedrovy", "due": "2027-04-02", "reason": "Отчёт готов"}
    here.ask("POST", f"{ROUND}/reopening", json=late, headers=centre)
    hand_in(here, "mo-kedrovy", keys["mo-kedrovy"], filled())
    here.ask("POST", path("mo-kedrovy", "/acceptance"), headers=centre)
    ended = here.ask("POST", f"{ROUND}/closure", headers=centre)
    assert (ended["status"], ended["gaps"]) == ("closed", [])
    rates = {"expected": 3, "received": 3, "accepted": 3, "on_time": 1, "on_time_excused": 2}
    assert ended["rates"] == rates
    assert list(verify.differences(here.core.database, here.core.kinds)) == []


@pytest.mark.temporal
def test_workflows_end_with_their_streams(here: Town):
    """What has nobody left to wait for runs no more, once its letters are out; a reopened form runs again."""
    here.on("2027-02-25")
    here.hire("p-municipality", "Титова Анна Львовна", "municipal_coordinator", "mo-tomsk")
    centre = key_of(here, "РЦРО", "rcro", "methodologist")
    here.ask("POST", "/campaigns", json=OPENING | {"respondents": ["mo-tomsk"]}, headers=centre)
    here.caught_up(stream("mo-tomsk"))
    hand_in(here, "mo-tomsk", {}, filled())
    here.ask("POST", path("mo-tomsk", "/acceptance"), headers=centre)
    Deadline(60).until(lambda: not here.running("submission"), "the accepted form needs no clock")
    told = [letter.subject for letter in here.mail.letters if "p-municipality@example.org" in letter.recipients]
    assert len(told) == 3, "the letter, the receipt, the acceptance"
    here.ask("POST", path("mo-tomsk", "/reopening"), json={"reason": "Ошибка в показателе 3"}, headers=centre)
    Deadline(30).until(lambda: here.running("submission") == {stream("mo-tomsk")}, "it runs again")
    here.ask("POST", f"{ROUND}/closure", headers=centre)
    Deadline(60).until(lambda: not (here.running("campaign") | here.running("submission")), "all is over")
