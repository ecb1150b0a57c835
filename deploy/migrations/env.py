"""Alembic's entry. The program hands a connection in; the `alembic` command works on the database of the settings."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from activities import tables


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,  # SQLite alters a table by building it anew
        transactional_ddl=True,
        render_item=_render,
    )
    with context.begin_transaction():
        context.run_migrations()


def _render(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """A revision names plain types: it has to mean the same when our own classes have changed."""
    if kind == "type" and isinstance(item, tables.UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String({item.length or ''})"
    return False


def _from_settings() -> None:
    from activities.database import Database
    from activities.settings import Settings

    database = Database(Settings().database)
    with database.writing() as connection:
        _run(connection)
    database.close()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    _from_settings()
