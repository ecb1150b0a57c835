"""A revision of a respondent's form as a document, with the check code that names it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, select

from activities.definitions import Library
from activities.documents.form_document import Face, form_document
from activities.documents.model import Document
from activities.form_revisions import content_of, name_of, read_form
from activities.tables import CampaignRow, FormRevisionRow
from domain.submission.check_code import check_code
from domain.submission.state import Submission

_CAMPAIGN: Table = CampaignRow.__table__  # type: ignore[attr-defined]
_REVISION: Table = FormRevisionRow.__table__  # type: ignore[attr-defined]


class _Kept(NamedTuple):
    name: str
    sha256: str
    saved_at: datetime


def submission_paper(
    connection: Connection, library: Library, state: Submission, revision: int, values: Mapping[str, Any] | None = None
) -> Document | None:
    """The form as it was at a revision, the same for ever; `None` when there is no such revision.

    `values`: what to print instead, for those who may not see all of it; such a copy bears no check code.
    """
    kept, form = _kept(connection, state, revision), read_form(connection, state.id, revision)
    if kept is None or form is None:
        return None
    face = Face(
        respondent=kept.name,
        years=years_of(connection, state.campaign),
        code=check_code(state.id, revision, kept.sha256) if values is None else "",
        revision=revision,
        made_at=kept.saved_at,
        partial=values is not None,
    )
    return form_document(library.forms.frozen(state.form), form if values is None else values, face)


def years_of(connection: Connection, campaign: str) -> tuple[int, int]:
    """The two years that a campaign asks for."""
    earlier, later = connection.execute(
        select(_CAMPAIGN.c.earlier, _CAMPAIGN.c.later).where(_CAMPAIGN.c.id == campaign)
    ).one()
    return earlier, later


def _kept(connection: Connection, state: Submission, revision: int) -> _Kept | None:
    if revision == 0:
        return _Kept(name_of(connection, state.respondent), content_of({}).sha256, state.opened_at)
    here = (_REVISION.c.submission == state.id) & (_REVISION.c.revision == revision)
    row = connection.execute(select(_REVISION.c.name, _REVISION.c.sha256, _REVISION.c.saved_at).where(here)).first()
    return _Kept(row.name, row.sha256, row.saved_at) if row is not None else None
