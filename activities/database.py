"""The database: SQLite in one file, or PostgreSQL; the same SQL on both."""

from __future__ import annotations

import fcntl
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from io import BufferedWriter
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

BUSY_MILLISECONDS = 15_000

UNREACHABLE = (OperationalError, InterfaceError, PoolTimeout)
"""What is raised when the database does not answer, or cannot write."""


class Database:
    """Connections for reading and for writing.

    SQLite knows one writer at a time: `BEGIN IMMEDIATE` takes the place at once, so that nobody decides on a state
    that somebody else is changing, and a turnstile in front of it spares threads and processes the busy wait.
    """

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite(self.url) if self.is_sqlite else _postgresql(self.url)
        self._turnstile = _turnstile(self.url) if self.is_sqlite else nullcontext()
        self._here = threading.local()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction; committed at the end, rolled back on any error.

        Raises RuntimeError inside of another one of the same thread, which would wait for itself.
        """
        with self._alone(), self._turnstile, self.engine.connect() as connection:
            connection = connection.execution_options(immediate=True)
            with connection.begin():
                yield connection

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if getattr(self._here, "writing", False):
            raise RuntimeError("this thread is writing already: pass its connection on")
        self._here.writing = True
        try:
            yield
        finally:
            self._here.writing = False

    @contextmanager
    def reading(self, frozen: bool = False) -> Iterator[Connection]:
        """A connection that only reads; `frozen`: all its queries see the same moment."""
        with self.engine.connect() as connection:
            if self.is_sqlite:  # each query is a transaction of its own unless there is one around it
                connection = connection.execution_options(alone=not frozen)
            elif frozen:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()
        if isinstance(self._turnstile, Turnstile):
            self._turnstile.close()


class Turnstile:
    """One at a time among all threads of all processes, woken by the kernel; SQLite itself would only poll.

    A lock that a dead process held is free at once. Whoever waits for the second lock holds the first, so a process
    that has just been through cannot overtake the one that waits.
    """

    def __init__(self, file: Path) -> None:
        self._threads = threading.Lock()
        self._names = (file.with_name(f"{file.name}-gate"), file)
        self._files: list[BufferedWriter] = []

    def __enter__(self) -> None:
        self._threads.acquire()
        try:
            for file in self._opened():
                fcntl.flock(file, fcntl.LOCK_EX)
            for gate in self._files[:1]:
                fcntl.flock(gate, fcntl.LOCK_UN)
        except BaseException:  # the files are closed: whoever comes next must not wait for us
            self._threads.release()
            raise

    def __exit__(self, *_: object) -> None:
        for place in self._files[1:]:
            fcntl.flock(place, fcntl.LOCK_UN)
        self._threads.release()

    def _opened(self) -> list[BufferedWriter]:
        """Gate and place; nothing where they cannot be opened: SQLite will say what is wrong with the folder."""
        if not self._files:
            with suppress(OSError), ExitStack() as opening:
                files = [opening.enter_context(name.open("ab")) for name in self._names]
                opening.pop_all()
                self._files = files
        return self._files

    def close(self) -> None:
        """Give the files back."""
        for file in self._files:
            file.close()


def _turnstile(url: URL) -> Turnstile | threading.Lock:
    if not url.database or url.database == ":memory:":
        return threading.Lock()
    return Turnstile(Path(f"{url.database}-turn"))


def _sqlite(url: URL) -> Engine:
    engine = create_engine(
        url,
        connect_args={"check_same_thread": False, "timeout": BUSY_MILLISECONDS / 1000},
        hide_parameters=True,  # failures are shown and logged; what people are called is not
        pool_size=20,
        max_overflow=60,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-20000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if not options.get("alone", False):
            connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("immediate", False) else "BEGIN")

    return engine


def _postgresql(url: URL) -> Engine:
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=20,
        max_overflow=20,
        pool_pre_ping=True,
        hide_parameters=True,
    )
