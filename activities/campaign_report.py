"""What the consolidated report of a campaign is made of, as the journal stands: no clock, the same state the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Table, and_, case, select

from activities.definitions import Library
from activities.streams import StreamKind
from activities.submissions import PREFIX
from activities.tables import FormRevisionRow, SnapshotRow, SubmissionRow, UnitRow
from domain.campaign.state import Campaign
from domain.plan import local_day
from domain.programme.timeliness import Timely
from domain.report.entry import Entry, RespondentKind
from domain.report.from_form import layout_of
from domain.report.layout import Layout
from domain.report.view import About
from domain.submission.state import Submission

_SUBMISSION: Table = SubmissionRow.__table__  # type: ignore[attr-defined]
_SNAPSHOT: Table = SnapshotRow.__table__  # type: ignore[attr-defined]
_REVISION: Table = FormRevisionRow.__table__  # type: ignore[attr-defined]
_UNIT: Table = UnitRow.__table__  # type: ignore[attr-defined]

_KINDS: dict[str, RespondentKind] = {"municipal": "municipality", "state": "state"}


def read_entries(connection: Connection, streams: StreamKind, campaign: str, scope: ColumnElement[bool]) -> list[Entry]:
    """The submissions of a campaign that are in the scope, each with the form that counts or waits for its review."""
    row = _SUBMISSION.c
    handed = case((row.accepted_revision.is_not(None), row.accepted_revision), (row.state == "submitted", row.revision))
    query = select(_SNAPSHOT.c.state, _UNIT.c.name, _REVISION.c.body)
    query = query.select_from(_SUBMISSION).join(_SNAPSHOT, _SNAPSHOT.c.stream == PREFIX + row.id)
    query = query.outerjoin(_UNIT, _UNIT.c.id == row.respondent)
    query = query.outerjoin(_REVISION, and_(_REVISION.c.submission == row.id, _REVISION.c.revision == handed))
    query = query.where(row.campaign == campaign, scope).order_by(row.respondent)
    return [
        entry_of(streams.parse_state(state), name, orjson.loads(body) if body else {})
        for state, name, body in connection.execute(query)
    ]


def entry_of(state: Submission, name: str | None, form: Mapping[str, Any]) -> Entry:
    """One respondent; `form`: the accepted one, or the one that was submitted."""
    handed = state.accepted or (state.submitted if state.status == "submitted" else None)
    return Entry(
        submission=state.id,
        respondent=state.respondent,
        name=name or state.respondent,
        kind=_KINDS[state.respondent_class],
        state=state.status,
        accepted=state.accepted is not None,
        number=handed.number if handed else 0,
        revision=handed.revision if handed else 0,
        event=handed.version if handed else 0,
        submitted_on=local_day(state.first_submitted_at, state.zone) if state.first_submitted_at else None,
        raw=_timely(state.on_time, "late" if state.missed else "open"),
        excused=_timely(state.on_time_excused, "late" if state.late else "open"),
        form=form if handed else {},
        artefacts=frozenset(state.wanted).difference(state.missing_documents),
        artefacts_of=len(state.wanted),
    )


def about_campaign(campaign: str, state: Campaign) -> About:
    """What the report says of its campaign."""
    return About(
        campaign=campaign,
        title=state.title,
        years=(state.years.earlier, state.years.later),
        status=state.status,
        deadline_asked=state.asked,
        deadline=state.due,
    )


def layout_for(library: Library, state: Campaign) -> Layout:
    """The figures that the campaign's form asks for, by the version that it was opened with."""
    return layout_of(library.forms.frozen(state.form), (state.years.earlier, state.years.later))


def _timely(kept: bool | None, otherwise: Timely) -> Timely:
    if kept is None:
        return otherwise
    return "on_time" if kept else "late"
