"""Short words for commands, so that the stories stay stories."""

from __future__ import annotations

from typing import Any

from domain.evidence import Evidence
from domain.plan import Plan
from domain.programme import commands as c
from tests.domain.programme.given import Dated, on
from tests.domain.programme.plans import COLLEGE, SCHOOL, YEAR, day

WHY = "txt-" + "0" * 32
ORDER = c.Order(number="12-о", date=day("01.09"))

EVIDENCE: dict[int, dict[str, Any]] = {
    5: {"sent": 60, "returned": 50, "needed": 40, "obtained": 38},
    6: {"sent": 20, "returned": 20, "needed": 10, "obtained": 10},
    7: {"document": WHY, "count": 30},
    9: {"measured": 30, "of": 30},
    10: {"sent": 15, "returned": 12, "needed": 12, "obtained": 12},
    11: {"document": WHY, "count": 12},
    12: {"measured": 12, "of": 12},
    18: {"pairs": 12},
    19: {"document": WHY},
    31: {"measured": 40, "of": 42},
    33: {"link": WHY, "needed": 5, "obtained": 5},
}
COLLEGE_EVIDENCE: dict[int, dict[str, Any]] = {
    4: {"sent": 30, "returned": 30, "needed": 25, "obtained": 25},
    5: {"document": WHY, "count": 20},
    10: {"link": WHY, "needed": 3, "obtained": 3},
}


def start(plan: Plan = SCHOOL, **more: Any) -> c.StartProgramme:
    school = plan.roadmap.key == "school"
    fields: dict[str, Any] = {
        "organisation": "school-1" if school else "college-1",
        "organisation_class": "municipal" if school else "state",
        "municipality": "tomsk" if school else None,
        "sector": "general" if school else "vocational",
        "zone": "Asia/Tomsk",
        "year": YEAR,
        "plan": plan.ref,
    }
    return c.StartProgramme.model_validate(fields | more)


def complete(step: int, **more: Any) -> c.CompleteStep:
    """Complete with the figures of a good year, or with those given."""
    figures = more.pop("evidence", EVIDENCE.get(step, {}))
    return c.CompleteStep(step=step, evidence=Evidence.model_validate(figures), **more)


def skip(step: int) -> c.SkipStep:
    return c.SkipStep(step=step, reason=WHY)


def reopen(step: int, **more: Any) -> c.ReopenStep:
    return c.ReopenStep(step=step, reason=WHY, **more)


def move(step: int, to: str, **more: Any) -> c.MoveDeadline:
    return c.MoveDeadline(step=step, due=day(to), reason=WHY, **more)


def pause(on_resume: c.OnResume = "shift") -> c.PauseProgramme:
    return c.PauseProgramme(reason=WHY, on_resume=on_resume)


PASS = c.PassTime()
RESUME = c.ResumeProgramme()
CLOSE = c.CloseProgramme(reason=WHY)
CANCEL = c.CancelProgramme(reason=WHY)
STARTED: list[Dated] = on("20.08", start())
COLLEGE_STARTED: list[Dated] = on("20.08", start(COLLEGE))
