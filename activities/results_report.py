"""Planned beside actual results, by organisation and form (order 420-р, 3.3), and the report of one form (5.2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from activities.execution_summary import Area, Year
from domain.mentoring_forms import FORM_TITLES, MentoringForm
from domain.programme.execution import Counts
from domain.programme.results import Result, results_of
from domain.report.names import by_name


class Line(NamedTuple):
    """What one programme says of one form; a form that runs may have neither plan nor pairs."""

    year: Year
    form: MentoringForm
    result: Result


def results_report(years: Sequence[Year], area: Area) -> dict[str, Any]:
    """`{unit, year, as_of, programmes, forms, items}`.

    `forms`: sums by form, with `reported`, the programmes that have given their pairs, beside every sum.
    """
    lines = [line for one in years for line in _lines(one)]
    forms = dict.fromkeys(sorted(line.form for line in lines))
    return {
        **area.head(),
        "programmes": len(years),
        "forms": [_sums(form, [line for line in lines if line.form == form]) for form in forms],
        "items": [_item(area, line) for line in lines if area.organisations],
    }


def form_report(years: Sequence[Year], area: Area, form: MentoringForm) -> dict[str, Any]:
    """`{form, unit, year, as_of, programmes, totals, counts, municipalities, organisations}`: who runs one form,
    how far their roadmaps have come, planned beside actual. `years`: those of `Area.form`.
    """
    lines = [line for one in years for line in _lines(one) if line.form == form]
    places: dict[str, list[Line]] = {}
    for line in lines:
        municipality = area.tree.municipality(line.year.state.organisation)
        places.setdefault(municipality.name if municipality else STATE, []).append(line)
    return {
        "form": {"key": form, "title": FORM_TITLES[form]},
        **area.head(),
        "programmes": len(years),
        "totals": _sums(form, lines),
        "counts": _counted(lines),
        "municipalities": [_place(name, places[name], form) for name in sorted(places, key=by_name)],
        "organisations": [
            {**_item(area, line), "status": line.year.state.status, "counts": line.year.counts.model_dump()}
            for line in lines
            if area.organisations
        ],
    }


STATE = "Областные организации"
"""Over the organisations that belong to no municipality."""


def _lines(one: Year) -> list[Line]:
    found = {result.form: result for result in results_of(one.state)}
    forms = dict.fromkeys([*one.state.forms, *found])
    return [Line(one, form, found.get(form) or Result(form=form, planned=None, pairs=None)) for form in forms]


def _place(name: str, lines: Sequence[Line], form: MentoringForm) -> dict[str, Any]:
    return {"name": name, "programmes": len(lines), "totals": _sums(form, lines), "counts": _counted(lines)}


def _counted(lines: Iterable[Line]) -> dict[str, int]:
    total = Counts()
    for line in lines:
        total = total + line.year.counts
    return total.model_dump()


def _sums(form: MentoringForm, lines: Sequence[Line]) -> dict[str, Any]:
    """Pairs are compared over the programmes that have both a plan and pairs: `percent` is of those alone."""
    planned = [line.result.planned for line in lines if line.result.planned]
    pairs = [line.result.pairs for line in lines if line.result.pairs is not None]
    both = [(one.planned.pairs, one.pairs) for *_, one in lines if one.planned and one.pairs is not None]
    return {
        "form": form,
        "title": FORM_TITLES[form],
        "programmes": len(lines),
        "planned": {
            "programmes": len(planned),
            "mentors": sum(one.mentors for one in planned),
            "mentees": sum(one.mentees for one in planned),
            "pairs": sum(one.pairs for one in planned),
        },
        "actual": {"programmes": len(pairs), "pairs": sum(pairs)},
        "compared": len(both),
        "percent": percent(sum(actual for _, actual in both), sum(plan for plan, _ in both)),
    }


def _item(area: Area, line: Line) -> dict[str, Any]:
    state, result = line.year.state, line.result
    municipality = area.tree.municipality(state.organisation)
    return {
        "programme": line.year.id,
        "organisation": state.organisation,
        "name": area.tree.units[state.organisation].name,
        "municipality": municipality.name if municipality else None,
        "form": line.form,
        "title": FORM_TITLES[line.form],
        "fixed": state.forms_fixed,
        "planned": result.planned.model_dump() if result.planned else None,
        "actual": {"pairs": result.pairs},
        "percent": percent(result.pairs, result.planned.pairs if result.planned else None),
    }


def percent(part: int | None, whole: int | None) -> float | None:
    """To one decimal, a half up; `None` where there is nothing to compare."""
    if part is None or not whole:
        return None
    return ((2000 * part + whole) // (2 * whole)) / 10
