"""Roadmaps that a municipality has approved itself: each approval is a version, kept as programmes will run by it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from activities import audit
from activities.definition_store import add_definition
from activities.definitions import Library
from activities.russian import full_date
from domain.plan import local_day
from domain.refusal import Refusal
from domain.roadmap import Approval, Roadmap
from domain.units import UnitTree


def approve_roadmap(
    connection: Connection,
    library: Library,
    tree: UnitTree,
    roadmap: Roadmap,
    approval: Approval,
    by: str,
    at: datetime,
) -> tuple[Roadmap, bool] | Refusal:
    """Keep a roadmap as the municipality's newest; it, and whether it is new. Years that run keep the one they have.

    The same roadmap of the same order makes no new version.
    """
    audit.one_at_a_time(connection)
    known = library.approved(approval.unit)
    made = approved(library, tree, roadmap, approval, at)
    if isinstance(made, Refusal):
        return made
    if known and known[-1] == made.model_copy(update={"version": known[-1].version}):
        return known[-1], False
    add_definition(connection, f"roadmap/{made.key}@{made.version}", made.model_dump(mode="json"), at)
    audit.note(connection, f"roadmap:{made.key}", _head(known[-1]) if known else None, _head(made), by, at)
    return made, True


def approved(library: Library, tree: UnitTree, roadmap: Roadmap, approval: Approval, at: datetime) -> Roadmap | Refusal:
    """The roadmap as it would be kept: the unit's id is its key, the order its source."""
    unit = tree.units[approval.unit]
    if unit.kind != "municipality":
        return Refusal(code="roadmap_not_municipal", facts={"unit": unit.id})
    if any(one.key == unit.id for one in library.roadmaps()):
        return Refusal(code="roadmap_key_taken", facts={"unit": unit.id})
    today = local_day(at, tree.zone(unit.id))
    if approval.date > today:
        facts = {"date": approval.date, "today": today}
        return Refusal(code="approval_in_future", facts=facts, pointer="/date")
    known = library.approved(unit.id)
    source = f"утверждена № {approval.number} от {full_date(approval.date)}, {unit.name}"
    version = str(int(known[-1].version) + 1 if known else 1)
    fields = {**roadmap.model_dump(), "key": unit.id, "version": version, "source": source, "approval": approval}
    return Roadmap.model_validate(fields)


def _head(roadmap: Roadmap) -> dict[str, Any]:
    approval = roadmap.approval.model_dump(mode="json") if roadmap.approval else {}
    return {"version": roadmap.version, "title": roadmap.title, **approval}
