"""Whose paper it is: the revision of a form that each check code stands for."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import Connection, Table, literal, select

from activities.tables import FormRevisionRow, SubmissionRow

_SUBMISSION: Table = SubmissionRow.__table__  # type: ignore[attr-defined]
_REVISION: Table = FormRevisionRow.__table__  # type: ignore[attr-defined]


class Paper(NamedTuple):
    """The revision of a submission that was printed; 0 is the blank."""

    submission: str
    revision: int


def papers_of(connection: Connection, codes: Collection[str], open_only: bool = False) -> dict[str, Paper]:
    """What each of the codes names; what only looks like a code is left out. `open_only`: of forms still expected."""
    blank = select(_SUBMISSION.c.blank_code, _SUBMISSION.c.id, literal(0)).where(_SUBMISSION.c.blank_code.in_(codes))
    saved = select(_REVISION.c.code, _REVISION.c.submission, _REVISION.c.revision).where(_REVISION.c.code.in_(codes))
    if open_only:
        blank = blank.where(~_SUBMISSION.c.closed)
        saved = saved.join(_SUBMISSION, _SUBMISSION.c.id == _REVISION.c.submission).where(~_SUBMISSION.c.closed)
    found = [row for query in (blank, saved) for row in connection.execute(query)] if codes else []
    return {code: Paper(submission, revision) for code, submission, revision in found}
