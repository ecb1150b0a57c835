"""One process of the API: `python -m api.serve --host 127.0.0.1 --port 8000`; several may share the port."""

from __future__ import annotations

import argparse
import ctypes
import os
import signal
import socket
import sys
from tempfile import mkdtemp

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from activities.logs import configure_logs

PR_SET_PDEATHSIG = 1
"""prctl(2): the signal that the kernel sends when the parent ends."""

SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""The folder in which processes that share one port keep their figures, so that any of them can tell those of all."""

KEEP_ALIVE = 75
"""Seconds an idle connection stays open: longer than browsers and most clients keep theirs."""

HANGS = 30
"""Seconds after which one of several processes that does not answer is replaced; a busy one is not dead."""


def listening(host: str, port: int) -> socket.socket:
    """A socket on the port, beside those of the other processes: the kernel deals the connections out."""
    place = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    place.bind((host, port))
    return place


def part() -> FastAPI:
    """The application in one of several processes: on Linux the kernel ends it with their supervisor."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    from api.app import create  # the supervisor needs none of it

    return create()


def serve(host: str, port: int, processes: int = 1) -> None:
    """Serve until SIGTERM; of several processes one that dies is started again."""
    configure_logs()
    config = uvicorn.Config(
        "api.serve:part" if processes > 1 else "api.app:create",
        factory=True,
        access_log=False,
        log_level="warning",
        log_config=None,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=3,
        workers=processes,
        timeout_worker_healthcheck=HANGS,
    )
    sockets = [listening(host, port)]
    if processes > 1:
        os.environ.setdefault(SHARED, mkdtemp(prefix="mentoring-metrics-"))
        Multiprocess(config, sockets).run()
    else:
        uvicorn.Server(config).run(sockets)


def main() -> None:
    """What the supervisor starts."""
    parser = argparse.ArgumentParser(prog="python -m api.serve", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    asked = parser.parse_args()
    serve(asked.host, asked.port)


if __name__ == "__main__":
    main()
