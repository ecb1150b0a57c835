"""Letters that went out, or landed in the mail folder while there is no mail server."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from activities.deliveries import Delivery, find_letter, letter_source, list_letters
from activities.paging import clamped, cursor_of, key_of
from activities.programmes import PREFIX
from activities.tokens import Identity
from api import documents as d
from api import shapes
from api.acting import hides_people, visible
from api.answers import page
from api.context import Caller, Context, InContext
from api.documents import told
from api.problems import Refused
from domain.refusal import Refusal

router = APIRouter(tags=["Письма"])


@router.get("/programmes/{programme}/letters", summary="Письма по программе", responses=told(d.Page[d.Letter]))
def letters(
    programme: str, context: InContext, caller: Caller, cursor: shapes.Cursor = None, limit: shapes.Limit = 100
) -> Response:
    """The letters of a programme, the newest first: to whom, subject, how the delivery went."""
    visible(context, caller, programme)
    most = clamped(limit)
    with context.core.database.reading() as connection:
        found = list_letters(connection, PREFIX + programme, most + 1, _after(cursor) if cursor is not None else None)
    shown = found[:most]
    following = cursor_of((shown[-1].at.isoformat(), shown[-1].message_id)) if len(found) > most else None
    return page([_view(one, hides_people(caller)) for one in shown], following)


def _after(cursor: str) -> tuple[datetime, str]:
    at, letter = key_of(cursor, (str, str)) or ("", "")
    try:
        return datetime.fromisoformat(str(at)).astimezone(UTC), str(letter)
    except (ValueError, OverflowError):
        raise Refused(Refusal(code="cursor_invalid", pointer="query:cursor")) from None


@router.get(
    "/letters/{letter}",
    summary="Письмо целиком",
    responses={200: {"content": {"message/rfc822": {}}, "description": "Письмо"}},
)
def letter(letter: str, context: InContext, caller: Caller) -> Response:
    """The letter as it was written (message/rfc822), when it was put into the mail folder."""
    with context.core.database.reading() as connection:
        found = _seen(context, connection, caller, letter)
    if hides_people(caller):
        raise Refused(Refusal(code="forbidden"))
    source = letter_source(context.core.settings.mail_folder, found)
    if source is None:
        raise Refused(Refusal(code="letter_unknown", facts={"letter": letter}))
    return Response(source, media_type="message/rfc822")


def _seen(context: Context, connection: Connection, caller: Identity, letter: str) -> Delivery:
    unknown = Refused(Refusal(code="letter_unknown", facts={"letter": letter}))
    found = find_letter(connection, letter)
    if found is None:
        raise unknown
    try:
        visible(context, caller, found.stream.removeprefix(PREFIX))
    except Refused:
        raise unknown from None
    return found


def _view(one: Delivery, hidden: bool) -> dict[str, Any]:
    return {
        "id": one.message_id.strip("<>"),
        "notice": one.number,
        "to": one.recipient,
        "address": None if hidden else one.address,
        "subject": one.subject,
        "status": one.status,
        "handovers": one.handovers,
        "at": one.at,
        "error": one.error,
    }
