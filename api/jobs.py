"""Jobs: bulk acts that a workflow carries out; how they get on, and stopping them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Connection, Table, or_, true
from starlette.responses import Response

from activities.jobs import carried_out, list_bulks, read_bulk, stop_bulk
from activities.paging import clamped, cursor_of, key_of
from activities.tables import BulkRow
from activities.tokens import Identity
from api import cure_documents as d
from api.acting import Attempt, InAttempt
from api.answers import answer, page
from api.bulk import may_see_bulk
from api.context import Caller, Context, InContext
from api.curing import label_of
from api.documents import Page, told
from api.once import once
from api.problems import Refused
from api.shapes import Cursor, Limit
from api.wording import detail_of
from domain.refusal import Refusal

router = APIRouter(prefix="/operations/jobs", tags=["Массовые действия"])

_BULK: Table = BulkRow.__table__  # type: ignore[attr-defined]
_LABELS = {"start": "Начать программы", "deadline": "Перенести срок", "versions": "Перейти на новые редакции"}


@router.get("", summary="Массовые действия", responses=told(Page[d.JobLine]))
def jobs(context: InContext, caller: Caller, cursor: Cursor = None, limit: Limit = 50) -> Response:
    """Those that one has begun, or that were begun for one's unit, the newest first; operators see all."""
    with context.core.database.reading() as connection:
        found, following = jobs_page(connection, caller, cursor, clamped(limit))
    return page(found, following)


@router.get("/{job}", summary="Как идёт массовое действие", responses=told(d.Job))
def job(job: str, context: InContext, caller: Caller) -> Response:
    """Progress in percent, and what became of each item."""
    with context.core.database.reading() as connection:
        return answer(_job(_seen(context, connection, caller, job)))


@router.post("/{job}/stop", summary="Остановить массовое действие", responses=told(d.Job))
def stop(job: str, context: InContext, caller: Caller, attempt: InAttempt) -> Response:
    """Nothing more is begun; what has been done stays done."""
    return stopped(context, caller, attempt, job)


def stopped(context: Context, caller: Identity, attempt: Attempt, job: str) -> Response:
    """Stop a job. Raises Refused."""

    def change(connection: Connection) -> tuple[int, dict[str, Any], None]:
        _seen(context, connection, caller, job)
        if refusal := stop_bulk(connection, job, caller.actor, context.core.clock()):
            raise Refused(refusal)
        return 200, _job(_seen(context, connection, caller, job)), None

    response = once(context, caller, attempt, change)
    context.nudger.nudge(f"bulk/{job}", None)
    return response


def jobs_page(
    connection: Connection, caller: Identity, cursor: str | None, most: int
) -> tuple[list[dict[str, Any]], str | None]:
    """So many jobs that the caller sees, as lines, and the cursor of the next. Raises Refused."""
    found = list_bulks(connection, _mine(caller), most + 1, _before(cursor))
    last = found[most - 1] if len(found) > most else None
    following = cursor_of((last["created_at"].isoformat(), last["id"])) if last else None
    return [_line(one) for one in found[:most]], following


def job_view(context: Context, connection: Connection, caller: Identity, job: str) -> dict[str, Any]:
    """A job with its items. Raises Refused."""
    return _job(_seen(context, connection, caller, job))


def _seen(context: Context, connection: Connection, caller: Identity, job: str) -> dict[str, Any]:
    found = read_bulk(connection, job)
    if found is None or not may_see_bulk(context, connection, caller, found):
        raise Refused(Refusal(code="bulk_unknown", facts={"bulk": job}))
    return found


def _mine(caller: Identity) -> Any:
    if caller.role in ("operator", "administrator"):
        return true()
    return or_(_BULK.c.by == caller.actor, _BULK.c.parent == caller.unit)


def _before(cursor: str | None) -> tuple[datetime, str] | None:
    if cursor is None:
        return None
    key = key_of(cursor, (str, str))
    try:
        at, bulk = key or ("", "")
        return datetime.fromisoformat(str(at)), str(bulk)
    except ValueError:
        raise Refused(Refusal(code="cursor_invalid", pointer="query:cursor")) from None


def _line(one: dict[str, Any]) -> dict[str, Any]:
    return {**one, "label": label_of(one["action"]) if one["action"] else _LABELS[one["kind"]]}


def _job(found: dict[str, Any]) -> dict[str, Any]:
    items = found["items"]
    numbers = {
        "total": len(items),
        "done": sum(carried_out(one["outcome"]) for one in items),
        "refused": sum(one["refused"] is not None for one in items),
    }
    return {**_line(found), **numbers, "items": [_item(one) for one in items]}


def _item(one: dict[str, Any]) -> dict[str, Any]:
    refusal = Refusal.model_validate_json(one["refused"]) if one["refused"] else None
    return {
        "item": one["item"],
        "changes": one["told"].splitlines() if one["told"] else [],
        "outcome": one["outcome"],
        "detail": detail_of(refusal) if refusal else None,
    }
