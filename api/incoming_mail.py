"""Mails that found no tray by themselves: for the centre that runs the round, which can tell whose they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlalchemy import Connection
from starlette.responses import Response

from activities.campaign_query import runs_a_round
from activities.mail_in.rows import IncomingMail, TrayItem, find_mail, items_of_mails, list_mails, settle_mail
from activities.mail_in.words import REASONS
from activities.paging import clamped, cursor_of, key_of
from activities.tokens import Identity
from api import filing_documents as f
from api import filing_shapes as shapes
from api.acting import InAttempt, hides_people
from api.answers import page
from api.context import Caller, Context, InContext
from api.documents import Page, told
from api.once import once
from api.problems import Refused
from api.shapes import Cursor, Limit
from api.submission_acting import seen_submission
from domain.refusal import Refusal

router = APIRouter(prefix="/operations/mail", tags=["Письма"])
OPERATORS = ("operator", "administrator")


@router.get("", summary="Письма, не попавшие в лоток", responses=told(Page[f.MailLine]))
def mails(
    context: InContext,
    caller: Caller,
    everything: Annotated[bool, Query(alias="all", description="true: и закрытые, и автоматические")] = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """The newest first, each with the reason and its attachments; nothing that came in is ever dropped silently."""
    most, before = clamped(limit), _before(cursor) if cursor is not None else None
    with context.core.database.reading() as connection:
        _judges(caller, connection)
        found = list_mails(connection, open_only=not everything, limit=most + 1, before=before)
        items = items_of_mails(connection, [one.id for one in found[:most]])
        lines = [_line(one, items[one.id], hides_people(caller)) for one in found[:most]]
    following = cursor_of((found[most - 1].at.isoformat(), found[most - 1].id)) if len(found) > most else None
    return page(lines, following)


@router.post("/{mail}/assignment", summary="Отнести письмо к отчёту", responses=told(f.MailLine))
def assign(mail: str, body: shapes.AssignmentIn, context: InContext, caller: Caller, attempt: InAttempt) -> Response:
    """Its attachments lie in the tray of that submission from now on; a person still has to confirm them."""

    def change(connection: Connection) -> tuple[int, dict[str, Any], None]:
        _open(caller, connection, mail)
        try:
            row = seen_submission(context, connection, caller, body.submission)
            if row.closed:
                raise Refused(Refusal(code="submission_closed"))
        except Refused as problem:
            raise Refused(problem.refusal.model_copy(update={"pointer": "/submission"})) from None
        return _settled(context, connection, caller, mail, body.submission)

    return once(context, caller, attempt, change)


@router.post("/{mail}/closure", summary="Закрыть письмо", responses=told(f.MailLine))
def close(mail: str, context: InContext, caller: Caller, attempt: InAttempt) -> Response:
    """Somebody has seen to it, and it belongs to no submission."""

    def change(connection: Connection) -> tuple[int, dict[str, Any], None]:
        _open(caller, connection, mail)
        return _settled(context, connection, caller, mail, None)

    return once(context, caller, attempt, change)


def _judges(caller: Identity, connection: Connection) -> None:
    """Who operates the system, and the methodologist of a centre that has a round running. Raises Refused."""
    runs = caller.role == "methodologist" and runs_a_round(connection, caller.unit)
    if not runs and caller.role not in OPERATORS:
        raise Refused(Refusal(code="forbidden"))


def _open(caller: Identity, connection: Connection, mail: str) -> None:
    _judges(caller, connection)
    found = find_mail(connection, mail)
    if found is None or found.outcome == "matched":
        raise Refused(Refusal(code="mail_unknown", facts={"mail": mail}))
    if found.settled_at is not None:
        raise Refused(Refusal(code="mail_settled"))


def _settled(
    context: Context, connection: Connection, caller: Identity, mail: str, submission: str | None
) -> tuple[int, dict[str, Any], None]:
    settle_mail(connection, mail, submission, caller.actor, context.core.clock())
    after = find_mail(connection, mail)
    assert after is not None, "it was there a moment ago"
    return 200, _line(after, items_of_mails(connection, [mail])[mail], hides_people(caller)), None


def _before(cursor: str) -> tuple[datetime, str]:
    at, mail = key_of(cursor, (str, str)) or ("", "")
    try:
        return datetime.fromisoformat(str(at)), str(mail)
    except ValueError:
        raise Refused(Refusal(code="cursor_invalid", pointer="query:cursor")) from None


def _line(one: IncomingMail, items: Sequence[TrayItem], hidden: bool) -> dict[str, Any]:
    return {
        "id": one.id,
        "sender": None if hidden else one.sender,
        "subject": None if hidden else one.subject,
        "outcome": one.outcome,
        "reason": one.reason,
        "sentence": REASONS[one.reason],
        "submission": one.submission,
        "at": one.at,
        "answered_at": one.answered_at,
        "settled_at": one.settled_at,
        "attachments": [
            {"id": item.id, "name": item.name, "size": item.size, "state": item.state, "reason": item.reason}
            for item in items
        ],
    }
