"""A whole monitoring round: thirty respondents with figures of their own, and the region's sums computed by hand."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

from activities.directory import put_unit
from domain.units import Unit
from tests.api.monitoring import QUESTIONS
from tests.api.world import AUTUMN, World

SHARES, COUNTS = ("1", "2"), ("3", "4", "5", "6", "7", "8")

Form = dict[str, Any]


def ten_state_organisations(world: World) -> list[str]:
    """The lyceum of the small region and nine more under the department of general education."""
    ids = [f"boarding-{number}" for number in range(1, 10)]
    with world.core.database.writing() as connection:
        for one in ids:
            unit = Unit(id=one, kind="organisation", parent="dgo", sector="general", name=f"Школа-интернат {one[-1]}")
            assert isinstance(put_unit(connection, unit, "test", AUTUMN), tuple)
    return [*ids, "lyceum"]


def form_of(respondent: str) -> Form:
    """Figures that only this respondent has; every change is explained."""
    chance = Random(respondent)
    return {
        "appendix1": {
            "responsible": {
                "name": "Титова Анна Львовна",
                "post": "методист",
                "phone": "+7 (3822) 51-51-51",
                "email": "titova@example.org",
            },
            "totals": {"general": chance.randint(5, 60), "additional": chance.randint(1, 9)},
            "questions": {question: _question(chance, question) for question in QUESTIONS},
        },
        "appendix2": {
            **{number: _pair(_share(chance), _share(chance)) for number in SHARES},
            **{number: _pair(chance.randint(0, 900), chance.randint(0, 900)) for number in COUNTS},
        },
    }


def expected_report(forms: dict[str, Form], expected: int) -> dict[str, Any]:
    """What the region's report has to say of these forms, worked out without the code under test."""
    return {
        "coverage": {"received": len(forms), "accepted": len(forms), "expected": expected},
        "totals": {kind: _sum(form["appendix1"]["totals"][kind] for form in forms.values()) for kind in _KINDS},
        "questions": {question: _expected_question(forms, question) for question in QUESTIONS},
        "indicators": {
            **{number: _expected_shares(forms, number) for number in SHARES},
            **{number: _expected_counts(forms, number) for number in COUNTS},
        },
    }


_KINDS = ("general", "additional")


def _question(chance: Random, question: str) -> dict[str, Any]:
    if chance.random() < 0.3:
        return {"runs": False, "narrative": "", "general": 0, "additional": 0}
    story = f"Наставники ({question}) ведут за собой: {chance.randint(1000, 9999)}."
    return {"runs": True, "narrative": story, "general": chance.randint(1, 5), "additional": chance.randint(0, 1)}


def _share(chance: Random) -> dict[str, int]:
    whole = chance.randint(0, 3000)
    return {"numerator": chance.randint(0, whole), "denominator": whole}


def _pair(earlier: Any, later: Any) -> dict[str, Any]:
    return {"earlier": earlier, "later": later, "comment": "Изменился состав организаций."}


def _sum(figures: Any) -> int:
    return sum(one for one in figures if isinstance(one, int))


def _expected_question(forms: dict[str, Form], question: str) -> dict[str, int]:
    answers = [form["appendix1"]["questions"][question] for form in forms.values()]
    return {
        "runs": sum(one["runs"] for one in answers),
        **{kind: _sum(one[kind] for one in answers) for kind in _KINDS},
    }


def _expected_shares(forms: dict[str, Form], number: str) -> dict[str, Any]:
    found = {}
    for year in ("earlier", "later"):
        parts = [form["appendix2"][number][year] for form in forms.values()]
        given = [one for one in parts if "missing" not in one]
        numerator, denominator = (sum(one[part] for one in given) for part in ("numerator", "denominator"))
        tenths = int(Fraction(1000 * numerator, denominator) + Fraction(1, 2))
        found[year] = {"numerator": numerator, "denominator": denominator, "percent": tenths / 10}
    return found


def _expected_counts(forms: dict[str, Form], number: str) -> dict[str, int]:
    pairs = [(form["appendix2"][number]["earlier"], form["appendix2"][number]["later"]) for form in forms.values()]
    both = [(one, other) for one, other in pairs if isinstance(one, int) and isinstance(other, int)]
    return {
        "earlier": _sum(one for one, _ in pairs),
        "later": _sum(other for _, other in pairs),
        "change": sum(other - one for one, other in both),
    }
