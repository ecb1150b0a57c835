"""What a region hands in: forms with invented figures, and the same figures added up by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

FORMS = ("pupil-pupil", "teacher-pupil", "student-pupil", "employer-pupil")
SHARES, COUNTS = ("1", "2"), ("3", "4", "5", "6", "7", "8")
Form = dict[str, Any]


def form_of(place: int, earlier: Mapping[str, Any] | None = None) -> Form:
    """The form of the respondent number `place`; `earlier`: what it said of the earlier year before."""
    totals = {"general": 4 + place % 9, "additional": 1 + place % 3}
    return {
        "appendix1": {
            "responsible": {
                "name": f"Ответственный {'Ъ' * (place % 2)}Номер {place}",
                "post": "муниципальный координатор",
                "phone": f"+7 (3822) 00-{place:02}-00",
                "email": f"coordinator-{place}@example.org",
            },
            "totals": totals,
            "questions": {form: answer(place, at, totals) for at, form in enumerate(FORMS)},
        },
        "appendix2": {
            **{key: {year: share(place, key, year, earlier) for year in ("earlier", "later")} for key in SHARES},
            **{key: {year: count(place, key, year, earlier) for year in ("earlier", "later")} for key in COUNTS},
        },
    }


def answer(place: int, at: int, totals: Mapping[str, int]) -> dict[str, Any]:
    if (place + at) % 4 == 0:
        return {"runs": False, "narrative": "", "general": 0, "additional": 0}
    told = f"Встречи наставников и «Школа лидера» № {place}, направление {at + 1}."
    return {
        "runs": True,
        "narrative": told,
        "general": 1 + (place + at) % totals["general"],
        "additional": (place * at) % (totals["additional"] + 1),
    }


def share(place: int, key: str, year: str, earlier: Mapping[str, Any] | None) -> dict[str, int]:
    if year == "earlier" and earlier is not None:
        return dict(earlier[key]["later"])
    whole = 900 + 37 * place + 100 * int(key) + (25 if year == "later" else 0)
    return {"numerator": whole // (6 + place % 5) + (31 if year == "later" else 0), "denominator": whole}


def count(place: int, key: str, year: str, earlier: Mapping[str, Any] | None) -> int:
    if year == "earlier" and earlier is not None:
        return int(earlier[key]["later"])
    return 20 + (place * int(key)) % 17 + (int(key) if year == "later" else 0)


def with_figure(form: Form, pointer: str, value: Any) -> Form:
    """The form with another value at a JSON pointer."""
    changed = deepcopy(form)
    *way, last = pointer.split("/")[1:]
    here = changed
    for part in way:
        here = here[part]
    here[last] = value
    return changed


def added_up(forms: Sequence[Form]) -> dict[str, Any]:
    """`{totals, questions, indicators}` as the report should say: sums, shares of sums, changes over both years."""
    first = [form["appendix1"] for form in forms]
    second = [form["appendix2"] for form in forms]
    sectors = ("general", "additional")
    return {
        "totals": {sector: sum(one["totals"][sector] for one in first) for sector in sectors},
        "questions": {
            form: {
                "runs": sum(one["questions"][form]["runs"] for one in first),
                **{sector: sum(one["questions"][form][sector] for one in first) for sector in sectors},
            }
            for form in FORMS
        },
        "indicators": {
            **{
                key: {year: _share([one[key][year] for one in second]) for year in ("earlier", "later")}
                for key in SHARES
            },
            **{key: _count([one[key] for one in second]) for key in COUNTS},
        },
    }


def _share(given: Sequence[Any]) -> dict[str, Any]:
    known = [one for one in given if "missing" not in one]
    above, below = (sum(one[part] for one in known) for part in ("numerator", "denominator"))
    tenths = (2000 * above + below) // (2 * below)  # half up
    return {"numerator": above, "denominator": below, "percent": tenths / 10}


def _count(given: Sequence[Any]) -> dict[str, int]:
    sums = {year: sum(one[year] for one in given if isinstance(one[year], int)) for year in ("earlier", "later")}
    both = [one for one in given if isinstance(one["earlier"], int) and isinstance(one["later"], int)]
    return {**sums, "change": sum(one["later"] - one["earlier"] for one in both)}
