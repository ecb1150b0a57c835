"""Incidents of delivery: recipients whose letters do not arrive, and how that is mended."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from activities.access import letter_scope, may
from activities.delivery_incidents import DeliveryIncident, close_incident, open_incidents
from activities.russian import counted, full_date
from activities.tokens import Identity
from api import region_documents as r
from api.acting import InAttempt, hides_people
from api.answers import page
from api.context import Caller, Context, InContext
from api.documents import Page, told
from api.letters import said
from api.once import once
from api.problems import Refused
from domain.access import Action
from domain.plan import local_day
from domain.refusal import Refusal

router = APIRouter(prefix="/operations/incidents", tags=["Письма"])

CLOSING: tuple[Action, ...] = ("manage_people", "steer")
"""What one may do at the recipient's unit to say that it is settled."""


@router.get("", summary="Что не доходит", responses=told(Page[r.Incident]))
def incidents(context: InContext, caller: Caller) -> Response:
    """Open incidents of delivery, the newest first. They end with a corrected address, or when they are closed."""
    with context.core.database.reading() as connection:
        found = open_incidents(connection, letter_scope(caller, context.tree(connection)))
        return page([incident_view(context, connection, one, hides_people(caller)) for one in found])


@router.post("/{incident}/closure", summary="Закрыть происшествие", responses=told(r.Incident))
def close(incident: str, context: InContext, caller: Caller, attempt: InAttempt) -> Response:
    """Somebody has seen to it, for example the mailbox is no longer full; answers what was closed."""

    def change(connection: Connection) -> tuple[int, dict[str, Any], None]:
        tree = context.tree(connection)
        recipient = incident.removeprefix("delivery:")
        found = open_incidents(connection, letter_scope(caller, tree), recipient)
        if not found:
            raise Refused(Refusal(code="incident_unknown", facts={"incident": incident}))
        place = found[0].last.unit or ""
        if not any(may(caller, action, place, tree) for action in CLOSING):
            raise Refused(Refusal(code="forbidden"))
        close_incident(connection, found[0], caller.actor, context.core.clock())
        return 200, incident_view(context, connection, found[0], hides_people(caller)), None

    return once(context, caller, attempt, change)


def incident_view(context: Context, connection: Connection, one: DeliveryIncident, hidden: bool) -> dict[str, Any]:
    """An incident with its sentence and its cures; `hidden`: without personal data."""
    zone = context.tree(connection).zone(one.last.unit or "")
    since, kind = full_date(local_day(one.since, zone)), one.recipient.partition(":")[0]
    who = "Адресат" if hidden else one.name
    lost = counted(one.letters, "письмо", "письма", "писем")
    error = said(one.last, hidden)
    return {
        "id": one.id,
        "stream": one.last.stream,
        "layer": "delivery",
        "cause": one.last.status,
        "sentence": f"{who}: с {since} не доставлено {lost}{f' ({error})' if error else ''}.",
        "since": one.since,
        "recipient": one.recipient,
        "letters": one.letters,
        "cures": [
            {"action": f"PUT /{'people' if kind == 'person' else 'units'}/{{id}}", "label": "Исправьте адрес почты"},
            {"action": "closure", "label": "Закройте, если ящик снова принимает письма"},
        ],
    }


def incident_of(context: Context, connection: Connection, caller: Identity, recipient: str) -> dict[str, Any] | None:
    """The open incident of a recipient, shown with the person."""
    found = open_incidents(connection, letter_scope(caller, context.tree(connection)), recipient)
    return incident_view(context, connection, found[0], hides_people(caller)) if found else None
