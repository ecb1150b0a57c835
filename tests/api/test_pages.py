"""The pages that letters lead to: who may open them, what they say, that nothing foreign gets into them."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import Any, get_args
from urllib.parse import urlencode

import httpx
import pytest

from activities.directory import put_unit
from activities.people import Person, put_person
from api.page_journal import SENTENCES
from domain.programme.commands import PassTime, RecordSent, Redirect
from domain.programme.events import ProgrammeEvent
from domain.units import Unit
from tests.api.world import AUTUMN, World

ATTACK = "<script>alert(1)</script>"


def look(world: World, path: str, who: str | None = "administrator", **query: str) -> httpx.Response:
    """One page, signed in as a browser does it."""
    headers = {}
    if who is not None:
        pair = f"кто угодно:{world.keys.get(who, who)}".encode()
        headers["Authorization"] = f"Basic {b64encode(pair).decode()}"
    answer: httpx.Response = world.client.get(f"{path}?{urlencode(query)}" if query else path, headers=headers)
    return answer


def shown(answer: httpx.Response) -> str:
    """The words of a page that has to be there, without its markup."""
    assert answer.status_code == 200, answer.text
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def test_the_first_page_says_what_this_is_to_everybody(small: World):
    text = shown(look(small, "/", who=None))
    assert "Программы наставничества" in text
    assert 'href="/programmes"' in look(small, "/", who=None).text


@pytest.mark.parametrize("path", ["/programmes", "/programmes/school-1-2026", "/programmes/nothing"])
def test_a_stranger_is_asked_to_sign_in(small: World, path: str):
    small.start()
    for who in (None, "mt_wrong", "ключ"):
        answer = look(small, path, who)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Basic ")
        assert "ключ доступа" in answer.text
        assert "Школа" not in answer.text


@pytest.mark.parametrize("header", ["Basic", "Basic !!!", "Basic bm9jb2xvbg==", "Basic /w==", "Bearer x", "Basic 0J8="])
def test_credentials_that_cannot_be_read_are_none(small: World, header: str):
    answer = small.client.get("/programmes", headers={"Authorization": header.encode()})
    assert answer.status_code == 401


def test_the_key_of_a_page_does_not_open_the_api(small: World):
    """A browser sends Basic by itself; commands want what only a program sends."""
    pair = b64encode(f"x:{small.keys['administrator']}".encode()).decode()
    answer = small.client.get("/api/v1/programmes", headers={"Authorization": f"Basic {pair}"})
    assert answer.status_code == 401


@pytest.mark.parametrize("path", ["/", "/programmes", "/programmes/school-1-2026", "/programmes/nothing"])
@pytest.mark.parametrize("who", ["administrator", None])
def test_pages_allow_nothing_foreign(small: World, path: str, who: str | None):
    small.start()
    answer = look(small, path, who)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "script-src" not in policy
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-store"
    assert "<script" not in answer.text
    assert " style=" not in answer.text
    assert not re.search(r'(src|href|action)="(https?:)?//', answer.text)


def test_everybody_sees_the_programmes_that_the_api_shows(small: World):
    started = {small.start(one) for one in ("school-1", "school-9", "lyceum", "college")}
    for who in small.keys:
        api = {item["id"] for item in small.get("/programmes", who)["items"]}
        page = look(small, "/programmes", who)
        assert set(re.findall(r'href="/programmes/([^"?]+)"', page.text)) == api, who
        for programme in started:
            answer = look(small, f"/programmes/{programme}", who)
            assert answer.status_code == (200 if programme in api else 404), (who, programme)


def test_what_is_not_visible_looks_like_what_does_not_exist(small: World):
    small.start("school-9")
    hidden, missing = (look(small, f"/programmes/{one}", "curator") for one in ("school-9-2026", "no-such-2026"))
    assert hidden.status_code == missing.status_code == 404
    assert hidden.text == missing.text


def test_texts_of_people_stay_texts(small: World):
    programme = small.start()
    with small.core.database.writing() as connection:
        unit = Unit(id="school-1", kind="organisation", parent="mo-tomsk", sector="general", name=f"Школа {ATTACK}")
        put_unit(connection, unit, "test", AUTUMN)
        put_person(connection, Person(id="p-curator", name=f"Имя {ATTACK}"), "test", AUTUMN)
    small.post(f"/programmes/{programme}/steps/3/skip", {"reason": ATTACK}, who="curator")
    for path in ("/programmes", f"/programmes/{programme}"):
        page = look(small, path, "curator", q=ATTACK) if path == "/programmes" else look(small, path, "curator")
        assert page.status_code == 200
        assert ATTACK not in page.text
        assert "&lt;script&gt;" in page.text


def test_a_programme_says_what_is_late_in_words(small: World):
    programme = small.start()
    small.clock.on("2026-09-14")
    text = shown(look(small, f"/programmes/{programme}", "curator"))
    assert "просрочено на 4 дня" in text
    assert "просрочено: 1 мероприятие" in text
    assert "срок был 10 сентября 2026 г." in text
    assert "Этап 1" in text
    assert "2026/27" in text


def test_a_done_step_says_when_and_the_journal_by_whom(small: World):
    programme = small.start()
    small.clock.on("2026-09-03")
    small.post(f"/programmes/{programme}/steps/1/completion", {}, who="curator")
    text = shown(look(small, f"/programmes/{programme}", "curator"))
    assert "выполнено 3 сентября" in text
    assert "Выполнено мероприятие 1 «" in text
    assert "curator" in text  # the token's name


def test_a_pause_and_an_end_are_told(small: World):
    programme = small.start()
    small.post(f"/programmes/{programme}/pause", {"reason": "Карантин"}, who="curator")
    text = shown(look(small, f"/programmes/{programme}", "curator"))
    assert "приостановлена" in text
    assert "Причина: Карантин" in text
    small.post(f"/programmes/{programme}/cancellation", {"reason": "Переезд"}, who="curator")
    text = shown(look(small, f"/programmes/{programme}", "curator"))
    assert "отменена" in text
    assert "в работе" not in text


def test_operators_read_no_names_of_persons(small: World):
    """They see everything, personal data excepted."""
    programme = small.start()
    small.post(f"/programmes/{programme}/steps/3/skip", {"reason": "Болеет Иванова"}, who="curator")
    assert "Имя p-curator" in look(small, f"/programmes/{programme}", "coordinator").text
    for who in ("operator", "administrator"):
        text = look(small, f"/programmes/{programme}", who).text
        assert "Имя p-" not in text, who
        assert "Иванова" not in text, who


def test_the_late_ones_come_first_and_filters_hold(small: World):
    small.start("college")
    small.start("school-9")
    small.clock.on("2026-09-14")
    small.start("club-1")
    for one in ("college-2026", "school-9-2026"):  # the worker would do it
        small.core.recorder.record(f"programme/{one}", PassTime(), by="worker")
    ids = re.findall(r'href="/programmes/([^"?]+)"', look(small, "/programmes").text)
    late = [item["id"] for item in small.get("/programmes?overdue=true")["items"]]
    assert late
    assert ids[: len(late)] == late
    assert set(ids) == {"college-2026", "school-9-2026", "club-1-2026"}

    def asked(**query: str) -> list[str]:
        return re.findall(r'href="/programmes/([^"?]+)"', look(small, "/programmes", **query).text)

    assert asked(municipality="mo-tomsk") == ["club-1-2026"]
    assert asked(year="2025") == []
    assert set(asked(year="2026", municipality="")) == set(ids)
    assert asked(year="abc") == ids
    assert asked(q="творчества") == ["club-1-2026"]


def test_a_long_list_goes_on_without_a_gap(small: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("api.page_list.ROOM", 2)
    started = {small.start(one) for one in ("school-1", "school-9", "lyceum", "college", "club-1")}
    small.clock.on("2026-09-14")
    for one in ("school-1-2026", "lyceum-2026"):
        small.core.recorder.record(f"programme/{one}", PassTime(), by="worker")
    seen: list[str] = []
    path: str | None = "/programmes"
    while path:
        page = look(small, path)
        seen += re.findall(r'href="/programmes/([^"?]+)"', page.text)
        found = re.search(r'href="([^"]+)" rel="next"', page.text)
        path = found[1].replace("&amp;", "&") if found else None
    assert seen[:2] == ["lyceum-2026", "school-1-2026"]
    assert sorted(seen) == sorted(started)
    assert look(small, "/programmes", cursor="nonsense").status_code == 422
    assert look(small, "/programmes", cursor="late:nonsense").status_code == 422


def test_operators_get_the_way_to_the_workflow(small: World):
    programme = small.start()
    assert "Temporal" not in look(small, f"/programmes/{programme}", "operator").text
    told = small.core.settings.model_copy(update={"temporal_ui": "http://127.0.0.1:8233/"})
    object.__setattr__(small.core, "settings", told)
    text = look(small, f"/programmes/{programme}", "operator").text
    assert "http://127.0.0.1:8233/namespaces/default/workflows/programme%2Fschool-1-2026" in text
    assert "8233" not in look(small, f"/programmes/{programme}", "curator").text


def test_the_whole_year_can_be_shown(region: World):
    programme = region.start()
    for day in ("2026-09-01", "2026-10-12", "2027-01-20", "2027-05-31", "2027-07-31"):
        region.clock.on(day)
        assert "Этап 7" in shown(look(region, f"/programmes/{programme}", "coordinator"))
    assert programme in look(region, "/programmes", "coordinator", year="2026", municipality="mo-tomsk").text


def test_the_journal_tells_who_stood_in_and_where_a_letter_went_instead(small: World):
    programme = small.start()
    (item,) = small.core.recorder.state(f"programme/{programme}").items
    redirect = Redirect(vacant=("curator",), rung="missed", to=("head",))
    away: dict[str, tuple[str, ...]] = {"person:p-head": ("person:p-curator",)}
    sent = RecordSent(item=item, to=("person:p-head",), instead_of=away, redirect=redirect)
    small.core.recorder.record(f"programme/{programme}", sent, by="worker")
    words = shown(look(small, f"/programmes/{programme}", "curator"))
    assert "Некому получить: письмо о начале программы (куратор программы). Направлено: руководитель" in words
    assert "Отправлено: письмо о начале программы, 1 адресат: Имя p-head (замещает: Имя p-curator)" in words
    hidden = shown(look(small, f"/programmes/{programme}", "operator"))
    assert "1 адресат, из них по замещению: 1" in hidden
    assert "Имя" not in hidden


def test_every_event_has_its_sentence():
    union: Any = get_args(ProgrammeEvent)[0]
    assert {one.model_fields["type"].default for one in get_args(union)} == set(SENTENCES)


def test_an_order_without_a_day_is_no_hindrance(small: World):
    programme = small.start()
    small.post(f"/programmes/{programme}/steps/34/skip", {"reason": "Не нужно", "order": "12"}, "curator")
    assert "Причина: Не нужно" in shown(look(small, f"/programmes/{programme}", "curator"))
