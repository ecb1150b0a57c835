"""Bulk starts: a plan with its hash first, then exactly that plan, durably."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import ORJSONResponse
from sqlalchemy import Connection
from starlette.responses import Response

from activities.access import may
from activities.bulk import BulkPlan, create_bulk, plan_bulk, read_bulk
from activities.tokens import Identity
from api import shapes
from api.acting import InAttempt
from api.context import Caller, Context, InContext
from api.once import once
from api.problems import Refused
from domain.refusal import Refusal

router = APIRouter(prefix="/programmes/bulk", tags=["Массовый запуск"])


@router.post("", summary="Начать программы муниципалитета или региона")
def start(body: shapes.BulkIn, context: InContext, caller: Caller, attempt: InAttempt) -> Response:
    """A dry run answers 200 with the plan and its hash; with `dry_run: false` and that hash it begins: 201."""
    if body.dry_run:
        with context.core.database.reading() as connection:
            plan = _plan(context, connection, caller, body)
        return ORJSONResponse(_view(plan))

    begun: list[str] = []

    def begin(connection: Connection) -> tuple[int, dict[str, Any], str | None]:
        plan = _plan(context, connection, caller, body)
        if body.plan_hash != plan.hash:
            raise Refused(Refusal(code="plan_changed", facts={"plan_hash": plan.hash}, pointer="/plan_hash"))
        bulk = create_bulk(connection, plan, caller.actor, context.core.clock())
        begun.append(bulk)
        return 201, {**_view(plan), "id": bulk, "dry_run": False}, None

    answer = once(context, caller, attempt, begin)
    for bulk in begun:
        context.nudger.nudge(f"bulk/{bulk}", None)
    return answer


@router.get("/{bulk}", summary="Как идёт массовый запуск")
def progress(bulk: str, context: InContext, caller: Caller) -> ORJSONResponse:
    """Progress in percent, and the outcome of every organisation."""
    with context.core.database.reading() as connection:
        found = read_bulk(connection, bulk)
        if found is None or not may(caller, "bulk", found["parent"], context.tree(connection)):
            raise Refused(Refusal(code="bulk_unknown", facts={"bulk": bulk}))
    return ORJSONResponse(found)


def _plan(context: Context, connection: Connection, caller: Identity, body: shapes.BulkIn) -> BulkPlan:
    tree = context.tree(connection)
    if body.parent in tree.units and not may(caller, "bulk", body.parent, tree):
        raise Refused(Refusal(code="forbidden"))
    plan = plan_bulk(connection, context.core.library, tree, body.parent, body.year, body.forms)
    if isinstance(plan, Refusal):
        raise Refused(plan)
    return plan


def _view(plan: BulkPlan) -> dict[str, Any]:
    return {
        "dry_run": True,
        "parent": plan.parent,
        "year": plan.year,
        "plan_hash": plan.hash,
        "start": [command.organisation for command in plan.commands],
        "existing": list(plan.existing),
    }
