"""Work over many streams, and who is alive."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column
from sqlmodel import Field, SQLModel

from activities.tables.columns import instant, text


class BulkRow(SQLModel, table=True):
    """A bulk act: what was asked and planned. `reason` is kept until each journal has it."""

    __tablename__ = "bulk"
    id: str = Field(primary_key=True, max_length=80)
    kind: str = Field(max_length=16)
    parent: str = Field(max_length=64)
    year: int
    plan_hash: str = Field(max_length=64)
    by: str = Field(max_length=200)
    created_at: datetime = instant()
    finished_at: datetime | None = instant(nullable=True)
    reason: str | None = text(nullable=True)


class BulkItemRow(SQLModel, table=True):
    """One organisation of a bulk act; `command` is what to record."""

    __tablename__ = "bulk_item"
    bulk: str = Field(primary_key=True, max_length=80)
    organisation: str = Field(primary_key=True, max_length=64)
    command: str = text()
    outcome: str | None = Field(default=None, max_length=64)


class HeartbeatRow(SQLModel, table=True):
    """A process that is alive: `worker` or `api`.

    `beats` grows with every beat, whatever its clock says; `free`: bytes left on the disk of its home.
    """

    __tablename__ = "heartbeat"
    process: str = Field(primary_key=True, max_length=100)
    kind: str = Field(max_length=16)
    build: str = Field(max_length=64)
    at: datetime = instant()
    beats: int
    free: int | None = Field(default=None, sa_column=Column(BigInteger(), nullable=True))
