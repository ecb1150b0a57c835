"""API tokens."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from activities.access import may
from activities.tokens import create_token, find, revoke_token
from api import region_documents as r
from api import shapes
from api.acting import InAttempt
from api.context import Caller, InContext
from api.documents import told
from api.once import once
from api.problems import Refused
from domain.refusal import Refusal

router = APIRouter(prefix="/tokens", tags=["Ключи доступа"])


@router.post("", status_code=201, summary="Выдать ключ", responses=told(r.Token, 201))
def create(body: shapes.TokenIn, context: InContext, caller: Caller, attempt: InAttempt) -> Response:
    """A new token; its clear text is shown this once, also to a repeated request it is not shown again."""
    shown: dict[str, Any] = {}

    def change(connection: Connection) -> tuple[int, dict[str, Any], str | None]:
        tree = context.tree(connection)
        if not may(caller, "manage_tokens", body.unit if body.unit in tree.units else caller.unit, tree):
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


@router.delete("/{token}", status_code=204, summary="Отозвать ключ", response_model=None)
def revoke(token: str, context: InContext, caller: Caller, attempt: InAttempt) -> Response:
    """End a token at once; ending it again changes nothing."""

    def change(connection: Connection) -> tuple[int, None, None]:
        tree, row = context.tree(connection), find(connection, token)
        place = row.unit if row is not None and row.unit in tree.units else caller.unit
        if not may(caller, "manage_tokens", place, tree):
            raise Refused(Refusal(code="forbidden"))
        if isinstance(ended := revoke_token(connection, token, caller.actor, context.core.clock()), Refusal):
            raise Refused(ended)
        return 204, None, None

    return once(context, caller, attempt, change)
