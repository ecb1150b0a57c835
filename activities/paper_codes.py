"""Whose paper it is: the submission of every check code that a form may bear."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, Table, select

from activities.tables import FormRevisionRow, SubmissionRow
from domain.submission.check_code import check_code
from domain.submission.commands import EMPTY_FORM

_SUBMISSION: Table = SubmissionRow.__table__  # type: ignore[attr-defined]
_REVISION: Table = FormRevisionRow.__table__  # type: ignore[attr-defined]


def owners_of(connection: Connection, codes: Iterable[str]) -> dict[str, str]:
    """The submission that each of the codes names; what only looks like a code is left out."""
    wanted = set(codes)
    if not wanted:
        return {}
    known = all_codes(connection)
    return {code: known[code] for code in sorted(wanted & known.keys())}


def all_codes(connection: Connection, open_only: bool = False) -> dict[str, str]:
    """The submission of every code that may stand on a paper; revision 0 is the blank."""
    blanks = select(_SUBMISSION.c.id)
    query = select(_REVISION.c.submission, _REVISION.c.revision, _REVISION.c.sha256)
    if open_only:
        blanks = blanks.where(~_SUBMISSION.c.closed)
        query = query.join(_SUBMISSION, _SUBMISSION.c.id == _REVISION.c.submission).where(~_SUBMISSION.c.closed)
    found = {check_code(one, 0, EMPTY_FORM): one for one in connection.scalars(blanks)}
    rows = connection.execute(query)
    return found | {check_code(one.submission, one.revision, one.sha256): one.submission for one in rows}
