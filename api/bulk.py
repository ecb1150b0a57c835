"""Bulk starts: a plan with its hash first, then exactly that plan, durably."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson
from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from activities.access import may, may_see_unit
from activities.bulk import RUNNING, BulkPlan, plan_bulk
from activities.jobs import BulkOrder, create_bulk, read_bulk
from activities.programme_view import programme_id
from activities.tokens import Identity
from api import region_documents as r
from api import shapes
from api.acting import Attempt, InAttempt
from api.answers import answer
from api.context import Caller, Context, InContext
from api.documents import told
from api.once import once
from api.problems import Refused
from api.wording import WORDING, title_of
from domain.access import GRANTS, Action
from domain.refusal import Refusal

router = APIRouter(prefix="/programmes/bulk", tags=["Массовый запуск"])


@router.post("", summary="Начать программы муниципалитета или региона", responses=told(r.BulkPlan, 200, 201))
def start(body: shapes.BulkIn, context: InContext, caller: Caller, attempt: InAttempt) -> Response:
    """A dry run answers 200 with the plan and its hash; with `dry_run: false` and that hash it begins: 201."""
    planned = _planned(context, caller, body)  # outside of the transaction: freezing definitions takes its own
    if body.dry_run:
        return answer(_view(_accepted(planned)))

    def begin() -> tuple[BulkOrder, str, dict[str, Any]]:
        plan = _accepted(planned)
        return plan.order, plan.hash, _view(plan)

    return begun(context, caller, attempt, body.plan_hash, begin)


def begun(
    context: Context,
    caller: Identity,
    attempt: Attempt,
    plan_hash: str | None,
    planned: Callable[[], tuple[BulkOrder, str, dict[str, Any]]],
) -> Response:
    """Begin what was planned, if the plan is still the one that was seen: 201 with its view and the id of the act.

    `planned`: order, hash and view; called for the first attempt alone, it may raise Refused.
    """
    ids: list[str] = []

    def change(connection: Connection) -> tuple[int, dict[str, Any], None]:
        order, now, view = planned()
        if plan_hash != now:
            raise Refused(Refusal(code="plan_changed", facts={"plan_hash": now}, pointer="/plan_hash"))
        ids.append(create_bulk(connection, order, caller.actor, context.core.clock()))
        return 201, {**view, "dry_run": False, "id": ids[-1]}, None

    response = once(context, caller, attempt, change)
    if response.status_code == 201:
        response.headers["Location"] = f"/api/v1/programmes/bulk/{orjson.loads(response.body)['id']}"
    for bulk in ids:
        context.nudger.nudge(f"bulk/{bulk}", None)
    return response


@router.get("/{bulk}", summary="Как идёт массовое действие", responses=told(r.Bulk))
def progress(bulk: str, context: InContext, caller: Caller) -> Response:
    """Progress in percent, and the outcome of every organisation."""
    with context.core.database.reading() as connection:
        found = read_bulk(connection, bulk)
        if found is None or found["kind"] == "cure" or not may_see_bulk(context, connection, caller, found):
            raise Refused(Refusal(code="bulk_unknown", facts={"bulk": bulk}))
    shown = {name: found[name] for name in r.Bulk.model_fields if name != "items"}
    return answer({**shown, "items": [_outcome(item, found["year"]) for item in found["items"]]})


def may_see_bulk(context: Context, connection: Connection, caller: Identity, found: Mapping[str, Any]) -> bool:
    """Who began it, and whoever might have: they look after it."""
    action = _ACTIONS.get(found["kind"], "steer")
    return found["by"] == caller.actor or may(caller, action, found["parent"], context.tree(connection))


def _outcome(item: dict[str, Any], year: int) -> dict[str, Any]:
    refused = item["outcome"] in WORDING
    return {
        "organisation": item["item"],
        "outcome": item["outcome"],
        "programme": programme_id(item["item"], year),
        "title": title_of(item["outcome"]) if refused else None,
    }


_ACTIONS: dict[str, Action] = {"start": "bulk"}


def _planned(context: Context, caller: Identity, body: shapes.BulkIn) -> BulkPlan | Refusal:
    """The plan as it is now; a repeated request gets its first answer, whatever has become of the plan."""
    with context.core.database.reading() as connection:
        tree = context.tree(connection)
        if "bulk" not in GRANTS[caller.role]:
            return Refusal(code="forbidden")
        if not may_see_unit(connection, caller, tree, body.parent):
            return Refusal(code="unit_unknown", facts={"unit": body.parent}, pointer="/parent")
        if not may(caller, "bulk", body.parent, tree):
            return Refusal(code="forbidden")
        return plan_bulk(connection, context.core.library, tree, body.parent, body.year, body.forms, body.rolling)


def _accepted(planned: BulkPlan | Refusal) -> BulkPlan:
    if isinstance(planned, Refusal):
        raise Refused(planned)
    return planned


def _view(plan: BulkPlan) -> dict[str, Any]:
    return {
        "dry_run": True,
        "parent": plan.parent,
        "year": plan.year,
        "plan_hash": plan.hash,
        "start": [command.organisation for command in plan.commands],
        "existing": list(plan.existing),
        "items": [
            *({"organisation": command.organisation, "outcome": None} for command in plan.commands),
            *({"organisation": organisation, "outcome": RUNNING} for organisation in plan.existing),
        ],
    }
