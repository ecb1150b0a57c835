"""Stores of frozen definitions, by name: `roadmap/school@1`, `ladder/step-municipal@1`, `calendar/ru-2026@1f0c…`."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Protocol

from sqlalchemy import Connection, Table, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

from activities.database import Database
from activities.tables import DefinitionRow

_TABLE: Table = SQLModel.metadata.tables[str(DefinitionRow.__tablename__)]

Body = dict[str, Any]


class DefinitionStore(Protocol):
    """Keeps the body that a name got first; a later `put` of the same name changes nothing."""

    def get(self, name: str) -> Body | None:
        """The body kept under the name."""

    def put(self, name: str, body: Body) -> None:
        """Keep the body unless the name has one."""

    def names(self, prefix: str) -> list[str]:
        """The names kept that begin with `prefix`."""


class MemoryDefinitions:
    """For tests and for rehearsals, which leave nothing behind."""

    def __init__(self) -> None:
        self._bodies: dict[str, Body] = {}

    def get(self, name: str) -> Body | None:
        """The body kept under the name."""
        return self._bodies.get(name)

    def put(self, name: str, body: Body) -> None:
        """Keep the body unless the name has one."""
        self._bodies.setdefault(name, body)

    def names(self, prefix: str) -> list[str]:
        """The names kept that begin with `prefix`."""
        return [name for name in self._bodies if name.startswith(prefix)]


class SqlDefinitions:
    """In the table `definition`. `put` is a transaction of its own: never call it inside of `Database.writing`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, name: str) -> Body | None:
        """The body kept under the name."""
        with self._database.reading() as connection:
            text: str | None = connection.scalar(select(_TABLE.c.body).where(_TABLE.c.name == name))
        return None if text is None else json.loads(text)

    def put(self, name: str, body: Body) -> None:
        """Keep the body unless the name has one, also when another process puts it at the same moment."""
        with suppress(IntegrityError), self._database.writing() as connection:
            add_definition(connection, name, body, datetime.now(UTC))

    def names(self, prefix: str) -> list[str]:
        """The names kept that begin with `prefix`."""
        with self._database.reading() as connection:
            query = select(_TABLE.c.name).where(_TABLE.c.name.startswith(prefix, autoescape=True))
            return list(connection.scalars(query))


def add_definition(connection: Connection, name: str, body: Body, at: datetime) -> None:
    """Keep a body inside of a transaction. Raises IntegrityError when the name has one."""
    text = json.dumps(body, ensure_ascii=False, sort_keys=True)
    connection.execute(_TABLE.insert().values({"name": name, "body": text, "created_at": at}))
