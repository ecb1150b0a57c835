"""Calendar feeds: a secret address for each person, and the calendar behind it."""

from __future__ import annotations

import hashlib
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import Response

from activities.access import may
from activities.calendar_feed import calendar_of
from activities.duties import duties_of, organisations_naming
from activities.feeds import end_feed, give_feed, person_behind
from activities.people import places_of
from activities.tokens import Identity
from api import region_documents as r
from api.acting import InAttempt
from api.context import Caller, Context, InContext
from api.documents import told
from api.once import once
from api.person_scope import visible_person
from api.problems import Refused
from domain.refusal import Refusal
from domain.value import Identifier

router = APIRouter(prefix="/people", tags=["Узлы и люди"])
public = APIRouter(prefix="/calendar", include_in_schema=False)

HEADERS = {
    "Content-Disposition": 'inline; filename="mentoring.ics"',
    "Cache-Control": "private, no-cache",  # a revoked address ends at once; an unchanged calendar is a 304
}
MEDIA_TYPE = "text/calendar; charset=utf-8"


@router.post(
    "/{person}/feed", status_code=201, summary="Выдать ссылку на календарь сроков", responses=told(r.Feed, 201)
)
def give(person: Identifier, context: InContext, caller: Caller, attempt: InAttempt) -> Response:
    """The address of the person's calendar, shown this once; the address before it ends."""
    shown: dict[str, Any] = {}

    def change(connection: Connection) -> tuple[int, dict[str, Any], str | None]:
        _may_manage(context, connection, caller, person)
        given = give_feed(connection, person, caller.actor, context.core.clock())
        if isinstance(given, Refusal):
            raise Refused(given)
        row, clear = given
        shown.update(row.model_dump(exclude={"hash"}))
        base = context.core.settings.public_url.rstrip("/")
        return 201, {**shown, "url": f"{base}/calendar/{clear}.ics"}, None

    return once(context, caller, attempt, change, keep=lambda _: (201, {**shown, "url": None}, None))


@router.delete("/{person}/feed", status_code=204, summary="Отозвать ссылку на календарь", response_model=None)
def end(person: Identifier, context: InContext, caller: Caller, attempt: InAttempt) -> Response:
    """End the address at once; ending it again changes nothing."""

    def change(connection: Connection) -> tuple[int, None, None]:
        _may_manage(context, connection, caller, person)
        end_feed(connection, person, caller.actor, context.core.clock())
        return 204, None, None

    return once(context, caller, attempt, change)


@public.api_route("/{secret}.ics", methods=["GET", "HEAD"])
def calendar(secret: str, context: InContext, request: Request) -> Response:
    """The open deadlines of whoever the address was given to."""
    settings, now = context.core.settings, context.core.clock()
    with context.core.database.reading() as connection:
        person = person_behind(connection, secret)
        if person is None:
            raise Refused(Refusal(code="feed_unknown"))
        duties = duties_of(connection, context.core.streams, person, now)
    body = calendar_of(duties, now, settings.mail_domain, settings.public_url)
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    if tag in _known(request):
        return Response(None, 304, {**HEADERS, "ETag": tag})
    return Response(body, headers={**HEADERS, "ETag": tag}, media_type=MEDIA_TYPE)


def _known(request: Request) -> set[str]:
    """The tags that a program has already (RFC 9110, 13.1.2), compared weakly."""
    tags = request.headers.get("if-none-match", "").split(",")
    return {tag.strip().removeprefix("W/") for tag in tags}


def _may_manage(context: Context, connection: Connection, caller: Identity, person: str) -> None:
    """The calendar shows every place where the person works, so whoever gives it out has to manage all of them."""
    visible_person(context, connection, caller, person)
    tree = context.tree(connection)
    places = {*places_of(connection, person), *organisations_naming(connection, person)} or {caller.unit}
    if not all(may(caller, "manage_people", place, tree) for place in places):
        raise Refused(Refusal(code="forbidden"))
