"""One person: who it is, whether letters arrive, and which ones are wanted."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from activities.people import find_person
from activities.tables import PreferenceRow
from activities.wishes import find_preferences, put_preferences
from api import region_documents as r
from api import shapes
from api.acting import InAttempt, hides_people
from api.answers import answer, etag
from api.context import Caller, InContext
from api.directory import person_view
from api.documents import told
from api.incidents import incident_of
from api.once import once
from api.person_scope import changeable_person, visible_person
from api.problems import Refused
from domain.refusal import Refusal
from domain.value import Identifier

router = APIRouter(prefix="/people/{person}", tags=["Узлы и люди"])


@router.get("", summary="Один человек", responses=told(r.PersonCard))
def person(person: str, context: InContext, caller: Caller) -> Response:
    """A person, with the incident of delivery if letters do not arrive."""
    with context.core.database.reading() as connection:
        visible_person(context, connection, caller, person)
        row = find_person(connection, person)
        incident = incident_of(context, connection, caller, f"person:{person}")
        wanted = find_preferences(connection, person)
    assert row is not None, "a person that is visible is there"
    shown = {**person_view(row, hides_people(caller)), "early_reminders": wanted.early_reminders}
    return answer({**shown, "delivery_incident": incident}, headers=etag(row.version))


@router.get("/preferences", summary="Какие письма нужны", responses=told(r.Preferences))
def preferences(person: str, context: InContext, caller: Caller) -> Response:
    """Which letters a person wants; the obligatory ones come in any case."""
    with context.core.database.reading() as connection:
        visible_person(context, connection, caller, person)
        row = find_preferences(connection, person)
    return answer(_view(row), headers=etag(row.version))


@router.put("/preferences", summary="Выбрать письма", responses=told(r.Preferences))
def change_preferences(
    person: Identifier, body: shapes.PreferencesIn, context: InContext, caller: Caller, attempt: InAttempt
) -> Response:
    """Take or decline reminders before the last day of a deadline; every other letter is obligatory."""

    def change(connection: Connection) -> tuple[int, dict[str, Any], str | None]:
        changeable_person(context, connection, caller, person)
        now = context.core.clock()
        put = put_preferences(connection, person, body.early_reminders, caller.actor, now, attempt.expected)
        if isinstance(put, Refusal):
            raise Refused(put)
        return 200, _view(put), str(put.version)

    return once(context, caller, attempt, change)


def _view(row: PreferenceRow) -> dict[str, Any]:
    return {"person": row.person, "early_reminders": row.early_reminders, "version": row.version}
