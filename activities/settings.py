"""What the installation tells every process, through MENTORING_* variables."""

import os
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SecretsSettingsSource, SettingsConfigDict
from pydantic_settings import PydanticBaseSettingsSource as Source

from domain.quiet import QuietHours

NIGHT = QuietHours.parse("20:00-08:00")


class Settings(BaseSettings):
    """Read once where the dependencies are wired (worker, API, command line), then passed on."""

    model_config = SettingsConfigDict(env_prefix="MENTORING_", frozen=True, extra="ignore", validate_default=True)

    home: Path = Path("~/.mentoring")
    database_url: str | None = None
    temporal_address: str = "127.0.0.1:7233"
    temporal_namespace: str = "default"
    smtp_host: str | None = None
    smtp_port: int = 25
    smtp_user: str | None = None
    smtp_password: str | None = None
    smtp_starttls: bool = False
    mail_from: str = "mentoring@localhost"
    mail_domain: str = "mentoring.localhost"
    imap_host: str | None = None
    """The server of the mailbox to which undelivered letters come back; see `activities.bounce_mailbox`."""
    imap_port: int = 993
    imap_user: str | None = None
    imap_password: str | None = None
    imap_folder: str = "INBOX"
    imap_security: Literal["tls", "starttls", "none"] = "tls"
    imap_every: float = Field(default=60.0, ge=1)
    """Seconds between two looks into the mailbox."""
    inbox_folder: str | None = None
    """The folder of the same mailbox to which people send their forms; see `activities.mail_in`."""
    inbox_every: float = Field(default=300.0, ge=10)
    """Seconds between two looks into that folder."""
    files: str | None = None
    """A folder, or `s3://bucket/prefix?endpoint=…&region=…`; see `activities.files.store`."""
    files_key: str | None = None
    files_secret: str | None = None
    files_most: int = Field(default=20, ge=1, le=200)
    """Megabytes that a file which somebody sends may have."""
    quiet_hours: str | None = None
    """`20:00-08:00`, or empty for none; see `quiet`."""
    public_url: str = "http://127.0.0.1:8000"
    temporal_ui: str | None = None
    """Address of Temporal's own pages, for the links of operators."""
    takes_over: bool = True
    """Whether a worker hands the running programmes to its own build by itself, or `mentoring release` does."""
    metrics_address: str | None = None
    """`host:port` where the worker answers Prometheus with the figures of Temporal's SDK."""
    backup_stamp: Path | None = None
    """The file that a backup touches after each success; see `last_backup`."""
    clock_offset: float = 0.0
    """Seconds added to the wall clock; for benchmarks and rehearsals only."""
    clock_file: Path | None = None
    """A file that holds such seconds and is read at every look at the clock; for tests in which clocks jump."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: Source,
        env_settings: Source,
        dotenv_settings: Source,  # noqa: ARG003, there is no .env
        file_secret_settings: Source,  # noqa: ARG003, its folder would be fixed at import
    ) -> tuple[Source, ...]:
        """What is secret may lie in files named like the variables, where systemd and containers put credentials."""
        folder = os.environ.get("CREDENTIALS_DIRECTORY")
        return init_settings, env_settings, SecretsSettingsSource(settings_cls, folder)

    @field_validator("home")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        return home.expanduser().absolute()

    @field_validator("quiet_hours")
    @classmethod
    def _span(cls, text: str | None) -> str | None:
        if text:
            QuietHours.parse(text)
        return text

    @property
    def quiet(self) -> QuietHours | None:
        """When no letter goes out. Not set, it is the night; a folder disturbs nobody, so there it is never."""
        if self.quiet_hours is not None:
            return QuietHours.parse(self.quiet_hours) if self.quiet_hours else None
        return NIGHT if self.smtp_host else None

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in use: the given one, or the SQLite file in the home directory."""
        return self.database_url or f"sqlite:///{self.home / 'mentoring.db'}"

    @property
    def most_file_bytes(self) -> int:
        """How large a file may be that somebody sends."""
        return self.files_most * 1_000_000

    @property
    def mail_folder(self) -> Path:
        """Where letters land as .eml files while no mail server is set."""
        return self.home / "mail"

    @property
    def worker_sign(self) -> Path:
        """What the worker touches while it lives, for probes."""
        return self.home / "worker.alive"

    @property
    def last_backup(self) -> Path:
        """A file as old as the last copy; `mentoring backup` touches the one in the home folder."""
        return self.backup_stamp or self.home / "backup.stamp"

    @property
    def metrics_folder(self) -> Path:
        """Where processes of `mentoring run` that share a port keep their figures; worthless after a restart."""
        return self.home / "metrics"

    @property
    def run_file(self) -> Path:
        """What `mentoring run` tells other programs on this machine about itself."""
        return self.home / "run.json"
