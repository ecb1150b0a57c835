"""What stands still, over all streams and over the machine that they share; and how delivery incidents are closed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, NamedTuple

from anyio import to_thread
from fastapi import APIRouter, Query
from sqlalchemy import Connection
from starlette.responses import Response

from activities.access import letter_scope, may, place_of
from activities.database import UNREACHABLE
from activities.delivery_incidents import open_incidents
from activities.diagnosis.incidents import (
    Incident,
    Reader,
    of_letters,
    of_machine,
    of_people,
    of_roles,
    seen_places,
    told,
)
from activities.diagnosis.words import sentence_of
from activities.paging import clamped, cursor_of, key_of
from activities.tokens import OPERATING, Identity
from activities.vacancies import open_vacancies
from api import region_documents as r
from api.acting import hides_people
from api.answers import answer
from api.context import Caller, Context, InContext
from api.documents import told as documented
from api.problems import Refused
from api.shapes import Cursor, Limit, Place
from domain.access import Action
from domain.diagnosis.causes import CAUSES, Layer
from domain.diagnosis.cures import offered
from domain.refusal import Refusal
from domain.units import UnitTree
from workflows.incidents import Stuck

router = APIRouter(prefix="/operations/incidents", tags=["Происшествия"])

Wanted = Annotated[str | None, Query(max_length=64)]


@router.get("", summary="Что стоит и почему", responses=documented(r.Incidents))
async def incidents(  # one argument for each filter
    context: InContext,
    caller: Caller,
    layer: Layer | None = None,
    cause: Wanted = None,
    kind: Wanted = None,
    unit: Place = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Response:
    """Open incidents: what harms most first, the oldest of them before the others; `counts` by cause.

    Computed when it is asked for, so that a dead worker cannot hide itself. What all streams share is shown to
    operators and administrators; while the database does not answer they see just that.
    """
    chosen = await choose(context, caller, Filters(layer, cause, kind, unit), cursor, limit)
    items = [incident_view(one, caller, chosen.tree) for one in chosen.shown]
    return answer({"items": items, "next": chosen.next, "counts": chosen.counts})


class Filters(NamedTuple):
    """Which incidents are asked for; `unit`: those of it and of all under it."""

    layer: str | None = None
    cause: str | None = None
    kind: str | None = None
    unit: str | None = None


class Chosen(NamedTuple):
    """A page of the list and the cursor of the next; `counts` by cause, of all layers and causes of the place."""

    shown: list[Incident]
    next: str | None
    counts: list[dict[str, Any]]
    tree: UnitTree


async def choose(context: Context, caller: Identity, filters: Filters, cursor: str | None, limit: int) -> Chosen:
    """What the caller sees of what is asked for. Raises Refused for a cursor that is none of ours."""
    after, (layer, cause, kind, unit) = _after(cursor), filters
    everything, tree = await all_incidents(context, caller)
    found = [one for one in everything if fits(one, tree, kind=kind, unit=unit)]
    chosen = [one for one in found if fits(one, tree, layer=layer, cause=cause) and _behind(one, after)]
    most = clamped(limit)
    shown = await to_thread.run_sync(_with_facts, context, chosen[:most])
    following = cursor_of(_key(chosen[most - 1])) if len(chosen) > most else None
    return Chosen(shown, following, _counts(found), tree)


async def all_incidents(context: Context, caller: Identity) -> tuple[list[Incident], UnitTree]:
    """Everything that the caller sees, in the order of the list; and the units by which it is told."""
    core = context.core
    machine = await context.watch.machine()
    whole = context.watch.findings(machine)
    shared = list(of_machine(whole, machine.now)) if caller.role in OPERATING else []

    def read() -> tuple[Reader, list[Incident]]:
        with core.database.reading() as connection:
            reader = Reader(caller, context.tree(connection), hides_people(caller))
            return reader, of_people(connection, core, reader)

    def places(streams: Iterable[str]) -> dict[str, str]:
        with core.database.reading() as connection:
            return seen_places(connection, reader, list(streams))

    try:
        reader, people = await to_thread.run_sync(read)
        stuck = await Stuck(core, context.watch.look).incidents(machine, whole, places)
    except UNREACHABLE:
        if not shared:
            raise
        return shared, UnitTree(())
    return sorted([*shared, *stuck, *people], key=lambda one: one.place), reader.tree


def incident_view(one: Incident, caller: Identity, tree: UnitTree) -> dict[str, Any]:
    """An incident with its sentence and the cures that the caller may use."""
    region = next((place.id for place in tree.of_kind("region")), "")

    def permitted(action: Action) -> bool:
        if not tree.units:  # nobody can look who may do what
            return action == "operate"
        return may(caller, action, place_of(action, one.unit or region, one.centre), tree)

    cause = one.finding.cause
    return {
        "id": one.id,
        "stream": one.stream,
        "unit": one.unit,
        "kind": one.kind,
        "layer": cause.layer,
        "cause": one.finding.key,
        "harm": cause.harm,
        "sentence": sentence_of(one.finding, tree.zone(one.unit or region), permitted("operate")),
        "since": one.since,
        "recipient": one.recipient,
        "letters": one.letters,
        "cures": offered(cause.cures, permitted),
    }


def _with_facts(context: Context, chosen: list[Incident]) -> list[Incident]:
    if not any(one.stream for one in chosen):
        return chosen
    with context.core.database.reading() as connection:
        return told(connection, context.core, chosen)


def fits(
    one: Incident,
    tree: UnitTree,
    layer: str | None = None,
    cause: str | None = None,
    kind: str | None = None,
    unit: str | None = None,
) -> bool:
    """Whether an incident is among those that are asked for; of a unit are all under it."""
    if (
        layer not in (None, one.finding.cause.layer)
        or cause not in (None, one.finding.key)
        or kind not in (None, one.kind)
    ):
        return False
    return unit is None or (one.unit in tree.units and unit in {place.id for place in tree.lineage(one.unit or "")})


def _counts(found: list[Incident]) -> list[dict[str, Any]]:
    numbers = Counter(one.finding.key for one in found)
    return [
        {"cause": key, "layer": cause.layer, "harm": cause.harm, "count": numbers[key]}
        for key, cause in CAUSES.items()
        if numbers[key]
    ]


def _key(one: Incident) -> tuple[int, str, str]:
    harm, since, name = one.place
    return harm, since.isoformat(), name


def _after(cursor: str | None) -> tuple[int, datetime, str] | None:
    """The place of the last incident seen. Raises Refused for a cursor that is none of ours."""
    if cursor is None:
        return None
    key = key_of(cursor, (int, str, str))
    try:
        harm, since, name = key or ("", "", "")
        return int(harm), datetime.fromisoformat(str(since)), str(name)
    except ValueError:
        raise Refused(Refusal(code="cursor_invalid", pointer="query:cursor")) from None


def _behind(one: Incident, after: tuple[int, datetime, str] | None) -> bool:
    return after is None or one.place > after


def incident_named(context: Context, caller: Identity, name: str) -> dict[str, Any]:
    """How an open incident of letters is shown; nothing for another one: what it was is told by its stream."""
    if not name.startswith(("delivery:", "vacancy:")):
        return {}
    with context.core.database.reading() as connection:
        reader = Reader(caller, context.tree(connection), hides_people(caller))
        scope, now = letter_scope(caller, reader.tree), context.core.clock()
        streams, asked = context.core.streams, name.startswith("vacancy:")
        vacant = open_vacancies(connection, streams, reader.tree, now, scope) if asked else ()
        lost = open_incidents(connection, scope, name.removeprefix("delivery:"))
        empty = of_roles(connection, context.core, reader, vacant) if asked else ()
        found = (*of_letters(lost, vacant, reader), *empty)
        return next((incident_view(one, caller, reader.tree) for one in found if one.id == name), {})


def incident_of(context: Context, connection: Connection, caller: Identity, recipient: str) -> dict[str, Any] | None:
    """The open incident of a recipient, shown with the person."""
    reader = Reader(caller, context.tree(connection), hides_people(caller))
    found = open_incidents(connection, letter_scope(caller, reader.tree), recipient)
    return next((incident_view(one, caller, reader.tree) for one in of_letters(found, (), reader)), None)
