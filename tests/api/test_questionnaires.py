"""Questionnaires behind one-time public links: a real form in a page, answered once."""

from __future__ import annotations

from html.parser import HTMLParser

import httpx
import pytest

from tests.api.world import World, problem

P = "/programmes/school-1-2026"
ANSWERS = {"experience": "есть", "expectations": "<script>alert(1)</script>", "wishes": ""}


class Page(HTMLParser):
    """The forms and fields of a page, and every tag in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fields: list[str] = []
        self.forms: list[dict[str, str | None]] = []
        self.tags: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "form":
            self.forms.append(dict(attrs))
        if tag in ("textarea", "input") and (name := dict(attrs).get("name")):
            self.fields.append(name)


def issued(world: World, count: int = 2) -> list[str]:
    """The paths of fresh links."""
    links = world.post(f"{P}/steps/5/questionnaires", {"count": count}, "curator")["links"]
    return ["//q/" + link.rpartition("/")[2] for link in links]


def page(answer: httpx.Response, status: int) -> Page:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert "script" not in Page(answer.text).tags
    return Page(answer.text)


@pytest.fixture
def started(region: World) -> World:
    region.start()
    return region


def test_a_link_is_filled_in_once(started: World):
    first, second = issued(started)
    blank = page(started.ask(None, "GET", first), 200)
    assert blank.forms[0]["method"] == "post"
    assert set(blank.fields) == set(ANSWERS)
    page(started.ask(None, "POST", first, data=ANSWERS), 200)
    page(started.ask(None, "GET", first), 409)
    page(started.ask(None, "POST", first, data=ANSWERS), 409)
    page(started.ask(None, "GET", second), 200)


def test_links_are_counted_and_collected(started: World):
    first, _ = issued(started)
    started.ask(None, "POST", first, data=ANSWERS)
    types = [one["type"] for one in started.get(f"{P}/events?limit=500", "curator")["items"]]
    assert types[-2:] == ["FormsIssued", "CollectionQueued"]


def test_answers_come_back_escaped_when_something_is_wrong(started: World):
    link = issued(started, 1)[0]
    before = started.written()
    wrong = {**ANSWERS, "wishes": "я" * 4001}
    answer = started.ask(None, "POST", link, data=wrong)
    page(answer, 422)
    assert "&lt;script&gt;alert(1)" in answer.text
    assert "4000" in answer.text
    for nothing in ({}, {"experience": "  "}, {"unknown": "x"}):
        page(started.ask(None, "POST", link, data=nothing), 422)
    assert started.written() == before
    page(started.ask(None, "POST", link, data={"experience": "есть\0\x07"}), 200)


@pytest.mark.parametrize("link", ["x", "%00", "%D0%AF", "a" * 3000, "..%2f..%2fetc"])
def test_links_that_are_none(started: World, link: str):
    answer = started.ask(None, "GET", f"//q/{link}")
    assert answer.status_code == 404
    assert started.ask(None, "POST", f"//q/{link}", data=ANSWERS).status_code in (404, 405)


def test_bodies_that_are_no_form(started: World):
    link = issued(started, 1)[0]
    before = started.written()
    for content, kind in ((b"{}", "application/json"), (b"x", "multipart/form-data"), (b"\xff=%ff", "text/plain")):
        page(started.ask(None, "POST", link, content=content, headers={"Content-Type": kind}), 422)
    page(started.ask(None, "POST", link, data={f"f{n}": "x" for n in range(80)}), 422)
    page(started.ask(None, "POST", link, files={"experience": b"x"}), 422)
    assert started.ask(None, "POST", link, data={"experience": "я" * 600_000}).status_code == 413
    assert started.written() == before


def test_a_repeated_request_gets_no_second_set(started: World):
    path, headers = f"{P}/steps/5/questionnaires", {"Idempotency-Key": "1"}
    first, again = (started.ask("curator", "POST", path, json={"count": 2}, headers=headers) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert (len(first.json()["links"]), again.json()["links"]) == (2, [])
    assert first.headers["etag"] == again.headers["etag"]
    problem(started.ask("curator", "POST", path, json={"count": 3}, headers=headers), 422, "key_reused")


def test_steps_without_questionnaires(started: World):
    problem(started.ask("curator", "POST", f"{P}/steps/1/questionnaires", json={"count": 1}), 409, "step_without_forms")
    problem(started.ask("curator", "POST", f"{P}/steps/99/questionnaires", json={"count": 1}), 404, "step_unknown")
    problem(started.ask("curator", "POST", f"{P}/steps/5/questionnaires", json={"count": 2001}), 422, "invalid")
