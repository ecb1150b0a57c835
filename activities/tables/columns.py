"""Columns that SQLite and PostgreSQL hold alike."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant; SQLite drops the zone, so everything is stored and returned as UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse naive values, store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime is not an instant")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def instant(nullable: bool = False, index: bool = False) -> Any:
    """A column of an instant; give each row class its own."""
    return Field(default=None, sa_column=Column(UtcDateTime(), nullable=nullable, index=index))


def text(nullable: bool = False) -> Any:
    """A column of text of any length."""
    return Field(default=None, sa_column=Column(Text(), nullable=nullable))
