"""Idempotency for changes outside of the journal: the same key gets the same answer, in one transaction."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import orjson
from sqlalchemy import Connection, Table, insert, select
from sqlalchemy.exc import IntegrityError
from starlette.responses import Response

from activities.tables import CommandRow
from activities.tokens import Identity
from api.acting import Attempt
from api.answers import JSON, answer, etag
from api.context import Context
from api.problems import Refused
from domain.refusal import Refusal

Change = Callable[[Connection], tuple[int, dict[str, Any] | None, str | None]]
"""Makes a change; answers status, body and, for versioned rows, the version. Raises Refused to change nothing."""

_COMMAND: Table = CommandRow.__table__  # type: ignore[attr-defined]


def once(context: Context, caller: Identity, attempt: Attempt, change: Change, keep: Change | None = None) -> Response:
    """Make the change once for its key. `keep`: what the stored answer is, where it may not hold all of the first."""
    for _ in range(2):  # the second time finds the answer of whoever was faster with the same key
        try:
            with context.core.database.writing() as connection:
                if attempt.key is not None and (answered := _answered(connection, caller, attempt)):
                    return answered
                status, body, version = change(connection)
                if attempt.key is not None:
                    stored = keep(connection)[1] if keep else body
                    _remember(connection, context, caller, attempt, status, stored, version)
                return _first(status, body, version)
        except IntegrityError as clash:
            last = clash
    raise last


def kept(
    context: Context, caller: Identity, attempt: Attempt, act: Callable[[], tuple[int, dict[str, Any] | None]]
) -> Response:
    """The same for an act with transactions of its own; a crash before its answer is kept lets it be done again, so
    what it does needs keys of its own.
    """
    if answered := answered_before(context, caller, attempt):
        return answered
    status, body = act()
    if attempt.key is not None:
        with suppress(IntegrityError), context.core.database.writing() as connection:  # somebody else was faster
            _remember(connection, context, caller, attempt, status, body, None)
    return _first(status, body, None)


def answered_before(context: Context, caller: Identity, attempt: Attempt) -> Response | None:
    """The answer that is kept for a key. Raises Refused when it was another request's."""
    if attempt.key is None:
        return None
    with context.core.database.reading() as connection:
        return _answered(connection, caller, attempt)


def _answered(connection: Connection, caller: Identity, attempt: Attempt) -> Response | None:
    here = (_COMMAND.c.actor == caller.actor) & (_COMMAND.c.key == attempt.key)
    row = connection.execute(select(_COMMAND).where(here)).first()
    if row is None:
        return None
    if row.fingerprint != attempt.fingerprint:
        raise Refused(Refusal(code="key_reused", facts={"key": attempt.key}))
    headers = {"Idempotent-Replayed": "true", **({"ETag": f'"{row.etag}"'} if row.etag else {})}
    stored = zlib.decompress(row.answer)
    return Response(stored, row.status, headers, media_type=JSON) if stored else Response(None, row.status, headers)


def _first(status: int, body: dict[str, Any] | None, version: str | None) -> Response:
    headers = etag(version) if version else {}
    return answer(body, status, headers) if body is not None else Response(None, status, headers)


def _remember(
    connection: Connection,
    context: Context,
    caller: Identity,
    attempt: Attempt,
    status: int,
    body: dict[str, Any] | None,
    version: str | None,
) -> None:
    row = {
        "actor": caller.actor,
        "key": attempt.key,
        "fingerprint": attempt.fingerprint,
        "stream": None,
        "status": status,
        "etag": version,
        "answer": zlib.compress(orjson.dumps(body, default=str) if body is not None else b"", 1),
        "at": context.core.clock(),
    }
    connection.execute(insert(_COMMAND), row)
