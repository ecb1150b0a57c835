"""Child processes and folders that never outlive the test run, and waiting with a deadline."""

import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import IO, Any, Self


class Deadline:
    """Polls until something holds: `Deadline(20).until(ready, "the server answers")`. Raises TimeoutError."""

    def __init__(self, seconds: float, every: float = 0.02) -> None:
        self._at = time.monotonic() + seconds
        self._every = every

    def until(self, holds: Callable[[], bool], what: str) -> None:
        while not holds():
            if time.monotonic() > self._at:
                raise TimeoutError(f"in vain waited until {what}")
            time.sleep(self._every)


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@cache
def _tether() -> IO[str]:
    script = Path(__file__).with_name("tether.py")
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    assert process.stdin is not None
    return process.stdin


def _tell(line: str) -> None:
    _tether().write(line + "\n")
    _tether().flush()


class Child:
    """A process in a session of its own (Ctrl-C reaches the tests first), its output in a file."""

    def __init__(
        self,
        command: Sequence[str | Path],
        log: Path,
        *,
        ends_on: signal.Signals = signal.SIGTERM,
        user: str | None = None,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.log = log
        self._ends_on = ends_on
        with log.open("ab") as out:
            self._process: subprocess.Popen[bytes] = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                cwd=cwd,
                env=env,
                **as_user(user),
            )
        _tell(f"process {self.pid} {int(ends_on)}")

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def stop(self, seconds: float = 15) -> None:
        """Ends it in order; kills it when it does not obey."""
        self._process.send_signal(self._ends_on)
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._reap()

    def kill(self) -> None:
        """`kill -9`: it gets no chance to tidy up."""
        self._process.kill()
        self._reap()

    def ready(self, answers: Callable[[], bool], seconds: float = 60) -> None:
        """Waits until it answers; an early death raises at once with the end of its log."""

        def answers_or_died() -> bool:
            if not self.running:
                raise ProcessDied(f"{self._process.args!r} ended with {self._process.returncode}:\n{self.tail()}")
            return answers()

        try:
            Deadline(seconds).until(answers_or_died, f"{self._process.args!r} answers")
        except BaseException:
            self.kill()
            raise

    def tail(self, size: int = 3000) -> str:
        return self.log.read_text(errors="replace")[-size:]

    def _reap(self) -> None:
        self._process.wait()
        _tell(f"ended {self.pid}")


class Server:
    """Lives as long as the block that it heads."""

    def start(self) -> None:
        raise NotImplementedError

    def stop(self) -> None:
        raise NotImplementedError

    def close(self) -> None:
        """Its end, after which it does not start again."""
        self.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class ProcessDied(RuntimeError):
    """A server ended before it was ready."""


def as_user(user: str | None) -> dict[str, Any]:
    """Arguments of Popen that run a command as another user (only root may)."""
    if user is None:
        return {}
    import pwd

    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


def make_folder(prefix: str) -> Path:
    """A temporary folder with a short path (sockets) that every user can reach (servers refuse to run as root)."""
    base = "/tmp" if Path("/tmp").is_dir() else None
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=base))
    _tell(f"folder {folder}")
    return folder


def remove_folder(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    _tell(f"removed {folder}")
