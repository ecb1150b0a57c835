"""The calendar of a person: who may give its address out, what it shows, how long it works."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import icalendar
import pytest
from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event, EventStatus
from sqlalchemy import select
from sqlmodel import SQLModel
from structlog.testing import capture_logs

from api import feeds
from tests.api.world import World, problem

SCHOOL = "/programmes/school-1-2026"


def address(region: World, person: str = "p-curator", who: str = "administrator") -> str:
    """A new address, as a path for `World.ask`."""
    url: str = region.post(f"/people/{person}/feed", who=who)["url"]
    assert url.startswith("http://127.0.0.1:8000/calendar/")
    return "//calendar/" + url.rpartition("/")[2]


def fetched(region: World, path: str) -> Any:
    answer = region.ask(None, "GET", path)
    assert answer.status_code == 200, answer.text
    return answer


def parsed(region: World, path: str) -> Calendar:
    """What a public parser, which is not the library that wrote it, reads."""
    return IcsCalendarStream.calendar_from_ics(fetched(region, path).text)


def events(region: World, path: str) -> dict[str, Event]:
    """The events by programme, step and occurrence."""
    return {str(event.uid).removesuffix("@mentoring.localhost"): event for event in parsed(region, path).events}


def obligations(region: World, programme: str = "school-1-2026") -> dict[str, date]:
    """The open deadlines as the programme shows them."""
    found = {}
    for step in region.get(f"/programmes/{programme}")["steps"]:
        if step["state"] in ("waiting", "open"):
            times = [{"occurrence": 1, "due": step["due"]}]
            for one in step.get("occurrences", times):
                found[f"{programme}-{step['number']}-{one['occurrence']}"] = date.fromisoformat(one["due"])
    return found


def test_a_curator_gets_every_deadline_that_nobody_else_answers_for(region: World):
    region.start(responsible={"3": "p-other"})
    shown = events(region, address(region))
    owed = obligations(region)
    assert len(owed) > 34
    assert {key: event.dtstart for key, event in shown.items()} == {
        key: due for key, due in owed.items() if not key.startswith("school-1-2026-3-")
    }
    assert all(event.computed_duration == timedelta(days=1) for event in shown.values())


def test_whoever_a_step_was_handed_to_gets_it_without_any_role(region: World):
    region.start()
    path = address(region, "p-other")
    assert events(region, path) == {}
    region.post(f"{SCHOOL}/steps/3/responsible", {"person": "p-other"})
    assert list(events(region, path)) == ["school-1-2026-3-1"]
    region.post(f"{SCHOOL}/steps/3/responsible", {"person": "p-head"})
    assert events(region, path) == {}


def test_an_appointment_moves_the_deadlines_to_the_new_curator(region: World):
    region.start()
    before, after = address(region), address(region, "p-other")
    order = {"number": "15-од", "date": "2026-09-01"}
    region.post(f"{SCHOOL}/appointments", {"role": "curator", "person": "p-other", "order": order})
    assert events(region, before) == {}
    assert events(region, after).keys() == obligations(region).keys()


def test_a_deputy_has_the_deadlines_too_while_the_curator_is_away(region: World):
    region.start()
    own, deputy = address(region), address(region, "p-other")
    away = {"from": "2026-09-07", "until": "2026-09-09", "deputy": "p-other"}
    region.post("/people/p-curator/absences", away)
    assert events(region, deputy) == {}
    region.clock.on("2026-09-08")
    assert events(region, deputy).keys() == events(region, own).keys() == obligations(region).keys()
    region.clock.on("2026-09-10")
    assert events(region, deputy) == {}


def test_a_move_raises_the_sequence_and_keeps_the_uid(region: World):
    region.start()
    path = address(region)
    first = events(region, path)["school-1-2026-3-1"]
    numbers = [first.sequence or 0]
    for day in ("2026-11-10", "2026-11-12"):
        region.post(f"{SCHOOL}/steps/3/deadline", {"due": day, "reason": "Карантин"})
        now = events(region, path)["school-1-2026-3-1"]
        assert now.dtstart == date.fromisoformat(day)
        numbers.append(now.sequence or 0)
    assert numbers == sorted(set(numbers))
    assert "Первый срок" in str(now.description)
    assert now.dtstamp == region.clock.now.replace(microsecond=0)
    region.post(f"{SCHOOL}/cancellation", {"reason": "Слияние"})
    assert events(region, path) == {}
    region.start()
    assert (events(region, path)["school-1-2026-3-1"].sequence or 0) > numbers[-1]


def test_what_is_done_or_skipped_leaves_and_comes_back(region: World):
    region.start()
    path = address(region)
    region.post(f"{SCHOOL}/steps/1/completion", {})
    region.post(f"{SCHOOL}/steps/2/skip", {"reason": "Не нужно"})
    gone = {"school-1-2026-1-1", "school-1-2026-2-1"}
    assert not gone & events(region, path).keys()
    region.post(f"{SCHOOL}/steps/1/reopening", {"reason": "Ошибка"})
    region.post(f"{SCHOOL}/steps/2/reopening", {"reason": "Ошибка"})
    assert gone <= events(region, path).keys()


def test_a_pause_makes_the_dates_tentative(region: World):
    region.start()
    path = address(region)
    assert {one.status for one in events(region, path).values()} == {EventStatus.CONFIRMED}
    region.post(f"{SCHOOL}/pause", {"reason": "Карантин"})
    shown = events(region, path)
    assert {one.status for one in shown.values()} == {EventStatus.TENTATIVE}
    assert all("приостановлена" in str(one.description) for one in shown.values())


def test_the_words_of_an_event(region: World):
    region.start()
    event = events(region, address(region))["school-1-2026-5-1"]
    page = "http://127.0.0.1:8000/programmes/school-1-2026"
    assert str(event.url) == page
    title = next(one["title"] for one in region.get(SCHOOL)["steps"] if one["number"] == 5)
    assert str(event.summary).startswith("Срок: мероприятие 5 «")
    assert str(event.summary).endswith("(Школа № 1)")
    assert str(event.description).splitlines() == [
        f"Мероприятие 5 «{title}».",
        "Школа № 1, программа наставничества 2026/27 учебного года.",
        "Срок: до 30 сентября 2026 г., 23:59:59 местного времени (Томск, UTC+7).",
        f"Программа: {page}",
    ]
    region.post(f"{SCHOOL}/steps/5/completion", {"part": "form", "evidence": {"sent": 9, "returned": 9}})
    region.clock.on("2026-10-01")
    said = str(events(region, address(region))["school-1-2026-5-1"].description)
    assert "Осталось: сбор согласий.\n" in said
    assert "Срок прошёл, мероприятие не выполнено.\n" in said


def test_the_file_keeps_the_rules_of_rfc_5545(small: World):
    """Line ends, folded lines, one component at least; read strictly by a second parser."""
    for start in (False, True):
        if start:
            small.start()
        answer = fetched(small, address(small))
        assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
        lines = answer.content.split(b"\r\n")
        assert lines[-1] == b""
        assert all(len(line) <= 75 and b"\n" not in line for line in lines)
        read = icalendar.Calendar.from_ical(answer.content)
        assert read.errors == []
        assert read.subcomponents
        for event in read.walk("VEVENT"):
            assert event.errors == []
            assert isinstance(event.decoded("dtstart"), date)
            assert not isinstance(event.decoded("dtstart"), datetime)
            for name in ("UID", "DTSTAMP", "SEQUENCE", "SUMMARY", "DESCRIPTION", "URL"):
                assert name in event


def test_an_unchanged_calendar_is_not_sent_again(region: World):
    region.start()
    path = address(region)
    first = fetched(region, path)
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "private, no-cache"
    for known in (tag, f"W/{tag}", f'"x", {tag}'):
        again = region.ask(None, "GET", path, headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    region.clock.now += timedelta(hours=1)
    assert fetched(region, path).headers["etag"] == tag
    region.post(f"{SCHOOL}/steps/3/deadline", {"due": "2026-11-10", "reason": "Карантин"})
    changed = region.ask(None, "GET", path, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag
    assert region.ask(None, "HEAD", path).headers["etag"] == changed.headers["etag"]


def test_a_new_address_ends_the_old_one(region: World):
    first = address(region)
    second = address(region)
    problem(region.ask(None, "GET", first), 404, "feed_unknown")
    fetched(region, second)
    for _ in range(2):
        ended = region.ask("administrator", "DELETE", "/people/p-curator/feed")
        assert (ended.status_code, ended.content) == (204, b"")
    hidden = region.ask(None, "GET", second)
    unknown = region.ask(None, "GET", "//calendar/x.ics")
    assert problem(hidden, 404, "feed_unknown") == problem(unknown, 404, "feed_unknown")


def test_a_repeated_request_shows_no_secret_and_ends_nothing(region: World):
    headers = {"Idempotency-Key": "feed-1"}
    url = region.post("/people/p-curator/feed", headers=headers)["url"]
    assert region.post("/people/p-curator/feed", headers=headers)["url"] is None
    fetched(region, "//calendar/" + url.rpartition("/")[2])


def test_the_secret_is_nowhere_in_the_database(region: World):
    secret = address(region).rpartition("/")[2].removesuffix(".ics")
    with region.core.database.reading() as connection:
        for table in SQLModel.metadata.tables.values():
            assert secret not in str(connection.execute(select(table)).all()), table.name
        hashes = connection.scalars(select(SQLModel.metadata.tables["feed"].c.hash)).all()
        audited = connection.execute(select(SQLModel.metadata.tables["audit"])).all()
    assert hashes
    assert not any(one in str(audited) for one in hashes)


def test_the_secret_is_in_no_log(small: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture):
    """Also when something breaks."""
    path = address(small)

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(feeds, "duties_of", broken)
    small.client.show_no_bugs()
    with capture_logs() as told:
        assert small.client.get(path.removeprefix("/")).status_code == 500
    assert [one["event"] for one in told] == ["unhandled"]
    assert path.rpartition("/")[2].removesuffix(".ics") not in str(told) + caplog.text


@pytest.mark.parametrize("path", ["//calendar/", "//calendar/.ics", "//calendar/x", "//calendar/a/b.ics"])
def test_addresses_that_are_none(small: World, path: str):
    problem(small.ask(None, "GET", path), 404)


@pytest.mark.parametrize(
    ("who", "status", "code"),
    [
        ("coordinator", 201, None),
        ("administrator", 201, None),
        ("curator", 403, "forbidden"),
        ("operator", 403, "forbidden"),
        ("dgo", 403, "forbidden"),
    ],
)
def test_who_gives_addresses_out(small: World, who: str, status: int, code: str | None):
    answer = small.ask(who, "POST", "/people/p-curator/feed")
    assert answer.status_code == status
    ended = small.ask(who, "DELETE", "/people/p-curator/feed")
    assert ended.status_code == (204 if code is None else status)
    if code:
        problem(answer, status, code)


def test_a_calendar_with_places_of_others_is_not_ours_to_give(region: World):
    """It would show them: by a role elsewhere, and by a step that was handed over elsewhere."""
    region.start("school-9", responsible={"1": "p-other"})
    body = {"role": "head", "unit": "school-9", "since": "2026-09-01"}
    region.post("/people/p-head/roles", body)
    for method in ("POST", "DELETE"):
        problem(region.ask("coordinator", method, "/people/p-other/feed"), 403, "forbidden")
        for unseen in ("p-head", "nobody"):
            problem(region.ask("coordinator", method, f"/people/{unseen}/feed"), 404, "person_unseen")
    address(region, "p-other")
