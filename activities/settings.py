"""What the installation tells every process, through MENTORING_* variables."""

from pathlib import Path

from pydantic import field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


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
    public_url: str = "http://127.0.0.1:8000"
    temporal_ui: str | None = None
    """Address of Temporal's own pages, for the links of operators."""
    clock_offset: float = 0.0
    """Seconds added to the wall clock; for benchmarks and rehearsals only."""

    @field_validator("home")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        return home.expanduser().absolute()

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in use: the given one, or the SQLite file in the home directory."""
        return self.database_url or f"sqlite:///{self.home / 'mentoring.db'}"

    @property
    def mail_folder(self) -> Path:
        """Where letters land as .eml files while no mail server is set."""
        return self.home / "mail"

    @property
    def run_file(self) -> Path:
        """What `mentoring run` tells other programs on this machine about itself."""
        return self.home / "run.json"
