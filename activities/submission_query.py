"""Questions about submissions: one now, many, what changed between two revisions, the journal behind them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import zip_longest
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, select

from activities.form_revisions import read_form
from activities.last_form import LastForm
from activities.paging import Page, after, clamped, cursor_of, key_of
from activities.submissions import PREFIX, SubmissionStreams
from activities.tables import CampaignRow, SnapshotRow, SubmissionRow, UnitRow
from domain.refusal import Refusal
from domain.submission.evolve import fold
from domain.submission.passing import pass_time
from domain.submission.state import Submission

_CAMPAIGN: Table = CampaignRow.__table__  # type: ignore[attr-defined]
_SUBMISSION: Table = SubmissionRow.__table__  # type: ignore[attr-defined]
_SNAPSHOT: Table = SnapshotRow.__table__  # type: ignore[attr-defined]
_UNIT: Table = UnitRow.__table__  # type: ignore[attr-defined]
_LINE = (
    _SUBMISSION.c.id,
    _SUBMISSION.c.campaign,
    _SUBMISSION.c.respondent,
    _UNIT.c.name.label("respondent_name"),
    _SUBMISSION.c.state,
    _SUBMISSION.c.closed,
    _SUBMISSION.c.revision,
    _SUBMISSION.c.number,
    _SUBMISSION.c.due.label("deadline"),
    _SUBMISSION.c.first_due.label("first_deadline"),
    _SUBMISSION.c.overdue,
    _SUBMISSION.c.on_time,
    _SUBMISSION.c.on_time_excused,
    _SUBMISSION.c.submitted_at,
    _SUBMISSION.c.accepted_revision,
    _SUBMISSION.c.artefacts,
    _SUBMISSION.c.artefacts_of,
    _SUBMISSION.c.version,
)


def read_submission(
    connection: Connection, streams: SubmissionStreams, submission: str, now: datetime
) -> Submission | None:
    """A submission with everything that time has brought, also what nobody has recorded yet."""
    text = connection.scalar(select(_SNAPSHOT.c.state).where(_SNAPSHOT.c.stream == PREFIX + submission))
    if text is None:
        return None
    state = streams.parse_state(text)
    passed = fold(state, pass_time(state, streams.plan(state), now))
    return passed.model_copy(update={"version": state.version}) if passed else None


def read_submissions(connection: Connection, streams: SubmissionStreams, campaign: str) -> list[Submission]:
    """The states of all submissions of a campaign as they were last recorded, by respondent."""
    query = select(_SNAPSHOT.c.state).join(_SUBMISSION, _SNAPSHOT.c.stream == PREFIX + _SUBMISSION.c.id)
    query = query.where(_SUBMISSION.c.campaign == campaign).order_by(_SUBMISSION.c.respondent)
    return [streams.parse_state(text) for text in connection.scalars(query)]


def list_submissions(
    connection: Connection,
    scope: ColumnElement[bool],
    *,
    campaign: str | None = None,
    state: str | None = None,
    respondent: str | None = None,
    overdue: bool | None = None,
    cursor: str | None = None,
    limit: int = 100,
) -> Page[dict[str, Any]] | Refusal:
    """Submissions by id, in pages."""
    query = select(*_LINE).outerjoin(_UNIT, _UNIT.c.id == _SUBMISSION.c.respondent).where(scope)
    conditions: list[tuple[Any, ColumnElement[bool]]] = [
        (campaign, _SUBMISSION.c.campaign == campaign),
        (state, _SUBMISSION.c.state == state),
        (respondent, _SUBMISSION.c.respondent == respondent),
        (overdue, _SUBMISSION.c.overdue == overdue),
    ]
    query = query.where(*(condition for value, condition in conditions if value is not None))
    if cursor is not None:
        key = key_of(cursor, (str,))
        if key is None:
            return Refusal(code="cursor_invalid", pointer="query:cursor")
        query = query.where(after([_SUBMISSION.c.id], key))
    limit = clamped(limit)
    rows = connection.execute(query.order_by(_SUBMISSION.c.id).limit(limit + 1)).mappings().all()
    items = [line(row) for row in rows[:limit]]
    return Page(items, cursor_of([items[-1]["id"]]) if len(rows) > limit else None)


def lines_of(connection: Connection, campaign: str, scope: ColumnElement[bool]) -> list[dict[str, Any]]:
    """All submissions of a campaign that may be seen, by respondent."""
    query = select(*_LINE).outerjoin(_UNIT, _UNIT.c.id == _SUBMISSION.c.respondent)
    query = query.where(scope, _SUBMISSION.c.campaign == campaign).order_by(_SUBMISSION.c.respondent)
    return [line(row) for row in connection.execute(query).mappings()]


def line(row: Any) -> dict[str, Any]:
    """A submission in a line; how many of the files that belong to it are there."""
    shown = dict(row)
    shown["accepted"] = shown.pop("accepted_revision") is not None
    return shown


def last_accepted(connection: Connection, form: str, respondent: str, earlier: int) -> LastForm:
    """The respondent's accepted report by the same form (its key) whose later year is the earlier one now; an empty one
    when there is none.
    """
    joined = _SUBMISSION.join(_CAMPAIGN, _CAMPAIGN.c.id == _SUBMISSION.c.campaign)
    query = (
        select(_SUBMISSION.c.id, _SUBMISSION.c.accepted_revision)
        .select_from(joined)
        .where(
            _SUBMISSION.c.respondent == respondent,
            _SUBMISSION.c.accepted_revision.is_not(None),
            _CAMPAIGN.c.form == form,
            _CAMPAIGN.c.later == earlier,
        )
        .order_by(_CAMPAIGN.c.due.desc(), _CAMPAIGN.c.id.desc())
    )
    found = connection.execute(query).first()
    if found is None:
        return LastForm()
    return LastForm(found.id, read_form(connection, found.id, found.accepted_revision) or {})


def changes(before: Any, after_: Any, pointer: str = "") -> Iterator[dict[str, Any]]:
    """Each place where two values differ: `{pointer, from, to}`, `null` where there was or is nothing."""
    if isinstance(before, dict) and isinstance(after_, dict):
        for key in sorted({*before, *after_}):
            place = f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
            yield from changes(before.get(key), after_.get(key), place)
    elif isinstance(before, list) and isinstance(after_, list):
        for number, (one, other) in enumerate(zip_longest(before, after_)):
            yield from changes(one, other, f"{pointer}/{number}")
    elif before != after_ or type(before) is not type(after_):
        if isinstance(before or after_, dict) and (before is None or after_ is None):
            yield from changes(before or {}, after_ or {}, pointer)
        else:
            yield {"pointer": pointer, "from": before, "to": after_}
