"""The parts of the machine as supervised processes: started, watched, started again after a death, stopped in order."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copyfile

from preflight import Refused

LOOK_EVERY = 0.05  # seconds between two looks at the parts: how soon a death is seen
LOG_LIMIT = 10 * 1024 * 1024  # bytes; what is older moves to name.log.1
LOG_CHECK_EVERY = 60.0
TELL_AGAIN = 1.0
START_PATIENCE = 60.0
DEATHS_AT_START = 5

# On Linux the kernel ends a part together with its supervisor. A tiny interpreter asks for that and then becomes the
# part under the same pid; doing it between fork and exec of the supervisor itself would be unsafe beside threads.
LEASH = """
import ctypes, os, signal, sys
ctypes.CDLL(None).prctl(1, signal.SIGKILL)
if os.getppid() == int(sys.argv[1]):
    os.execv(sys.argv[2], sys.argv[2:])
"""


def always() -> bool:
    return True


@dataclass(frozen=True)
class Part:
    """One process of the machine; `ready` tells whether it serves, `grace` is the time it gets for a clean end."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    ready: Callable[[], bool] = always
    title: str = ""
    grace: float = 5.0


@dataclass
class Backoff:
    """How long to wait before the next start: doubling, bounded, forgotten after a calm life."""

    first: float = 0.1
    longest: float = 10.0
    calm: float = 30.0
    deaths: int = 0

    def after(self, lived: float) -> float:
        if lived >= self.calm:
            self.deaths = 0
        self.deaths += 1
        return self.delay

    @property
    def delay(self) -> float:
        return float(min(self.first * 2 ** min(self.deaths - 1, 30), self.longest))


@dataclass
class Child:
    """A part and its present process."""

    part: Part
    log: Path
    backoff: Backoff = field(default_factory=Backoff)
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    due: float = 0.0

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process else None

    @property
    def name(self) -> str:
        return self.part.title or self.part.name

    def start(self) -> None:
        """Start the process; one that cannot even be started has died at once."""
        self.started, self.process = time.monotonic(), None
        bound(self.log)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                leashed(self.part.argv),
                env=dict(self.part.env),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C at the terminal reaches the supervisor alone, which knows the order
            )

    def stop(self, hurried: Callable[[], bool]) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        deadline = time.monotonic() + self.part.grace
        while self.process.poll() is None and time.monotonic() < deadline and not hurried():
            time.sleep(LOOK_EVERY)
        if self.process.poll() is None:
            with suppress(ProcessLookupError, PermissionError):  # it ended this very moment
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def ignore_pids(_: Mapping[str, int | None]) -> None:
    """For a supervisor whose pids nobody needs."""


class Supervisor:
    """Starts the parts in their order, keeps them running until asked to stop, stops them in reverse."""

    def __init__(
        self,
        parts: Sequence[Part],
        logs: Path,
        say: Callable[[str], None],
        changed: Callable[[Mapping[str, int | None]], None] = ignore_pids,
        patience: float = START_PATIENCE,
    ) -> None:
        self.children = [Child(part, logs / f"{part.name}.log") for part in parts]
        self.say = say
        self.changed = changed
        self.patience = patience
        self.stops_asked = 0
        self._tell_again_at: float | None = None
        self._logs_bounded_at = time.monotonic()

    @property
    def pids(self) -> dict[str, int | None]:
        return {child.part.name: child.pid for child in self.children}

    @property
    def stopping(self) -> bool:
        return self.stops_asked > 0

    def ask_to_stop(self) -> None:
        """Safe in a signal handler. Asked again while stopping, the parts are killed without their grace."""
        self.stops_asked += 1

    def start(self) -> bool:
        """Start part after part, each when the one before serves; False when asked to stop meanwhile."""
        for child in self.children:
            self._spawn(child)
            if not self._wait_until_ready(child):
                return False
        self.tell()
        return True

    def watch(self) -> None:
        while not self.stopping:
            self.tend()
            time.sleep(LOOK_EVERY)

    def tend(self) -> None:
        """One look at every started part: note the dead, start again those whose time has come."""
        now = time.monotonic()
        for child in self.children:
            if child.process is not None and child.process.poll() is not None and not child.due:
                self._note_death(child, now)
            elif child.due and now >= child.due:
                self._spawn(child)
                self.tell()
        if self._tell_again_at is not None and now >= self._tell_again_at:
            self.tell()
        if now - self._logs_bounded_at > LOG_CHECK_EVERY:
            self._logs_bounded_at = now
            for child in self.children:
                bound(child.log)

    def tell(self) -> None:
        """Pass on the present pids; while that cannot be done (the disk is full) it is tried again and again."""
        untold = self._tell_again_at is not None
        try:
            self.changed(self.pids)
            self._tell_again_at = None
        except OSError as error:
            self._tell_again_at = time.monotonic() + TELL_AGAIN
            if not untold:
                self.say(f"Номера процессов пока не записаны ({error.strerror}).")

    def stop(self) -> None:
        self.stops_asked = max(self.stops_asked, 1)
        asked = self.stops_asked
        for child in reversed(self.children):
            child.stop(hurried=lambda: self.stops_asked > asked)
            child.process = None
        self.tell()

    def _wait_until_ready(self, child: Child) -> bool:
        deadline = time.monotonic() + self.patience
        while not self.stopping:
            self.tend()
            if not child.due and child.part.ready():
                return True
            if time.monotonic() > deadline or child.backoff.deaths >= DEATHS_AT_START:
                raise Refused(f"Не запускается {child.name}: причина записана в журнале {child.log}.")
            time.sleep(LOOK_EVERY)
        return False

    def _spawn(self, child: Child) -> None:
        child.due = 0.0
        try:
            child.start()
        except OSError as error:
            delay = child.backoff.after(0)
            child.due = time.monotonic() + delay
            self.say(f"Не удалось запустить: {child.name} ({error.strerror}).")

    def _note_death(self, child: Child, now: float) -> None:
        assert child.process is not None
        silent = child.backoff.delay >= child.backoff.longest and now - child.started < child.backoff.calm
        delay = child.backoff.after(now - child.started)
        child.due = now + delay
        if not silent:  # a part that dies at every start is told of until the longest pause is reached, not for ever
            how = ending(child.process.returncode)
            self.say(f"Остановилась часть системы: {child.name} ({how}); запускаю снова через {seconds(delay)} с.")


def leashed(argv: Sequence[str]) -> list[str]:
    """The command that runs `argv` and, where the kernel can, does not outlive this process."""
    if sys.platform != "linux":
        return list(argv)
    return [sys.executable, "-I", "-S", "-c", LEASH, str(os.getpid()), *argv]


def bound(log: Path, limit: int = LOG_LIMIT) -> None:
    """Move a large log aside by copy and truncate: its writer has it open for appending and writes on."""
    with suppress(OSError):  # no log yet, or no room for the copy: never a reason to stop the machine
        if log.stat().st_size > limit:
            copyfile(log, log.with_name(f"{log.name}.1"))
            os.truncate(log, 0)


def ending(code: int) -> str:
    return f"сигнал {-code}" if code < 0 else f"код завершения {code}"


def seconds(delay: float) -> str:
    return f"{delay:.1f}".replace(".", ",").removesuffix(",0")
