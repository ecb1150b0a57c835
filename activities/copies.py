"""Copies of an installation in a folder: SQLite's database as of one moment, and every file once, by its SHA-256.

Database first, files afterwards: files are never overwritten, so those that the database speaks of are there. A
PostgreSQL is archived by its own tools; then a copy holds the files alone.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from sqlalchemy import make_url

from activities.files.store import FileMissing, FileStore, StoreAway
from activities.settings import Settings

DATABASE, LISTED, DEFINITIONS, FILES = "mentoring.db", "files.txt", "definitions", "files"
ALL_OF_THE_LAST = timedelta(days=2)
"""How long every copy is kept; of older days the last one stays."""

_NAME = "%Y-%m-%dT%H-%M-%SZ"
_SHA256 = re.compile(r"[0-9a-f]{64}")


class CopyFailed(Exception):
    """Nothing was taken or restored; the text is one Russian sentence."""


@dataclass(frozen=True)
class Copy:
    """One copy. `at`: the moment at which it was begun; `files`: what the store held."""

    folder: Path
    at: datetime

    @property
    def database(self) -> Path:
        """The database in it; there is none in the copies of an installation on PostgreSQL."""
        return self.folder / DATABASE

    @property
    def files(self) -> list[str]:
        return (self.folder / LISTED).read_text("ascii").split()


def take(settings: Settings, store: FileStore, folder: Path, now: datetime) -> tuple[Copy, int]:
    """A new copy, whole or not at all, while everything goes on; how many files came in with it. Raises CopyFailed."""
    draft, name = folder / ".new", now.strftime(_NAME)
    try:
        shutil.rmtree(draft, ignore_errors=True)
        (folder / FILES).mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.mkdir(mode=0o700)
        if (database := sqlite_file(settings)) is not None:
            _copy_database(database, draft / DATABASE)
        if (own := settings.home / DEFINITIONS).is_dir():
            shutil.copytree(own, draft / DEFINITIONS)
        listed = list(_fetched(store, folder / FILES))
        (draft / LISTED).write_text("".join(f"{one}\n" for one, _ in listed), "ascii")
        _settle(draft / LISTED)
        draft.rename(folder / name)
        _settle(folder)
    except StoreAway as error:
        raise CopyFailed("Хранилище файлов не отвечает: копия не сделана, повторите позже.") from error
    except (OSError, sqlite3.Error) as error:
        raise CopyFailed(f"Копия в папке {folder} не сделана: {error}.") from error
    return Copy(folder / name, _moment(name)), sum(new for _, new in listed)


def copies(folder: Path) -> list[Copy]:
    """All whole copies, the oldest first."""
    found = [path for path in folder.glob("*Z") if (path / LISTED).is_file()] if folder.is_dir() else []
    return [Copy(path, _moment(path.name)) for path in sorted(found)]


def chosen(folder: Path, at: datetime | None) -> Copy:
    """The last copy that is not younger than `at`. Raises CopyFailed."""
    fitting = [copy for copy in copies(folder) if at is None or copy.at <= at]
    if not fitting:
        raise CopyFailed(f"В папке {folder} нет {'копий' if at is None else 'копии, сделанной к этому времени'}.")
    return fitting[-1]


def put_back(copy: Copy, settings: Settings, store: FileStore) -> int:
    """Files, own definitions and, the last, the database; the number of files. Raises CopyFailed, then do it again.

    What the store holds already stays; a database that is there is never overwritten.
    """
    target = sqlite_file(settings)
    if target is not None and target.exists():
        raise CopyFailed(f"База данных {target} уже есть: уберите её из папки или восстановите в другую (--home).")
    if target is not None and not copy.database.is_file():
        raise CopyFailed(f"В копии {copy.folder.name} нет базы данных: она сделана на PostgreSQL.")
    try:
        for name in copy.files:
            _put_file(copy.folder.parent / FILES / name, store)
        if (own := copy.folder / DEFINITIONS).is_dir():
            shutil.copytree(own, settings.home / DEFINITIONS, dirs_exist_ok=True)
        if target is not None:
            draft = target.with_name(f"{target.name}.part")
            shutil.copyfile(copy.database, draft)
            _settle(draft)
            draft.rename(target)
            _settle(target.parent)
    except StoreAway as error:
        raise CopyFailed("Хранилище файлов не отвечает: повторите позже.") from error
    except OSError as error:
        raise CopyFailed(f"Восстановить не удалось: {error}.") from error
    return len(copy.files)


def prune(folder: Path, now: datetime, keep: timedelta) -> int:
    """Let go of copies that are too many, and of files that no copy lists any more; how many copies went."""
    gone = superfluous([copy.at for copy in copies(folder)], now, keep)
    for at in gone:
        shutil.rmtree(folder / at.strftime(_NAME))
    listed = {name for copy in copies(folder) for name in copy.files}
    for file in (folder / FILES).iterdir():
        if file.name not in listed:
            file.unlink()
    return len(gone)


def superfluous(taken: Sequence[datetime], now: datetime, keep: timedelta) -> list[datetime]:
    """What may go of copies taken at these moments: of older days all but the last, and what is older than `keep`.

    The last copy of all always stays.
    """
    last_of_day = {at.date(): at for at in sorted(taken)}.values()
    return [
        at for at in sorted(taken)[:-1] if at < now - keep or (at < now - ALL_OF_THE_LAST and at not in last_of_day)
    ]


def sqlite_file(settings: Settings) -> Path | None:
    """SQLite's file, `None` where there is a PostgreSQL."""
    url = make_url(settings.database)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def _copy_database(source: Path, target: Path) -> None:
    """SQLite's own online backup: the state of one moment, whoever writes meanwhile; then looked through."""
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
        if copy.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise sqlite3.DatabaseError("the copy is damaged")
    _settle(target)


def _fetched(store: FileStore, folder: Path) -> Iterator[tuple[str, bool]]:
    """Every file of the store, and whether it is new here; one that is let go meanwhile is left out."""
    for held in store.held():
        target = folder / held.sha256
        if not _SHA256.fullmatch(held.sha256):
            continue  # on its way in
        if target.exists():
            yield held.sha256, False
            continue
        try:
            _fetch(store, held.sha256, target)
        except FileMissing:
            continue
        yield held.sha256, True


def _fetch(store: FileStore, name: str, target: Path) -> None:
    draft, digest = target.with_name(f".{name}"), sha256()
    with draft.open("wb") as output:
        for piece in store.read(name):
            digest.update(piece)
            output.write(piece)
    if digest.hexdigest() != name:
        raise CopyFailed(f"Файл {name} в хранилище повреждён: его содержимое не то, что было прислано.")
    _settle(draft)
    draft.rename(target)


def _put_file(source: Path, store: FileStore) -> None:
    with source.open("rb") as content:
        digest = sha256()
        while piece := content.read(1 << 20):
            digest.update(piece)
        if digest.hexdigest() != source.name:
            raise CopyFailed(f"Файл {source.name} в копии повреждён: возьмите другую копию папки.")
        store.put(source.name, content)


def _moment(name: str) -> datetime:
    return datetime.strptime(name, _NAME).replace(tzinfo=UTC)


def _settle(path: Path) -> None:
    """On the disk, whatever happens to the machine."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
