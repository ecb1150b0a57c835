"""What people read when other versions hold: a decree, another roadmap, dates that may still move."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from activities.calendars import CalendarChanges, calendar_year
from activities.definition_store import MemoryDefinitions
from activities.definitions import BUILT_IN, Library
from activities.letters import LetterWriter
from activities.programmes import ProgrammeStreams
from activities.recorder import Recorder
from activities.streams import Streams
from domain.plan import Plan, PlanRef
from domain.programme import commands as c
from tests.activities.mailroom import TEXT, Mailroom

ORDER = c.Order(number="15-ОД", date=date(2026, 9, 1))


@pytest.fixture
def room(staffed_here: Mailroom) -> Mailroom:
    """A school with a library of its own, in which definitions may change."""
    made = staffed_here
    made.store = MemoryDefinitions()  # type: ignore[attr-defined]
    made.library = Library([BUILT_IN], made.store)  # type: ignore[attr-defined]
    made.streams = ProgrammeStreams(made.library)
    made.recorder = Recorder(made.database, Streams(made.streams), made.clock)
    made.start()
    return made


def adopt(room: Mailroom, **names: str) -> None:
    plan: PlanRef = room.state().plan.model_copy(update=names)
    room.record(c.AdoptVersions(plan=plan, reason=TEXT, order=ORDER), texts={TEXT: "Решение департамента."})


def put(room: Mailroom, kind: str, body: dict[str, Any]) -> None:
    store: MemoryDefinitions = room.store  # type: ignore[attr-defined]
    store.put(f"{kind}/{body['key']}@{body['version']}", body)


def test_a_date_that_a_decree_moved_says_why(room: Mailroom):
    old = room.recorder.plan(room.state()).calendar
    off = CalendarChanges(year=2026, days_off=(date(2026, 9, 25),))
    new = old.model_copy(update={"version": "new", "years": {**old.years, 2026: calendar_year(2026, off)}})
    put(room, "calendar", new.model_dump(mode="json"))
    adopt(room, calendar=f"{new.key}@new")
    text = " ".join(room.letter(room.item("moved", 2)).text.split())
    assert "Срок: понедельник, 28 сентября 2026 г." in text
    assert "Прежний срок: 25 сентября 2026 г." in text
    assert "Причина: изменился производственный календарь: Решение департамента" in text
    assert "приказ № 15-ОД от 1 сентября 2026 г." in text


def test_another_roadmap_is_told_with_what_it_brings_and_drops(room: Mailroom):
    body = room.recorder.plan(room.state()).roadmap.model_dump(mode="json")
    extra = {**body["phases"][0]["steps"][0], "number": 40, "title": "Слёт наставников"}
    body["phases"][0]["steps"].append(extra)
    body["phases"][-1]["steps"] = [one for one in body["phases"][-1]["steps"] if one["number"] != 34]
    put(room, "roadmap", {**body, "version": "2"})
    adopt(room, roadmap="school@2")
    letter = room.letter(room.item("adopted"))
    assert letter.subject == (
        "Дорожная карта программы наставничества 2026/27 учебного года изменена (Школа № 1 «Берёзка»)"
    )
    text = " ".join(letter.text.split())
    assert "идёт по новой версии дорожной карты (2)." in text
    assert "Причина: Решение департамента." in text
    assert "мероприятие 40 «Слёт наставников» — срок 10 сентября 2026 г." in text
    assert "Больше не нужно выполнять мероприятие 34." in text


def test_a_date_in_a_year_without_a_decree_is_marked(room: Mailroom):
    room.record(c.MoveDeadline(step=8, due=date(2026, 11, 14), reason=TEXT), texts={TEXT: "Болезнь."})
    notice = room.notice(room.item("moved", 8))
    assert "предварительный" not in room.letter(room.item("moved", 8)).text
    plan, calendar = notice.plan, notice.plan.calendar
    open_year = calendar.years[2026].model_copy(update={"provisional": True})
    unsure = calendar.model_copy(update={"years": {**calendar.years, 2026: open_year}})
    marked = replace(notice, plan=Plan(plan.ref, plan.roadmap, plan.ladder, unsure))
    found = notice.book.resolve_for(notice.programme, plan, [8], ("curator",), notice.today)
    text = LetterWriter(marked, "http://mentoring.example.org/programmes/x").write(found.recipients[0]).text
    assert "Срок предварительный: постановления о переносе выходных дней в 2026 году ещё нет." in text
