"""One command for a cohort: what it would bring as a dry run, then exactly that."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from activities.access import may, may_see_unit, programme_scope
from activities.cohorts import (
    SOME_TEXT,
    Cohort,
    CohortPlan,
    Decide,
    Member,
    Outlook,
    adopting,
    moving,
    plan_cohort,
    read_cohort,
)
from activities.jobs import BulkOrder
from activities.programme_query import read_state
from activities.tokens import Identity
from api import cohort_documents as d
from api import cohort_shapes as shapes
from api.acting import Attempt, InAttempt, Texts, steer, steerable
from api.answers import answer
from api.bulk import begun
from api.context import Caller, Context, InContext
from api.documents import Programme, told
from api.problems import Refused
from api.steering import order_of
from api.wording import detail_of
from domain.access import GRANTS
from domain.programme.commands import MoveDeadline
from domain.programme.whatif import WhatIf
from domain.refusal import Refusal

NAMED = 50
"""So many programmes get their notices one by one; of a larger cohort they are counted."""

router = APIRouter(prefix="/programmes", tags=["Массовые действия"])


@router.post(
    "/deadlines", summary="Перенести срок мероприятия у многих программ", responses=told(d.CohortPlan, 200, 201)
)
def move_deadlines(body: shapes.CohortDeadlineIn, context: InContext, caller: Caller, attempt: InAttempt) -> Response:
    """A dry run answers 200: which deadlines would move, which notices would be added, moved and withdrawn.

    With `dry_run: false` and the plan's hash it begins: 201; 409 when anything of the plan has changed since.
    """
    order = order_of(body.order)
    command = MoveDeadline(step=body.step, occurrence=body.occurrence, due=body.due, reason=SOME_TEXT, order=order)
    return _answered(context, caller, attempt, body, moving(command))


@router.post("/versions", summary="Перевести многие программы на новые версии", responses=told(d.CohortPlan, 200, 201))
def adopt_many(body: shapes.CohortVersionsIn, context: InContext, caller: Caller, attempt: InAttempt) -> Response:
    """The newest roadmap, ladder or calendar; a decree on days off reaches running years by `adopt: ["calendar"]`.

    Dry run, hash and execution as for deadlines.
    """
    decide = adopting(context.core.library, body.adopt, order_of(body.order))
    return _answered(context, caller, attempt, body, decide)


@router.post("/{programme}/versions", summary="Перевести программу на новые версии", responses=told(Programme))
def adopt_one(
    programme: str, body: shapes.VersionsIn, context: InContext, caller: Caller, attempt: InAttempt
) -> Response:
    """Go over to the newest roadmap, ladder or calendar; deadlines that move are told to everybody concerned."""
    steerable(context, caller, programme)
    with context.core.database.reading() as connection:
        state = read_state(connection, context.core.streams, programme)
    assert state is not None, "a programme that one may steer has a state"
    texts = Texts()
    decide = adopting(context.core.library, body.adopt, order_of(body.order))
    command = decide(state).model_copy(update={"reason": texts.keep(body.reason)})
    return steer(context, caller, attempt, programme, command, texts.rows)


def _answered(context: Context, caller: Identity, attempt: Attempt, body: shapes.CohortIn, decide: Decide) -> Response:
    plan = _planned(context, caller, body, decide)
    if body.dry_run:
        return answer(_view(_accepted(plan)))

    def begin() -> tuple[BulkOrder, str, dict[str, Any]]:
        found = _accepted(plan)
        return found.order(body.unit or caller.unit, body.reason), found.hash, _view(found)

    return begun(context, caller, attempt, body.plan_hash, begin)


def _planned(context: Context, caller: Identity, body: shapes.CohortIn, decide: Decide) -> CohortPlan | Refusal:
    """The plan as it is now; a repeated request gets its first answer, whatever has become of the plan."""
    core = context.core
    with core.database.reading() as connection:
        tree = context.tree(connection)
        if refusal := _place_refused(context, connection, caller, body):
            return refusal
        cohort = Cohort(body.year, body.unit, body.roadmap, body.programmes)
        members = read_cohort(connection, programme_scope(caller, tree), cohort)
    if isinstance(members, Refusal):
        return members

    def refused(member: Member) -> Refusal | None:
        return None if may(caller, "steer", member.organisation, tree) else Refusal(code="forbidden")

    outlooks = plan_cohort(core.streams, members, decide, core.clock(), refused)
    asked = body.model_dump(mode="json", exclude={"dry_run", "plan_hash", "year"})
    return CohortPlan(body.kind, body.year, asked, outlooks)


def _place_refused(context: Context, connection: Connection, caller: Identity, body: shapes.CohortIn) -> Refusal | None:
    if "steer" not in GRANTS[caller.role]:
        return Refusal(code="forbidden")
    if (body.unit is None) == (body.programmes is None):
        return Refusal(code="cohort_unclear", pointer="/unit")
    if body.unit is None:
        return None
    tree = context.tree(connection)
    if not may_see_unit(connection, caller, tree, body.unit):
        return Refusal(code="unit_unknown", facts={"unit": body.unit}, pointer="/unit")
    return None if may(caller, "steer", body.unit, tree) else Refusal(code="forbidden")


def _accepted(plan: CohortPlan | Refusal) -> CohortPlan:
    if isinstance(plan, Refusal):
        raise Refused(plan)
    return plan


def _view(plan: CohortPlan) -> dict[str, Any]:
    named = len(plan.outlooks) <= NAMED
    items = [_item(one, named) for one in plan.outlooks]
    return {
        "dry_run": True,
        "id": None,
        "kind": plan.kind,
        "year": plan.year,
        "plan_hash": plan.hash,
        "totals": _totals(items),
        "items": items,
    }


def _totals(items: list[dict[str, Any]]) -> dict[str, int]:
    return {
        "programmes": len(items),
        "refused": sum(item["outcome"] is not None for item in items),
        "deadlines": sum(len(item["deadlines"]) for item in items),
        **{name: sum(item["counts"][name] for item in items) for name in ("added", "moved", "withdrawn")},
    }


def _item(one: Outlook, named: bool) -> dict[str, Any]:
    head = {"programme": one.member.programme, "organisation": one.member.organisation}
    if isinstance(one.found, Refusal):
        words = {"outcome": one.found.code, "detail": detail_of(one.found)}
        return {**head, **words, "deadlines": [], "counts": _NOTHING, "notices": None}
    deadlines = [move._asdict() for move in one.found.moves]
    fine = {"outcome": None, "detail": None, "deadlines": deadlines, "counts": one.found.counts}
    return {**head, **fine, "notices": _notices(one.found) if named else None}


_NOTHING = {"added": 0, "moved": 0, "withdrawn": 0}


def _notices(found: WhatIf) -> dict[str, list[dict[str, Any]]]:
    lists = {"added": found.added, "moved": found.moved, "withdrawn": found.withdrawn}
    return {name: [one._asdict() for one in notices] for name, notices in lists.items()}
