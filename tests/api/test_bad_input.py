"""Whatever is sent to whatever route: a clear problem in Russian that names the field, and nothing changes."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.api.routes import Route, routes
from tests.api.world import UNREAD, World, pointers, problem, quoted

pytestmark = pytest.mark.alike

ALL = pytest.mark.parametrize("route", routes(), ids=str)
WITH_BODY = pytest.mark.parametrize("route", [one for one in routes() if one.schema], ids=str)
UNSAFE = pytest.mark.parametrize("route", [one for one in routes() if one.unsafe], ids=str)

JUNK: tuple[Any, ...] = ({"\0": "\0"}, 10**30, -(10**30), 1.5, "\0", "a\x07", "\ud800", ["\0"], "я" * 5000, [[[[{}]]]])
"""No field of any body takes these."""

TORN: dict[str, bytes] = {
    "nothing": b"",
    "null": b"null",
    "a list": b"[]",
    "a word": b'"x"',
    "a number": b"1",
    "half of it": b'{"reason": ',
    "no UTF-8": b'{"reason": "\xff\xfe"}',
    "half a pair": b'{"\\ud800": "\\udfff"}',
    "very deep": b"[" * 200_000,
    "deep": b'{"reason":' * 900 + b"1" + b"}" * 900,
    "a long number": b'{"year": ' + b"9" * 5000 + b"}",
    "not a number": b'{"year": NaN, "count": Infinity}',
}
STRANGE = ("\0", "ПРИВЕТ", "a" * 5000, "%", "'; --", "a b", "😀", "a\nb", "\x7f", "-", "²", "A-2026")
CURSORS = ("x", "W10", "bnVsbA", "WyJcdTAwMDAiXQ", "WyJhIiwiXHUwMDAwIl0", "WzFd", "-1", "1" * 30, "😀", "W1siYSJdXQ")
TAGS = (b'"abc"', b'""', b'"-1"', b"\xb2", b'"' + b"9" * 60 + b'"', b'W/"77"', b'"1", "2"', b"'1'")
MOMENTS = ("", "x", "2026-13-01", "0001-01-01", "9999-12-31", "9999-12-31T23:59:59", "2026-09-01T25:00")
NOWHERE = (("GET", "/nothing"), ("DELETE", "/programmes"), ("PATCH", "/units"), ("POST", "/roadmaps/school"))
UNKNOWN = {"лишнее": "/лишнее", "a/b~c": "/a~1b~0c", "\ud800": "", "x" * 9000: f"/{'x' * 100}"}
SCHOOL = {"kind": "organisation", "name": "Иначе", "parent": "mo-tomsk", "sector": "general"}
NUMBERS = ("0", "-1", "1" * 30, "x", "1.5", "", "²", "1e9", "9" * 5000)


def refused(answer: httpx.Response) -> dict[str, Any]:
    assert 400 <= answer.status_code < 500, (answer.status_code, answer.text)
    return problem(answer, answer.status_code)


@pytest.fixture(autouse=True)
def _nothing_changes(shared: World):
    before = shared.written()
    yield
    assert shared.written() == before


@UNREAD
@WITH_BODY
def test_junk_in_a_field_is_refused_at_that_field(shared: World, route: Route):
    for field in route.fields:
        for junk in JUNK:
            body = json.dumps({**route.body, field: junk}).encode()
            answer = shared.ask("administrator", route.method, route.url(), content=body, headers=JSON)
            found = pointers(problem(answer, 422, "invalid"))
            assert any(one == f"/{field}" or one.startswith(f"/{field}/") for one in found), (field, junk, found)


JSON = {"Content-Type": "application/json"}


@UNREAD
@WITH_BODY
def test_a_missing_field_is_named(shared: World, route: Route):
    for field in route.required:
        body = {name: value for name, value in route.body.items() if name != field}
        answer = shared.ask("administrator", route.method, route.url(), json=body)
        assert pointers(problem(answer, 422, "invalid")) == {f"/{field}"}


@UNREAD
@WITH_BODY
def test_an_unknown_field_is_named_even_when_nobody_can_write_it(shared: World, route: Route):
    for field, pointer in UNKNOWN.items():
        body = json.dumps({**route.body, field: 1}).encode()
        answer = shared.ask("administrator", route.method, route.url(), content=body, headers=JSON)
        assert pointer in pointers(problem(answer, 422, "invalid"))


@UNREAD
@WITH_BODY
def test_a_body_that_is_no_object(shared: World, route: Route):
    for torn, content in TORN.items():
        if route.body_required or torn not in ("nothing", "null"):  # to resume without a body is fine
            refused(shared.ask("administrator", route.method, route.url(), content=content, headers=JSON))


@UNREAD
@WITH_BODY
def test_only_json_is_read(shared: World, route: Route):
    content = json.dumps(route.body).encode()
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "x", None):
        headers = {"Content-Type": kind} if kind else {}
        answer = shared.ask("administrator", route.method, route.url(), content=content, headers=headers)
        problem(answer, 415, "http-415")


def takes_a_file(route: Route) -> bool:
    """Files have bounds of their own, see test_submission_documents."""
    return route.method == "PUT" and "/documents/" in route.path


@UNREAD
@UNSAFE
def test_a_body_over_a_megabyte_is_refused_declared_or_streamed(shared: World, route: Route):
    if route.path.endswith(("/import", "/roadmaps")) or takes_a_file(route):
        return
    big = b'{"reason": "' + b"a" * 1_000_001 + b'"}'
    pieces = (big[at : at + 65_536] for at in range(0, len(big), 65_536))
    for content in (big, pieces):
        answer = shared.ask("administrator", route.method, route.url(), content=content, headers=JSON)
        problem(answer, 413, "http-413")


@ALL
def test_strange_ids_and_numbers_in_the_path(shared: World, route: Route):
    for place in route.named("path"):
        strange = NUMBERS if place == "step" else STRANGE
        for value in strange:
            if not value:  # that is another path
                continue
            url = route.url(**{place: quoted(value)})
            body = {"json": route.body} if route.schema else {}
            refused(shared.ask("administrator", route.method, url, **body))


@ALL
def test_strange_values_in_the_query(shared: World, route: Route):
    if takes_a_file(route):  # without its file, that is what is wrong
        return
    for name in route.named("query"):
        for value in (*STRANGE, *NUMBERS):
            answer = shared.ask("administrator", route.method, route.url(), params={name: value})
            if answer.status_code >= 400:
                body = refused(answer)
                assert answer.status_code == 404 or pointers(body) == {f"query:{name}"}, (name, value, body)


@pytest.mark.parametrize("route", [one for one in routes() if "limit" in one.named("query")], ids=str)
def test_limits(shared: World, route: Route):
    for limit in (0, -1):
        assert pointers(problem(shared.ask("administrator", "GET", f"{route.url()}?limit={limit}"), 422)) == {
            "query:limit"
        }
    for limit in (1, 100_000, 10**30):
        assert len(shared.get(f"{route.url()}?limit={limit}")["items"]) <= 500


@pytest.mark.parametrize("route", [one for one in routes() if "cursor" in one.named("query")], ids=str)
def test_cursors_of_somebody_else(shared: World, route: Route):
    for cursor in (
        "x",
        "W10",
        "bnVsbA",
        "WyJcdTAwMDAiXQ",
        "WyJhIiwiXHUwMDAwIl0",
        "WzFd",
        "-1",
        "1" * 30,
        "😀",
        "W1siYSJdXQ",
    ):
        if cursor == "1" * 30 or not cursor.isdecimal():
            answer = shared.ask("administrator", "GET", route.url(), params={"cursor": cursor})
            assert pointers(problem(answer, 422)) == {"query:cursor"}, cursor


@UNREAD
@UNSAFE
def test_keys_and_tags_that_are_none(shared: World, route: Route):
    body = {"json": {**route.body, "лишнее": 1}} if route.schema else {}
    for key in (b"k" * 201, b"\xff", "ключ".encode(), b"a\x7f"):
        answer = shared.ask("administrator", route.method, route.url(), headers={"Idempotency-Key": key}, **body)
        assert "header:idempotency-key" in pointers(problem(answer, 422)), key


@pytest.mark.parametrize(
    "tag", [b'"abc"', b'""', b'"-1"', b"\xb2", b'"' + b"9" * 60 + b'"', b'W/"77"', b'"1", "2"', b"'1'"]
)
def test_a_tag_that_is_no_version_is_stale(shared: World, tag: bytes):
    for url, method, body in (
        ("/programmes/school-1-2026/pause", "POST", {"reason": "Карантин"}),
        (
            "/units/school-1",
            "PUT",
            {"kind": "organisation", "name": "Иначе", "parent": "mo-tomsk", "sector": "general"},
        ),
        ("/people/p-other", "PUT", {"name": "Иначе"}),
    ):
        answer = shared.ask("administrator", method, url, json=body, headers={"If-Match": tag})
        problem(answer, 412, "version_stale")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/nothing"), ("DELETE", "/programmes"), ("PATCH", "/units"), ("POST", "/roadmaps/school")],
)
def test_paths_and_methods_that_are_not_there(shared: World, method: str, path: str):
    refused(shared.ask("administrator", method, path))


@pytest.mark.parametrize(
    "at", ["", "x", "2026-13-01", "0001-01-01", "9999-12-31", "9999-12-31T23:59:59", "2026-09-01T25:00"]
)
def test_moments_that_are_none(shared: World, at: str):
    answer = shared.ask("administrator", "GET", "/programmes/school-1-2026", params={"at": at})
    assert pointers(problem(answer, 422)) == {"query:at"}


IMPOSSIBLE: tuple[tuple[str, Any], ...] = (
    ("year", 1999),
    ("year", 2019),
    ("year", 2101),
    ("organisation", "nobody"),
    ("organisation", "mo-tomsk"),
    ("roadmap", "college"),
    ("roadmap", "x"),
    ("forms", ["никто – ничто"]),
    ("deadlines", {"99": "2026-10-12"}),
    ("deadlines", {"8": "2026-02-30"}),
    ("deadlines", {"8": "2030-01-01"}),
    ("deadlines", {"23": "2026-12-01"}),
    ("deadlines", {"x": "2026-12-01"}),
    ("responsible", "nobody"),
    ("responsible", {"1": "nobody"}),
    ("responsible", {"99": "p-curator"}),
    ("from", "0001-01-01"),
    ("from", "9999-12-31"),
)


@pytest.mark.parametrize(("field", "value"), IMPOSSIBLE)
@pytest.mark.parametrize("path", ["/programmes", "/programmes/preview"])
def test_a_start_that_cannot_be(shared: World, path: str, field: str, value: Any):
    body = {"organisation": "club-1", "year": 2026, field: value}
    found = pointers(problem(shared.ask("administrator", "POST", path, json=body), 422))
    place = f"/{field}/{next(iter(value))}" if isinstance(value, dict) else f"/{field}"
    assert any(one.startswith(place) for one in found), found


@pytest.mark.parametrize(("field", "value"), [("year", 2020), ("year", 2024), ("deadlines", {"8": "2026-08-31"})])
def test_a_start_in_the_past(shared: World, field: str, value: Any):
    body = {"organisation": "club-1", "year": 2026, field: value}
    found = pointers(problem(shared.ask("administrator", "POST", "/programmes", json=body), 422))
    assert found == {"/deadlines/8" if field == "deadlines" else "/year"}
