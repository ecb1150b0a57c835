"""Small real processes in the place of the machine's parts."""

import http.client
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypeVar

import psutil

import preflight
from parts import Part, Supervisor
from preflight import HOST, Ports
from tests.servers import free_port

SLEEP = [sys.executable, "-S", "-c", "import time; time.sleep(600)"]
T = TypeVar("T")


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
