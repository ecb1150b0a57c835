"""What the tests of campaigns share: opening one, filling in a form that has nothing wrong with it."""

from __future__ import annotations

from typing import Any

from tests.api.world import World

LETTER = {"number": "183", "date": "2027-02-25", "text": "Уважаемые коллеги!"}
OPENING = {"title": "Мониторинг за 2026 год", "deadline": "2027-03-21", "years": [2025, 2026], "letter": LETTER}
ROUND = "/campaigns/monitoring-2027"
THREE = ["mo-tomsk", "mo-seversk", "lyceum"]
TOMSK = "/submissions/monitoring-2027-mo-tomsk"
SEVERSK = "/submissions/monitoring-2027-mo-seversk"
LYCEUM = "/submissions/monitoring-2027-lyceum"
QUESTIONS = ("pupil-pupil", "teacher-pupil", "student-pupil", "employer-pupil")


def filled(general: int = 12, **changes: Any) -> dict[str, Any]:
    """A form that may be submitted."""
    running = {"runs": True, "narrative": "Старшие занимаются с младшими.", "general": 3, "additional": 1}
    share = {"numerator": 40, "denominator": 100}
    return {
        "appendix1": {
            "responsible": {
                "name": "Титова Анна Львовна",
                "post": "методист",
                "phone": "+7 (3822) 51-51-51",
                "email": "titova@example.org",
            },
            "totals": {"general": general, "additional": 4},
            "questions": dict.fromkeys(QUESTIONS, running),
        },
        "appendix2": {
            **{number: {"earlier": share, "later": share} for number in ("1", "2")},
            **{number: {"earlier": 10, "later": 12} for number in ("3", "4", "5", "6", "7", "8")},
        },
        **changes,
    }


def opened(world: World, respondents: list[str] | None = None, **more: Any) -> dict[str, Any]:
    """A campaign, opened by the centre in February."""
    world.clock.on("2027-02-25")
    body = OPENING | {"respondents": THREE if respondents is None else respondents} | more
    made: dict[str, Any] = world.post("/campaigns", body, "rcro")
    return made


def put_form(world: World, submission: str, who: str, form: dict[str, Any] | None = None, **given: Any) -> Any:
    """The submission after its form was saved."""
    answer = world.ask(who, "PUT", f"{submission}/form", json=filled() if form is None else form, **given)
    assert answer.status_code == 200, answer.text
    return answer.json()


def submitted(world: World, submission: str, who: str, form: dict[str, Any] | None = None) -> Any:
    """The submission after its form was saved and handed in."""
    put_form(world, submission, who, form)
    return world.post(f"{submission}/submission", None, who)
