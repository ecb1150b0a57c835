"""A region's monitoring round, from the letter to the report: 20 municipalities, 10 state organisations, two late,
one returned, one with more time, one that corrects what it said last year."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from activities import verify
from tests.servers import Deadline
from tests.story.forms import Form, added_up, form_of, with_figure
from tests.story.town import Town

pytestmark = pytest.mark.temporal

STATE = tuple(f"state-{number}" for number in range(1, 11))
LETTER = {"number": "183", "date": "2026-02-25", "text": "Просим заполнить приложения 1 и 2."}
RETURNED, EXTENDED, CORRECTED, LATE, SILENT = "mo-bakcharsky", "mo-tomsk", "mo-asinovsky", "state-3", "mo-kedrovy"
LAST = "2026-03-23"


class Round:
    """What each of the region's people does over HTTP, with a token of their own."""

    def __init__(self, here: Town) -> None:
        self.here, self.keys = here, dict[str, str]()
        listed = here.ask("GET", "/units?kind=municipality&limit=100")["items"]
        self.municipalities = tuple(sorted(one["id"] for one in listed))
        for unit in STATE:
            body = {"kind": "organisation", "name": f"Областная школа {unit}", "parent": "dgo", "sector": "general"}
            here.ask("PUT", f"/units/{unit}", json=body)
        for unit in self.everybody:
            role = "head" if unit in STATE else "municipal_coordinator"
            here.hire(f"p-{unit}", f"Координатор {unit}", role, unit)
            self.keys[unit] = self._key(role, unit)
        here.hire("p-centre", "Гусев Олег Ильич", "methodologist", "rcro")
        here.hire("p-department", "Лапина Нина Юрьевна", "department_officer", "dgo")
        self.keys["centre"] = self._key("methodologist", "rcro")

    @property
    def everybody(self) -> tuple[str, ...]:
        return (*self.municipalities, *STATE)

    def _key(self, role: str, unit: str) -> str:
        body = {"name": f"{role} {unit}", "unit": unit, "role": role}
        return str(self.here.ask("POST", "/tokens", json=body)["token"])

    def send(self, who: str, method: str, path: str, body: Any = None) -> httpx.Response:
        return self.here.http.request(method, path, json=body, headers={"Authorization": f"Bearer {self.keys[who]}"})

    def done(self, who: str, method: str, path: str, body: Any = None) -> Any:
        answer = self.send(who, method, path, body)
        assert answer.is_success, f"{who}: {method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def hand_in(self, campaign: str, unit: str, form: Form) -> None:
        """Saved and submitted."""
        self.done(unit, "PUT", f"/submissions/{campaign}-{unit}/form", form)
        assert self.done(unit, "POST", f"/submissions/{campaign}-{unit}/submission", {})["state"] == "submitted"

    def accept(self, campaign: str, unit: str) -> None:
        found = self.done("centre", "POST", f"/submissions/{campaign}-{unit}/acceptance", {})
        assert found["state"] == "accepted"

    def report(self, campaign: str) -> Any:
        return self.done("centre", "GET", f"/campaigns/{campaign}/report.json")

    def rates(self, campaign: str) -> dict[str, int]:
        found: dict[str, int] = self.done("centre", "GET", f"/campaigns/{campaign}")["rates"]
        return found

    def wait(self, what: Callable[[], bool], told: str) -> None:
        Deadline(90, every=0.2).until(what, told)


@pytest.fixture
def round_(here: Town) -> Round:
    here.clock.go(datetime(2026, 2, 25, 3, tzinfo=UTC))
    return Round(here)


def test_from_the_letter_to_the_report(round_: Round):
    here = round_.here
    before = the_year_before(round_)

    plan = round_.done("centre", "POST", "/campaigns", order(dry_run=True))
    assert (plan["deadline_asked"], plan["deadline"], plan["rolled"]) == ("2027-03-21", "2027-03-22", True)
    opened = round_.done("centre", "POST", "/campaigns", order(confirm_deadline=plan["deadline"]))
    campaign = opened["id"]
    assert (opened["status"], opened["deadline"]) == ("open", "2027-03-22")
    assert {one["respondent"] for one in opened["submissions"]} == {*round_.everybody}
    assert round_.rates(campaign)["expected"] == 30
    round_.wait(lambda: len(letters(round_, "183")) >= 30, "everybody has the letter")

    forms = {unit: form_of(place) for place, unit in enumerate(round_.everybody)}
    forms[CORRECTED] = form_of(2, before["appendix2"])
    forms["mo-seversk"] = with_figure(forms["mo-seversk"], "/appendix2/1/later", {"missing": "учёт начат с января"})

    here.on("2027-03-10")
    for unit in round_.everybody:
        if unit not in (EXTENDED, CORRECTED, LATE, SILENT):
            round_.hand_in(campaign, unit, forms[unit])
    forms[CORRECTED] = corrects_last_year(round_, campaign, forms[CORRECTED])
    forms[RETURNED] = returned_and_mended(round_, campaign, forms[RETURNED])
    more = {"due": "2027-03-29", "reason": "Карантин в районе", "order": "15-од"}
    assert (
        round_.done("centre", "POST", f"/submissions/{campaign}-{EXTENDED}/extension", more)["deadline"] == more["due"]
    )
    nobody_accepts_their_own(round_, campaign)

    the_morning_after(round_, campaign)
    here.on("2027-03-25")
    round_.hand_in(campaign, LATE, forms[LATE])
    round_.hand_in(campaign, EXTENDED, forms[EXTENDED])
    for unit in round_.everybody:
        if unit != SILENT:
            round_.accept(campaign, unit)
    assert round_.rates(campaign) == {
        "expected": 30, "received": 29, "accepted": 29, "on_time": 27, "on_time_excused": 28
    }  # fmt: skip
    says_what_was_handed_in(round_, campaign, {unit: form for unit, form in forms.items() if unit != SILENT})

    here.on("2027-04-01")
    wrong = round_.send("centre", "POST", f"/campaigns/{campaign}/closure", {"gaps": []})
    assert wrong.status_code == 409, wrong.text
    closed = round_.done("centre", "POST", f"/campaigns/{campaign}/closure", {"gaps": [SILENT], "note": "Письмо главе"})
    assert (closed["status"], closed["gaps"]) == ("closed", [SILENT])
    assert round_.send(SILENT, "PUT", f"/submissions/{campaign}-{SILENT}/form", forms[SILENT]).status_code == 409

    late = {"respondent": SILENT, "due": "2027-04-09", "reason": "Отчёт готов"}
    round_.done("centre", "POST", f"/campaigns/{campaign}/reopening", late)
    round_.hand_in(campaign, SILENT, forms[SILENT])
    round_.accept(campaign, SILENT)
    says_what_was_handed_in(round_, campaign, forms)
    for kind in ("xlsx", "docx", "pdf", "csv"):
        answer = round_.send("centre", "GET", f"/campaigns/{campaign}/report.{kind}")
        assert answer.is_success, answer.text
        assert len(answer.content) > 1000
    assert list(verify.differences(here.core.database, here.core.kinds)) == []


def order(**more: Any) -> dict[str, Any]:
    return {
        "title": "Мониторинг за 2026 год",
        "deadline": "2027-03-21",
        "years": [2025, 2026],
        "letter": LETTER,
        **more,
    }


def the_year_before(round_: Round) -> Form:
    """One municipality's accepted form of the round before."""
    body = {"title": "Мониторинг за 2025 год", "deadline": "2026-03-21", "years": [2024, 2025], "letter": LETTER}
    campaign = round_.done("centre", "POST", "/campaigns", {**body, "respondents": [CORRECTED]})["id"]
    form = form_of(2)
    round_.hand_in(campaign, CORRECTED, form)
    round_.accept(campaign, CORRECTED)
    assert round_.done("centre", "POST", f"/campaigns/{campaign}/closure", {})["gaps"] == []
    round_.here.on("2027-02-25")
    return form


def corrects_last_year(round_: Round, campaign: str, form: Form) -> Form:
    """Another figure than last year's is refused where it stands, until its reason is given."""
    path, told = f"/submissions/{campaign}-{CORRECTED}", form["appendix2"]["3"]
    changed = with_figure(form, "/appendix2/3/earlier", told["earlier"] + 2)
    changed = with_figure(changed, "/appendix2/3/later", told["earlier"] + 5)
    round_.done(CORRECTED, "PUT", f"{path}/form", changed)
    refused = round_.send(CORRECTED, "POST", f"{path}/submission", {})
    assert refused.status_code == 422
    assert "/appendix2/3/earlier" in refused.text
    mended = with_figure(changed, "/appendix2/3/correction", "Два предприятия забыли в прошлом году")
    round_.hand_in(campaign, CORRECTED, mended)
    return mended


def returned_and_mended(round_: Round, campaign: str, form: Form) -> Form:
    """The centre asks about one figure; the second submission counts, both can be compared."""
    path = f"/submissions/{campaign}-{RETURNED}"
    asked = {"comments": [{"pointer": "/appendix2/4/later", "comment": "Сверьте с приказом об олимпиадах"}]}
    assert round_.done("centre", "POST", f"{path}/return", asked)["state"] == "returned"
    mended = with_figure(form, "/appendix2/4/later", form["appendix2"]["4"]["later"] + 1)
    round_.hand_in(campaign, RETURNED, mended)
    changes = round_.done("centre", "GET", f"{path}/revisions/compare?from=1&to=2")["items"]
    assert [one["pointer"] for one in changes] == ["/appendix2/4/later"]
    return mended


def nobody_accepts_their_own(round_: Round, campaign: str) -> None:
    answer = round_.send("mo-seversk", "POST", f"/submissions/{campaign}-mo-seversk/acceptance", {})
    assert answer.status_code == 403, answer.text


def the_morning_after(round_: Round, campaign: str) -> None:
    """Centre and department read the names of the late; whoever has more time is not among them."""
    round_.here.on("2027-03-23", 9)

    def told() -> bool:
        digests = [one for one in round_.here.mail.letters if LATE_NAME in one.text]
        return {"p-centre@example.org", "p-department@example.org"} <= {to for one in digests for to in one.recipients}

    round_.wait(told, "centre and department have the list of the late")
    for address in ("p-centre@example.org", "p-department@example.org"):
        (digest,) = (one for one in round_.here.mail.letters_to(address) if LATE_NAME in one.text)
        assert "Кедровый" in digest.text
        assert "Северск" not in digest.text


LATE_NAME = f"Областная школа {LATE}"


def letters(round_: Round, number: str) -> list[Any]:
    """The letters that announce the round, with the blank forms attached."""
    found = [one for one in round_.here.mail.letters if number in one.text]
    return [one for one in found if any(part.get_filename() for part in one.message.iter_attachments())]


def says_what_was_handed_in(round_: Round, campaign: str, forms: dict[str, Form]) -> None:
    """The report equals what a person with paper and pencil adds up."""
    report, expected = round_.report(campaign), added_up(list(forms.values()))
    assert report["coverage"]["received"] == len(forms)
    assert report["coverage"]["expected"] == 30
    for part in ("totals", "questions", "indicators"):
        assert report[part] == expected[part], part
    assert {*report["late"]} == {LATE, SILENT}
