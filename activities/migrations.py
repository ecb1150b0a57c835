"""Bringing a database to the newest schema, or saying in one sentence why that cannot be done."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, inspect, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from activities.database import BUSY_MILLISECONDS, Database

FOLDER = Path(__file__).resolve().parent.parent / "deploy" / "migrations"
"""Beside the packages, in a checkout and in an installed wheel alike."""

_LOCK = 0x6D656E746F72  # "mentor": the key of PostgreSQL's advisory lock
_ONE_AT_A_TIME = threading.Lock()  # Alembic keeps its context in module globals
_LOCKED = ("database is locked", "database table is locked")
_IN_THE_WAY = (*_LOCKED, "deadlock detected", "lock timeout")
"""Somebody works on the tables: nothing has been changed, and the next attempt may find a gap."""

_PATIENCE = BUSY_MILLISECONDS / 1000
_STANDSTILL = "2s"
"""How long a revision may wait for a table of PostgreSQL: everybody who wants it next waits behind it."""

T = TypeVar("T")


class BrokenDatabase(Exception):
    """The database cannot be used; the text is one Russian sentence that names the place and the cure."""


def migrate(url: str) -> None:
    """Bring the database to the newest schema; creates it when it is empty. Raises BrokenDatabase.

    One transaction: all or nothing. A second process that calls it meanwhile waits and then finds nothing to do.
    """
    _carry_out(url, lambda config: command.upgrade(config, "head"))


def migrate_back(url: str, revision: str) -> None:
    """Bring the database back to an earlier schema, for the version before this one. Raises BrokenDatabase."""
    _carry_out(url, lambda config: command.downgrade(config, revision))


def _carry_out(url: str, change: Callable[[Config], None]) -> None:
    place = _parsed(url)
    try:
        with _ONE_AT_A_TIME:
            _patiently(lambda: _change(url, place, change))
    except DBAPIError as error:
        raise BrokenDatabase(_sentence(place, error)) from error
    except CommandError as error:
        raise BrokenDatabase(f"Такой схемы нет: {error}. Ничего не изменено.") from error


def alembic_config(connection: Connection) -> Config:
    """What Alembic's commands need in order to work on `connection`, inside of its transaction."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _change(url: str, place: URL, change: Callable[[Config], None]) -> None:
    database = Database(url)
    try:
        with database.writing() as connection:
            if not database.is_sqlite:  # SQLite's BEGIN IMMEDIATE is a lock already
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
                connection.execute(text(f"SET LOCAL lock_timeout = '{_STANDSTILL}'"))
            config = alembic_config(connection)
            script = ScriptDirectory.from_config(config)
            _refuse_foreign(connection, place, script)
            change(config)
    finally:
        database.close()


def _refuse_foreign(connection: Connection, place: URL, script: ScriptDirectory) -> None:
    known = {revision.revision for revision in script.walk_revisions()}
    current = MigrationContext.configure(connection).get_current_heads()
    newer = sorted(set(current) - known)
    if newer:
        raise BrokenDatabase(
            f"База данных {_shown(place)} создана более новой версией программы (схема {', '.join(newer)}): "
            "обновите программу или восстановите копию базы, сделанную до обновления."
        )
    if not current and inspect(connection).has_table("event"):
        raise BrokenDatabase(
            f"В базе данных {_shown(place)} уже есть таблицы другой программы: укажите в MENTORING_DATABASE_URL "
            "пустую базу данных."
        )


def _patiently(attempt: Callable[[], T]) -> T:
    """SQLite's switch to WAL does not wait for another process; PostgreSQL ends one of two that wait for each other."""
    give_up = time.monotonic() + _PATIENCE
    while True:
        try:
            return attempt()
        except OperationalError as error:
            if not _says(error, *_IN_THE_WAY) or time.monotonic() > give_up:
                raise
            time.sleep(0.05)


def _parsed(url: str) -> URL:
    try:
        place = make_url(url)
    except ArgumentError as error:
        raise BrokenDatabase("Адрес базы данных в MENTORING_DATABASE_URL записан с ошибкой: исправьте его.") from error
    if place.get_backend_name() not in ("sqlite", "postgresql") or not place.database:
        raise BrokenDatabase(
            f"База данных {_shown(place)} не поддерживается: укажите в MENTORING_DATABASE_URL адрес вида "
            "postgresql://пользователь:пароль@сервер/база или sqlite:///путь."
        )
    return place


def _shown(place: URL) -> str:
    if place.get_backend_name() == "sqlite":
        return str(place.database)
    return place.render_as_string(hide_password=True)


def _says(error: DBAPIError, *words: str) -> bool:
    told = str(error.orig).lower()
    return any(word in told for word in words)


def _sentence(place: URL, error: DBAPIError) -> str:
    sentences = _SQLITE if place.get_backend_name() == "sqlite" else _POSTGRESQL
    if sentences is _POSTGRESQL and not isinstance(error, OperationalError):
        sentences = _POSTGRESQL[:1]  # the server is there and has let us in
    for words, sentence in sentences:
        if _says(error, *words):
            return sentence.format(place=_shown(place), user=place.username, database=place.database)
    raise error


_Sentences = tuple[tuple[tuple[str, ...], str], ...]
"""What the driver says, and what we say then; the first that fits."""

_SQLITE: _Sentences = (
    (_LOCKED, "База данных {place} занята другой программой: закройте её и запустите систему снова."),
    (
        ("readonly", "unable to open", "is a directory"),
        "Файл базы данных {place} не открывается для записи: исправьте права доступа к нему и к его папке.",
    ),
    (
        ("disk is full", "disk i/o"),
        "Не удаётся записать базу данных {place}: проверьте, есть ли место на диске и исправен ли он.",
    ),
    (
        ("not a database", "malformed", "file is encrypted"),
        "Файл базы данных {place} повреждён или не является базой данных SQLite: восстановите его из резервной копии "
        "или уберите из папки, чтобы начать с пустой базы.",
    ),
)

_POSTGRESQL: _Sentences = (
    (
        ("permission denied",),
        "Пользователь {user} не может создавать таблицы в базе данных {place}: сделайте его владельцем базы.",
    ),
    (
        ("password", "authentication", "role", "pg_hba"),
        "База данных {place} не пускает пользователя {user}: проверьте имя и пароль в MENTORING_DATABASE_URL.",
    ),
    (
        ("does not exist",),
        "На сервере нет базы данных {place}: создайте её командой CREATE DATABASE {database} или исправьте адрес в "
        "MENTORING_DATABASE_URL.",
    ),
    (
        ("deadlock detected", "lock timeout"),
        "Таблицы базы данных {place} всё время заняты работой: ничего не изменено, повторите, когда станет тише.",
    ),
    (
        ("",),
        "База данных {place} не отвечает: проверьте, что сервер запущен и доступен по адресу из "
        "MENTORING_DATABASE_URL, и повторите.",
    ),
)
