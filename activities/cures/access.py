"""Whether somebody sees what is to be cured, and may cure it: asked where it stands."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, Table, select

from activities.access import letter_scope, may, place_of, programme_scope
from activities.campaigns import PREFIX as CAMPAIGNS
from activities.cures.planned import Target
from activities.cures.registry import CURES, Offer
from activities.monitoring_access import campaign_scope, submission_scope
from activities.programmes import PREFIX as PROGRAMMES
from activities.submissions import PREFIX as SUBMISSIONS
from activities.tables import CampaignRow, DeliveryRow, ProgrammeRow, SubmissionRow, UnitRow
from activities.tokens import Identity
from domain.access import Action
from domain.diagnosis.cures import CURES as NAMES
from domain.refusal import Refusal
from domain.units import UnitTree

_PROGRAMME: Table = ProgrammeRow.__table__  # type: ignore[attr-defined]
_SUBMISSION: Table = SubmissionRow.__table__  # type: ignore[attr-defined]
_CAMPAIGN: Table = CampaignRow.__table__  # type: ignore[attr-defined]
_DELIVERY: Table = DeliveryRow.__table__  # type: ignore[attr-defined]
_UNIT: Table = UnitRow.__table__  # type: ignore[attr-defined]


class Where(NamedTuple):
    """The unit where a target stands; of a respondent's form also the centre that reviews it."""

    unit: str
    centre: str | None = None


def refused(connection: Connection, identity: Identity, tree: UnitTree, target: Target, action: str) -> Refusal | None:
    """Why somebody may not use a cure on a target; what they do not see is as good as not there."""
    where = where_is(connection, identity, tree, target)
    if where is None:
        return Refusal(code="incident_unknown", facts={"incident": target.name})
    offer = CURES.get(action, {}).get(target.kind)
    if offer is None:
        return Refusal(code="cure_foreign", facts={"action": action})
    return None if permitted(identity, tree, where, action, offer) else Refusal(code="forbidden")


def permitted(identity: Identity, tree: UnitTree, where: Where, cure: str, offer: Offer) -> bool:
    """Whether one of the rights that a cure needs is there; who reviews a form does so at its centre."""

    def here(action: Action) -> bool:
        return may(identity, action, place_of(action, where.unit, where.centre), tree)

    return any(here(action) for action in offer.needs or NAMES[cure].needs)


def where_is(connection: Connection, identity: Identity, tree: UnitTree, target: Target) -> Where | None:
    """Where a target stands; `None` when the reader does not see it."""
    match target.kind:
        case "machine":
            region = next((unit.id for unit in tree.of_kind("region")), None)
            return Where(region) if region and identity.role in ("operator", "administrator") else None
        case "delivery":
            return _letters(connection, identity, tree, _DELIVERY.c.recipient == target.recipient)
        case "letter":
            return _letters(connection, identity, tree, _DELIVERY.c.message_id == target.letter)
        case "vacancy":
            vacant = (_DELIVERY.c.unit == target.unit) & (_DELIVERY.c.status == "vacant")
            return _letters(connection, identity, tree, vacant) or _unit(connection, identity, tree, target.unit or "")
        case _:
            return _stream(connection, identity, tree, target.stream or "")


def _letters(connection: Connection, identity: Identity, tree: UnitTree, wanted: object) -> Where | None:
    query = select(_DELIVERY.c.unit).where(wanted, letter_scope(identity, tree))  # type: ignore[arg-type]
    row = connection.execute(query.order_by(_DELIVERY.c.at.desc()).limit(1)).first()
    return Where(row.unit or "") if row else None


def _unit(connection: Connection, identity: Identity, tree: UnitTree, unit: str) -> Where | None:
    """An organisation with a programme that the reader sees: its role may be empty before any letter is lost."""
    query = select(_PROGRAMME.c.organisation).join(_UNIT, _UNIT.c.id == _PROGRAMME.c.organisation)
    here = (_PROGRAMME.c.organisation == unit) & (_PROGRAMME.c.status == "running")
    found = connection.scalar(query.where(here, programme_scope(identity, tree)).limit(1))
    return Where(found) if found else None


def _stream(connection: Connection, identity: Identity, tree: UnitTree, stream: str) -> Where | None:
    name = stream.partition("/")[2]
    if stream.startswith(PROGRAMMES):
        query = select(_PROGRAMME.c.organisation).join(_UNIT, _UNIT.c.id == _PROGRAMME.c.organisation)
        unit = connection.scalar(query.where(_PROGRAMME.c.id == name, programme_scope(identity, tree)))
        return Where(unit) if unit else None
    if stream.startswith(SUBMISSIONS):
        mine = (_SUBMISSION.c.id == name) & submission_scope(identity, tree)
        row = connection.execute(select(_SUBMISSION.c.respondent, _SUBMISSION.c.centre).where(mine)).first()
        return Where(row.respondent, row.centre) if row else None
    assert stream.startswith(CAMPAIGNS), stream
    here = (_CAMPAIGN.c.id == name) & campaign_scope(identity, tree)
    centre = connection.scalar(select(_CAMPAIGN.c.centre).where(here))
    return Where(centre) if centre else None
