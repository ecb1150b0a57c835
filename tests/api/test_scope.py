"""Who sees and who steers what: the table of DESIGN 6, asked through the API, on both databases."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.world import KEYS, ORGANISATIONS, World, problem

pytestmark = pytest.mark.alike

FORMS = {
    "school-1": ["pupil-pupil"],
    "club-1": [],
    "school-9": ["teacher-teacher"],
    "lyceum": ["student-pupil"],
    "college": ["employer-student"],
}
EVERYTHING = set(FORMS)
SEES: dict[str, set[str]] = {
    "curator": {"school-1"},
    "head": {"school-1"},
    "curator of 9": {"school-9"},
    "curator of lyceum": {"lyceum"},
    "navigator": {"college"},
    "coordinator": {"school-1", "club-1"},
    "rcro": {"school-1", "lyceum"},
    "rcrpk": {"college"},
    "toipkro": {"school-9"},
    "dgo": {"school-1", "club-1", "school-9", "lyceum"},
    "dpo": {"college"},
    "office": set(),
    "operator": EVERYTHING,
    "administrator": EVERYTHING,
}
STEERS: dict[str, set[str]] = {
    **{who: SEES[who] for who in ("curator", "head", "curator of 9", "curator of lyceum", "navigator", "coordinator")},
    **{who: set() for who in ("rcro", "rcrpk", "toipkro", "office")},
    "dgo": {"lyceum"},
    "dpo": {"college"},
    "operator": EVERYTHING,
    "administrator": EVERYTHING,
}
STARTS = STEERS | {"operator": set()}
PARENTS = {"tomsk-oblast", "mo-tomsk", "mo-seversk", "dgo", "dpo", "school-1", "school-9"}
BULKS = {"coordinator": {"mo-tomsk", "school-1"}, "dgo": {"dgo"}, "dpo": {"dpo"}, "administrator": PARENTS}
WHO = pytest.mark.parametrize("who", KEYS)
QUERIES = ("", "?year=2026", "?unit=tomsk-oblast", "?status=running", "?limit=1", "?q=2026", "?overdue=false")
FOREIGN = ("q=Канарейка", "q=school-9", "unit=mo-seversk", "unit=school-9", "unit=dgo", "unit=dpo", "q=%25", "q=_")
READS = ("", "?at=2026-09-02", "/events", "/agenda", "/explanation", "/workflow", "/letters")
STEPS: dict[str, dict[str, Any]] = {
    "completion": {},
    "skip": {"reason": "x"},
    "reopening": {"reason": "x"},
    "deadline": {"due": "2026-09-20", "reason": "x"},
    "responsible": {"person": "p-other"},
    "questionnaires": {"count": 1},
}
ACTS: dict[str, tuple[str, dict[str, Any]]] = {
    **{f"/steps/1/{name}": ("POST", body) for name, body in STEPS.items()},
    "/pause": ("POST", {"reason": "x"}),
    "/resumption": ("POST", {}),
    "/closure": ("POST", {"reason": "x"}),
    "/cancellation": ("POST", {"reason": "x"}),
    "/appointments": (
        "POST",
        {"role": "curator", "person": "p-other", "order": {"number": "1", "date": "2026-09-01"}},
    ),
    "/forms": ("PUT", {"forms": []}),
    "/results/pupil-pupil": ("PUT", {"mentors": 1, "mentees": 1, "pairs": 1}),
}


@pytest.fixture
def started(region: World) -> World:
    for organisation, forms in FORMS.items():
        region.start(organisation, forms=forms)
    return region


@pytest.fixture(scope="module")
def names() -> dict[str, str]:
    return {one.id: one.name for one in ORGANISATIONS}


def test_reading(started: World):
    for who, seen in SEES.items():
        for organisation in FORMS:
            for path in READS:
                answer = started.ask(who, "GET", f"/programmes/{organisation}-2026{path}")
                if organisation not in seen:
                    problem(answer, 404, "programme_unknown")
                else:
                    assert answer.status_code == (503 if path == "/workflow" else 200), (who, organisation, path)


def test_hidden_and_missing_look_the_same(started: World):
    for path in READS:
        hidden = started.ask("curator", "GET", f"/programmes/school-9-2026{path}")
        missing = started.ask("curator", "GET", f"/programmes/school-0-2026{path}")
        assert problem(hidden, 404) == problem(missing, 404)


def test_steering(started: World):
    """What is hidden is 404, what is seen and not one's own is 403; neither leaves a trace."""
    before = started.written()
    for who, steered in STEERS.items():
        for organisation in FORMS:
            if organisation in steered:
                continue
            for path, (method, body) in ACTS.items():
                answer = started.ask(who, method, f"/programmes/{organisation}-2026{path}", json=body)
                if organisation in SEES[who]:
                    problem(answer, 403, "forbidden")
                else:
                    problem(answer, 404, "programme_unknown")
    assert started.written() == before


def test_those_who_may_steer_do(started: World):
    for who, steered in STEERS.items():
        for organisation in steered:
            body = {"mentors": 1, "mentees": 2, "pairs": 2}
            answer = started.ask(who, "PUT", f"/programmes/{organisation}-2026/results/pupil-pupil", json=body)
            assert answer.status_code == 200, (who, organisation, answer.text)


def test_starting(region: World):
    for who, may in STARTS.items():
        for organisation in FORMS:
            body = {"organisation": organisation, "year": 2026}
            answer = region.ask(who, "POST", "/programmes/preview", json=body)
            if organisation in may:
                assert answer.status_code == 200, (who, organisation, answer.text)
            elif organisation in SEES[who] and KEYS[who][0] != "methodologist":
                problem(answer, 403, "forbidden")
            else:  # a centre sees the programmes of its forms, and none has begun
                found = problem(answer, 422, "organisation_unknown")
                assert found["errors"][0]["pointer"] == "/organisation"


def test_lists_and_counts(started: World, names: dict[str, str]):
    for who, seen in SEES.items():
        for query in (
            "",
            "?year=2026",
            "?unit=tomsk-oblast",
            "?status=running",
            "?limit=1",
            "?q=2026",
            "?overdue=false",
        ):
            listed, path = [], f"/programmes{query}"
            while path:
                answer = started.get(path, who)
                listed += answer["items"]
                mark = "&" if query else "?"
                path = f"/programmes{query}{mark}cursor={answer['next']}" if answer["next"] else ""
            assert {one["organisation"] for one in listed} == seen, (who, query)
            assert not any(names[one] in str(listed) for one in EVERYTHING - seen)


def test_filters_find_nothing_that_is_foreign(started: World):
    for query in (
        "q=Канарейка",
        "q=school-9",
        "unit=mo-seversk",
        "unit=school-9",
        "unit=dgo",
        "unit=dpo",
        "q=%25",
        "q=_",
    ):
        assert started.get(f"/programmes?{query}", "curator") == {"items": [], "next": None}


@WHO
def test_units(shared: World, who: str, names: dict[str, str]):
    """The list says the same as the single unit; no organisation that is hidden is in either, nor its children."""
    listed, path = [], "/units?limit=7"
    while path:
        answer = shared.get(path, who)
        listed += [one["id"] for one in answer["items"]]
        path = f"/units?limit=7&cursor={answer['next']}" if answer["next"] else ""
    assert len(listed) == len(set(listed))
    for unit in [*names, "mo-tomsk", "mo-seversk", "dgo", "rcro", "rvpo", "tomsk-oblast"]:
        single = shared.ask(who, "GET", f"/units/{unit}")
        persons = shared.ask(who, "GET", f"/units/{unit}/people")
        assert (single.status_code == 200) == (persons.status_code == 200) == (unit in listed), unit
        if unit not in listed:
            problem(single, 404, "unit_not_found")
            problem(persons, 404, "unit_not_found")


def test_who_sees_which_units(shared: World):
    canaries = {"school-9", "lyceum", "college"}
    seen = {who: {one["id"] for one in shared.get("/units?limit=500", who)["items"]} for who in KEYS}
    assert seen["curator"] == {"school-1", "mo-tomsk", "tomsk-oblast"}
    assert seen["coordinator"] == {"school-1", "club-1", "mo-tomsk", "tomsk-oblast"}
    assert not seen["office"] & {"school-1", "club-1", *canaries}
    assert seen["dgo"] & {"school-1", "club-1", *canaries} == {"school-1", "club-1", "school-9", "lyceum"}
    assert seen["dpo"] & {"school-1", "club-1", *canaries} == {"college"}
    assert seen["operator"] == seen["administrator"] >= {"school-1", *canaries}
    assert shared.get("/units?parent=mo-seversk", "coordinator")["items"] == []
    assert shared.get("/units?q=Канарейка", "curator")["items"] == []


@WHO
def test_bulk(shared: World, who: str):
    """A plan names no organisation of others; a place that one does not see is as good as none."""
    before = shared.written()
    for parent in (*PARENTS, "nowhere"):
        answer = shared.ask(who, "POST", "/programmes/bulk", json={"parent": parent, "year": 2026})
        if parent in BULKS.get(who, ()):
            assert answer.status_code == 200, (parent, answer.text)
            assert "school-9" not in answer.text or who == "administrator"
        else:
            assert answer.status_code in (403, 422), (parent, answer.text)
            assert "Канарейка" not in answer.text
    assert shared.written() == before


def test_a_bulk_place_that_is_hidden_is_unknown(shared: World):
    for parent in ("school-9", "mo-seversk", "nowhere"):
        answer = shared.ask("coordinator", "POST", "/programmes/bulk", json={"parent": parent, "year": 2026})
        assert problem(answer, 422, "unit_unknown")["errors"][0]["pointer"] == "/parent"
    problem(
        shared.ask("curator", "POST", "/programmes/bulk", json={"parent": "school-1", "year": 2026}), 403, "forbidden"
    )
