"""From a route to the recorder and back: rights, idempotency, version, answer, nudge."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Header, Request
from sqlalchemy import Connection, Table, bindparam, select
from starlette.responses import Response

from activities.access import may
from activities.people import find_person
from activities.programmes import PREFIX
from activities.recorder import Also, Recorded
from activities.tables import ProgrammeRow
from activities.texts import text_ref
from activities.tokens import Identity
from api.answers import JSON, etag
from api.context import Context
from api.problems import Refused
from api.visibility import seen
from domain.evidence import TEXT_FIELDS, Evidence
from domain.programme.commands import ProgrammeCommand
from domain.refusal import Refusal

_PROGRAMME: Table = ProgrammeRow.__table__  # type: ignore[attr-defined]
_FIND = select(_PROGRAMME.c.organisation, _PROGRAMME.c.forms).where(_PROGRAMME.c.id == bindparam("id"))


@dataclass(frozen=True)
class Attempt:
    """What a request says of itself: its key, its fingerprint, the version it was written for."""

    key: str | None
    fingerprint: str
    expected: int | None


async def _keys(
    idempotency_key: Annotated[str | None, Header(max_length=200, min_length=1, pattern="^[ -~]+$")] = None,
    if_match: Annotated[str | None, Header(max_length=200)] = None,
) -> Attempt:
    return Attempt(idempotency_key, "", _version(if_match))


InKeys = Annotated[Attempt, Depends(_keys)]
"""For routes that read their body themselves; see `fingerprinted`."""


async def _attempt(request: Request, keys: InKeys) -> Attempt:
    return fingerprinted(keys, request, await request.body())


def fingerprinted(keys: Attempt, request: Request, body: bytes) -> Attempt:
    """The attempt with the digest of method, path and body."""
    digest = hashlib.sha256(f"{request.method}\n{request.url.path}\n".encode() + body)
    return Attempt(keys.key, digest.hexdigest(), keys.expected)


def _version(if_match: str | None) -> int | None:
    if if_match is None or if_match.strip() == "*":
        return None
    text = if_match.strip().removeprefix("W/").strip('"')
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else -1  # a tag that is none of ours matches no version


InAttempt = Annotated[Attempt, Depends(_attempt)]


@dataclass
class Texts:
    """Free texts on their way out of the command: the journal gets references."""

    rows: dict[str, str] = field(default_factory=dict)

    def keep(self, body: str) -> str:
        """The reference for a text."""
        ref = text_ref()
        self.rows[ref] = body
        return ref

    def keep_if_any(self, body: str | None) -> str | None:
        """The reference for a text, if there is one."""
        return self.keep(body) if body else None

    def figures(self, evidence: Evidence) -> Evidence:
        """The evidence with references in place of its words."""
        words = {name: getattr(evidence, name) for name in TEXT_FIELDS if isinstance(getattr(evidence, name), str)}
        return evidence.model_copy(update={name: self.keep(body) for name, body in words.items()})


def visible(context: Context, caller: Identity, programme: str) -> None:
    """Raises Refused unless the caller may see the programme."""
    with context.core.database.reading() as connection:
        _organisation(context, connection, caller, programme)


def steerable(context: Context, caller: Identity, programme: str) -> None:
    """Raises Refused unless the caller may see the programme and act on it."""
    with context.core.database.reading() as connection:
        organisation = _organisation(context, connection, caller, programme)
        if not may(caller, "steer", organisation, context.tree(connection)):
            raise Refused(Refusal(code="forbidden"))


def _organisation(context: Context, connection: Connection, caller: Identity, programme: str) -> str:
    row = seen(context, connection, caller, connection.execute(_FIND, {"id": programme}).first())
    return str(row.organisation)


def hides_people(caller: Identity) -> bool:
    """Whether a role works with figures and machines only: it sees all, personal data excepted (DESIGN, 6)."""
    return caller.role in ("operator", "project_office")


def act(
    context: Context,
    caller: Identity,
    attempt: Attempt,
    programme: str,
    command: ProgrammeCommand,
    *,
    texts: Mapping[str, str] | None = None,
    status: int = 200,
    also: Also | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Record a command on a programme and answer with it. Rights have been checked before."""
    stream = f"{PREFIX}{programme}"
    result = context.core.recorder.record(
        stream,
        command,
        by=caller.actor,
        key=attempt.key,
        fingerprint=attempt.fingerprint,
        expected=attempt.expected,
        status=status,
        texts=texts or {},
        also=also,
    )
    if isinstance(result, Refusal):
        raise Refused(result)
    nudge(context, result)
    extra = {**etag(result.version), **(headers or {})}
    if result.replayed:
        extra["Idempotent-Replayed"] = "true"
    return Response(result.body, result.status, extra, media_type=JSON)


def nudge(context: Context, result: Recorded) -> None:
    """Let the workflow hear of it, once the answer is on its way."""
    if result.nudge and result.state is not None:
        context.nudger.nudge(result.stream, context.core.kinds.facts(result.stream, result.state))


def steer(
    context: Context,
    caller: Identity,
    attempt: Attempt,
    programme: str,
    command: ProgrammeCommand,
    texts: Mapping[str, str] | None = None,
) -> Response:
    """`act` for those who may steer the programme."""
    steerable(context, caller, programme)
    return act(context, caller, attempt, programme, command, texts=texts)


def persons_known(context: Context, persons: Mapping[str, str]) -> None:
    """Raises Refused for the first person who is not in the directory; `persons`: id by JSON pointer."""
    if not persons:
        return
    with context.core.database.reading() as connection:
        for pointer, person in _unknown(connection, persons):
            raise Refused(Refusal(code="person_unknown", facts={"person": person}, pointer=pointer))


def _unknown(connection: Connection, persons: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    return ((pointer, one) for pointer, one in persons.items() if find_person(connection, one) is None)
