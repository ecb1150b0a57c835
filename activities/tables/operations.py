"""Work over many streams, and who is alive."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column
from sqlmodel import Field, SQLModel

from activities.tables.columns import instant, text


class BulkRow(SQLModel, table=True):
    """A bulk act: what was asked and planned. Of a cure the `action` and its `arguments`.

    `reason` and `arguments` hold words that people wrote, and are kept until it is finished.
    """

    __tablename__ = "bulk"
    id: str = Field(primary_key=True, max_length=80)
    kind: str = Field(max_length=16)
    action: str | None = Field(default=None, max_length=32)
    parent: str = Field(max_length=64)
    year: int | None = None
    plan_hash: str = Field(max_length=64)
    by: str = Field(max_length=200)
    created_at: datetime = instant(index=True)
    finished_at: datetime | None = instant(nullable=True)
    stopped_at: datetime | None = instant(nullable=True)
    stopped_by: str | None = Field(default=None, max_length=200)
    reason: str | None = text(nullable=True)
    arguments: str | None = text(nullable=True)


class BulkItemRow(SQLModel, table=True):
    """One item of a bulk act: an organisation and the `command` to record, or the target of a cure and the hash of
    the `plan` that was shown. `told`: what it would bring; `refused`: why it was not done.
    """

    __tablename__ = "bulk_item"
    bulk: str = Field(primary_key=True, max_length=80)
    item: str = Field(primary_key=True, max_length=300)
    command: str | None = text(nullable=True)
    plan: str | None = Field(default=None, max_length=64)
    told: str | None = text(nullable=True)
    outcome: str | None = Field(default=None, max_length=64)
    refused: str | None = text(nullable=True)


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
