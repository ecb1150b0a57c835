"""Bulk acts as rows: what was planned, how far it has come, and that somebody has stopped it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal, NamedTuple
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Table, case, func, insert, select, update

from activities import audit
from activities.tables import BulkItemRow, BulkRow
from domain.programme.commands import ProgrammeCommand
from domain.refusal import Refusal

DONE, STOPPED = "done", "stopped"
BulkKind = Literal["start", "deadline", "versions", "cure"]

_BULK: Table = BulkRow.__table__  # type: ignore[attr-defined]
_ITEM: Table = BulkItemRow.__table__  # type: ignore[attr-defined]


class BulkItem(NamedTuple):
    """One of many: what to record for an organisation, or what was `told` of a cure and the hash of its `plan`."""

    item: str
    command: ProgrammeCommand | None = None
    plan: str | None = None
    told: str | None = None


class BulkOrder(NamedTuple):
    """Acts that were planned and are to be carried out. `reason`: the text that their commands refer to.

    `parent`: the unit where one needs rights to look after it. `action` and `arguments` (JSON): of a cure.
    """

    kind: BulkKind
    parent: str
    year: int | None
    hash: str
    items: tuple[BulkItem, ...]
    reason: str | None = None
    action: str | None = None
    arguments: str | None = None


def create_bulk(connection: Connection, order: BulkOrder, by: str, at: datetime) -> str:
    """Keep what was planned, so that its workflow can carry it out; the id of the bulk act."""
    bulk = f"{order.parent}-{order.year or order.action}-{uuid4().hex[:8]}"
    row = {
        "id": bulk, "kind": order.kind, "action": order.action, "parent": order.parent, "year": order.year,
        "plan_hash": order.hash, "reason": order.reason, "arguments": order.arguments, "by": by, "created_at": at,
    }  # fmt: skip
    connection.execute(insert(_BULK), row)
    if order.items:
        connection.execute(insert(_ITEM), [_row(bulk, one) for one in order.items])
    return bulk


def _row(bulk: str, one: BulkItem) -> dict[str, Any]:
    command = one.command.model_dump_json() if one.command else None
    return {"bulk": bulk, "item": one.item, "command": command, "plan": one.plan, "told": one.told}


_SHOWN = [column for column in _BULK.c if column.name not in ("reason", "arguments")]


def read_bulk(connection: Connection, bulk: str) -> dict[str, Any] | None:
    """How a bulk act is getting on, item by item; `None` when there is none of that id."""
    row = connection.execute(select(*_SHOWN).where(_BULK.c.id == bulk)).mappings().first()
    if row is None:
        return None
    query = select(_ITEM.c.item, _ITEM.c.told, _ITEM.c.outcome, _ITEM.c.refused).where(_ITEM.c.bulk == bulk)
    items = [dict(item) for item in connection.execute(query.order_by(_ITEM.c.item)).mappings()]
    done = sum(carried_out(item["outcome"]) for item in items)
    return {**row, "percent": percent_of(done, len(items)), "items": items}


def list_bulks(
    connection: Connection, mine: ColumnElement[bool], limit: int, before: tuple[datetime, str] | None = None
) -> list[dict[str, Any]]:
    """Bulk acts, the newest first, each with its numbers: `{…, total, done, refused, percent}`."""
    query = select(*_SHOWN).where(mine).order_by(_BULK.c.created_at.desc(), _BULK.c.id.desc()).limit(limit)
    if before is not None:
        at, bulk = before
        query = query.where((_BULK.c.created_at < at) | ((_BULK.c.created_at == at) & (_BULK.c.id < bulk)))
    rows = [dict(row) for row in connection.execute(query).mappings()]
    counts = _counts(connection, [row["id"] for row in rows])
    return [{**row, **counts.get(row["id"], _NONE)} for row in rows]


_NONE = {"total": 0, "done": 0, "refused": 0, "percent": 100}


def _counts(connection: Connection, bulks: Iterable[str]) -> dict[str, dict[str, int]]:
    ended = func.sum(case((_ITEM.c.outcome != STOPPED, 1), else_=0))
    refused = func.sum(case((_ITEM.c.refused.is_not(None), 1), else_=0))
    query = select(_ITEM.c.bulk, func.count(), ended, refused).where(_ITEM.c.bulk.in_(list(bulks)))
    return {
        bulk: {"total": total, "done": int(done or 0), "refused": int(no or 0), "percent": percent_of(done or 0, total)}
        for bulk, total, done, no in connection.execute(query.group_by(_ITEM.c.bulk))
    }


def stop_bulk(connection: Connection, bulk: str, by: str, at: datetime) -> Refusal | None:
    """Nothing of it is begun any more; what has been done stays. Refuses `bulk_finished`."""
    here = (_BULK.c.id == bulk) & _BULK.c.finished_at.is_(None)
    if connection.execute(update(_BULK).where(here).values(stopped_at=at, stopped_by=by)).rowcount == 0:
        return Refusal(code="bulk_finished", facts={"bulk": bulk})
    audit.note(connection, f"bulk:{bulk}", {"stopped_at": None}, {"stopped_at": at}, by, at)
    return None


def carried_out(outcome: str | None) -> bool:
    """Whether an item had its turn, be it that it was refused; what a stop has left over had none."""
    return outcome not in (None, STOPPED)


def percent_of(done: int, total: int) -> int:
    """Whole percent, 100 only when everything is done."""
    return 100 if done == total else 100 * done // total
