"""Parts are started in order, watched, started again after a death, stopped in reverse."""

import errno
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

import preflight
import supervisor
from activities.settings import Settings
from parts import Backoff, Part, Supervisor, bound, leashed, seconds
from preflight import HOST, Refused
from tests.run.small_parts import (
    SLEEP,
    Spoken,
    alive,
    answers,
    eventually,
    free_ports,
    part,
    server,
    supervised,
    tended_until,
)
from tests.servers import free_port

STUBBORN = [
    sys.executable,
    "-S",
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)",
]

DIES = [sys.executable, "-S", "-c", "raise SystemExit(3)"]


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


def test_pids_that_could_not_be_written_are_written_as_soon_as_there_is_room(tmp_path: Path) -> None:
    room, told, spoken = [False], list[Mapping[str, int | None]](), Spoken()

    def write(pids: Mapping[str, int | None]) -> None:
        if not room[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        told.append(pids)

    machine = Supervisor([part("api", SLEEP)], tmp_path, spoken.append, write)
    try:
        machine.start()
        tended_until(machine, lambda: bool(spoken))
        room[0] = True
        tended_until(machine, lambda: bool(told))
        assert told == [machine.pids]
        assert [line.partition(" (")[0] for line in spoken] == ["Номера процессов пока не записаны"]
    finally:
        machine.stop()
    assert told[-1] == {"api": None}


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


def test_a_part_is_the_process_that_was_started_not_its_leash() -> None:
    with subprocess.Popen(
        leashed([sys.executable, "-c", "import os; print(os.getpid())"]), stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        assert int(child.stdout.read()) == child.pid


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
