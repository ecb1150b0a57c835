"""What is shaken: `mentoring run` with its database and mail server, all data on a disk that can be full."""

from __future__ import annotations

import shutil
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from activities.settings import Settings
from activities.wiring import Core, core_of
from tests.chaos.disk import Disk
from tests.servers import PostgresServer, SmtpServer
from tests.servers.processes import make_folder, remove_folder
from tests.story.machine import Machine

Kind = Literal["postgresql", "sqlite"]
START = datetime(2026, 9, 1, 3, tzinfo=UTC)
"""The year has begun; ten in the morning in Tomsk."""

DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
"""As servers come; the other tests buy speed with it, and a killed server of theirs forgets what it has committed."""


class Installation:
    """Its parts, and the clock of all its processes."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.folder = make_folder("chaos-")
        self.folder.chmod(0o755)  # PostgreSQL runs as another user
        self._closing = ExitStack()
        self._closing.callback(remove_folder, self.folder)
        self.disk = self._mounted(self.folder / "disk")
        self.clock_file = self.folder / "clock"
        self.ahead = (START - datetime.now(UTC)).total_seconds()
        self.jump(timedelta(0))
        self.mail = self._closing.enter_context(SmtpServer())
        self.postgres = self._postgres() if kind == "postgresql" else None
        home = self.folder / "disk" / "home"
        url = self.postgres.url if self.postgres else f"sqlite:///{home / 'mentoring.db'}"
        given = {
            "database_url": url, "smtp_host": self.mail.host, "smtp_port": str(self.mail.port), "quiet_hours": "",
            "clock_file": str(self.clock_file),
        }  # fmt: skip
        self.machine = Machine(home, settings={f"MENTORING_{name.upper()}": value for name, value in given.items()})
        self._settings = Settings(home=home, database_url=url, clock_file=self.clock_file)

    def _mounted(self, folder: Path) -> Disk | None:
        with suppress(PermissionError):
            disk = Disk(folder)
            self._closing.callback(disk.close)
            return disk
        folder.mkdir(exist_ok=True)
        return None

    def _postgres(self) -> PostgresServer:
        folder = self.folder / "disk" / "postgres"
        folder.mkdir()
        server = PostgresServer(folder, **DURABLE, max_wal_size="64MB", min_wal_size="32MB")
        self._closing.callback(server.close)
        server.start()
        return server

    def jump(self, by: timedelta) -> None:
        """The clock of every process says another time from now on."""
        self.ahead += by.total_seconds()
        draft = self.clock_file.with_suffix(".new")
        draft.write_text(str(self.ahead), "ascii")
        draft.replace(self.clock_file)

    def core(self) -> Core:
        """Beside the machine, to look into its database; close its database afterwards."""
        return core_of(self._settings)

    def __enter__(self) -> Self:
        try:
            self.machine.start()
        except BaseException:
            self._closing.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._closing:
            if error is not None:
                self.keep_logs()
            if self.machine.running:
                self.machine.stop()

    def keep_logs(self) -> None:
        """What the parts said is worth more than the rest."""
        kept = Path(".chaos") / "logs"
        shutil.rmtree(kept, ignore_errors=True)
        with suppress(OSError):
            shutil.copytree(self.machine.home / "logs", kept)
