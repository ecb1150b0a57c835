"""Whose mail it is: the sender's address and the check code have to name the same respondent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from sqlalchemy import Connection, Table, func, or_, select

from activities.paper_codes import all_codes
from activities.tables import PersonRow, RoleRow, SubmissionRow, UnitRow

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
    """The submissions that a mail may be about, on one day: by sender, and by check code."""

    own: frozenset[str]
    known: bool
    codes: Mapping[str, str]


def open_for(connection: Connection, sender: str, day: date) -> Open:
    """What the sender answers for, and the codes of every form that is still open."""
    units = _units_of(connection, sender, day)
    rows = connection.execute(select(_SUBMISSION.c.id, _SUBMISSION.c.respondent).where(~_SUBMISSION.c.closed)).all()
    own = frozenset(row.id for row in rows if row.respondent in units)
    return Open(own, bool(units), all_codes(connection, open_only=True))


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
