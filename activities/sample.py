"""An invented organisation with everybody above it: what a rehearsal of a year needs in an empty home."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from activities.demo.figures import evidence_of
from activities.demo.organisations import Place
from activities.directory import put_unit
from activities.people import Person, give_role, put_person
from activities.texts import text_ref
from domain.mentoring_forms import MentoringForm
from domain.plan import Plan, local_day
from domain.programme.commands import CompleteStep, ProgrammeCommand
from domain.programme.state import Programme
from domain.refusal import Refusal
from domain.units import Role, Sector, UnitTree

BY = "rehearsal"
SECTORS: dict[str, Sector] = {"school": "general", "college": "vocational"}
FORMS: dict[str, tuple[MentoringForm, ...]] = {"school": ("pupil-pupil",), "college": ("student-student",)}
SIZE = (24, 12)
"""Mentees and mentors."""

_SINCE = date(2000, 1, 1)


class Completion(NamedTuple):
    """A command with the free texts that it refers to."""

    command: ProgrammeCommand
    texts: dict[str, str]


def sample_place(tree: UnitTree, roadmap: str) -> Place:
    """The organisation whose roadmap this is: a school of the first municipality, a college of its department."""
    sector = SECTORS[roadmap]
    if sector == "vocational":
        parent = next(unit for unit in tree.of_kind("department") if unit.sector == sector)
        return Place("sample-college", parent.id, sector, "Колледж-пример", *SIZE)
    return Place("sample-school", tree.of_kind("municipality")[0].id, sector, "Школа-пример", *SIZE)


def put_sample(connection: Connection, tree: UnitTree, place: Place, at: datetime) -> None:
    """The organisation, and one person for each role that its notices may go to."""
    _sound(put_unit(connection, place.unit, BY, at, tree=tree))
    for role, unit in _roles(tree, place):
        person = f"{role.replace('_', '-')}-{unit}"
        _sound(put_person(connection, Person(id=person, name=person, email=f"{role}@{unit}.example"), BY, at))
        _sound(give_role(connection, person, role, unit, _SINCE, BY, at))


def _roles(tree: UnitTree, place: Place) -> Iterator[tuple[Role, str]]:
    yield "navigator" if place.sector == "vocational" else "curator", place.id
    yield "head", place.id
    if tree.units[place.parent].kind == "municipality":
        yield "municipal_coordinator", place.parent
    for unit in tree.of_kind("department"):
        yield "department_officer", unit.id
    for unit in tree.of_kind("centre"):
        yield "methodologist", unit.id


def completion(state: Programme, plan: Plan, step: int, at: datetime, occurrence: int | None = None) -> Completion:
    """The step, or one occurrence of it (the next), done with figures that satisfy the gates."""
    place = Place(state.organisation, "", state.sector or "general", "", *SIZE)
    texts: dict[str, str] = {}

    def keep(body: str) -> str:
        reference = text_ref()
        texts[reference] = body
        return reference

    asked, forms = plan.roadmap.steps[step], FORMS[state.plan.roadmap.partition("@")[0]]
    command = CompleteStep(
        step=step,
        occurrence=occurrence or (state.steps[step].current.number if asked.recurring else None),
        evidence=evidence_of(asked, None, place, forms, local_day(at, state.zone), keep),
        forms=forms if asked.fixes_forms else None,
    )
    return Completion(command, texts)


def _sound(answer: object) -> None:
    if isinstance(answer, Refusal):
        raise ValueError(f"the sample does not fit the region: {answer.code} {answer.facts}")
