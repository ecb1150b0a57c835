"""Ends the processes and removes the folders it was told about as soon as its standard input closes, which is
what happens when the test run ends in any way, `kill -9` included."""

import os
import shutil
import signal
import sys
import time
from contextlib import suppress


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def end(pids: dict[int, int], seconds: float = 10) -> None:
    for pid, number in pids.items():
        with suppress(OSError):
            os.kill(pid, number)
    until = time.monotonic() + seconds
    while any(map(alive, pids)) and time.monotonic() < until:
        time.sleep(0.05)
    for pid in filter(alive, pids):
        with suppress(OSError):
            os.kill(pid, signal.SIGKILL)


def main() -> None:
    pids: dict[int, int] = {}
    folders: set[str] = set()
    for line in sys.stdin:
        order, _, what = line.rstrip("\n").partition(" ")
        if order == "process":
            pid, number = what.split()
            pids[int(pid)] = int(number)
        elif order == "ended":
            pids.pop(int(what), None)
        elif order == "folder":
            folders.add(what)
        elif order == "removed":
            folders.discard(what)
    end(pids)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
