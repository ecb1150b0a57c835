"""A school goes through its 34 steps and a college through its 10, told through the API alone."""

from __future__ import annotations

from typing import Any

from tests.api.world import World, problem

SCHOOL: dict[int, dict[str, Any]] = {
    1: {"audience": 40},
    2: {"audience": "родительские собрания 5–9 классов"},
    3: {"date": "2026-09-10", "present": 14},
    4: {"date": "2026-09-11", "present": 120},
    5: {"sent": 60, "returned": 50, "needed": 40, "obtained": 38},
    6: {"sent": 20, "returned": 20, "needed": 10, "obtained": 10},
    7: {"document": "База наставляемых", "count": 30},
    8: {"document": "Протокол № 3"},
    9: {"measured": 30, "of": 30},
    10: {"sent": 15, "returned": 12, "needed": 12, "obtained": 12},
    11: {"document": "База наставников", "count": 12},
    12: {"measured": 12, "of": 12},
    13: {"held": 12, "passed": 11},
    14: {"document": "Программа обучения"},
    15: {"date": "2026-10-20", "present": 11},
    16: {"date": "2026-11-05", "present": 41},
    17: {"sent": 41, "returned": 40},
    18: {"pairs": 12, "by_form": {"ученик — ученик": 7, "student-pupil": 5}},
    19: {"document": "Приказ № 15-од"},
    31: {"measured": 40, "of": 42},
    32: {"link": "https://example.org/cases"},
    33: {"link": "https://example.org/results", "needed": 5, "obtained": 5},
    34: {"document": "Выгрузка базы"},
}
COLLEGE: dict[int, dict[str, Any]] = {
    4: {"sent": 30, "returned": 30, "needed": 25, "obtained": 25},
    5: {"document": "Базы", "count": 20},
    10: {"link": "https://example.org", "needed": 3, "obtained": 3},
}


def walk(world: World, who: str, programme: str, figures: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """Every deadline is met on its day, earlier ones first."""
    state: dict[str, Any] = world.get(f"/programmes/{programme}", who)
    while owed := [(step["due"], step["number"]) for step in state["steps"] if step["state"] in ("open", "waiting")]:
        due, number = min(owed)
        world.clock.on(max(due, world.clock.now.date().isoformat()))
        body: dict[str, Any] = {"evidence": figures.get(number, {})}
        if number == (8 if "school" in state["roadmap"]["key"] else 6):
            body["forms"] = ["ученик—ученик", "студент – ученик"] if number == 8 else ["работодатель - студент"]
        state = world.post(f"/programmes/{programme}/steps/{number}/completion", body, who)
    return state


def test_a_school_year(region: World):
    programme = region.start(forms=["Ученик - ученик"])
    state = walk(region, "curator", programme, SCHOOL)
    assert state["status"] == "closed"
    assert {step["state"] for step in state["steps"]} == {"done"}
    assert {phase["state"] for phase in state["phases"]} == {"done"}
    assert len(state["steps"]) == 34
    assert (state["forms"], state["forms_fixed"]) == (["pupil-pupil", "student-pupil"], True)
    assert state["results"]["pupil-pupil"]["actual"] == {"pairs": 7}
    by_number = {step["number"]: step for step in state["steps"]}
    assert [one["evidence"] for one in by_number[5]["parts"]] == [
        {"sent": 60, "returned": 50},
        {"needed": 40, "obtained": 38},
    ]
    assert by_number[19]["evidence"] == {"document": "Приказ № 15-од"}
    assert by_number[3]["evidence"] == {"date": "2026-09-10", "present": 14}
    assert len(by_number[23]["occurrences"]) == 5
    assert not any(step["missed"] for step in state["steps"])
    assert state == region.get(f"/programmes/{programme}", "curator")
    events = region.get(f"/programmes/{programme}/events?limit=500", "curator")["items"]
    assert [one["version"] for one in events] == list(range(1, state["version"] + 1))
    assert events[-1]["type"] in ("ProgrammeClosed", "NoticeQueued")
    assert region.get(f"/programmes/{programme}/agenda", "curator") == []
    region.catch_up(programme)
    assert region.get(f"/programmes/{programme}/explanation", "curator")["cause"] == "closed"
    problem(
        region.ask("curator", "POST", f"/programmes/{programme}/pause", json={"reason": "x"}), 409, "programme_closed"
    )


def test_a_college_year(region: World):
    state = walk(region, "navigator", region.start("college"), COLLEGE)
    assert state["status"] == "closed"
    assert [step["state"] for step in state["steps"]] == ["done"] * 10
    assert state["forms"] == ["employer-student"]
    assert [phase["label"] for phase in state["phases"]] == ["1", "2–3", "4–6", "7"]


def test_gates_say_what_is_missing(region: World):
    programme = region.start()

    def refused(step: int, code: str, status: int = 409, **evidence: Any) -> dict[str, Any]:
        path = f"/programmes/{programme}/steps/{step}/completion"
        return problem(region.ask("curator", "POST", path, json={"evidence": evidence}), status, code)

    assert refused(20, "gate_steps")["facts"] == {"step": 20, "missing": [19]}
    assert refused(7, "gate_consent_open")["facts"]["missing"] == [5, 6]
    assert refused(18, "gate_steps", pairs=3)["facts"]["missing"] == [9, 12, 15, 17]
    assert refused(5, "evidence_required", 422, needed=5)["errors"][0]["pointer"] == "/evidence/obtained"
    assert refused(1, "evidence_foreign", 422, pairs=3)["errors"][0]["pointer"] == "/evidence/pairs"
    assert refused(9, "evidence_required", 422, measured=3)["errors"][0]["pointer"] == "/evidence/of"
    assert refused(9, "invalid", 422, measured=3, of=2)["errors"][0]["pointer"] == "/evidence"
    assert refused(18, "invalid", 422, pairs=3, by_form={"pupil-pupil": 4})["errors"][0]["pointer"] == "/evidence"
    for step, figures in ((5, SCHOOL[5] | {"obtained": 30}), (6, SCHOOL[6])):
        region.post(f"/programmes/{programme}/steps/{step}/completion", {"evidence": figures}, "curator")
    assert refused(7, "gate_consent_exceeded", count=31, document="x")["errors"][0]["pointer"] == "/evidence/count"
    assert refused(7, "gate_consent_short")["facts"]["short"] == 10


def test_parts_occurrences_and_their_words(region: World):
    programme = region.start()
    at = f"/programmes/{programme}/steps"
    body = {"part": "form", "evidence": {"sent": 5, "returned": 4}, "note": "5–9 классы", "documents": ["Сводка"]}
    step = region.post(f"{at}/5/completion", body, "curator")["steps"][4]
    assert (step["state"], [one["done"] for one in step["parts"]]) == ("open", [True, False]) or step[
        "state"
    ] == "waiting"
    problem(region.ask("curator", "POST", f"{at}/5/completion", json=body), 409, "part_done")
    problem(region.ask("curator", "POST", f"{at}/1/completion", json={"part": "form"}), 422, "part_unknown")
    for occurrence, code in ((9, "occurrence_unknown"), (0, "invalid")):
        answer = region.ask("curator", "POST", f"{at}/23/completion", json={"occurrence": occurrence})
        assert problem(answer, 422, code)["errors"][0]["pointer"] == "/occurrence"
    event = region.get(f"/programmes/{programme}/events?limit=500", "curator")["items"][-1]
    assert event["type"] == "PartCompleted"
    assert event["data"]["note"] == "5–9 классы"
    assert event["data"]["documents"] == ["Сводка"]
    assert "Сводка" not in str(region.core.recorder.state(f"programme/{programme}"))
