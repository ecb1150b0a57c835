"""Bulk acts: planned and hashed before, carried out item by item, resumable at any item."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple
from uuid import uuid4

import orjson
from pydantic import TypeAdapter
from sqlalchemy import Connection, Table, func, insert, select, update
from temporalio import activity

from activities.beat import BulkShare, Facts
from activities.definitions import Library
from activities.programme_view import programme_id
from activities.programmes import PREFIX
from activities.recorder import Recorded, Recorder
from activities.standing import facts_of
from activities.starting import plan_for, start_command
from activities.tables import BulkItemRow, BulkRow, ProgrammeRow
from domain.calendar import Rolling
from domain.mentoring_forms import MentoringForm
from domain.programme.commands import ProgrammeCommand, StartProgramme
from domain.refusal import Refusal
from domain.units import UnitTree

SHARE = 20
"""Organisations per share: what a crash between two looks at the list may repeat, harmlessly."""

STARTED, RUNNING, DONE = "started", "programme_exists", "done"
BulkKind = Literal["start", "deadline", "versions"]

_COMMAND: TypeAdapter[ProgrammeCommand] = TypeAdapter(ProgrammeCommand)

_BULK: Table = BulkRow.__table__  # type: ignore[attr-defined]
_ITEM: Table = BulkItemRow.__table__  # type: ignore[attr-defined]
_PROGRAMME: Table = ProgrammeRow.__table__  # type: ignore[attr-defined]


class BulkItem(NamedTuple):
    """What is to be recorded for one organisation."""

    organisation: str
    command: ProgrammeCommand


class BulkOrder(NamedTuple):
    """Acts that were planned and are to be carried out. `reason`: the text that their commands refer to."""

    kind: BulkKind
    parent: str
    year: int
    hash: str
    items: tuple[BulkItem, ...]
    reason: str | None = None


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


def create_bulk(connection: Connection, order: BulkOrder, by: str, at: datetime) -> str:
    """Keep what was planned, so that its workflow can carry it out; the id of the bulk act."""
    bulk = f"{order.parent}-{order.year}-{uuid4().hex[:8]}"
    row = {
        "id": bulk, "kind": order.kind, "parent": order.parent, "year": order.year, "plan_hash": order.hash,
        "reason": order.reason, "by": by, "created_at": at,
    }  # fmt: skip
    connection.execute(insert(_BULK), row)
    if order.items:
        items = [
            {"bulk": bulk, "organisation": one.organisation, "command": one.command.model_dump_json()}
            for one in order.items
        ]
        connection.execute(insert(_ITEM), items)
    return bulk


def read_bulk(connection: Connection, bulk: str) -> dict[str, Any] | None:
    """How a bulk act is getting on, item by item; `None` when there is none of that id."""
    shown = [column for column in _BULK.c if column.name != "reason"]
    row = connection.execute(select(*shown).where(_BULK.c.id == bulk)).mappings().first()
    if row is None:
        return None
    query = select(_ITEM.c.organisation, _ITEM.c.outcome).where(_ITEM.c.bulk == bulk).order_by(_ITEM.c.organisation)
    items = [dict(item) for item in connection.execute(query).mappings()]
    done = sum(item["outcome"] is not None for item in items)
    return {**row, "percent": percent_of(done, len(items)), "items": items}


def percent_of(done: int, total: int) -> int:
    """Whole percent, 100 only when everything is done."""
    return 100 if done == total else 100 * done // total


class BulkHands:
    """The activities of a bulk act."""

    def __init__(self, recorder: Recorder, nudge: Callable[[str, Facts], None]) -> None:
        self._recorder, self._nudge = recorder, nudge

    @activity.defn(name="bulk_share", no_thread_cancel_exception=True)
    def bulk_share(self, bulk: str) -> BulkShare:
        """The next organisations without an outcome; an empty share finishes the bulk act."""
        database = self._recorder.database
        open_items = (_ITEM.c.bulk == bulk) & _ITEM.c.outcome.is_(None)
        with database.reading() as connection:
            total = connection.scalar(select(func.count()).where(_ITEM.c.bulk == bulk)) or 0
            missing = connection.scalar(select(func.count()).where(open_items)) or 0
            query = select(_ITEM.c.organisation).where(open_items).order_by(_ITEM.c.organisation).limit(SHARE)
            share = list(connection.scalars(query))
        if not share:
            with database.writing() as connection:
                here = (_BULK.c.id == bulk) & _BULK.c.finished_at.is_(None)
                ended = {"finished_at": self._recorder.clock(), "reason": None}  # each journal keeps its own
                connection.execute(update(_BULK).where(here), ended)
        return BulkShare(share, percent_of(total - missing, total))

    @activity.defn(name="bulk_start", no_thread_cancel_exception=True)
    def bulk_start(self, bulk: str, organisation: str) -> None:
        """Record one organisation's command; what is refused is an outcome, not a failure."""
        here = (_ITEM.c.bulk == bulk) & (_ITEM.c.organisation == organisation)
        wanted = select(_ITEM.c.command, _ITEM.c.outcome, _BULK.c.by, _BULK.c.year, _BULK.c.reason)
        with self._recorder.database.reading() as connection:
            row = connection.execute(wanted.join(_BULK, _BULK.c.id == bulk).where(here)).one()
        if row.outcome is not None:
            return
        command = _COMMAND.validate_json(row.command)
        stream = f"{PREFIX}{programme_id(organisation, row.year)}"
        outcome = STARTED if isinstance(command, StartProgramme) else DONE
        ref = getattr(command, "reason", None)

        def done(connection: Connection) -> None:
            connection.execute(update(_ITEM).where(here), {"outcome": outcome})

        result = self._recorder.record(
            stream,
            command,
            by=row.by,
            key=f"bulk/{bulk}/{organisation}",
            texts={ref: row.reason} if ref and row.reason else {},
            also=done,
        )
        if isinstance(result, Recorded):
            if result.state is not None:
                self._nudge(stream, facts_of(result.state))
            return
        with self._recorder.database.writing() as connection:
            connection.execute(update(_ITEM).where(here), {"outcome": result.code})
