"""Incidents of delivery: letters that do not arrive or that nobody can get, and how that is mended."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from sqlalchemy import ColumnElement, Connection
from starlette.responses import Response

from activities.access import letter_scope, may
from activities.delivery_incidents import DeliveryIncident, Incident, close_incident, open_incidents
from activities.letter_words import addressed
from activities.russian import counted, full_date, plural
from activities.tokens import Identity
from activities.vacancies import Vacancy, open_vacancies
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
    """Open incidents of delivery, the newest first.

    Letters that did not arrive: the incident ends with a corrected address, or when it is closed. Letters that nobody
    could get: it ends when somebody is appointed.
    """
    with context.core.database.reading() as connection:
        scope = letter_scope(caller, context.tree(connection))
        lost = [
            incident_view(context, connection, one, hides_people(caller)) for one in open_incidents(connection, scope)
        ]
        vacant = [_vacancy_view(context, connection, one) for one in _vacancies(context, connection, scope)]
    return page(sorted([*lost, *vacant], key=lambda one: (one["since"], one["id"]), reverse=True))


@router.post("/{incident}/closure", summary="Закрыть происшествие", responses=told(r.Incident))
def close(incident: str, context: InContext, caller: Caller, attempt: InAttempt) -> Response:
    """Somebody has seen to it, for example the mailbox is no longer full; answers what was closed."""

    def change(connection: Connection) -> tuple[int, dict[str, Any], None]:
        tree = context.tree(connection)
        found, place, view = _found(context, connection, caller, incident)
        if not any(may(caller, action, place, tree) for action in CLOSING):
            raise Refused(Refusal(code="forbidden"))
        close_incident(connection, found, caller.actor, context.core.clock())
        return 200, view, None

    return once(context, caller, attempt, change)


def _found(
    context: Context, connection: Connection, caller: Identity, incident: str
) -> tuple[Incident, str, dict[str, Any]]:
    """An open incident that the caller sees, the unit where it is, and how it is shown. Raises Refused."""
    scope = letter_scope(caller, context.tree(connection))
    for vacancy in _vacancies(context, connection, scope) if incident.startswith("vacancy:") else ():
        if vacancy.id == incident:
            return vacancy, vacancy.unit, _vacancy_view(context, connection, vacancy)
    for one in open_incidents(connection, scope, incident.removeprefix("delivery:")):
        return one, one.last.unit or "", incident_view(context, connection, one, hides_people(caller))
    raise Refused(Refusal(code="incident_unknown", facts={"incident": incident}))


def _vacancies(context: Context, connection: Connection, scope: ColumnElement[bool]) -> list[Vacancy]:
    return open_vacancies(connection, context.core.streams, context.core.clock(), scope)


def _vacancy_view(context: Context, connection: Connection, one: Vacancy) -> dict[str, Any]:
    tree = context.tree(connection)
    unit = tree.units.get(one.unit)
    since = full_date(local_day(one.since, tree.zone(one.unit)))
    lost = counted(len(one.lost), "письмо", "письма", "писем")
    found = plural(len(one.lost), "нашло", "нашли", "нашли")
    municipal = unit is not None and unit.kind == "municipality"
    who = f"{addressed((one.addressee,), municipal)}, {unit.name if unit else one.unit}"
    return {
        "id": one.id,
        "stream": one.last.stream,
        "layer": "person",
        "cause": "vacant",
        "sentence": f"Письма некому получать ({who}): с {since} своего адресата не {found} {lost}.",
        "since": one.since,
        "recipient": one.last.recipient,
        "letters": len(one.lost),
        "cures": [
            {"action": "POST /people/{id}/roles", "label": "Назначьте человека на эту роль"},
            {"action": "closure", "label": "Закройте, если назначать никого не нужно"},
        ],
    }


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
