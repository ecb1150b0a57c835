"""What was filled in, revision by revision: rows beside the journal, which knows their hashes only."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, Table, insert, select

from activities.paging import Page, clamped
from activities.recorder import Also
from activities.tables import FormRevisionRow, SubmissionRow, UnitRow
from domain.submission.check_code import blank_code, check_code

_REVISION: Table = FormRevisionRow.__table__  # type: ignore[attr-defined]
_SUBMISSION: Table = SubmissionRow.__table__  # type: ignore[attr-defined]
_UNIT: Table = UnitRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Content:
    """A form as it is kept: the same values are the same bytes, whatever order they came in."""

    body: bytes

    @property
    def sha256(self) -> str:
        """Its name in the journal."""
        return hashlib.sha256(self.body).hexdigest()


def content_of(values: Mapping[str, Any]) -> Content:
    """Values as they are kept."""
    return Content(orjson.dumps(values, option=orjson.OPT_SORT_KEYS))


def keeping(submission: str, content: Content, by: str, at: datetime) -> Also:
    """Keeps the content as the revision that the same transaction has made of it; the same content stays one."""

    def keep(connection: Connection) -> None:
        known = select(_SUBMISSION.c.revision, _SUBMISSION.c.sha256, _SUBMISSION.c.respondent)
        revision, sha256, respondent = connection.execute(known.where(_SUBMISSION.c.id == submission)).one()
        assert sha256 == content.sha256, "the journal has another content"
        if revision and _find(connection, submission, revision) is None:
            name = name_of(connection, respondent)
            code = check_code(submission, revision, sha256)
            row = {"submission": submission, "revision": revision, "name": name, "sha256": sha256, "code": code}
            connection.execute(insert(_REVISION), {**row, "body": content.body.decode(), "saved_at": at, "by": by})

    return keep


def name_of(connection: Connection, unit: str) -> str:
    """What a unit is called today."""
    return connection.scalar(select(_UNIT.c.name).where(_UNIT.c.id == unit)) or unit


def read_form(connection: Connection, submission: str, revision: int) -> dict[str, Any] | None:
    """The values of a revision; `None` for one that there is not."""
    if revision == 0:
        return {}
    row = _find(connection, submission, revision)
    values: dict[str, Any] | None = orjson.loads(row.body) if row is not None else None
    return values


def read_revisions(connection: Connection, submission: str, after: int, limit: int) -> Page[Any]:
    """The revisions after that one in order, without their content."""
    here = (_REVISION.c.submission == submission) & (_REVISION.c.revision > after)
    query = select(*(column for column in _REVISION.c if column.name != "body")).where(here)
    limit = clamped(limit)
    rows = connection.execute(query.order_by(_REVISION.c.revision).limit(limit + 1)).all()
    return Page(list(rows[:limit]), str(rows[limit - 1].revision) if len(rows) > limit else None)


def code_of(connection: Connection, submission: str, revision: int) -> str | None:
    """The check code of a revision; `None` for one that there is not."""
    if revision == 0:
        return blank_code(submission)
    here = (_REVISION.c.submission == submission) & (_REVISION.c.revision == revision)
    code: str | None = connection.scalar(select(_REVISION.c.code).where(here))
    return code


def _find(connection: Connection, submission: str, revision: int) -> Any | None:
    here = (_REVISION.c.submission == submission) & (_REVISION.c.revision == revision)
    return connection.execute(select(_REVISION).where(here)).first()
