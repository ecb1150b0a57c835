"""A monitoring round over HTTP: opened by the centre, filled in by the respondents, closed with named gaps."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter

from activities import verify
from activities.rebuild import rebuild
from activities.recorder import Recorder, Request
from api import campaigns
from api import documents as d
from api import monitoring_documents as m
from domain.refusal import Refusal
from domain.submission.commands import AcceptForm
from tests.api.monitoring import LYCEUM, OPENING, SEVERSK, THREE, TOMSK, filled, opened, put_form, submitted
from tests.api.world import World, pointers, problem

ROUND = "/campaigns/monitoring-2027"


def state_of(world: World, submission: str, who: str = "rcro") -> str:
    state: str = world.get(submission, who)["state"]
    return state


def test_the_deadline_is_shown_rolled_before_anything_is_announced(small: World):
    small.clock.on("2027-02-25")
    before = small.written()
    plan = small.post("/campaigns", OPENING | {"dry_run": True}, "rcro")
    TypeAdapter(m.CampaignPlan).validate_python(plan)
    assert (plan["deadline_asked"], plan["deadline"], plan["rolled"]) == ("2027-03-21", "2027-03-22", True)
    assert len([one for one in plan["respondents"] if one.startswith("mo-")]) == 20
    assert "lyceum" in plan["respondents"]
    assert not {"college", "school-1", "club-1"} & set(plan["respondents"])
    assert small.written() == before
    wrong = OPENING | {"confirm_deadline": "2027-03-21"}
    refused = problem(small.ask("rcro", "POST", "/campaigns", json=wrong), 422, "deadline_rolls")
    assert pointers(refused) == {"/confirm_deadline"}
    assert "22 марта 2027" in refused["detail"]
    made = small.post("/campaigns", OPENING | {"confirm_deadline": "2027-03-22"}, "rcro")
    assert made["deadline"] == "2027-03-22"


def test_a_second_click_opens_no_second_round(small: World):
    opened(small)
    body = OPENING | {"respondents": ["lyceum", "mo-strezhevoy"]}
    told = problem(small.ask("rcro", "POST", "/campaigns", json=body), 409, "campaign_twice")
    assert "мониторинг monitoring-2027:" in told["detail"]
    assert pointers(told) == {"/again"}
    problem(small.ask("rcro", "POST", "/campaigns", json=body | {"dry_run": True}), 409, "campaign_twice")
    left_out = small.post("/campaigns", OPENING | {"respondents": ["mo-strezhevoy"]}, "rcro")
    assert left_out["id"] == "monitoring-2027-2", "who was left out may be asked without more ado"
    assert small.post("/campaigns", body | {"title": "Уточнение"}, "rcro")["id"] == "monitoring-2027-3"
    assert small.post("/campaigns", body | {"again": True}, "rcro")["id"] == "monitoring-2027-4"
    small.post(f"{ROUND}/closure", None, "rcro")
    assert small.post("/campaigns", OPENING | {"respondents": ["mo-tomsk"]}, "rcro")["id"] == "monitoring-2027-5"


def test_all_submissions_exist_when_the_campaign_answers(region: World):
    made = opened(region)
    assert (made["id"], made["status"]) == ("monitoring-2027", "open")
    assert (made["deadline_asked"], made["deadline"], made["rolled"]) == ("2027-03-21", "2027-03-22", True)
    assert {one["respondent"]: one["state"] for one in made["submissions"]} == dict.fromkeys(THREE, "draft")
    assert made["rates"] == {"expected": 3, "received": 0, "accepted": 0, "on_time": 0, "on_time_excused": 0}
    assert region.get(ROUND, "rcro") == made
    (line,) = region.get("/campaigns", "rcro")["items"]
    assert (line["id"], line["rates"]["expected"]) == ("monitoring-2027", 3)
    assert [one["type"] for one in region.get(f"{ROUND}/events", "rcro")["items"]] == ["CampaignOpened"]
    assert made["letter"]["text"] == "Уважаемые коллеги!"
    with region.core.database.reading() as connection:
        queued = connection.exec_driver_sql("select stream from queue order by stream").scalars().all()
    assert queued == [f"submission/monitoring-2027-{one}" for one in sorted(THREE)], "each gets the letter"


def test_a_repeated_request_opens_nothing_twice_and_a_second_round_gets_another_id(small: World):
    small.clock.on("2027-02-25")
    headers = {"Idempotency-Key": "open"}
    body = OPENING | {"respondents": THREE}
    first = small.ask("rcro", "POST", "/campaigns", json=body, headers=headers)
    assert (first.status_code, first.headers["location"]) == (201, "/api/v1/campaigns/monitoring-2027")
    again = small.ask("rcro", "POST", "/campaigns", json=body, headers=headers)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotent-replayed"] == "true"
    problem(small.ask("rcro", "POST", "/campaigns", json=OPENING, headers=headers), 422, "key_reused")
    assert opened(small, again=True)["id"] == "monitoring-2027-2"


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"respondents": ["mo-tomsk", "school-1"]}, "respondent_foreign", "/respondents/1"),
        ({"respondents": ["college"]}, "respondent_foreign", "/respondents/0"),
        ({"respondents": ["nobody"]}, "respondent_foreign", "/respondents/0"),
        ({"respondents": ["mo-tomsk", "mo-tomsk"]}, "respondent_twice", "/respondents/1"),
        ({"respondents": []}, "invalid", "/respondents"),
        ({"form": "nothing"}, "form_unknown", "/form"),
        ({"years": [2026, 2026]}, "invalid", ""),
        ({"deadline": "2027-02-20"}, "deadline_in_past", "/deadline"),
        ({"deadline": "2029-02-20"}, "deadline_too_far", "/deadline"),
        ({"deadline": "2099-12-31"}, "deadline_too_far", "/deadline"),
    ],
)
def test_what_cannot_be_opened(small: World, change: dict[str, Any], code: str, pointer: str):
    small.clock.on("2027-02-25")
    before = small.written()
    for more in ({}, {"dry_run": True}):
        refused = problem(small.ask("rcro", "POST", "/campaigns", json=OPENING | change | more), 422, code)
        assert pointers(refused) == {pointer}
    assert small.written() == before


@pytest.mark.parametrize("who", ["coordinator", "curator", "rcrpk", "toipkro", "dpo", "office", "operator"])
def test_who_may_not_open_a_campaign(small: World, who: str):
    small.clock.on("2027-02-25")
    problem(small.ask(who, "POST", "/campaigns", json=OPENING), 403, "forbidden")


def test_a_form_from_draft_to_acceptance(region: World):
    opened(region)
    draft = put_form(region, TOMSK, "coordinator", {"appendix1": {"totals": {"general": 12}}})
    assert (draft["state"], draft["revision"]) == ("draft", 1)
    assert "/appendix1/totals/additional" in {one["pointer"] for one in draft["problems"]}
    refused = problem(region.ask("coordinator", "POST", f"{TOMSK}/submission"), 422, "form_incomplete")
    assert pointers(refused) == {one["pointer"] for one in draft["problems"]}

    sent = submitted(region, TOMSK, "coordinator")
    assert (sent["state"], sent["revision"], sent["submitted"]["number"]) == ("submitted", 2, 1)
    assert (sent["problems"], sent["form"], sent["on_time"]) == ([], filled(), True)
    assert sent["missing_documents"] == ["form-docx", "form-pdf", "programme", "roadmap"]
    problem(region.ask("coordinator", "PUT", f"{TOMSK}/form", json=filled(13)), 409, "form_submitted")

    comments = [{"pointer": "/appendix2/3/later", "comment": "Сверьте с прошлым годом"}]
    returned = region.post(f"{TOMSK}/return", {"comments": comments}, "rcro")
    assert (returned["state"], returned["comments"]) == ("returned", comments)
    assert region.get(ROUND, "rcro")["rates"]["received"] == 0
    again = submitted(region, TOMSK, "coordinator", filled(13))
    assert (again["submitted"]["number"], again["revision"]) == (2, 3)

    accepted = region.post(f"{TOMSK}/acceptance", {"remarks": "Спасибо"}, "rcro")
    assert (accepted["state"], accepted["accepted"]["revision"]) == ("accepted", 3)
    assert accepted["accepted"]["remarks"] == "Спасибо"
    rates = region.get(ROUND, "rcro")["rates"]
    assert rates == {"expected": 3, "received": 1, "accepted": 1, "on_time": 1, "on_time_excused": 1}
    listed = region.get(f"{TOMSK}/revisions", "coordinator")["items"]
    assert [(one["revision"], one["accepted"]) for one in listed] == [(1, False), (2, False), (3, True)]
    assert listed[-1]["check_code"] == accepted["check_code"]
    first = region.get(f"{TOMSK}/revisions?limit=2", "coordinator")
    rest = region.get(f"{TOMSK}/revisions?limit=2&cursor={first['next']}", "coordinator")
    assert ([*first["items"], *rest["items"]], rest["next"]) == (listed, None)
    changed = region.get(f"{TOMSK}/revisions/compare?from=2&to=3", "rcro")["items"]
    assert changed == [{"pointer": "/appendix1/totals/general", "from": 12, "to": 13}]
    assert region.get(f"{TOMSK}/revisions/2", "rcro")["form"] == filled()


def test_an_accepted_form_counts_until_another_is_accepted(small: World):
    opened(small)
    submitted(small, TOMSK, "coordinator")
    small.post(f"{TOMSK}/acceptance", None, "rcro")
    problem(small.ask("coordinator", "PUT", f"{TOMSK}/form", json=filled(13)), 409, "form_accepted")
    reopened = small.post(f"{TOMSK}/reopening", {"reason": "Ошибка в показателе 3"}, "rcro")
    assert (reopened["state"], reopened["accepted"]["revision"]) == ("returned", 1)
    assert small.get(ROUND, "rcro")["rates"]["accepted"] == 1
    resubmitted = submitted(small, TOMSK, "coordinator", filled(14))
    assert (resubmitted["submitted"]["number"], resubmitted["accepted"]["number"]) == (2, 1)
    assert small.post(f"{TOMSK}/acceptance", None, "rcro")["accepted"]["revision"] == 2


def acts(world: World) -> list[tuple[int, int | None, bool, bool]]:
    items = world.get(f"{TOMSK}/revisions", "coordinator")["items"]
    return [(one["revision"], one["number"], one["submitted"], one["accepted"]) for one in items]


def compared(world: World) -> dict[str, tuple[Any, Any]]:
    items = world.get(f"{TOMSK}/revisions/compare", "rcro")["items"]
    return {one["pointer"]: (one["from"], one["to"]) for one in items}


def test_every_form_that_was_handed_in_keeps_its_number(small: World):
    opened(small)
    put_form(small, TOMSK, "coordinator", {})
    submitted(small, TOMSK, "coordinator")
    small.post(f"{TOMSK}/return", {"reason": "Проверьте числа"}, "rcro")
    put_form(small, TOMSK, "coordinator", filled(13))
    assert acts(small) == [(1, 1, True, False), (2, None, False, False)]
    submitted(small, TOMSK, "coordinator", filled(14))
    small.post(f"{TOMSK}/acceptance", None, "rcro")
    small.post(f"{TOMSK}/reopening", {"reason": "Ошибка в показателе 3"}, "rcro")
    submitted(small, TOMSK, "coordinator", filled(15))
    handed_in = [(1, 1, True, False), (2, None, False, False), (3, 2, True, True), (4, 3, True, False)]
    assert acts(small) == handed_in
    assert [one["number"] for one in small.get(f"{TOMSK}/revisions?cursor=2", "rcro")["items"]] == [2, 3]


def test_a_form_that_is_handed_in_again_unchanged_has_the_number_of_the_last_time(small: World):
    opened(small)
    submitted(small, TOMSK, "coordinator")
    small.post(f"{TOMSK}/return", {"reason": "Проверьте числа"}, "rcro")
    submitted(small, TOMSK, "coordinator")
    assert acts(small) == [(1, 2, True, False)]


def test_what_is_compared_unasked_is_what_the_centre_has_seen(small: World):
    opened(small)
    submitted(small, TOMSK, "coordinator")
    assert "/appendix1/totals/general" in compared(small), "the centre has seen the blank form only"
    small.post(f"{TOMSK}/return", {"reason": "Проверьте числа"}, "rcro")
    put_form(small, TOMSK, "coordinator", filled(13))
    assert compared(small) == {"/appendix1/totals/general": (12, 13)}
    submitted(small, TOMSK, "coordinator", filled(14))
    assert compared(small) == {"/appendix1/totals/general": (12, 14)}, "what was returned, beside what came of it"
    small.post(f"{TOMSK}/acceptance", None, "rcro")
    assert compared(small) == {}
    small.post(f"{TOMSK}/reopening", {"reason": "Ошибка в показателе 3"}, "rcro")
    put_form(small, TOMSK, "coordinator", filled(15))
    assert compared(small) == {"/appendix1/totals/general": (14, 15)}


def test_what_was_to_be_corrected_stands_beside_the_correction_until_it_is_accepted(small: World):
    opened(small)
    assert submitted(small, TOMSK, "coordinator")["returned"] is None
    comments = [{"pointer": "/appendix2/3/later", "comment": "Сверьте с прошлым годом"}]
    key = {"Idempotency-Key": "r-1"}
    back = {"comments": comments, "reason": "Подпишите форму заново"}
    first = small.ask("rcro", "POST", f"{TOMSK}/return", json=back, headers=key)
    returned = first.json()["returned"]
    assert (returned["number"], returned["revision"], returned["at"]) == (1, 1, first.json()["submitted"]["at"])
    assert returned["comments"] == [*comments, {"pointer": "", "comment": "Подпишите форму заново"}]
    again = submitted(small, TOMSK, "coordinator", filled(13))
    assert (again["comments"], again["returned"]) == ([], returned), (
        "nothing is left to do, and what was is still known"
    )
    assert small.get(TOMSK, "coordinator")["returned"] == returned
    unnamed = small.get(TOMSK, "operator")["returned"]
    assert [one["comment"] for one in unnamed["comments"]] == [None, None]
    assert small.post(f"{TOMSK}/acceptance", None, "rcro")["returned"] is None
    repeated = small.ask("rcro", "POST", f"{TOMSK}/return", json=back, headers=key)
    assert repeated.json() == first.json(), "a repeated command tells what it told"
    small.post(f"{TOMSK}/reopening", {"reason": "Ошибка в показателе 3"}, "rcro")
    assert small.get(TOMSK, "rcro")["returned"] is None, "the acceptance has settled it"


def test_who_submits_cannot_accept(small: World):
    opened(small)
    submitted(small, TOMSK, "administrator")
    problem(small.ask("administrator", "POST", f"{TOMSK}/acceptance"), 409, "own_submission")
    assert small.post(f"{TOMSK}/acceptance", None, "rcro")["state"] == "accepted"


def test_an_extension_excuses_and_the_first_deadline_stays(small: World):
    opened(small)
    body = {"due": "2027-03-27", "reason": "Карантин", "order": {"number": "15-од", "date": "2027-03-20"}}
    small.clock.on("2027-03-22")
    extended = small.post(f"{TOMSK}/extension", body, "rcro")
    assert (extended["first_deadline"], extended["deadline"]) == ("2027-03-22", "2027-03-29")
    small.clock.on("2027-03-26")
    sent = submitted(small, TOMSK, "coordinator")
    assert (sent["on_time"], sent["on_time_excused"]) == (False, True)
    late = small.get(SEVERSK, "rcro")
    assert (late["overdue"], late["missed"]) == (True, True), "time shows before anybody has recorded it"


@pytest.mark.parametrize(
    ("due", "code"),
    [
        ("2020-01-10", "deadline_in_past"),
        ("2030-02-20", "deadline_too_far"),
        ("2035-01-10", "deadline_too_far"),
        ("2099-12-31", "deadline_too_far"),
    ],
)
def test_a_date_that_no_calendar_knows_is_refused_wherever_it_is_asked_for(small: World, due: str, code: str):
    opened(small)
    submitted(small, TOMSK, "coordinator")
    submitted(small, SEVERSK, "administrator")
    small.post(f"{SEVERSK}/acceptance", None, "rcro")
    more_time: dict[str, dict[str, Any]] = {
        f"{LYCEUM}/extension": {"reason": "Паводок"},
        f"{TOMSK}/return": {"reason": "Проверьте числа"},
        f"{SEVERSK}/reopening": {"reason": "Ошибка в показателе 3"},
    }
    late = {"respondent": "lyceum", "reason": "Отчёт готов"}
    for path, body in more_time.items():
        refused = problem(small.ask("rcro", "POST", path, json=body | {"due": due}), 422, code)
        assert pointers(refused) == {"/due"}
    small.post(f"{ROUND}/closure", None, "rcro")
    refused = problem(small.ask("rcro", "POST", f"{ROUND}/reopening", json=late | {"due": due}), 422, code)
    assert pointers(refused) == {"/due"}


def test_a_closed_round_names_its_gaps_and_lets_a_late_respondent_in(region: World):
    opened(region)
    submitted(region, TOMSK, "coordinator")
    region.post(f"{TOMSK}/acceptance", None, "rcro")
    region.clock.on("2027-04-01")
    wrong = region.ask("rcro", "POST", f"{ROUND}/closure", json={"gaps": ["mo-seversk", "mo-tomsk"]})
    facts = problem(wrong, 409, "gaps_differ")["facts"]
    assert facts == {"missing": ["lyceum"], "extra": ["mo-tomsk"]}
    closed = region.post(f"{ROUND}/closure", {"gaps": ["mo-seversk", "lyceum"], "note": "Письма направлены"}, "dgo")
    assert (closed["status"], set(closed["gaps"])) == ("closed", {"mo-seversk", "lyceum"})
    problem(region.ask("rcro", "POST", f"{ROUND}/closure"), 409, "campaign_closed")
    problem(region.ask("curator of lyceum", "PUT", f"{LYCEUM}/form", json=filled()), 409, "submission_closed")

    late = {"respondent": "lyceum", "due": "2027-04-09", "reason": "Отчёт готов"}
    assert region.post(f"{ROUND}/reopening", late, "rcro")["status"] == "open"
    submitted(region, LYCEUM, "curator of lyceum")
    region.post(f"{LYCEUM}/acceptance", None, "rcro")
    assert region.post(f"{ROUND}/closure", None, "rcro")["gaps"] == ["mo-seversk"]
    assert list(verify.differences(region.core.database, region.core.kinds)) == []
    rebuild(region.core.database, region.core.kinds)
    assert list(verify.differences(region.core.database, region.core.kinds)) == []
    assert region.get(TOMSK, "rcro")["form"] == filled(), "what was filled in outlives a rebuild"


def test_last_years_figures_are_compared_with_the_accepted_report(small: World):
    opened(small)
    submitted(small, TOMSK, "coordinator")
    small.post(f"{TOMSK}/acceptance", None, "rcro")
    small.clock.on("2028-02-25")
    body = OPENING | {"deadline": "2028-03-21", "years": [2026, 2027], "respondents": ["mo-tomsk"]}
    small.post("/campaigns", body, "rcro")
    submission = "/submissions/monitoring-2028-mo-tomsk"
    found = put_form(small, submission, "coordinator")["problems"]
    assert [one["pointer"] for one in found] == [f"/appendix2/{n}/earlier" for n in range(3, 9)]
    assert "12" in found[0]["detail"]


def test_nothing_is_wrong_with_what_nobody_may_change(small: World):
    opened(small)
    submitted(small, TOMSK, "coordinator")
    small.clock.on("2028-02-25")
    body = OPENING | {"deadline": "2028-03-21", "years": [2026, 2027], "respondents": ["mo-tomsk"]}
    small.post("/campaigns", body, "rcro")
    now = "/submissions/monitoring-2028-mo-tomsk"
    submitted(small, now, "coordinator")
    small.post(f"{TOMSK}/acceptance", None, "rcro")
    assert small.get(now, "rcro")["problems"] == [], "last year's report came after this one was handed in"
    assert small.post(f"{now}/acceptance", None, "rcro")["problems"] == []
    reopened = small.post(f"{now}/reopening", {"reason": "Сверьте с прошлым годом"}, "rcro")
    assert len(reopened["problems"]) == 6, "whoever may change it again hears what is wrong"


@pytest.mark.parametrize(
    ("form", "pointer"),
    [
        ({"appendix3": {}}, "/appendix3"),
        ({"appendix1": {"totals": {"general": "12"}}}, "/appendix1/totals/general"),
        ({"appendix1": {"totals": {"general": True}}}, "/appendix1/totals/general"),
        ({"appendix1": {"totals": 3}}, "/appendix1/totals"),
        ({"appendix1": {"responsible": {"name": 3}}}, "/appendix1/responsible/name"),
        ({"appendix1": {"questions": {"pupil-pupil": {"runs": "да"}}}}, "/appendix1/questions/pupil-pupil/runs"),
        ({"appendix2": {"1": {"earlier": {"numerator": 1.5}}}}, "/appendix2/1/earlier/numerator"),
        ({"appendix2": {"3": {"earlier": {"missing": 1}}}}, "/appendix2/3/earlier/missing"),
        ([], ""),
        ("форма", ""),
    ],
)
def test_what_cannot_be_kept_as_a_draft(small: World, form: Any, pointer: str):
    opened(small)
    refused = problem(small.ask("coordinator", "PUT", f"{TOMSK}/form", json=form), 422, "form_invalid")
    assert pointers(refused) == {pointer}
    assert refused["detail"].endswith(f"Первое: {refused['errors'][0]['detail']}")
    assert "Здесь" not in refused["detail"], "the sentence names the place"
    assert small.get(TOMSK, "coordinator")["revision"] == 0


@pytest.mark.parametrize("body", [b"", b"{", b'{"a": NaN}', b'{"a": "\\ud800"}', b"[" * 100_000])
def test_what_is_no_json_at_all(small: World, body: bytes):
    opened(small)
    headers = {"Content-Type": "application/json"}
    problem(small.ask("coordinator", "PUT", f"{TOMSK}/form", content=body, headers=headers), 400)


def test_missing_figures_and_empty_drafts_are_kept(small: World):
    opened(small)
    form = filled()
    form["appendix2"]["3"] = {"earlier": {"missing": "учёт не вёлся"}, "later": None}
    assert put_form(small, TOMSK, "coordinator", form)["form"] == form
    assert put_form(small, TOMSK, "coordinator", {})["revision"] == 2
    assert put_form(small, TOMSK, "coordinator", {})["revision"] == 2, "the same content is no new revision"


def test_a_version_is_stale_when_a_person_has_acted_not_when_a_letter_went_out(small: World):
    opened(small)
    first = small.ask("coordinator", "GET", TOMSK)
    small.clock.on("2027-03-18")
    small.core.recorder.pass_time("submission/monitoring-2027-mo-tomsk", by="worker")
    tag = {"If-Match": first.headers["etag"]}
    saved = small.ask("coordinator", "PUT", f"{TOMSK}/form", json=filled(), headers=tag)
    assert saved.status_code == 200, saved.text
    assert saved.headers["etag"] != first.headers["etag"]
    stale = small.ask("coordinator", "PUT", f"{TOMSK}/form", json=filled(13), headers=tag)
    problem(stale, 412, "version_stale")


def test_each_repeated_command_gets_its_answer(small: World):
    opened(small)
    headers = {"Idempotency-Key": "save"}
    first = small.ask("coordinator", "PUT", f"{TOMSK}/form", json=filled(), headers=headers)
    put_form(small, TOMSK, "coordinator", filled(13))
    again = small.ask("coordinator", "PUT", f"{TOMSK}/form", json=filled(), headers=headers)
    assert again.json() == first.json()
    headers = {"Idempotency-Key": "send"}
    sent = small.ask("coordinator", "POST", f"{TOMSK}/submission", headers=headers)
    assert small.ask("coordinator", "POST", f"{TOMSK}/submission", headers=headers).json() == sent.json()


OTHERS = ("curator", "curator of 9", "curator of lyceum", "rcrpk", "toipkro", "dpo", "office", "navigator")


@pytest.mark.parametrize("who", OTHERS)
def test_a_foreign_submission_is_an_unknown_one(small: World, who: str):
    opened(small)
    put_form(small, TOMSK, "coordinator")
    unknown = "/submissions/monitoring-2027-mo-nowhere"
    for method, path in [
        ("GET", ""),
        ("GET", "/events"),
        ("GET", "/revisions"),
        ("GET", "/revisions/1"),
        ("GET", "/revisions/compare?from=0&to=1"),
        ("POST", "/submission"),
        ("POST", "/acceptance"),
    ]:
        foreign, nowhere = (small.ask(who, method, f"{place}{path}") for place in (TOMSK, unknown))
        assert problem(foreign, 404, "submission_unknown") == problem(nowhere, 404, "submission_unknown")
    problem(small.ask(who, "PUT", f"{TOMSK}/form", json=filled()), 404, "submission_unknown")
    assert "mo-tomsk" not in small.ask(who, "GET", "/submissions").text


def test_a_respondent_sees_its_own_part_of_the_campaign(small: World):
    opened(small)
    seen = small.get(ROUND, "coordinator")
    assert [one["respondent"] for one in seen["submissions"]] == ["mo-tomsk"]
    assert seen["rates"]["expected"] == 1
    assert [one["respondent"] for one in small.get("/submissions", "coordinator")["items"]] == ["mo-tomsk"]
    for who in ("curator", "rcrpk", "dpo"):
        problem(small.ask(who, "GET", ROUND), 404, "campaign_unknown")
        assert small.get("/campaigns", who)["items"] == []
    figures = small.get(ROUND, "office")
    assert (figures["submissions"], figures["rates"]["expected"]) == ([], 3)
    problem(small.ask("coordinator", "POST", f"{ROUND}/closure"), 403, "forbidden")
    problem(small.ask("coordinator", "POST", f"{TOMSK}/acceptance"), 403, "forbidden")
    problem(small.ask("rcro", "PUT", f"{TOMSK}/form", json=filled()), 403, "forbidden")
    problem(small.ask("dgo", "POST", f"{TOMSK}/acceptance"), 403, "forbidden")


def test_what_was_noted_about_the_round_stays_with_those_who_run_it(region: World):
    opened(region)
    region.clock.on("2027-04-01")
    region.post(f"{ROUND}/closure", {"note": "Письма главам направлены"}, "rcro")
    region.post(f"{ROUND}/reopening", {"respondent": "lyceum", "due": "2027-04-09", "reason": "Болел завуч"}, "rcro")
    for who in ("rcro", "dgo", "administrator", "operator"):
        seen = region.get(ROUND, who)
        told = None if who == "operator" else "Письма главам направлены"
        assert (set(seen["gaps"]), seen["reopened"], seen["note"]) == (set(THREE), ["lyceum"], told)
        journal = region.ask(who, "GET", f"{ROUND}/events")
        assert journal.status_code == 200
        assert ("Болел завуч" in journal.text) == ("Письма" in journal.text) == (who != "operator")
    own = region.get(ROUND, "coordinator")
    assert (own["respondents"], own["gaps"], own["reopened"], own["note"]) == (["mo-tomsk"], ["mo-tomsk"], [], None)
    figures = region.get(ROUND, "office")
    assert (sorted(figures["respondents"]), figures["gaps"], figures["reopened"]) == (
        ["mo-seversk", "mo-tomsk"],
        [],
        [],
    )
    assert figures["note"] is None
    for who in ("coordinator", "curator of lyceum", "office"):
        problem(region.ask(who, "GET", f"{ROUND}/events"), 403, "forbidden")


@pytest.mark.parametrize("place", ["/appendix9/zzz", "/appendix2/3/zzz", "/appendix2/3/later/numerator", "/"])
def test_a_comment_on_a_place_that_the_form_does_not_have(small: World, place: str):
    opened(small)
    submitted(small, TOMSK, "coordinator")
    comments = [{"pointer": one, "comment": "Сверьте"} for one in ("", "/appendix2/1/earlier/numerator", place)]
    refused = problem(small.ask("rcro", "POST", f"{TOMSK}/return", json={"comments": comments}), 422, "place_unknown")
    assert pointers(refused) == {"/comments/2/pointer"}
    assert state_of(small, TOMSK) == "submitted"
    assert small.post(f"{TOMSK}/return", {"comments": comments[:2]}, "rcro")["comments"] == comments[:2]


def test_operators_see_that_there_are_comments_and_no_word_of_them(small: World):
    opened(small)
    submitted(small, TOMSK, "coordinator")
    comments = [{"pointer": "/appendix2/1/earlier/numerator", "comment": "Тайное слово"}]
    small.post(f"{TOMSK}/return", {"comments": comments}, "rcro")
    assert small.get(TOMSK, "operator")["comments"] == [{**comments[0], "comment": None}]
    submitted(small, TOMSK, "coordinator")
    small.post(f"{TOMSK}/acceptance", {"remarks": "Тайное слово"}, "rcro")
    assert small.get(TOMSK, "rcro")["accepted"]["remarks"] == "Тайное слово"
    assert "Тайное" not in small.ask("operator", "GET", TOMSK).text


def test_personal_data_stay_with_whom_they_are_meant_for(small: World):
    opened(small)
    put_form(small, TOMSK, "coordinator")
    seen = small.ask("operator", "GET", TOMSK)
    assert set(seen.json()["form"]["appendix1"]["responsible"].values()) == {None}
    for path in ("", "/revisions/1", "/revisions/compare?from=0&to=1", "/events"):
        assert "Титова" not in small.ask("operator", "GET", f"{TOMSK}{path}").text
        assert "Титова" in small.ask("dgo", "GET", f"{TOMSK}{path}").text or path == "/events"
    with small.core.database.reading() as connection:
        journal = connection.exec_driver_sql("select data from event").scalars().all()
    assert not any("Титова" in data or "Старшие" in data for data in journal)


SHAPES: dict[str, Any] = {
    "/campaigns": d.Page[m.CampaignLine],
    ROUND: m.Campaign,
    f"{ROUND}/events": d.Page[d.Event],
    "/submissions": d.Page[m.SubmissionLine],
    "/submissions?campaign=monitoring-2027&state=accepted&overdue=false&limit=1": d.Page[m.SubmissionLine],
    TOMSK: m.Submission,
    LYCEUM: m.Submission,
    f"{TOMSK}/events": d.Page[d.Event],
    f"{TOMSK}/revisions": d.Page[m.Revision],
    f"{TOMSK}/revisions/1": m.RevisionForm,
    f"{TOMSK}/revisions/compare?from=0&to=1": d.Page[m.Change],
}


def test_answers_have_their_shapes(small: World):
    opened(small)
    submitted(small, TOMSK, "coordinator")
    small.post(f"{TOMSK}/acceptance", {"remarks": "Спасибо"}, "rcro")
    small.post(f"{LYCEUM}/extension", {"due": "2027-04-05", "reason": "Карантин"}, "rcro")
    for path, shape in SHAPES.items():
        TypeAdapter(shape).validate_python(small.get(path, "rcro"))


def test_submissions_in_pages(small: World):
    opened(small)
    first = small.get("/submissions?limit=2", "rcro")
    rest = small.get(f"/submissions?limit=2&cursor={first['next']}", "rcro")
    found = [one["respondent"] for one in (*first["items"], *rest["items"])]
    assert (sorted(found), rest["next"]) == (sorted(THREE), None)
    problem(small.ask("rcro", "GET", "/submissions?cursor=x"), 422, "cursor_invalid")
    problem(small.ask("rcro", "GET", f"{TOMSK}/revisions/99"), 404, "revision_not_found")


def test_a_form_accepted_while_the_round_is_being_closed_is_no_gap(small: World, monkeypatch: pytest.MonkeyPatch):
    opened(small)
    submitted(small, TOMSK, "coordinator")
    together = Recorder.record_together
    seen: list[int] = []

    def outrun(self: Recorder, requests: Any) -> Any:
        seen.append(len(requests))
        if len(seen) == 1:  # somebody at the centre is faster
            accept = AcceptForm(by="token:other")
            done = together(self, [Request("submission/monitoring-2027-mo-tomsk", accept, "token:other")])
            assert not isinstance(done, Refusal)
        return together(self, requests)

    monkeypatch.setattr(Recorder, "record_together", outrun)
    closed = small.post(f"{ROUND}/closure", None, "rcro")
    assert set(closed["gaps"]) == {"mo-seversk", "lyceum"}
    assert closed["rates"]["accepted"] == 1


def test_two_rounds_opened_at_once_have_two_ids(small: World, monkeypatch: pytest.MonkeyPatch):
    small.clock.on("2027-02-25")
    monkeypatch.setattr(campaigns, "campaign_ids", cycle_of(frozenset(), frozenset(), frozenset({"monitoring-2027"})))
    bodies = [OPENING | {"respondents": [one]} for one in ("mo-tomsk", "lyceum")]
    assert [small.post("/campaigns", one, "rcro")["id"] for one in bodies] == ["monitoring-2027", "monitoring-2027-2"]


def cycle_of(*answers: Any) -> Any:
    """What a look gives, one answer after the other."""
    left = list(answers)
    return lambda _: left.pop(0)
