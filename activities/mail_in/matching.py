"""Whose mail it is: the sender's address and the check code have to name the same respondent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from sqlalchemy import Connection, Table, func, select

from activities.paper_codes import Paper, papers_of
from activities.staff import Holding
from activities.tables import PersonRow, RoleRow, SubmissionRow, UnitRow
from domain.plan import local_day
from domain.units import UnitTree

_SUBMISSION: Table = SubmissionRow.__table__  # type: ignore[attr-defined]
_PERSON: Table = PersonRow.__table__  # type: ignore[attr-defined]
_ROLE: Table = RoleRow.__table__  # type: ignore[attr-defined]
_UNIT: Table = UnitRow.__table__  # type: ignore[attr-defined]

ROLES = ("municipal_coordinator", "head", "curator", "navigator")
"""Who writes for a respondent."""

Reason = Literal["code", "sender", "unknown_sender", "foreign_code", "several_forms", "several_codes", "nothing_owed"]


class Match(NamedTuple):
    """`submission`: whose the mail is, or with `sure` unset whose it might be."""

    submission: str | None
    sure: bool
    reason: Reason


@dataclass(frozen=True)
class Open:
    """The submissions that a mail may be about at one time: by sender, and by the check codes in it."""

    own: frozenset[str]
    known: bool
    codes: Mapping[str, Paper]


def open_for(connection: Connection, tree: UnitTree, sender: str, now: datetime, codes: Collection[str]) -> Open:
    """What the sender answers for, and the forms still open that the codes name."""
    units = _units_of(connection, tree, sender, now)
    mine = select(_SUBMISSION.c.id).where(~_SUBMISSION.c.closed, _SUBMISSION.c.respondent.in_(units))
    return Open(frozenset(connection.scalars(mine)), bool(units), papers_of(connection, codes, open_only=True))


def match(found: Open, codes: Iterable[str]) -> Match:
    """Decide; a code of another respondent's form is never taken for the sender's own."""
    named = {found.codes[code].submission for code in codes if code in found.codes}
    if len(named) > 1:
        return Match(None, False, "several_codes")
    if named:
        (submission,) = named
        if submission in found.own:
            return Match(submission, True, "code")
        return Match(submission, False, "foreign_code" if found.known else "unknown_sender")
    if len(found.own) == 1:
        return Match(next(iter(found.own)), True, "sender")
    if found.own:
        return Match(None, False, "several_forms")
    return Match(None, False, "nothing_owed" if found.known else "unknown_sender")


def _units_of(connection: Connection, tree: UnitTree, sender: str, now: datetime) -> set[str]:
    """The units for which an address writes: its person's, as of the day that it is there, or its own."""
    if not sender:
        return set()
    query = select(_ROLE).join(_PERSON, _PERSON.c.id == _ROLE.c.person)
    query = query.where(_ROLE.c.role.in_(ROLES), func.lower(_PERSON.c.email) == sender)
    held = [Holding(**row) for row in connection.execute(query).mappings()]
    persons = {one.unit for one in held if one.valid(local_day(now, tree.zone(one.unit)))}
    return persons.union(connection.scalars(select(_UNIT.c.id).where(func.lower(_UNIT.c.email) == sender)))
