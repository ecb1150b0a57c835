"""Real servers for the tests: Temporal, PostgreSQL, SMTP, IMAP and S3, started from what the wheels carry."""

from tests.servers.imap import ImapServer
from tests.servers.postgres import PostgresServer
from tests.servers.processes import Deadline, free_port
from tests.servers.s3 import S3Server
from tests.servers.smtp import Letter, SmtpServer
from tests.servers.temporal import TemporalServer, temporal_binary, time_skipping_binary

__all__ = [
    "Deadline",
    "ImapServer",
    "Letter",
    "PostgresServer",
    "S3Server",
    "SmtpServer",
    "TemporalServer",
    "free_port",
    "temporal_binary",
    "time_skipping_binary",
]
