"""Letters that went out or would have: to whom, what became of them, and why some did not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from activities.access import SUBMISSIONS, letter_scope
from activities.addresses import without_addresses
from activities.deliveries import Delivery, Status, Wanted, find_letter, letter_source, list_letters
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
from api.submission_acting import seen_submission
from domain.refusal import Refusal
from domain.value import Words

router = APIRouter(tags=["Письма"])

Person = Annotated[Words | None, Query(max_length=64, description="Идентификатор человека")]


@router.get("/letters", summary="Письма", responses=told(d.Page[d.Letter]))
def all_letters(
    context: InContext,
    caller: Caller,
    status: Status | None = None,
    person: Person = None,
    cursor: shapes.Cursor = None,
    limit: shapes.Limit = 100,
) -> Response:
    """Letters of programmes and submissions that the caller sees, digests of the own unit and those under it.

    With the letters that were not sent: held, declined, no longer true, refused, come back.
    """
    recipient = f"person:{person}" if person else None
    return _page(context, caller, Wanted(status=status, recipient=recipient), cursor, limit)


@router.get("/programmes/{programme}/letters", summary="Письма по программе", responses=told(d.Page[d.Letter]))
def letters(
    programme: str, context: InContext, caller: Caller, cursor: shapes.Cursor = None, limit: shapes.Limit = 100
) -> Response:
    """The letters of a programme, the newest first: to whom, subject, how the delivery went."""
    visible(context, caller, programme)
    return _page(context, caller, Wanted(stream=PREFIX + programme), cursor, limit)


@router.get("/submissions/{submission}/letters", summary="Письма по отчёту", responses=told(d.Page[d.Letter]))
def letters_of_submission(
    submission: str, context: InContext, caller: Caller, cursor: shapes.Cursor = None, limit: shapes.Limit = 100
) -> Response:
    """The letters about a respondent's form, the newest first: to whom, subject, how the delivery went."""
    with context.core.database.reading() as connection:
        seen_submission(context, connection, caller, submission)
    return _page(context, caller, Wanted(stream=SUBMISSIONS + submission), cursor, limit)


def _page(context: Context, caller: Identity, wanted: Wanted, cursor: str | None, limit: int) -> Response:
    most, after = clamped(limit), _after(cursor) if cursor is not None else None
    with context.core.database.reading() as connection:
        scope = letter_scope(caller, context.tree(connection)) if wanted.stream is None else None
        found = list_letters(connection, wanted, most + 1, after, scope)
    shown = found[:most]
    following = cursor_of((shown[-1].at.isoformat(), shown[-1].message_id)) if len(found) > most else None
    return page([letter_view(one, hides_people(caller)) for one in shown], following)


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
        found = find_letter(connection, letter, letter_scope(caller, context.tree(connection)))
    if found is not None and hides_people(caller):
        raise Refused(Refusal(code="forbidden"))
    source = letter_source(context.core.settings.mail_folder, found) if found else None
    if source is None:
        raise Refused(Refusal(code="letter_unknown", facts={"letter": letter}))
    return Response(source, media_type="message/rfc822")


REASONS: dict[Status, str] = {
    "handing_over": "передаётся почтовому серверу",
    "deferred": "почтовый сервер просит подождать, попытка повторится",
    "held": "ждёт конца тихих часов",
    "sent": "передано",
    "bounced": "вернулось: почтовый сервер адресата его не доставил",
    "failed": "не принято почтовым сервером",
    "opted_out": "адресат отказался от ранних напоминаний",
    "untrue": "не отправлено: к этому времени стало неправдой",
    "vacant": "получить некому: роль никто не занимает",
}


def letter_view(one: Delivery, hidden: bool) -> dict[str, Any]:
    """A letter as lists show it; `hidden`: without personal data."""
    return {
        "id": one.message_id.strip("<>"),
        "programme": _key(one.stream, PREFIX),
        "submission": _key(one.stream, SUBMISSIONS),
        "kind": one.kind,
        "notice": one.number,
        "to": one.recipient,
        "unit": one.unit,
        "address": None if hidden else one.address,
        "subject": one.subject,
        "status": one.status,
        "reason": REASONS[one.status],
        "handovers": one.handovers,
        "at": one.at,
        "bounced_at": one.bounced_at,
        "error": said(one, hidden),
        "trace_id": one.trace_id,
    }


def _key(stream: str, prefix: str) -> str | None:
    return stream.removeprefix(prefix) if stream.startswith(prefix) else None


def said(one: Delivery, hidden: bool) -> str | None:
    """What the mail server said; it likes to repeat the address."""
    return without_addresses(one.error) if hidden else one.error
