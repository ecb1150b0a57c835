"""`mentoring run` as a whole, with small parts: what it says, writes and leaves behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

import supervisor
from tests.run.small_parts import alive, answers, eventually
from tests.servers import free_port

ROOT = Path(supervisor.__file__).parent

MACHINE = """
import os, sys
from pathlib import Path
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
