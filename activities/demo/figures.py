"""Plausible figures for every kind of step, such that the gates of the roadmaps are satisfied."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from activities.demo.organisations import Place
from domain.evidence import Evidence, EvidenceKind
from domain.mentoring_forms import MentoringForm
from domain.roadmap import Part, StepPlan

TextOf = Callable[[str], str]
"""Keeps a text and returns the reference to it."""


def evidence_of(
    step: StepPlan, part: Part | None, place: Place, forms: Sequence[MentoringForm], day: date, text: TextOf
) -> Evidence:
    """What the people of `place` enter when they close the step (or one part of it) on `day`."""
    figures: dict[str, Any] = {}
    for kind in step.kinds(part):
        figures |= _of_kind(kind, step, place, forms, day, text)
    return Evidence(**figures)


def _of_kind(
    kind: EvidenceKind, step: StepPlan, place: Place, forms: Sequence[MentoringForm], day: date, text: TextOf
) -> dict[str, Any]:
    entering = _people(step, place)
    match kind:
        case "form":
            return {"sent": entering + 3, "returned": entering + step.number % 3}
        case "consent":
            return {"needed": entering, "obtained": entering}
        case "decision":
            document = {"document": text(f"Распоряжение № {step.number}-н от {day:%d.%m.%Y}")}
            return document | ({"count": entering} if step.gate.consent else {})
        case "meeting" | "training" | "event":
            return {"date": day, "present": entering + step.number % 5}
        case "interview":
            return {"held": entering + 2, "passed": entering}
        case "matching":
            return {"pairs": place.mentors, "by_form": _shared(place.mentors, forms)}
        case "evaluation":
            return {"measured": entering, "of": entering}
        case "notice":
            return {"audience": entering * 2}
        case "report":
            return {"document": text(f"Отчёт по мероприятию {step.number} от {day:%d.%m.%Y}")}
        case "publication":
            return {"link": text(f"https://{place.id}.example/nastavnichestvo")}


def _people(step: StepPlan, place: Place) -> int:
    """Mentors where the step is about mentors alone, everybody after the pairs have been made, else mentees."""
    about_mentors = (10, 11, 12, 13, 14, 15)
    if place.sector != "vocational" and step.number in about_mentors:
        return place.mentors
    after_matching = step.number > 18 if place.sector != "vocational" else step.number > 6
    return place.mentees + place.mentors if after_matching else place.mentees


def _shared(pairs: int, forms: Sequence[MentoringForm]) -> dict[MentoringForm, int]:
    """The pairs spread over the forms."""
    least, rest = divmod(pairs, len(forms))
    return {form: least + (number < rest) for number, form in enumerate(forms)}
