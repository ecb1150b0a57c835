"""Questions about programmes: now, as it was, many at once, and the journal behind them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import text, true

from activities.paging import Page
from activities.programme_query import body_at, body_now, list_programmes, read_events, read_row, read_state
from activities.settings import Settings
from activities.texts import text_ref
from domain.programme import commands as c
from domain.refusal import Refusal
from tests.activities.ledger import planned, stored
from tests.activities.mailroom import COLLEGE, SCHOOL, Mailroom, mailroom, peopled
from tests.activities.walker import Walker
from tests.conftest import DATABASES
from tests.domain.programme.walks import Walk, walks
from tests.moulds import Moulds

LYCEUM, VILLAGE = "programme/lyceum-2026", "programme/school-2-2026"
MISSED = [1, 2, 4]
"""What is overdue on 28 September when nobody has closed anything."""


@pytest.fixture(params=DATABASES)
def region(request: pytest.FixtureRequest, moulds: Moulds, tmp_path: Path) -> Iterator[Mailroom]:
    with moulds.copy(request, tmp_path, four_begun) as (url, _), mailroom(url, Settings(home=tmp_path)) as room:
        yield room


def four_begun(url: str) -> None:
    """A school in one municipality, a school in another, a lyceum of the department, a college."""
    peopled(url)
    with mailroom(url, Settings()) as room:
        for stream in (SCHOOL, VILLAGE, LYCEUM, COLLEGE):
            room.start(stream)


def ids(room: Mailroom, **given: Any) -> list[str]:
    return [line["id"] for line in page(room, **given).items]


def page(room: Mailroom, **given: Any) -> Page[dict[str, Any]]:
    with room.database.reading() as connection:
        found = list_programmes(connection, true(), **given)
    assert not isinstance(found, Refusal), found
    return found


def now(room: Mailroom, programme: str = "school-1-2026") -> dict[str, Any]:
    with room.database.reading() as connection:
        body: dict[str, Any] = json.loads(body_now(connection, room.streams, programme, room.clock()))
    return body


def past(room: Mailroom, at: datetime, programme: str = "school-1-2026") -> dict[str, Any] | None:
    with room.database.reading() as connection:
        body = body_at(connection, room.streams, programme, at)
    return json.loads(body) if body is not None else None


def events(room: Mailroom, after: int = 0, limit: int = 100) -> Page[dict[str, Any]]:
    with room.database.reading() as connection:
        return read_events(connection, "school-1-2026", after, limit)


def test_a_missed_deadline_shows_although_nobody_has_recorded_it(region: Mailroom):
    with region.database.reading() as connection:
        row = read_row(connection, "school-1-2026")
    assert row is not None
    live = json.loads(row.body)
    assert now(region) == live, "as long as nothing passes, the stored body is the answer"
    assert row.changes_at == region.at(8, 25, 0).clock(), "the first phase opens"
    region.at(9, 28)
    before = stored(region.database)
    body = now(region)
    assert (body["overdue"], body["version"]) == (MISSED, live["version"])
    assert [step["number"] for step in body["steps"] if step["missed"]] == MISSED
    assert stored(region.database) == before, "a question records nothing"
    region.pass_time()
    assert now(region) == {**body, "version": region.state().version}


def test_a_body_changes_by_itself_at_the_moment_that_was_told_and_not_before(region: Mailroom):
    with region.database.reading() as connection:
        row = read_row(connection, "school-1-2026")
    assert row is not None
    live, region.now = json.loads(row.body), row.changes_at - timedelta(microseconds=1)
    assert now(region) == live
    region.now = row.changes_at
    assert now(region)["phases"] != live["phases"] or now(region)["overdue"] != live["overdue"]


@settings(max_examples=5, suppress_health_check=list(HealthCheck))
@given(taken=walks("school", 20) | walks("college", 16))
def test_every_past_state_is_what_was_shown_then(desk: Mailroom, taken: Walk):
    walker = Walker(desk)
    stream, answers = walker.walk(taken)
    programme = stream.removeprefix("programme/")
    with desk.database.reading() as connection:
        for at, shown in answers.items():
            assert body_at(connection, walker.streams, programme, at) == shown


def test_a_past_state_knows_nothing_of_what_came_later(region: Mailroom):
    began = region.clock()
    region.at(8, 25).record(c.CompleteStep(step=1))
    between = region.at(8, 26).clock()
    region.at(9, 10).record(c.ReopenStep(step=1, reason=text_ref()))
    states = [past(region, at) for at in (began, between, region.clock())]
    assert [body and body["steps"][0]["state"] for body in states] == ["waiting", "done", "open"]
    assert past(region, began - timedelta(seconds=1)) is None
    assert past(region, between, "nowhere-2026") is None


def test_a_past_state_holds_the_deadlines_that_had_passed_by_then(region: Mailroom):
    region.at(12, 20).pass_time()
    body = past(region, region.at(9, 28).clock())
    assert body is not None
    assert body["overdue"] == MISSED


def test_a_year_called_off_and_begun_anew_has_both_pasts(region: Mailroom):
    region.at(8, 24).record(c.CancelProgramme(reason=text_ref()))
    region.at(9, 1).start()
    statuses = [past(region, region.at(*day).clock()) for day in ((8, 21), (8, 25), (9, 1))]
    assert [body and body["status"] for body in statuses] == ["running", "cancelled", "running"]


def test_texts_are_shown_until_they_are_erased(region: Mailroom):
    document, note = text_ref(), text_ref()
    done = c.CompleteStep(step=19, evidence={"document": document}, note=note)  # type: ignore[arg-type]
    region.record(done, texts={document: "Приказ № 7", note: "Позвонить Орловой"})
    at = region.clock()

    def shown() -> list[str]:
        last = next(event for event in events(region).items if event["type"] == "StepCompleted")
        then = past(region, at)
        assert then is not None
        bodies = [now(region)["steps"][18]["evidence"]["document"], then["steps"][18]["evidence"]["document"]]
        return [*bodies, last["data"]["evidence"]["document"], last["data"]["note"]]

    assert shown() == ["Приказ № 7"] * 3 + ["Позвонить Орловой"]
    with region.database.writing() as connection:
        connection.execute(text("DELETE FROM text"))
    assert shown() == ["[удалено]"] * 4


def test_the_journal_is_read_in_pages(region: Mailroom):
    for number in range(5):
        region.record(planned(number))
    first = events(region, limit=3)
    assert ([event["version"] for event in first.items], first.next) == ([1, 2, 3], "3")
    region.record(planned(5))
    second = events(region, after=3, limit=3)
    assert ([event["version"] for event in second.items], second.next) == ([4, 5, 6], "6")
    last = events(region, after=6)
    assert ([event["version"] for event in last.items], last.next) == ([7, 8], None)
    assert {"version", "type", "at", "recorded_at", "by", "data", "hash"} == set(first.items[0])
    assert events(region, after=99) == Page([], None)


def test_a_programme_that_is_not_there(region: Mailroom):
    with region.database.reading() as connection:
        assert read_row(connection, "nowhere-2026") is None
        assert read_state(connection, region.streams, "nowhere-2026") is None


def test_a_line_of_the_list_says_where_a_programme_stands(region: Mailroom):
    (line,) = page(region, q="Берёзка").items
    deadline = line.pop("next_deadline")
    assert line == {
        "id": "school-1-2026",
        "organisation": "school-1",
        "organisation_name": "Школа № 1 «Берёзка»",
        "municipality": "mo-a",
        "year": 2026,
        "roadmap": {"key": "school", "version": "1"},
        "status": "running",
        "phase": 1,
        "version": 2,
        "overdue": 0,
    }
    assert deadline == region.state().next_deadline


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, "college-2026 lyceum-2026 school-1-2026 school-2-2026"),
        ({"unit": "region"}, "college-2026 lyceum-2026 school-1-2026 school-2-2026"),
        ({"unit": "mo-a"}, "school-1-2026"),
        ({"unit": "mo_a"}, ""),
        ({"unit": "dgo"}, "lyceum-2026"),
        ({"unit": "school-2"}, "school-2-2026"),
        ({"unit": "school"}, ""),
        ({"unit": "%"}, ""),
        ({"year": 2026}, "college-2026 lyceum-2026 school-1-2026 school-2-2026"),
        ({"year": 2025}, ""),
        ({"q": "БЕРЕЗКА"}, "school-1-2026"),
        ({"q": "берёзка"}, "school-1-2026"),
        ({"q": "школа №"}, "school-1-2026 school-2-2026"),
        ({"q": "ШКОЛА", "unit": "mo-b"}, "school-2-2026"),
        ({"q": "College-20"}, "college-2026"),
        ({"q": "_"}, ""),
        ({"q": "%"}, ""),
        ({"q": ""}, "college-2026 lyceum-2026 school-1-2026 school-2-2026"),
    ],
    ids=str,
)
def test_the_list_is_narrowed(region: Mailroom, asked: dict[str, Any], expected: str):
    assert ids(region, **asked) == expected.split()


def test_the_list_is_narrowed_by_what_happened(region: Mailroom):
    region.record(c.CancelProgramme(reason=text_ref()), LYCEUM)
    region.at(9, 28).pass_time()
    assert ids(region, overdue=True) == ["school-1-2026"]
    assert ids(region, overdue=False) == ["college-2026", "lyceum-2026", "school-2-2026"]
    assert ids(region, status="cancelled") == ["lyceum-2026"]
    phase = region.state().current_phase.number
    assert phase > 1
    assert ids(region, phase=phase) == ["school-1-2026"]
    assert ids(region, phase=phase, overdue=False) == []


@pytest.mark.parametrize("limit", [1, 2, 3, 4])
def test_pages_follow_each_other_without_gap_or_repetition(region: Mailroom, limit: int):
    seen: list[str] = []
    cursor: str | None = None
    for _ in range(4):
        found = page(region, cursor=cursor, limit=limit)
        seen += [line["id"] for line in found.items]
        cursor = found.next
        if cursor is None:
            break
    assert seen == ["college-2026", "lyceum-2026", "school-1-2026", "school-2-2026"]
    assert cursor is None


def test_a_programme_that_comes_meanwhile_shifts_no_page(region: Mailroom):
    first = page(region, limit=2)
    region.start("programme/club-1-2026")
    assert ids(region, cursor=first.next, limit=2) == ["school-1-2026", "school-2-2026"]


@pytest.mark.parametrize("cursor", ["x", "W10", "WzFd", "/etc"])
def test_a_cursor_of_somebody_else_is_refused(region: Mailroom, cursor: str):
    with region.database.reading() as connection:
        found = list_programmes(connection, true(), cursor=cursor)
    assert isinstance(found, Refusal)
    assert found.code == "cursor_invalid"


def test_instants_are_utc(region: Mailroom):
    assert {event["at"].tzinfo for event in events(region).items} == {UTC}
