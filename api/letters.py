"""Letters that went out, or landed in the mail folder while there is no mail server."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import ORJSONResponse
from sqlalchemy import Connection
from starlette.responses import Response

from activities.deliveries import Delivery, find_letter, letter_source, list_letters
from activities.programmes import PREFIX
from activities.tokens import Identity
from api.acting import visible
from api.context import Caller, Context, InContext
from api.problems import Refused
from domain.refusal import Refusal

router = APIRouter(tags=["Письма"])


@router.get("/programmes/{programme}/letters", summary="Письма по программе")
def letters(programme: str, context: InContext, caller: Caller, limit: int = 100) -> ORJSONResponse:
    """The letters of a programme, the newest first: to whom, subject, how the delivery went."""
    visible(context, caller, programme)
    with context.core.database.reading() as connection:
        found = list_letters(connection, PREFIX + programme, max(1, min(limit, 500)))
    return ORJSONResponse({"items": [_view(one) for one in found], "next": None})


@router.get("/letters/{letter}", summary="Письмо целиком")
def letter(letter: str, context: InContext, caller: Caller) -> Response:
    """The letter as it was written (message/rfc822), when it was put into the mail folder."""
    with context.core.database.reading() as connection:
        found = _seen(context, connection, caller, letter)
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


def _view(one: Delivery) -> dict[str, Any]:
    return {
        "id": one.message_id.strip("<>"),
        "notice": one.number,
        "to": one.recipient,
        "address": one.address,
        "subject": one.subject,
        "status": one.status,
        "handovers": one.handovers,
        "at": one.at,
        "error": one.error,
    }
