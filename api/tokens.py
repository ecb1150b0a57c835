"""API tokens."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from activities.access import may
from activities.tokens import create_token, find, revoke_token
from api import shapes
from api.acting import InAttempt
from api.context import Caller, InContext
from api.once import once
from api.problems import Refused
from domain.refusal import Refusal

router = APIRouter(prefix="/tokens", tags=["Ключи доступа"])


@router.post("", status_code=201, summary="Выдать ключ")
def create(body: shapes.TokenIn, context: InContext, caller: Caller, attempt: InAttempt) -> Response:
    """A new token; its clear text is shown this once, also to a repeated request it is not shown again."""
    shown: dict[str, Any] = {}

    def change(connection: Connection) -> tuple[int, dict[str, Any], str | None]:
        if not may(caller, "manage_tokens", body.unit, context.tree(connection)):
            raise Refused(Refusal(code="forbidden"))
        expires_at = body.expires_at
        if expires_at is not None and expires_at.tzinfo is None:
            raise Refused(Refusal(code="zone_missing", pointer="/expires_at"))
        now = context.core.clock()
        made = create_token(connection, body.name, body.unit, body.role, expires_at, caller.actor, now)
        if isinstance(made, Refusal):
            raise Refused(made)
        row, clear = made
        shown.update(row.model_dump(exclude={"hash", "revoked_at"}))
        return 201, {**shown, "token": clear}, None

    return once(context, caller, attempt, change, keep=lambda _: (201, {**shown, "token": None}, None))


@router.delete("/{token}", status_code=204, summary="Отозвать ключ")
def revoke(token: str, context: InContext, caller: Caller) -> None:
    """End a token at once; ending it again changes nothing."""
    with context.core.database.writing() as connection:
        row = find(connection, token)
        if row is None or not may(caller, "manage_tokens", row.unit, context.tree(connection)):
            raise Refused(Refusal(code="token_unknown", facts={"token": token}))
        revoke_token(connection, token, caller.actor, context.core.clock())
