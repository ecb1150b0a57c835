"""Who is who: kept by `rebuild`, each change with its audit row."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from activities.tables.columns import instant, text


class UnitRow(SQLModel, table=True):
    """A unit of the region; `path` is the line of ids from the region down, each followed by `/`."""

    __tablename__ = "unit"
    id: str = Field(primary_key=True, max_length=64)
    kind: str = Field(max_length=16, index=True)
    name: str = Field(max_length=500)
    search: str = Field(max_length=600)
    parent: str | None = Field(default=None, max_length=64, index=True)
    sector: str | None = Field(default=None, max_length=16)
    zone: str | None = Field(default=None, max_length=64)
    email: str | None = Field(default=None, max_length=320)
    operates: str = Field(default="", max_length=400)
    path: str = Field(max_length=700, index=True)
    version: int = 1


class PersonRow(SQLModel, table=True):
    """A person; the journal knows the id only."""

    __tablename__ = "person"
    id: str = Field(primary_key=True, max_length=64)
    name: str = Field(max_length=300)
    post: str | None = Field(default=None, max_length=300)
    email: str | None = Field(default=None, max_length=320)
    phone: str | None = Field(default=None, max_length=64)
    version: int = 1


class RoleRow(SQLModel, table=True):
    """A person holds a role at a unit, from `since` to `until` (inclusive days, open-ended when empty)."""

    __tablename__ = "role"
    person: str = Field(primary_key=True, max_length=64)
    role: str = Field(primary_key=True, max_length=32)
    unit: str = Field(primary_key=True, max_length=64, index=True)
    since: date = Field(primary_key=True)
    until: date | None = None


class AbsenceRow(SQLModel, table=True):
    """A person is away from `since` to `until` (inclusive days); the deputy gets their letters and steps."""

    __tablename__ = "absence"
    id: str = Field(primary_key=True, max_length=16)
    person: str = Field(max_length=64, index=True)
    since: date
    until: date
    deputy: str = Field(max_length=64)
    reason: str | None = Field(default=None, max_length=300)


class TokenRow(SQLModel, table=True):
    """An API token; only its SHA-256 is kept."""

    __tablename__ = "token"
    id: str = Field(primary_key=True, max_length=64)
    hash: str = Field(max_length=64, unique=True)
    name: str = Field(max_length=200)
    unit: str = Field(max_length=64)
    role: str = Field(max_length=32)
    created_at: datetime = instant()
    expires_at: datetime | None = instant(nullable=True)
    revoked_at: datetime | None = instant(nullable=True)


class FeedRow(SQLModel, table=True):
    """The calendar of a person behind a secret address; only the secret's SHA-256 is kept."""

    __tablename__ = "feed"
    person: str = Field(primary_key=True, max_length=64)
    hash: str = Field(max_length=64, unique=True)
    created_at: datetime = instant()


class AuditRow(SQLModel, table=True):
    """Who changed an ordinary table, from what to what: its dated history."""

    __tablename__ = "audit"
    id: int | None = Field(default=None, primary_key=True)
    at: datetime = instant()
    by: str = Field(max_length=200)
    subject: str = Field(max_length=200, index=True)
    action: str = Field(max_length=32)
    before: str | None = text(nullable=True)
    after: str | None = text(nullable=True)
