"""First dates of a year: from the roadmap's rules, the organisation's own dates and a late start."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache

from domain.dates import Dates, Recurring, Relative, Until, Window, in_school_year, occurrences, opens_on
from domain.plan import Plan, local_day
from domain.programme.events import Due
from domain.refusal import Refusal
from domain.roadmap import StepPlan


def school_year(year: int) -> tuple[date, date]:
    """First and last day of the school year that starts in autumn of `year`."""
    return date(year, 8, 1), date(year + 1, 8, 31)


def deadline_range(year: int, today: date) -> tuple[date, date]:
    """First and last day on which a deadline may lie; a year that is caught up afterwards gets a school year more."""
    first, last = school_year(year)
    return first, last if today <= last else date(year + 2, 8, 31)


def first_window(plan: Plan, year: int) -> date:
    """The earliest window of the roadmap: where a preview of the whole year begins."""
    return min(day for step in plan.roadmap.all_steps() if (day := opens_on(step.date, year)))


def phase_openings(plan: Plan, year: int) -> dict[int, date]:
    """The earliest window of each phase that has one."""
    openings: dict[int, date] = {}
    for phase in plan.roadmap.phases:
        days = [day for step in phase.steps if (day := opens_on(step.date, year))]
        if days:
            openings[phase.number] = min(days)
    return openings


def first_dues(plan: Plan, year: int, since: datetime, zone: str, own: dict[int, date]) -> tuple[Due, ...] | Refusal:
    """Every deadline of the year. `own`: the organisation's dates by step number; refused ones are named."""
    today = local_day(since, zone)
    if today > (last := deadline_range(year, today)[1]):
        return Refusal(code="year_over", facts={"year": year, "last": last}, pointer="/year")
    for number, day in own.items():
        if refusal := _own_date_refused(plan, year, today, number, day):
            return refusal
    return _all_dues(plan, year, today, tuple(own.items()))


@lru_cache(maxsize=256)  # whoever starts a region on one day starts everybody with the same dates
def _all_dues(plan: Plan, year: int, today: date, own: tuple[tuple[int, date], ...]) -> tuple[Due, ...]:
    given = dict(own)
    dues: dict[int, list[Due]] = {}
    for step in references_first(plan):
        dues[step.number] = dues_of(plan, step, year, today, given.get(step.number), dues)
    return tuple(due for number in sorted(dues) for due in dues[number])


def _own_date_refused(plan: Plan, year: int, today: date, number: int, day: date) -> Refusal | None:
    pointer = f"/deadlines/{number}"
    step = plan.roadmap.steps.get(number)
    if step is None:
        return Refusal(code="step_unknown", facts={"step": number}, pointer=pointer)
    if step.recurring:
        return Refusal(code="deadline_of_recurring", facts={"step": number}, pointer=pointer)
    return date_refused(plan, year, today, day, pointer)


def date_refused(plan: Plan, year: int, today: date, day: date, pointer: str) -> Refusal | None:
    """Why a day cannot be a deadline of the school year: it has passed, or lies outside of the year."""
    first, last = deadline_range(year, today)
    if not first <= day <= last:
        return Refusal(code="deadline_outside_year", facts={"due": day, "first": first, "last": last}, pointer=pointer)
    if min(day, plan.rolled(day)) < today:
        return Refusal(code="deadline_in_past", facts={"due": day, "today": today}, pointer=pointer)
    return None


def references_first(plan: Plan) -> list[StepPlan]:
    """Every step, after the one that its date is counted from."""
    ordered: dict[int, StepPlan] = {}

    def place(step: StepPlan) -> None:
        if isinstance(step.date, Relative):
            place(plan.roadmap.steps[step.date.step])
        ordered.setdefault(step.number, step)

    for step in plan.roadmap.all_steps():
        place(step)
    return list(ordered.values())


def dues_of(
    plan: Plan, step: StepPlan, year: int, today: date, own: date | None, known: dict[int, list[Due]]
) -> list[Due]:
    """The deadlines of one step. `own`: the organisation's date; `known`: those of the steps before it."""
    if own is not None:
        return [Due(step=step.number, occurrence=1, asked=own, due=plan.rolled(own), pinned=True)]
    anchor: date | None = None
    match step.date:
        case Window() | Until():
            asked = [in_school_year(step.date.closes, year)]
        case Relative():
            anchor = known[step.date.step][-1].due
            asked = [relative_day(plan, step.date, anchor)]
        case Recurring() | Dates():
            days = occurrences(step.date, year)
            asked = [day for day in days if plan.rolled(day) >= today] or [days[-1]]
    return [_due(plan, step.number, number, day, today, anchor) for number, day in enumerate(asked, start=1)]


def _due(plan: Plan, step: int, occurrence: int, asked: date, today: date, anchor: date | None) -> Due:
    due = plan.rolled(asked)
    late = due < today
    if late:
        due = plan.catch_up(today)
    return Due(step=step, occurrence=occurrence, asked=asked, due=due, catch_up=late, anchor=anchor)


def relative_day(plan: Plan, rule: Relative, anchor: date) -> date:
    """The day a relative rule asks for, before rolling, counted from `anchor`."""
    count = rule.days if rule.direction == "after" else -rule.days
    if rule.unit == "working":
        return plan.calendar.add(anchor, count)
    return anchor + timedelta(days=count)
