"""The database: SQLite in one file, or PostgreSQL; the same SQL on both."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL

BUSY_MILLISECONDS = 15_000


class Database:
    """Connections for reading and for writing.

    SQLite knows one writer at a time: `BEGIN IMMEDIATE` takes the place at once, so that nobody decides on a state
    that somebody else is changing, and a lock in front of it spares the threads of one process the busy wait.
    """

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite(self.url) if self.is_sqlite else _postgresql(self.url)
        self._turnstile = threading.Lock() if self.is_sqlite else nullcontext()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction; committed at the end, rolled back on any error."""
        with self._turnstile, self.engine.connect() as connection:
            connection = connection.execution_options(immediate=True)
            with connection.begin():
                yield connection

    @contextmanager
    def reading(self, frozen: bool = False) -> Iterator[Connection]:
        """A connection that only reads; `frozen`: all its queries see the same moment."""
        with self.engine.connect() as connection:
            if frozen and not self.is_sqlite:  # SQLite's transactions are so by themselves
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def _sqlite(url: URL) -> Engine:
    engine = create_engine(
        url,
        connect_args={"check_same_thread": False, "timeout": BUSY_MILLISECONDS / 1000},
        pool_size=20,
        max_overflow=60,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-20000"):
            connection.execute(f"PRAGMA {pragma}")
        connection.create_function("folded", 1, lambda text: text.casefold() if text else text, deterministic=True)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get("immediate", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


def _postgresql(url: URL) -> Engine:
    return create_engine(url.set(drivername="postgresql+psycopg"), pool_size=20, max_overflow=20, pool_pre_ping=True)
