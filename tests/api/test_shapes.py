"""Answers are what the document says they are, field by field."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from pydantic import TypeAdapter

from api import documents as d
from api import region_documents as r
from tests.api.world import World, problem

P = "/programmes/school-1-2026"
ORDER = {"number": "15-од", "date": "2026-09-01"}
SHAPES: dict[str, Any] = {
    "/roadmaps": d.Page[r.RoadmapLine],
    "/roadmaps/school": r.Roadmap,
    "/units": d.Page[r.Unit],
    "/units/school-1": r.Unit,
    "/units/school-1/people": d.Page[r.Holder],
    "/programmes": d.Page[d.ProgrammeLine],
    P: d.Programme,
    f"{P}?at=2026-09-02": d.Programme,
    f"{P}/events": d.Page[d.Event],
    f"{P}/agenda": list[d.AgendaItem],
    f"{P}/agenda?all=true": list[d.AgendaItem],
    f"{P}/explanation": d.Explanation,
    f"{P}/letters": d.Page[d.Letter],
}
EVENTS = ("ProgrammeStarted", "PhaseOpened", "NoticeQueued", "StepCompleted", "PartCompleted", "DeadlineMoved")


@pytest.fixture
def busy(region: World) -> World:
    """A programme to which everything has happened once."""
    region.start(forms=["pupil-pupil"])
    steps = f"{P}/steps"
    region.post(
        f"{steps}/1/completion", {"evidence": {"audience": "учителя"}, "note": "кратко", "documents": ["Протокол"]}
    )
    region.post(f"{steps}/5/completion", {"part": "form", "evidence": {"sent": 3, "returned": 2}})
    region.post(f"{steps}/2/skip", {"reason": "не нужно", "order": ORDER})
    region.post(f"{steps}/23/completion", {"occurrence": 1, "evidence": {"present": 4}})
    region.post(f"{steps}/4/deadline", {"due": "2026-09-25", "reason": "карантин", "order": ORDER})
    region.post(f"{steps}/3/responsible", {"person": "p-other"})
    region.post(f"{steps}/6/questionnaires", {"count": 2})
    region.post(f"{P}/appointments", {"role": "curator", "person": "p-curator", "order": ORDER})
    region.ask("curator", "PUT", f"{P}/results/ученик-ученик", json={"mentors": 1, "mentees": 2, "pairs": 2})
    return region


@pytest.mark.parametrize("path", SHAPES)
def test_an_answer_has_its_shape(busy: World, path: str):
    for day in ("2026-09-02", "2026-10-20"):
        busy.clock.on(day)
        TypeAdapter(SHAPES[path]).validate_python(busy.get(path, "curator" if path != "/units" else "administrator"))


def test_dates_are_iso_and_first_dates_stay(busy: World):
    steps = {step["number"]: step for step in busy.get(P, "curator")["steps"]}
    for step in steps.values():
        for name in ("due", "first_due", "due_asked"):
            assert date.fromisoformat(step[name]).isoformat() == step[name]
    assert (steps[4]["first_due"], steps[4]["due"]) == ("2026-09-21", "2026-09-25")
    assert steps[1]["state"] == "done"
    assert steps[2]["state"] == "skipped"
    assert steps[3]["responsible"] == "p-other"
    assert steps[9]["responsible"] == "p-curator"
    assert steps[6]["questionnaires"] == {"sent": 2, "returned": 0}
    assert steps[34]["state"] == "waiting"


def test_a_programme_as_it_was(busy: World):
    now = busy.get(P, "curator")
    version = now["version"]
    busy.clock.on("2026-10-20")
    late = busy.get(P, "curator")
    assert late["version"] == version
    assert set(late["overdue"]) >= {3, 5, 6}
    assert busy.get(f"{P}?at=2026-09-01", "curator") == now
    assert busy.get(f"{P}?at=2026-10-20", "curator")["overdue"] == late["overdue"]
    assert busy.get(f"{P}?at=2026-09-01T10:00:00%2B07:00", "curator")["version"] == version
    assert busy.get(f"{P}?at=2026-09-01T10:00:00", "curator")["version"] == version
    for before in ("2026-08-31", "2026-09-01T09:59:59", "2026-09-01T02:59:59Z"):
        problem(busy.ask("curator", "GET", f"{P}?at={before}"), 404, "before_start")


def test_the_journal_in_pages(busy: World):
    everything = busy.get(f"{P}/events?limit=500", "curator")["items"]
    assert [one["version"] for one in everything] == list(range(1, len(everything) + 1))
    assert set(EVENTS) <= {one["type"] for one in everything}
    assert {one["by"].partition(":")[0] for one in everything} == {"token"}
    paged, path = [], f"{P}/events?limit=3"
    while path:
        page = busy.get(path, "curator")
        assert len(page["items"]) <= 3
        paged += page["items"]
        path = f"{P}/events?limit=3&cursor={page['next']}" if page["next"] else ""
    assert paged == everything


def test_time_shows_before_anybody_has_recorded_it(busy: World):
    busy.clock.on("2026-10-20")
    listed = busy.get("/programmes", "curator")["items"][0]
    assert listed["version"] == busy.get(P, "curator")["version"]


def test_why_it_stands(busy: World):
    missing = busy.get(f"{P}/explanation", "curator")
    assert (missing["cause"], missing["layer"]) == ("unfilled", "person"), "the school has no head"
    busy.clock.on("2026-10-20")
    assert busy.get(f"{P}/explanation", "curator")["cause"] == "workflow_lagging"
    busy.catch_up()
    told = busy.get(f"{P}/explanation", "curator")
    assert (told["layer"], told["since"]) == ("person", "2026-09-25")
    assert re.search(r"просрочка \d+ .*Чья очередь: \w+.*\. \d+ октября в 09:00 уйдёт \w+", told["sentence"])
    assert told["next_action"]["to"]
    assert {one["action"] for one in told["cures"]} == {
        "complete",
        "remind",
        "deadline",
        "responsible",
        "deputy",
        "skip",
    }
    assert told["next_action"]["recipients"]
    assert told["evidence"]["saw"] == told["evidence"]["version"]
    busy.post(f"{P}/pause", {"reason": "карантин"}, "curator")
    busy.catch_up()
    paused = busy.get(f"{P}/explanation", "curator")
    assert paused["sentence"].startswith("Программа приостановлена с 20 октября 2026 г.; сроки и напоминания ждут")
    assert (paused["layer"], [one["action"] for one in paused["cures"]]) == ("paused", ["resumption"])
    assert busy.get(P, "curator")["on_resume"] == "shift"
    assert busy.post(f"{P}/resumption", None, "curator")["status"] == "running"


def test_the_workflow_is_503_while_temporal_is_away_and_everything_else_goes_on(busy: World):
    answer = busy.ask("curator", "GET", f"{P}/workflow")
    problem(answer, 503, "temporal-unavailable")
    assert answer.headers["retry-after"]
    problem(busy.ask("curator of 9", "GET", f"{P}/workflow"), 404, "programme_unknown")
    assert busy.post(f"{P}/steps/7/skip", {"reason": "x"}, "curator")["version"] > 1
