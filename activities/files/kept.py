"""Files that rows of the database count on. Content goes into the store before its row, and out of it after."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import IO

from sqlalchemy import Connection, Table, insert, select, text

from activities.database import Database
from activities.files.store import FileStore, StoreAway
from activities.tables import StoredFileRow

_FILE: Table = StoredFileRow.__table__  # type: ignore[attr-defined]
_LOCK = 0x66696C6573  # "files": the key of PostgreSQL's advisory lock

GRACE = timedelta(hours=1)
"""How long a file may wait in the store for the row that keeps it."""


@dataclass(frozen=True)
class StoredFile:
    """What is known of a file beside its content; `name` is only what its first sender called it.

    `found`: what was seen in it when it came in, as JSON.
    """

    sha256: str
    size: int
    type: str
    name: str
    found: str
    at: datetime
    by: str


def keep(connection: Connection, store: FileStore, file: StoredFile, content: IO[bytes]) -> None:
    """Let a file stay, in the transaction that refers to it; it has been put into the store before.

    It is looked for once more, for somebody who had no use for the same content may just have taken it away.
    """
    _one_at_a_time(connection)
    if find_file(connection, file.sha256) is None:
        connection.execute(insert(_FILE), asdict(file))
    if store.size(file.sha256) != file.size and not store.put(file.sha256, content):
        raise StoreAway("another content lies under the digest of this one")


def release(database: Database, store: FileStore, sha256: str) -> None:
    """Take a file out of the store, unless a row keeps it: its upload has come to nothing."""
    with database.writing() as connection:
        _one_at_a_time(connection)
        if find_file(connection, sha256) is None:
            store.remove(sha256)


def release_unkept(database: Database, store: FileStore, now: datetime) -> int:
    """Take out what no row keeps, left by processes that died on the way; how many files."""
    with database.reading() as connection:
        kept = set(connection.scalars(select(_FILE.c.sha256)))
    stray = [one.sha256 for one in store.held() if one.sha256 not in kept and one.at < now - GRACE]
    for sha256 in stray:
        release(database, store, sha256)
    return len(stray)


def find_file(connection: Connection, sha256: str) -> StoredFile | None:
    """A file that is kept."""
    row = connection.execute(select(_FILE).where(_FILE.c.sha256 == sha256)).mappings().first()
    return StoredFile(**row) if row else None


def _one_at_a_time(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":  # SQLite knows one writer at a time anyway
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
