"""Whose mail it is: the sender's address and the check code have to name the same respondent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from sqlalchemy import Connection, Table, func, or_, select

from activities.tables import FormRevisionRow, PersonRow, RoleRow, SubmissionRow, UnitRow
from domain.submission.check_code import check_code
from domain.submission.commands import EMPTY_FORM

_SUBMISSION: Table = SubmissionRow.__table__  # type: ignore[attr-defined]
_REVISION: Table = FormRevisionRow.__table__  # type: ignore[attr-defined]
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
    """The submissions that a mail may be about, on one day: by sender, and by check code."""

    own: frozenset[str]
    known: bool
    codes: Mapping[str, str]


def open_for(connection: Connection, sender: str, day: date) -> Open:
    """What the sender answers for, and the codes of every form that is still open."""
    units = _units_of(connection, sender, day)
    rows = connection.execute(select(_SUBMISSION.c.id, _SUBMISSION.c.respondent).where(~_SUBMISSION.c.closed)).all()
    own = frozenset(row.id for row in rows if row.respondent in units)
    return Open(own, bool(units), _codes(connection, [row.id for row in rows]))


def match(found: Open, codes: Iterable[str]) -> Match:
    """Decide; a code of another respondent's form is never taken for the sender's own."""
    named = {found.codes[code] for code in codes if code in found.codes}
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


def _units_of(connection: Connection, sender: str, day: date) -> set[str]:
    """The units for which an address writes: its person's, or its own."""
    if not sender:
        return set()
    held = _ROLE.c.role.in_(ROLES) & (_ROLE.c.since <= day) & or_(_ROLE.c.until.is_(None), _ROLE.c.until >= day)
    persons = select(_ROLE.c.unit).join(_PERSON, _PERSON.c.id == _ROLE.c.person)
    persons = persons.where(held, func.lower(_PERSON.c.email) == sender)
    units = select(_UNIT.c.id).where(func.lower(_UNIT.c.email) == sender)
    return {*connection.scalars(persons), *connection.scalars(units)}


def _codes(connection: Connection, submissions: Collection[str]) -> dict[str, str]:
    """The submission of every code that may stand on a paper; revision 0 is the blank."""
    query = select(_REVISION.c.submission, _REVISION.c.revision, _REVISION.c.sha256)
    query = query.join(_SUBMISSION, _SUBMISSION.c.id == _REVISION.c.submission).where(~_SUBMISSION.c.closed)
    found = {check_code(one.submission, one.revision, one.sha256): one.submission for one in connection.execute(query)}
    return {**{check_code(one, 0, EMPTY_FORM): one for one in submissions}, **found}
