"""A cure from its button to what became of it, with nothing but a browser's forms."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any, get_args
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from activities.jobs import stop_bulk
from activities.people import end_role
from api.once import answered_before
from api.page_cures import CHOICES
from domain.programme.commands import OnResume
from domain.units import Role
from tests.api.monitoring import opened
from tests.api.test_cures import LOST, carry, passed
from tests.api.test_letters import bounce, mailed  # noqa: F401
from tests.api.test_pages import look, shown
from tests.api.world import World

OVERDUE = "overdue:programme/school-1-2026"
HERE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def late(small: World) -> World:
    """Two schools whose first step is late."""
    for organisation in ("school-1", "school-9"):
        small.start(organisation)
    small.clock.on("2026-09-14")
    small.catch_up()
    small.catch_up("school-9-2026")
    return small


def send(
    world: World, path: str, fields: Any, who: str = "administrator", headers: dict[str, str] | None = None
) -> httpx.Response:
    """A form sent by a browser that has signed in."""
    answer: httpx.Response = world.client.post(
        path,
        content=urlencode(fields),
        headers={"Content-Type": "application/x-www-form-urlencoded", **(HERE if headers is None else headers)},
        auth=("x", world.keys.get(who, who)),
        follow_redirects=False,
    )
    return answer


def fields_of(page: httpx.Response, action: str) -> list[tuple[str, str]]:
    """The hidden fields of the form that is sent there."""
    (form,) = re.findall(rf'<form[^>]*action="{re.escape(action)}">(.*?)</form>', page.text, re.DOTALL)
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form)
    return [(name, unescape(value)) for name, value in found]


def filled(world: World, action: str, target: str, who: str = "administrator", **given: Any) -> httpx.Response:
    """The preview that follows the form of a cure."""
    form = look(world, "/operations/cures", who, action=action, target=target)
    assert form.status_code == 200, form.text
    return send(
        world, "/operations/cures/preview", [*fields_of(form, "/operations/cures/preview"), *given.items()], who
    )


def step_1(world: World) -> Any:
    """The first step of the first school."""
    steps = world.get("/programmes/school-1-2026")["steps"]
    return next(one for one in steps if one["number"] == 1)


def done(world: World, preview: httpx.Response, who: str = "administrator") -> httpx.Response:
    """What follows the confirmation of a preview."""
    return send(world, "/operations/cures", fields_of(preview, "/operations/cures"), who)


def test_a_deadline_is_moved_from_its_button(late: World):
    page = look(late, "/operations/programme/school-1-2026", "curator")
    (href,) = re.findall(r'<a class="button" href="([^"]+)">Перенести срок</a>', page.text)
    form = look(late, unescape(href), "curator")
    assert '<input id="due" name="due" type="date"' in form.text
    fields = [*fields_of(form, "/operations/cures/preview"), ("due", "2026-10-12"), ("reason", "Карантин")]
    before = late.written()
    plan = send(late, "/operations/cures/preview", fields, "curator")
    assert "срок 10 сентября 2026 г. → 12 октября 2026 г." in shown(plan)
    assert late.written() == before, "a preview writes nothing"
    result = done(late, plan, "curator")
    assert "сделано" in shown(result)
    assert step_1(late)["due"] == "2026-10-12"
    assert done(late, plan, "curator").text == result.text, "sent again it is the same answer"


def test_a_plan_that_has_changed_is_shown_anew(late: World):
    plan = filled(late, "deadline", OVERDUE, step="1", due="2026-10-12", reason="Карантин")
    late.post("/programmes/school-1-2026/steps/1/deadline", {"due": "2026-10-01", "reason": "Раньше"})
    again = done(late, plan)
    assert again.status_code == 409
    assert "Положение изменилось" in again.text
    assert "1 октября 2026 г. → 12 октября 2026 г." in again.text
    assert step_1(late)["due"] == "2026-10-01"
    assert "сделано" in shown(done(late, again))


@pytest.mark.parametrize(
    ("given", "place", "words"),
    [
        ({"reason": "Карантин"}, "due", "поле обязательно"),
        ({"due": "вчера", "reason": "Карантин"}, "due", "нужна дата вида ГГГГ-ММ-ДД"),
        ({"due": "2026-10-12"}, "reason", "поле обязательно"),
        ({"due": "2026-10-12", "reason": "Карантин", "step": "первое"}, "step", "нужно целое число"),
        ({"due": "2026-10-12", "reason": "Карантин", "step": "77"}, "step", "77"),
        ({"due": "2026-10-12", "reason": "Карантин", "order.date": "2026-10-01"}, "order-number", "поле обязательно"),
    ],
)
def test_what_is_wrong_is_said_beside_its_box_and_nothing_is_lost(
    late: World, given: dict[str, str], place: str, words: str
):
    page = filled(late, "deadline", OVERDUE, **given)
    assert page.status_code == 422
    (told,) = re.findall(rf'<p class="problem" id="{place}-error">([^<]+)</p>', page.text)
    assert words in told
    assert page.text.count('aria-invalid="true"') == 1
    for value in given.values():
        assert value in page.text


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://testserver"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Origin": "http://testserver"}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 403),
    ],
)
def test_a_form_of_another_site_changes_nothing(late: World, headers: dict[str, str], code: int):
    plan = filled(late, "pause", OVERDUE, reason="Карантин")
    answer = send(late, "/operations/cures", fields_of(plan, "/operations/cures"), headers=headers)
    assert answer.status_code == code
    paused = late.get("/programmes/school-1-2026")["status"] == "paused"
    assert paused == (code == 200)
    if code == 403:
        assert "не с этого сайта" in answer.text


def test_pages_with_a_form_let_the_browser_say_where_it_comes_from(late: World):
    form = look(late, "/operations/cures", action="pause", target=OVERDUE)
    assert form.headers["referrer-policy"] == "same-origin"
    assert look(late, "/operations").headers["referrer-policy"] == "no-referrer"


def test_several_are_reminded_at_once_by_one_confirmation(late: World):
    page = look(late, "/operations", "administrator").text
    names = [unescape(one) for one in re.findall(r'type="checkbox" name="target" value="(overdue[^"]+)"', page)]
    assert {OVERDUE, "overdue:programme/school-9-2026"} <= set(names)
    form = look(late, f"/operations/cures?{urlencode([('action', 'remind'), *(('target', one) for one in names)])}")
    assert "Отмечено: 2 дела" in shown(form)
    plan = send(late, "/operations/cures/preview", fields_of(form, "/operations/cures/preview"))
    assert "Выполнить: 2 дела" in shown(plan)
    assert "Кому: Имя p-curator (письмом)." in shown(plan)
    result = done(late, plan)
    assert result.text.count('<span class="state done">сделано') == 2
    for programme in ("school-1-2026", "school-9-2026"):
        kinds = [one["type"] for one in late.get(f"/programmes/{programme}/events?limit=500")["items"]]
        assert "ReminderAsked" in kinds


def test_all_that_the_filters_find_are_meant(late: World):
    chosen = look(late, "/operations", cause="overdue", unit="mo-seversk")
    assert 'name="all" value="1"' in chosen.text
    query = {"action": "remind", "all": "1", "cause": "overdue", "unit": "mo-seversk"}
    form = look(late, "/operations/cures", **query)
    plan = send(late, "/operations/cures/preview", fields_of(form, "/operations/cures/preview"))
    assert 'value="overdue:programme/school-9-2026"' in plan.text
    assert OVERDUE not in plan.text


def test_without_filters_not_everything_is_meant(late: World):
    assert 'name="all"' not in look(late, "/operations").text
    answer = look(late, "/operations/cures", action="remind", all="1")
    assert answer.status_code == 422


def test_operators_see_whom_it_reaches_without_names(late: World):
    plan = filled(late, "remind", OVERDUE, "operator")
    assert "1 адресат" in shown(plan)
    assert "Имя p-curator" not in plan.text


def test_who_may_not_is_told_so_and_has_no_button(small: World):
    small.start(forms=["teacher-teacher"])
    page = look(small, "/operations/programme/school-1-2026", "toipkro")
    assert "/operations/cures" not in page.text
    assert "нет прав" in shown(page)
    answer = look(small, "/operations/cures", "toipkro", action="pause", target=OVERDUE)
    assert answer.status_code == 403
    fields = [("action", "pause"), ("target", OVERDUE), ("reason", "Карантин")]
    assert send(small, "/operations/cures/preview", fields, "toipkro").status_code == 403
    fields = [("action", "pause"), ("target", OVERDUE), ("arguments", '{"reason":"Карантин"}'), ("plan", "x")]
    assert send(small, "/operations/cures", fields, "toipkro").status_code == 403
    assert small.get("/programmes/school-1-2026")["status"] == "running"


def test_who_does_not_see_it_finds_nothing(late: World):
    answer = look(late, "/operations/cures", "curator", action="remind", target="overdue:programme/school-9-2026")
    assert answer.status_code == 404
    assert look(late, "/operations/cures", "curator", target="programme/school-9-2026").status_code == 404


def test_everything_that_can_be_done_is_offered_and_leads_somewhere(late: World):
    page = look(late, "/operations/cures", target="programme/school-1-2026")
    links = re.findall(r'<li><a href="([^"]+)">', page.text)
    assert len(links) > 10
    for href in links:
        opened_page = look(late, unescape(href))
        assert opened_page.status_code == 200, href
        assert re.search(r"Показать, что произойдёт|Выполнить|Делать здесь нечего", opened_page.text), href


def test_figures_of_the_step_are_asked_for(late: World):
    form = look(late, "/operations/cures", action="complete", target=OVERDUE)
    assert "Кого информировали" in form.text
    assert "evidence.pairs" not in form.text
    plan = send(
        late,
        "/operations/cures/preview",
        [*fields_of(form, "/operations/cures/preview"), ("evidence.audience", "Родители"), ("note", "Собрание")],
    )
    assert "сделано" in shown(done(late, plan))
    assert step_1(late)["state"] == "done"


def test_a_form_is_extended_by_its_centre(small: World):
    opened(small, ["mo-tomsk"])
    small.clock.on("2027-03-25")
    passed(small, "submission/monitoring-2027-mo-tomsk")
    page = look(small, "/operations", "rcro", cause="form_overdue")
    (href,) = re.findall(r'<a href="([^"]+)">Продлить срок сдачи формы</a>', page.text)
    (target,) = parse_qs(urlsplit(unescape(href)).query)["target"]
    plan = filled(small, "extension", target, "rcro", due="2027-04-02", reason="Карантин")
    assert "сделано" in shown(done(small, plan, "rcro"))


def test_much_is_a_job_with_progress_that_can_be_stopped(late: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("api.curing.AT_ONCE", 1)
    monkeypatch.setattr("api.page_cures.AT_ONCE", 1)
    form = look(late, "/operations/cures", action="remind", all="1", cause="overdue")
    plan = send(late, "/operations/cures/preview", fields_of(form, "/operations/cures/preview"))
    assert "её можно остановить" in shown(plan)
    answer = done(late, plan)
    assert answer.status_code == 303
    job = answer.headers["location"]
    page = look(late, job)
    assert "Готово 0 из 2 дел." in shown(page)
    assert "Школа № 1: программа" in shown(page)
    assert 'value="0" max="100"' in page.text
    assert job in look(late, "/operations/jobs").text
    assert send(late, f"{job}/stop", [], headers={}).status_code == 403
    assert send(late, f"{job}/stop", []).status_code == 303
    assert "остановлено" in shown(look(late, job))
    assert "<button" not in look(late, job).text
    assert done(late, plan).headers["location"] == job, "the same confirmation begins no second one"


def test_a_job_is_nobody_elses_business(late: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("api.curing.AT_ONCE", 0)
    job = done(late, filled(late, "remind", OVERDUE)).headers["location"]
    assert look(late, job, "curator").status_code == 404
    assert send(late, f"{job}/stop", [], "curator").status_code == 404
    assert "Их ещё не было." in look(late, "/operations/jobs", "curator").text


@pytest.mark.parametrize(
    "fields",
    [
        [],
        [("action", "remind")],
        [("action", "no-such"), ("target", OVERDUE), ("arguments", "{}")],
        [("action", "remind"), ("target", "nothing"), ("arguments", "{}")],
        [("action", "remind"), ("target", OVERDUE), ("arguments", "[")],
        [("action", "remind"), ("target", OVERDUE), ("arguments", "{}"), ("plan", "x")],
        [("action", "closure"), ("target", OVERDUE), ("arguments", "{}")],
    ],
)
@pytest.mark.parametrize("path", ["/operations/cures", "/operations/cures/preview"])
def test_a_form_that_was_made_up_does_nothing(late: World, path: str, fields: list[tuple[str, str]]):
    before = late.written()
    answer = send(late, path, fields)
    assert answer.status_code in (400, 404, 409, 422) or path.endswith("preview")
    assert answer.status_code < 500
    assert re.search("[а-я]", answer.text)
    assert late.written() == before


def test_every_choice_has_a_name():
    assert {*get_args(Role), *get_args(OnResume)} <= set(CHOICES)


def test_a_job_that_has_ended_is_not_stopped_again(late: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("api.curing.AT_ONCE", 0)
    job = done(late, filled(late, "remind", OVERDUE)).headers["location"]
    with late.core.database.writing() as connection:
        stop_bulk(connection, job.rpartition("/")[2], "token:x", late.core.clock())
    assert send(late, f"{job}/stop", []).status_code in (303, 409)


def test_a_stopped_job_does_not_say_that_it_was_done(late: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("api.curing.AT_ONCE", 1)
    form = look(late, "/operations/cures", action="remind", all="1", cause="overdue")
    plan = send(late, "/operations/cures/preview", fields_of(form, "/operations/cures/preview"))
    job = done(late, plan).headers["location"]
    send(late, f"{job}/stop", [])
    carry(late, job.rpartition("/")[2])
    text = shown(look(late, job))
    assert "Готово 0 из 2 дел." in text
    assert text.count("не начато") == 2
    assert "сделано" not in text


def test_a_second_click_finds_what_the_first_has_done(late: World, monkeypatch: pytest.MonkeyPatch):
    """Also when the first is not yet known to be done when the second comes in."""
    plan = filled(late, "skip", OVERDUE, reason="Не требуется")
    first = done(late, plan)
    look_up, asked = answered_before, []

    def late_to_know(*given: Any) -> Any:
        asked.append(given)
        return None if len(asked) == 1 else look_up(*given)

    monkeypatch.setattr("api.cure_pages.answered_before", late_to_know)
    assert done(late, plan).text == first.text


def test_what_was_filled_in_is_read_once_more_and_may_be_changed(late: World):
    given = {"reason": "Встреча прошла весной", "order.number": "15-од", "order.date": "2026-09-10"}
    plan = filled(late, "skip", OVERDUE, **given)
    text = shown(plan)
    assert "Причина Встреча прошла весной Номер приказа 15-од Дата приказа 10 сентября 2026 г." in text
    form = send(late, "/operations/cures/form", fields_of(plan, "/operations/cures"))
    assert 'name="order.date" type="date" value="2026-09-10"' in form.text
    assert ">Встреча прошла весной</textarea>" in form.text
    again = send(
        late,
        "/operations/cures/preview",
        [*fields_of(form, "/operations/cures/preview"), ("reason", "Другая причина")],
    )
    assert "Причина Другая причина" in shown(again)


def test_who_was_reminded_lately_is_reminded_again_on_purpose(late: World):
    done(late, filled(late, "remind", OVERDUE))
    again = filled(late, "remind", OVERDUE)
    assert again.status_code == 422
    assert re.search(r'id="insisting-error">Об этом напоминали меньше 4 часов назад', again.text)
    assert "сделано" in shown(done(late, filled(late, "remind", OVERDUE, insisting="yes")))


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=edge", "multipart/form-data", "text/plain"])
def test_a_form_that_arrives_in_pieces_is_told_so(late: World, kind: str):
    torn = late.client.post(
        "/operations/cures/preview",
        content=b"--edge\r\nContent-Disposition: form-data; name",
        headers={"Content-Type": kind, **HERE},
        auth=("x", late.keys["administrator"]),
    )
    assert torn.status_code == 400
    assert "Форма дошла не целиком" in torn.text


def test_figures_of_another_step_are_asked_for_when_it_is_named(late: World):
    page = filled(late, "complete", OVERDUE, step="18", **{"evidence.audience": "Родители"})
    assert page.status_code == 200
    assert "Показать, что произойдёт" in page.text
    assert 'value="18"' in page.text
    assert "evidence.audience" not in page.text or 'value="Родители"' in page.text


def test_whoever_has_left_a_role_is_not_offered(late: World):
    offered = 'value="p-curator"'
    assert offered in look(late, "/operations/cures", action="responsible", target=OVERDUE).text
    with late.core.database.writing() as connection:
        end_role(connection, "p-curator", "curator", "school-1", date(2026, 9, 10), "test", late.clock())
    assert offered not in look(late, "/operations/cures", action="responsible", target=OVERDUE).text


def test_a_form_is_not_asked_for_a_step(small: World):
    opened(small, ["mo-tomsk"])
    form = look(small, "/operations/cures", action="remind", target="submission/monitoring-2027-mo-tomsk")
    assert "insisting" in form.text
    assert 'name="step"' not in form.text


def test_a_centre_reminds_of_a_form_from_the_list(small: World):
    opened(small, ["mo-tomsk"])
    small.clock.on("2027-03-25")
    passed(small, "submission/monitoring-2027-mo-tomsk")
    assert ">Напомнить сейчас</a>" in look(small, "/operations", "rcro", cause="form_overdue").text


def test_nothing_ticked_adopts_nothing(late: World):
    page = filled(late, "adoption", OVERDUE, reason="Новая редакция")
    assert page.status_code == 422
    assert re.search(r'id="adopt-error">нужно не меньше элементов: 1', page.text)


@pytest.mark.parametrize("origin", ["http://[", "http://testserver.evil.example", "testserver"])
def test_an_origin_that_is_none(late: World, origin: str):
    assert send(late, "/operations/cures", [("action", "pause")], headers={"Origin": origin}).status_code == 403


def test_lost_letters_are_told_by_whom_they_were_for_to_those_who_see_them(mailed: World):  # noqa: F811
    bounce(mailed)
    assert "Письма для Имя" in shown(look(mailed, "/operations/cures", action="closure", target=LOST))
    for who in ("curator of 9", "operator"):
        fields = [("action", "closure"), ("target", LOST)]
        assert "Письма для" not in send(mailed, "/operations/cures/preview", fields, who).text


def test_a_bulk_start_tells_its_schools_by_name(late: World):
    plan = late.post("/programmes/bulk", {"parent": "mo-tomsk", "year": 2027, "dry_run": True})
    body = {"parent": "mo-tomsk", "year": 2027, "dry_run": False, "plan_hash": plan["plan_hash"]}
    late.ask("administrator", "POST", "/programmes/bulk", json=body)
    (href,) = re.findall(r'href="(/operations/jobs/[^"]+)">Начать программы', look(late, "/operations/jobs").text)
    assert "Школа № 1" in shown(look(late, href))
