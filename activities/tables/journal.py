"""The journal: rows are only ever added."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, SQLModel

from activities.tables.columns import instant, text


class EventRow(SQLModel, table=True):
    """One event. `hash` covers the row and `previous`, the hash of the event before it in the stream."""

    __tablename__ = "event"
    stream: str = Field(primary_key=True, max_length=200)
    version: int = Field(primary_key=True)
    type: str = Field(max_length=64)
    at: datetime = instant()
    recorded_at: datetime = instant()
    by: str = Field(max_length=200)
    data: str = text()
    previous: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class CommandRow(SQLModel, table=True):
    """An answered command, kept for 30 days: the same key gets the same answer."""

    __tablename__ = "command"
    actor: str = Field(primary_key=True, max_length=200)
    key: str = Field(primary_key=True, max_length=200)
    fingerprint: str = Field(max_length=64)
    stream: str | None = Field(default=None, max_length=200)
    status: int
    etag: str | None = Field(default=None, max_length=64)
    answer: bytes = Field(sa_column=Column(LargeBinary(), nullable=False))
    at: datetime = instant(index=True)


class TextRow(SQLModel, table=True):
    """A free text that events refer to; erasing it leaves the journal whole."""

    __tablename__ = "text"
    id: str = Field(primary_key=True, max_length=40)
    stream: str = Field(max_length=200, index=True)
    body: str = text()
    at: datetime = instant()


class DefinitionRow(SQLModel, table=True):
    """A frozen version of a roadmap, ladder or calendar that some stream runs by."""

    __tablename__ = "definition"
    name: str = Field(primary_key=True, max_length=200)
    body: str = text()
    created_at: datetime = instant()
