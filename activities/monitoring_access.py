"""Which campaigns and submissions an identity may see, as conditions for lists; one is looked up by the same."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Table, exists, false, or_, select, true

from activities.tables import CampaignRow, SubmissionRow
from activities.tokens import Identity
from domain.access import sectors_of
from domain.units import UnitTree

_CAMPAIGN: Table = CampaignRow.__table__  # type: ignore[attr-defined]
_SUBMISSION: Table = SubmissionRow.__table__  # type: ignore[attr-defined]


def submission_scope(identity: Identity, tree: UnitTree) -> ColumnElement[bool]:
    """A respondent's own, all of the campaigns that the unit runs, and all for the department of general education.

    The same rule as `domain.access.sees_submission`.
    """
    if identity.role in ("operator", "administrator"):
        return true()
    if identity.role == "project_office" or identity.unit not in tree.units:
        return false()
    if "general" in sectors_of(tree, identity.unit):
        return true()
    return or_(_SUBMISSION.c.respondent == identity.unit, _SUBMISSION.c.centre == identity.unit)


def campaign_scope(identity: Identity, tree: UnitTree) -> ColumnElement[bool]:
    """Campaigns of which one may see a submission; the project office reads the figures of all."""
    if identity.role == "project_office":
        return true()
    mine = submission_scope(identity, tree)
    return exists(select(_SUBMISSION.c.id).where(_SUBMISSION.c.campaign == _CAMPAIGN.c.id, mine))


def counted_scope(identity: Identity, tree: UnitTree) -> ColumnElement[bool]:
    """The submissions that one gets the figures of: those one sees, and for the project office all."""
    return true() if identity.role == "project_office" else submission_scope(identity, tree)
