"""Planned beside actual results of a year, by form of mentoring (order 420-р, 3.3)."""

from __future__ import annotations

from collections.abc import Iterator

from domain.mentoring_forms import MentoringForm
from domain.programme.commands import PlannedResult
from domain.programme.state import Programme
from domain.value import Value


class Result(Value):
    """One form: what was planned, and the pairs that were matched; `None` where nobody has said."""

    form: MentoringForm
    planned: PlannedResult | None
    pairs: int | None


def results_of(programme: Programme) -> Iterator[Result]:
    """Every form that has a plan or pairs, by key."""
    actual = actual_pairs(programme)
    for form in sorted({*programme.results, *actual}):
        yield Result(form=form, planned=programme.results.get(form), pairs=actual.get(form))


def actual_pairs(programme: Programme) -> dict[MentoringForm, int]:
    """The pairs by form where the evidence has them; an undivided number belongs to the form when there is only one."""
    found: dict[MentoringForm, int] = {}
    for step in programme.steps.values():
        for one in step.occurrences:
            if one.evidence and one.evidence.by_form:
                found.update(one.evidence.by_form)
            elif one.evidence and one.evidence.pairs is not None and len(programme.forms) == 1:
                found[programme.forms[0]] = one.evidence.pairs
    return found
