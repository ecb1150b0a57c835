"""Cures of incidents and of streams: one at once, many as a job."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Query
from starlette.responses import Response

from activities.cures.planning import Plan
from activities.tokens import Identity
from api import cure_documents as d
from api.acting import Attempt, InAttempt
from api.answers import answer
from api.context import Caller, Context, InContext
from api.cure_shapes import MOST, CureIn, CuresIn, SelectIn
from api.curing import (
    AT_ONCE,
    applicable,
    begin_job,
    begun_once,
    carried_out,
    found_target,
    plan_view,
    planned,
    unchanged,
)
from api.documents import Page, told
from api.incidents import all_incidents, fits, incident_named
from api.once import answered_before, kept
from api.problems import Refused
from domain.refusal import Refusal

router = APIRouter(prefix="/operations", tags=["Происшествия"])

Target = Annotated[str, Query(max_length=300, description="Происшествие или поток, как в их адресах")]


@router.get("/cures", summary="Что здесь поможет", responses=told(Page[d.Applicable]))
def cures_of(target: Target, context: InContext, caller: Caller) -> Response:
    """The cures that one may use on an incident or a stream, with what each of them asks for."""
    return answer({"items": applicable(context, caller, target), "next": None})


@router.post("/incidents/{incident:path}/{action}", summary="Устранить происшествие", responses=told(d.Cured, 200, 202))
def cure_incident(
    incident: str,
    action: str,
    context: InContext,
    caller: Caller,
    attempt: InAttempt,
    body: CureIn | None = None,
) -> Response:
    """Carries the cure out. `dry_run: true` shows what it would do; with `plan` it does that or nothing.

    What takes longer, for there is much of it, answers 202 and the job that does it.
    """
    return _cured(context, caller, attempt, incident, action, body or CureIn())


@router.post("/streams/{kind}/{name}/{action}", summary="Применить к потоку", responses=told(d.Cured, 200, 202))
def cure_stream(
    kind: str,
    name: str,
    action: str,
    context: InContext,
    caller: Caller,
    attempt: InAttempt,
    body: CureIn | None = None,
) -> Response:
    """The same for a programme, a submission or a campaign without any incident."""
    return _cured(context, caller, attempt, f"{kind}/{name}", action, body or CureIn())


@router.post("/cures", summary="Применить ко многим", responses=told(d.Cures, 200, 202))
async def cure_many(body: CuresIn, context: InContext, caller: Caller, attempt: InAttempt) -> Response:
    """A dry run answers 200 with what happens to each of them and the hash of that; with `dry_run: false` and that hash
    it begins: 202 and a job.
    """
    names = await selected(context, caller, body.select)
    return await to_thread.run_sync(_cured_many, context, caller, attempt, body, names)


def _cured(context: Context, caller: Identity, attempt: Attempt, name: str, action: str, body: CureIn) -> Response:
    target = found_target(context, caller, name)
    shown = {"id": name, "stream": target.stream, "cause": target.cause, **incident_named(context, caller, name)}

    def act() -> tuple[int, dict[str, Any]]:
        plan = planned(context, caller, action, [name], body.given)
        if len(plan.items) == 1 and isinstance(plan.items[0].found, Refusal):
            raise Refused(plan.items[0].found)
        if not plan.items:
            raise Refused(Refusal(code="nothing_to_cure"))
        if body.plan is not None:
            unchanged(plan, body.plan)
        if len(plan.ready) > AT_ONCE:
            return 202, shown | _as_job(context, caller, plan, body.given)
        return 200, shown | plan_view(plan, caller, dry_run=False, outcomes=carried_out(context, caller, plan, attempt))

    if body.dry_run:
        plan = planned(context, caller, action, [name], body.given)
        return answer(shown | plan_view(plan, caller, dry_run=True))
    return kept(context, caller, attempt, act)


def _cured_many(context: Context, caller: Identity, attempt: Attempt, body: CuresIn, names: Iterable[str]) -> Response:
    if not body.dry_run and (answered := answered_before(context, caller, attempt)):
        return answered
    plan = planned(context, caller, body.action, names, body.arguments.given)
    if body.dry_run:
        return answer(plan_view(plan, caller, dry_run=True))
    unchanged(plan, body.plan)
    return begun_once(context, caller, plan, body.arguments.given, attempt)


def _as_job(context: Context, caller: Identity, plan: Plan, given: dict[str, Any]) -> dict[str, Any]:
    with context.core.database.writing() as connection:
        job = begin_job(context, connection, caller, plan, given)
    context.nudger.nudge(f"bulk/{job}", None)
    return plan_view(plan, caller, dry_run=False, job=job)


async def selected(context: Context, caller: Identity, select: SelectIn) -> list[str]:
    """What is meant, by name. Raises Refused when nothing is, or too much."""
    names = [*select.incidents, *select.streams]
    chosen = {name: getattr(select, name) for name in ("cause", "layer", "kind", "unit")}
    if any(chosen.values()):
        found, tree = await all_incidents(context, caller)
        names += [one.id for one in found if fits(one, tree, **chosen)]
    if not names:
        raise Refused(Refusal(code="nothing_to_cure"))
    if len(names) > MOST:
        raise Refused(Refusal(code="too_many_to_cure", facts={"found": len(names), "most": MOST}))
    return list(dict.fromkeys(names))
