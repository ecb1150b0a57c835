"""Bulk starts: what would begin in a municipality or a region, with its hash."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import orjson
from sqlalchemy import Connection, Table, select

from activities.definitions import Library
from activities.jobs import BulkItem, BulkOrder
from activities.starting import plan_for, start_command
from activities.tables import ProgrammeRow
from domain.calendar import Rolling
from domain.mentoring_forms import MentoringForm
from domain.programme.commands import StartProgramme
from domain.refusal import Refusal
from domain.units import UnitTree

STARTED, RUNNING = "started", "programme_exists"

_PROGRAMME: Table = ProgrammeRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class BulkPlan:
    """What a bulk start would do: the commands to record, and the organisations whose year exists already."""

    parent: str
    year: int
    commands: tuple[StartProgramme, ...]
    existing: tuple[str, ...]

    @property
    def hash(self) -> str:
        """Changes when the plan does: another organisation, another date, another version."""
        text = orjson.dumps([command.model_dump(mode="json") for command in self.commands])
        return hashlib.sha256(self.parent.encode() + str(self.year).encode() + text).hexdigest()

    @property
    def order(self) -> BulkOrder:
        """The acts to carry out."""
        items = tuple(BulkItem(command.organisation, command) for command in self.commands)
        return BulkOrder("start", self.parent, self.year, self.hash, items)


def plan_bulk(
    connection: Connection,
    library: Library,
    tree: UnitTree,
    parent: str,
    year: int,
    forms: tuple[MentoringForm, ...],
    rolling: Rolling = "next_working_day",
) -> BulkPlan | Refusal:
    """Every organisation under `parent` that has no running or closed programme of the year."""
    if parent not in tree.units:
        return Refusal(code="unit_unknown", facts={"unit": parent}, pointer="/parent")
    organisations = sorted(one for one in tree.subtree(parent) if tree.units[one].kind == "organisation")
    taken = select(_PROGRAMME.c.organisation).where(_PROGRAMME.c.year == year, _PROGRAMME.c.status != "cancelled")
    existing = set(connection.scalars(taken))
    commands = []
    for organisation in organisations:
        if organisation in existing:
            continue
        plan = plan_for(library, tree, organisation, year, None, rolling)
        if isinstance(plan, Refusal):
            return plan
        commands.append(start_command(tree, organisation, year, plan, forms=forms))
    return BulkPlan(parent, year, tuple(commands), tuple(one for one in organisations if one in existing))
