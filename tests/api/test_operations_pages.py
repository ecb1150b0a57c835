"""What operators see of what stands still, and that a page refuses whatever the API refuses."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import get_args

import pytest
from sqlalchemy.exc import OperationalError

from activities.tokens import Identity
from api.page_campaign_journal import SENTENCES
from api.page_incidents import CAUSES as NAMES
from api.page_incidents import HARMS, LAYERS
from domain.campaign.events import CampaignEvent
from domain.diagnosis.causes import CAUSES
from domain.diagnosis.facts import Machine, Trouble
from tests.api.monitoring import LYCEUM, opened
from tests.api.test_pages import look, shown
from tests.api.world import AllWell, World

OPERATOR = Identity("o", "operator", "tomsk-oblast", "operator")
SCHOOL = "/operations/programme/school-1-2026"


@pytest.fixture
def late(small: World) -> World:
    """Two schools whose first step is late; the machine is well."""
    for organisation in ("school-1", "school-9"):
        small.start(organisation)
    small.clock.on("2026-09-14")
    small.catch_up()
    small.catch_up("school-9-2026")
    return small


def test_nothing_stands(small: World):
    page = look(small, "/operations", "operator")
    assert "Ничего не стоит." in shown(page)
    assert "<form" not in page.text


def test_what_is_late_is_told_with_its_turn_and_since_when(late: World):
    text = shown(look(late, "/operations", "operator"))
    (told, *_) = late.get("/operations/incidents", "operator")["items"]
    assert told["sentence"] in text
    assert "Люди опаздывают" in text
    assert re.search(r"\d+ д\w+, с \d+ сентября 2026 г., 00:00. Чья очередь: руководитель организации", text)


def test_the_counts_lead_to_the_incidents_of_a_cause(late: World):
    page = look(late, "/operations", "operator").text
    (href,) = re.findall(r'<a href="(/operations\?cause=overdue)">просрочено мероприятие <strong>2</strong>', page)
    chosen = look(late, href, "operator").text
    assert 'aria-current="true">просрочено мероприятие' in chosen
    assert '<option value="overdue" selected>' in chosen


@pytest.mark.parametrize(
    ("query", "schools"),
    [
        ({"unit": "mo-seversk"}, {"school-9-2026"}),
        ({"layer": "person"}, {"school-1-2026", "school-9-2026"}),
        ({"layer": "mail"}, set()),
        ({"cause": "overdue", "unit": "mo-tomsk"}, {"school-1-2026"}),
        ({"cause": "no-such"}, set()),
    ],
)
def test_the_list_is_filtered(late: World, query: dict[str, str], schools: set[str]):
    page = look(late, "/operations", "operator", **query)
    assert set(re.findall(r'href="/operations/programme/([^"]+)"', page.text)) == schools
    if not schools:
        assert "По этим условиям ничего не стоит." in shown(page)


def test_the_list_goes_on_over_pages(late: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("api.operations_pages.ROOM", 1)
    first = look(late, "/operations", "operator", unit="tomsk-oblast").text
    (following,) = re.findall(r'<a href="([^"]+)" rel="next">', first)
    second = look(late, following.replace("&amp;", "&"), "operator").text
    found = [re.findall(r'href="/operations/programme/([^"]+)"', page) for page in (first, second)]
    assert sorted(one for page in found for one in page) == ["school-1-2026", "school-9-2026"]
    assert 'href="/operations?unit=tomsk-oblast">В начало списка' in second


def test_everybody_sees_the_incidents_that_the_api_shows(late: World):
    for who in late.keys:
        streams = {one["stream"] for one in late.get("/operations/incidents", who)["items"]}
        page = look(late, "/operations", who).text
        assert {f"programme/{one}" for one in re.findall(r'href="/operations/programme/([^"]+)"', page)} == streams, who
        answer = late.ask(who, "GET", "/programmes/school-9-2026/explanation").status_code
        assert look(late, "/operations/programme/school-9-2026", who).status_code == answer, who


@pytest.mark.parametrize("path", ["/operations", SCHOOL, "/operations/programme/nothing"])
def test_a_stranger_is_asked_to_sign_in(small: World, path: str):
    for who in (None, "mt_wrong"):
        answer = look(small, path, who)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Basic ")


@pytest.mark.parametrize("path", ["/operations", SCHOOL, "/operations/programme/nothing", "/operations/letter/x"])
def test_operators_are_shown_nothing_foreign_and_no_script(late: World, path: str):
    answer = look(late, path, "operator")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "form-action 'self'" in policy
    assert answer.headers["cache-control"] == "no-store"
    assert "<script" not in answer.text
    assert " style=" not in answer.text


def test_a_programme_says_why_it_stands_and_what_comes_by_itself(late: World):
    told = late.get("/programmes/school-1-2026/explanation", "operator")
    page = look(late, SCHOOL, "operator")
    text = shown(page)
    assert told["sentence"] in text
    assert re.search(r"Что произойдёт само \d+ сентября 2026 г., 0?9:00", text)
    assert "Чья очередь: руководитель организации" in text
    assert "&#34;pending_activities&#34;" in page.text
    for heading in ("Этап 1", "Что придёт само", "Что произошло"):
        assert heading in text


def test_no_person_is_named_to_an_operator(late: World):
    for path in ("/operations", SCHOOL):
        text = look(late, path, "operator").text
        assert not re.search("Иванов|Канарейка Петр|p-curator", text), path


@pytest.mark.parametrize("route", ["agenda", "agenda?all=true", "explanation"])
def test_the_api_names_no_person_to_an_operator(late: World, route: str):
    """The curator, who may know, reads on the same route to whom a notice goes."""
    path = f"/programmes/school-1-2026/{route}"
    assert "Имя p-" not in late.ask("operator", "GET", path).text
    if route != "explanation":
        told = late.get(path, "operator")
        assert {one["to_name"] for one in told if one.get("to")} == {None}
        assert any(one.get("to_name") == "Имя p-curator" for one in late.get(path, "curator"))


def test_an_operator_is_told_how_many_get_what_comes(late: World):
    assert re.search(r"Что придёт само .* \d+ адресат", shown(look(late, SCHOOL, "operator")))


def test_a_link_leads_into_temporal_for_those_who_look_after_it(late: World):
    context, settings = late.app.state.context, {"temporal_ui": "https://temporal.example/"}
    core = replace(context.core, settings=context.core.settings.model_copy(update=settings))
    late.app.state.context = replace(context, core=core)
    link = "https://temporal.example/namespaces/default/workflows/programme%2Fschool-1-2026"
    assert link in look(late, SCHOOL, "operator").text
    assert "temporal.example" not in look(late, SCHOOL, "curator").text


def test_a_round_and_a_form_of_it_have_their_pages(small: World):
    opened(small, ["mo-tomsk", "lyceum"])
    small.clock.on("2027-04-01")
    (form,) = re.findall(r"/submissions/(\S+)", LYCEUM)
    campaign = small.get("/campaigns", "rcro")["items"][0]["id"]
    assert "Срок" in shown(look(small, f"/operations/submission/{form}", "operator"))
    text = shown(look(small, f"/operations/campaign/{campaign}", "operator"))
    assert "Мониторинг открыт: 2 респондента" in text
    assert "Мониторинг открыт" not in shown(look(small, f"/operations/campaign/{campaign}", "coordinator"))


class Away(AllWell):
    """A machine without its database, that remembers who looks after it."""

    async def machine(self) -> Machine:
        now = self._core.clock()
        return Machine(now, database=Trouble(now, "gone"))

    def identity(self, token: str) -> Identity | None:
        return OPERATOR if token == "mt_operator" else None


def test_the_list_answers_operators_while_the_database_is_away(small: World, monkeypatch: pytest.MonkeyPatch):
    def away(*_: object, **__: object) -> None:
        raise OperationalError("SELECT", {}, Exception("gone"))

    small.app.state.context = replace(small.app.state.context, watch=Away(small.core))
    monkeypatch.setattr(small.core.database, "reading", away)
    text = shown(look(small, "/operations", "mt_operator"))
    assert "База данных не отвечает с" in text
    assert "показано только то, что видно без неё" in text
    assert "Запустите базу данных" in text
    for path, who in (("/operations", "curator"), (SCHOOL, "mt_operator")):
        answer = look(small, path, who)
        assert answer.status_code == 503
        assert "База данных не отвечает" in answer.text


def test_everything_that_can_be_told_has_its_words():
    harmful = {key: cause for key, cause in CAUSES.items() if cause.harm is not None}
    assert NAMES.keys() == harmful.keys()
    assert {cause.harm for cause in harmful.values()} == HARMS.keys()
    assert {cause.layer for cause in CAUSES.values()} <= LAYERS.keys()
    union, _ = get_args(CampaignEvent)
    events = {event.model_fields["type"].default for event in get_args(union)}
    assert events - {"NoticeQueued"} == SENTENCES.keys()
