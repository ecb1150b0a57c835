"""From a request for a cure to its plan and its carrying out; pages call the same."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
from pydantic import ValidationError
from sqlalchemy import Connection
from starlette.responses import Response

from activities.cures.access import permitted, where_is
from activities.cures.carrying_out import carry_out
from activities.cures.fields import asked_by
from activities.cures.planned import Bench, Letter, Planned, Target
from activities.cures.planning import Item, Plan, plan_all
from activities.cures.registry import CURES, offers
from activities.cures.targets import target_of
from activities.jobs import BulkItem, BulkOrder, create_bulk
from activities.tokens import Identity
from api.acting import Attempt, hides_people
from api.context import Context
from api.once import kept, once
from api.problems import TEMPORAL_AWAY, Faulty, Refused, invalid
from api.wording import detail_of
from domain.diagnosis.cures import CURES as NAMES
from domain.refusal import Refusal
from workflows.client import TemporalError

AT_ONCE = 20
"""So many items are cured while somebody waits for the answer; more of them are a job."""


def planned(context: Context, caller: Identity, action: str, names: Iterable[str], given: dict[str, Any]) -> Plan:
    """What a cure would do to all that `names` stand for. Raises Refused and Faulty."""
    if action not in CURES:
        raise Refused(Refusal(code="cure_unknown", facts={"action": action}))
    with context.core.database.reading() as connection:
        bench = bench_of(context, connection)
        try:
            return plan_all(bench, caller, action, names, given)
        except ValidationError as wrong:
            errors = [{**one, "loc": ("body", *one["loc"])} for one in wrong.errors(include_context=True)]
            raise Faulty(invalid(errors)) from wrong


def applicable(context: Context, caller: Identity, name: str) -> list[dict[str, Any]]:
    """The cures that a caller may use on an incident or a stream, each with what it asks for."""
    with context.core.database.reading() as connection:
        tree = context.tree(connection)
        target = target_of(connection, context.core.kinds, name)
        where = where_is(connection, caller, tree, target) if target else None
        if target is None or where is None:
            raise Refused(Refusal(code="incident_unknown", facts={"incident": name}))
        return [
            {"action": action, "label": label_of(action), "fields": [f._asdict() for f in asked_by(offer.arguments)]}
            for action, offer in offers(target)
            if permitted(caller, tree, where, action, offer)
        ]


def carried_out(context: Context, caller: Identity, plan: Plan, attempt: Attempt) -> list[Refusal | None]:
    """Do what was planned, one after another; of each why it was not done. Raises Faulty while Temporal is down."""
    key = attempt.key or ""
    outcomes: list[Refusal | None] = []
    for one in plan.items:
        if isinstance(one.found, Refusal):
            outcomes.append(one.found)
            continue
        own = f"cure/{one.hash[:32]}/{key}"[:200] if key else None
        try:
            outcomes.append(carry_out(context.core, context.hands, one.found, caller.actor, own))
        except (*TemporalError, TimeoutError) as away:
            raise Faulty(TEMPORAL_AWAY) from away
    return outcomes


def carried_out_once(
    context: Context, caller: Identity, plan: Plan, given: dict[str, Any], attempt: Attempt
) -> Response:
    """What became of a plan, once for a key; more than a few items become a job. Raises Refused and Faulty."""
    if len(plan.ready) <= AT_ONCE:

        def act() -> tuple[int, dict[str, Any]]:
            outcomes = carried_out(context, caller, plan, attempt)
            return 200, plan_view(plan, caller, dry_run=False, outcomes=outcomes)

        return kept(context, caller, attempt, act)
    return begun_once(context, caller, plan, given, attempt)


def begun_once(context: Context, caller: Identity, plan: Plan, given: dict[str, Any], attempt: Attempt) -> Response:
    """Begin the job that carries a plan out, once for a key."""
    jobs: list[str] = []

    def change(connection: Connection) -> tuple[int, dict[str, Any], None]:
        jobs.append(begin_job(context, connection, caller, plan, given))
        return 202, plan_view(plan, caller, dry_run=False, job=jobs[-1]), None

    response = once(context, caller, attempt, change)
    for job in jobs:
        context.nudger.nudge(f"bulk/{job}", None)
    return response


def unchanged(plan: Plan, shown: str | None) -> None:
    """Raises Refused when a plan is not the one that was shown, or none was."""
    if shown is None:
        raise Refused(Refusal(code="plan_unseen", facts={"plan_hash": plan.hash}, pointer="/plan"))
    if shown != plan.hash:
        raise Refused(Refusal(code="plan_changed", facts={"plan_hash": plan.hash}, pointer="/plan"))


def begin_job(context: Context, connection: Connection, caller: Identity, plan: Plan, given: dict[str, Any]) -> str:
    """Keep the plan as a bulk act, which a workflow carries out; its id."""
    items = tuple(BulkItem(target.name, plan=found.hash, told="\n".join(found.changes)) for target, found in plan.ready)
    arguments = orjson.dumps(given, default=str).decode()
    order = BulkOrder("cure", caller.unit, None, plan.hash, items, action=plan.action, arguments=arguments)
    return create_bulk(connection, order, caller.actor, context.core.clock())


def plan_view(
    plan: Plan, caller: Identity, dry_run: bool, outcomes: list[Refusal | None] | None = None, job: str | None = None
) -> dict[str, Any]:
    """A plan, or what became of it."""
    done: list[Refusal | str | None] = [None] * len(plan.items)
    if outcomes is not None:
        done = [one or "done" for one in outcomes]
    items = [_item(one, outcome, hides_people(caller)) for one, outcome in zip(plan.items, done, strict=True)]
    return {
        "action": plan.action,
        "label": label_of(plan.action),
        "dry_run": dry_run,
        "plan": plan.hash,
        "total": len(items),
        "refused": sum(one["detail"] is not None for one in items),
        "items": items,
        "job": job,
    }


def label_of(action: str) -> str:
    """What a cure is called."""
    return NAMES[action].label


def _item(one: Item, outcome: Refusal | str | None, hidden: bool) -> dict[str, Any]:
    refusal = one.found if isinstance(one.found, Refusal) else outcome if isinstance(outcome, Refusal) else None
    found = one.found if isinstance(one.found, Planned) else None
    return {
        "target": one.target.name,
        "stream": one.target.stream,
        "outcome": refusal.code if refusal else outcome,
        "detail": detail_of(refusal) if refusal else None,
        "changes": list(found.changes) if found else [],
        "letters": [_letter(letter, hidden) for letter in found.letters] if found else [],
    }


def _letter(letter: Letter, hidden: bool) -> dict[str, Any]:
    to = [{"id": one.id, "name": None if hidden else one.name, "how": one.how} for one in letter.to]
    return {"kind": letter.kind, "subject": letter.subject, "to": to}


def found_target(context: Context, caller: Identity, name: str) -> Target:
    """The target of that name, if the caller sees it. Raises Refused."""
    with context.core.database.reading() as connection:
        target = target_of(connection, context.core.kinds, name)
        if target is None or where_is(connection, caller, context.tree(connection), target) is None:
            raise Refused(Refusal(code="incident_unknown", facts={"incident": name}))
        return target


def bench_of(context: Context, connection: Connection) -> Bench:
    """What cures are planned with, as of now."""
    return Bench(context.core, connection, context.tree(connection), context.core.clock())
