"""API tokens: given out once in clear, kept as SHA-256, looked up at every request."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlmodel import SQLModel

from activities import audit, tables
from activities.people import role_refused
from activities.tables import TokenRow
from domain.refusal import Refusal
from domain.units import Role

PREFIX = "mt_"
OPERATING: tuple[Role, ...] = ("operator", "administrator")
AT_HAND = timedelta(minutes=15)
"""How long tokens are believed while nobody can look whether they were revoked."""

_TOKEN = SQLModel.metadata.tables[str(tables.TokenRow.__tablename__)]
_FIELDS = select(_TOKEN.c.id, _TOKEN.c.name, _TOKEN.c.unit, _TOKEN.c.role, _TOKEN.c.expires_at, _TOKEN.c.revoked_at)
_BY_HASH = _FIELDS.where(_TOKEN.c.hash == bindparam("hash"))


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks: a role at a unit, behind a token."""

    id: str
    name: str
    unit: str
    role: Role

    @property
    def actor(self) -> str:
        """How the journal names it: `token:<id>`."""
        return f"token:{self.id}"


def create_token(
    connection: Connection, name: str, unit: str, role: Role, expires_at: datetime | None, by: str, at: datetime
) -> tuple[TokenRow, str] | Refusal:
    """A new token and its clear text, which nobody can read again."""
    if expires_at is not None and expires_at <= at:
        return Refusal(code="token_expired", facts={"expires_at": expires_at}, pointer="/expires_at")
    if refusal := role_refused(connection, role, unit):
        return refusal
    clear = PREFIX + secrets.token_urlsafe(32)
    row = TokenRow(
        id=secrets.token_hex(8),
        hash=_hash(clear),
        name=name,
        unit=unit,
        role=role,
        created_at=at,
        expires_at=expires_at,
    )
    connection.execute(insert(_TOKEN), row.model_dump())
    audit.note(connection, f"token:{row.id}", None, row.model_dump(), by, at)
    return row, clear


def revoke_token(connection: Connection, token: str, by: str, at: datetime) -> TokenRow | Refusal:
    """End a token; ending it again changes nothing."""
    row = find(connection, token)
    if row is None:
        return Refusal(code="token_unknown", facts={"token": token})
    if row.revoked_at is not None:
        return row
    before = row.model_dump()
    row.revoked_at = at
    connection.execute(update(_TOKEN).where(_TOKEN.c.id == token), {"revoked_at": at})
    audit.note(connection, f"token:{token}", before, row.model_dump(), by, at)
    return row


def find(connection: Connection, token: str) -> TokenRow | None:
    """A token by its id, also one that has ended."""
    row = connection.execute(select(_TOKEN).where(_TOKEN.c.id == token)).mappings().first()
    return TokenRow(**row) if row else None


def find_token(connection: Connection, clear: str, now: datetime) -> Identity | None:
    """Who holds the token, `None` for an unknown, ended or expired one. One indexed look-up."""
    if not clear.startswith(PREFIX):
        return None
    return _held(connection.execute(_BY_HASH, {"hash": _hash(clear)}).first(), now)


def identity_behind(connection: Connection, actor: str, now: datetime) -> Identity | None:
    """Who acts as `token:<id>`, as long as that token holds."""
    return _held(connection.execute(_FIELDS.where(_TOKEN.c.id == actor.removeprefix("token:"))).first(), now)


def _held(row: Any, now: datetime) -> Identity | None:
    if row is None:
        return None
    id_, name, unit, role, expires_at, revoked_at = row
    if revoked_at is not None or (expires_at is not None and expires_at <= now):
        return None
    return Identity(id_, name, unit, role)


class Keys:
    """The tokens of those who look after the machine, kept at hand for when the database does not answer."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Identity, datetime | None]] = {}
        self._kept_at: datetime | None = None

    def keep(self, connection: Connection, now: datetime) -> None:
        """Read them again; those that have ended are forgotten."""
        wanted = select(_TOKEN).where(_TOKEN.c.role.in_(OPERATING), _TOKEN.c.revoked_at.is_(None))
        self._known = {
            row.hash: (Identity(row.id, row.name, row.unit, row.role), row.expires_at)
            for row in connection.execute(wanted)
        }
        self._kept_at = now

    def find(self, clear: str, now: datetime) -> Identity | None:
        """Who holds a token, as it was known a short while ago; `None` also when that is too long ago."""
        if self._kept_at is None or now - self._kept_at > AT_HAND:
            return None
        identity, expires_at = self._known.get(_hash(clear), (None, None))
        return identity if expires_at is None or expires_at > now else None


def _hash(clear: str) -> str:
    return hashlib.sha256(clear.encode()).hexdigest()
