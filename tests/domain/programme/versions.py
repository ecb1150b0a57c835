"""Newer versions of the shipped definitions, and adopting them."""

from __future__ import annotations

from datetime import date
from typing import Any

from domain.calendar import Calendar
from domain.ladder import Ladder
from domain.plan import Plan
from domain.programme import commands as c
from domain.programme.decide import Decision, after_time
from domain.programme.passing import pass_time
from domain.refusal import Refusal
from domain.roadmap import Roadmap
from tests.domain.programme.given import Given, moment
from tests.domain.programme.plans import CALENDAR, SCHOOL
from tests.domain.programme.words import ORDER, WHY


def edited(step: int, **changes: Any) -> Plan:
    """The school's roadmap with one step changed, as version 2."""
    body = SCHOOL.roadmap.model_dump(mode="json")
    for phase in body["phases"]:
        for one in phase["steps"]:
            if one["number"] == step:
                one.update(changes)
    return roadmap_of(body)


def without(*steps: int) -> Plan:
    body = SCHOOL.roadmap.model_dump(mode="json")
    for phase in body["phases"]:
        phase["steps"] = [one for one in phase["steps"] if one["number"] not in steps]
    body["phases"] = [phase for phase in body["phases"] if phase["steps"]]
    return roadmap_of(body)


def roadmap_of(body: dict[str, Any]) -> Plan:
    ref = SCHOOL.ref.model_copy(update={"roadmap": "school@2"})
    return Plan(ref, Roadmap.model_validate(body | {"version": "2"}), SCHOOL.ladder, SCHOOL.calendar)


def ladder_of(*rungs: dict[str, Any]) -> Plan:
    ref = SCHOOL.ref.model_copy(update={"ladder": "step-municipal@2"})
    ladder = Ladder.model_validate(SCHOOL.ladder.model_dump() | {"version": "2", "rungs": rungs})
    return Plan(ref, SCHOOL.roadmap, ladder, SCHOOL.calendar)


def calendar_of(*days_off: date) -> Plan:
    """The calendar of the stories with more days off: a decree has come out."""
    years = dict(CALENDAR.years)
    for off in days_off:
        years[off.year] = years[off.year].model_copy(update={"days_off": years[off.year].days_off | {off}})
    calendar = Calendar(key="test", version="2", years=years)
    ref = SCHOOL.ref.model_copy(update={"calendar": "test@2"})
    return Plan(ref, SCHOOL.roadmap, SCHOOL.ladder, calendar)


def decided(story: Given, plan: Plan, at: str, **more: Any) -> Decision:
    command = c.AdoptVersions(plan=plan.ref, reason=WHY, order=ORDER, **more)
    return after_time(story.state, command, story.plan, moment(at), adopted=plan)


def adopted(story: Given, plan: Plan, at: str) -> Given:
    decision = decided(story, plan, at)
    assert not isinstance(decision, Refusal), decision
    return Given(plan, (*story.happened, *decision))


def refused(story: Given, plan: Plan, at: str) -> Refusal:
    decision = decided(story, plan, at)
    assert isinstance(decision, Refusal), decision
    return decision


def passed(story: Given, until: str) -> Given:
    return Given(story.plan, (*story.happened, *pass_time(story.state, story.plan, moment(until))))
