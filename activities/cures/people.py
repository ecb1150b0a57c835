"""Cures that somebody else brings: a deputy, a new holder of a role, a right address. Ordinary rows, each audited."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection

from activities.absences import new_absence_id, put_absence
from activities.cures import arguments as a
from activities.cures.planned import Bench, Planned, Target
from activities.cures.steps import state_of, step_of
from activities.directory import as_unit, find_unit, put_unit
from activities.letter_words import ROLE_TITLES
from activities.people import Person, find_person, give_role, put_person
from activities.recipients import OFFICER, RecipientBook
from activities.respondents import resolve
from activities.russian import full_date
from domain.absences import Absence
from domain.plan import local_day
from domain.refusal import Refusal
from domain.submission.state import Submission
from domain.units import Role


def deputy(bench: Bench, target: Target, given: a.Deputy) -> Planned | Refusal:
    """Whoever answers for it is away: a deputy gets letters and steps until a day."""
    away = given.person or _answering(bench, target, given.step)
    if away is None:
        return Refusal(code="absent_unnamed", pointer="/person")
    today = _today(bench, target)
    since = given.since or today
    absence = Absence(id=new_absence_id(), person=away, since=since, until=given.until, deputy=given.deputy)

    def rows(connection: Connection, by: str, at: datetime) -> Refusal | None:
        put = put_absence(connection, absence, given.reason, today, by, at)
        return put if isinstance(put, Refusal) else None

    told = f"Отсутствие «{away}» с {full_date(since)} по {full_date(given.until)}, замещает «{given.deputy}»"
    return tried(bench, Planned("deputy", target, (told,), rows=rows))


def appointment(bench: Bench, target: Target, given: a.Appointment) -> Planned | Refusal:
    """Somebody gets the role that nobody holds; letters go to them from that day on."""
    unit = target.unit or ""
    role = given.role or role_behind(bench, target.addressee or "", unit)
    if role is None:
        return Refusal(code="role_unnamed", pointer="/role")
    since = given.since or local_day(bench.now, bench.tree.zone(unit))

    def rows(connection: Connection, by: str, at: datetime) -> Refusal | None:
        found = give_role(connection, given.person, role, unit, since, by, at)
        return found if isinstance(found, Refusal) else None

    told = (
        f"«{given.person}» получает роль «{ROLE_TITLES[role]}» в узле «{_unit_name(bench, unit)}» с {full_date(since)}"
    )
    return tried(bench, Planned("appointment", target, (told,), rows=rows))


def address(bench: Bench, target: Target, given: a.Address) -> Planned | Refusal:
    """The right address of whoever did not get letters; those that were lost can be sent anew after it."""
    kind, _, key = (target.recipient or "").partition(":")

    def rows(connection: Connection, by: str, at: datetime) -> Refusal | None:
        change = _of_person if kind == "person" else _of_unit
        return change(connection, key, given.email, by, at)

    return tried(bench, Planned("address", target, (f"Новый адрес: {given.email}",), rows=rows))


def _of_person(connection: Connection, person: str, email: str, by: str, at: datetime) -> Refusal | None:
    known = find_person(connection, person)
    if known is None:
        return Refusal(code="person_unseen", facts={"person": person})
    wanted = Person(**{**known.model_dump(exclude={"version"}), "email": email})
    put = put_person(connection, wanted, by, at)
    return put if isinstance(put, Refusal) else None


def _of_unit(connection: Connection, unit: str, email: str, by: str, at: datetime) -> Refusal | None:
    known = find_unit(connection, unit)
    if known is None:
        return Refusal(code="unit_not_found", facts={"unit": unit})
    put = put_unit(connection, as_unit(known).model_copy(update={"email": email}), by, at)
    return put if isinstance(put, Refusal) else None


def role_behind(bench: Bench, addressee: str, unit: str) -> Role | None:
    """The role that somebody has to hold at a unit so that an addressee of the ladder is there."""
    place = bench.tree.units.get(unit)
    vocational = place is not None and place.sector == "vocational"
    own: dict[str, Role] = {
        "head": "head",
        "curator": "navigator" if vocational else "curator",
        "responsible": "navigator" if vocational else "curator",
        "coordinator": "navigator" if vocational else "curator",
    }
    if addressee == "coordinator" and place is not None and place.kind == "municipality":
        return "municipal_coordinator"
    return own.get(addressee) or OFFICER.get(addressee)


def tried(bench: Bench, planned: Planned) -> Planned | Refusal:
    """The plan, if its rows could be changed now: they are, and it is taken back."""
    assert planned.rows is not None, "only rows can be tried"
    with bench.core.database.writing() as connection:
        attempt = connection.begin_nested()
        refusal = planned.rows(connection, "preview", bench.now)
        attempt.rollback()
    return refusal or planned


def _answering(bench: Bench, target: Target, step: int | None) -> str | None:
    """The person whose turn it is, whoever stands in for them already."""
    state = bench.state(target.stream or "")
    day = _today(bench, target)
    if isinstance(state, Submission):
        book = RecipientBook.around(bench.connection, state.respondent)
        found = resolve(book, state, ("coordinator",), day).recipients
        return next((one.id.removeprefix("person:") for one in found), None)
    found_step = step_of(bench, target, step)
    if isinstance(found_step, Refusal):
        return None
    programme = state_of(bench, target)
    book = RecipientBook.load(bench.connection, programme)
    people = book.responsible(programme, bench.core.streams.plan(programme), found_step[0].number, day)
    return next((one.id for one in people), None)


def _today(bench: Bench, target: Target) -> date:
    return local_day(bench.now, bench.state(target.stream or "").zone)


def _unit_name(bench: Bench, unit: str) -> str:
    known = bench.tree.units.get(unit)
    return known.name if known else unit
