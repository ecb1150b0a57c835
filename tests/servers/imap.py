"""A real IMAP server with one mailbox: pymap in a process of its own, mails in memory."""

from __future__ import annotations

import sys

from imap_tools import MailBoxUnencrypted

from tests.servers.processes import Child, Server, free_port, make_folder, remove_folder

USER, PASSWORD = "bounces", "secret of the test"

PYMAP = """
from pymap.config import IMAPConfig
from pymap.main import main
from pysasl.hashing import BuiltinHash

IMAPConfig._get_hash_context = lambda self, path: BuiltinHash(rounds=1)
main()
"""
"""Half a million rounds at every login are for passwords that are worth it."""


class ImapServer(Server):
    """Listens on 127.0.0.1; its INBOX begins empty."""

    host = "127.0.0.1"

    def __init__(self) -> None:
        self.port = free_port()
        self._folder = make_folder("imap-")
        self._child: Child | None = None

    def start(self) -> None:
        """Returns when one can log in."""
        listen = ["--host", self.host, "--port", str(self.port), "--no-tls"]
        account = ["dict", "--demo-data", "--demo-user", USER, "--demo-password", PASSWORD]
        self._child = Child([sys.executable, "-c", PYMAP, *listen, *account], self._folder / "log")
        self._child.ready(self._answers, 20)
        self.reset()

    def reset(self) -> None:
        """Empty it; starts it again if a test has stopped it."""
        if self._child is None:
            self.start()
            return
        with self.login() as box:
            box.delete(box.uids())

    def stop(self) -> None:
        if self._child is not None:
            self._child.stop()
            self._child = None

    def close(self) -> None:
        self.stop()
        remove_folder(self._folder)

    def login(self) -> MailBoxUnencrypted:
        """The mailbox as a person's mail program sees it."""
        box = MailBoxUnencrypted(self.host, self.port, timeout=5)
        box.login(USER, PASSWORD)
        return box

    def deliver(self, source: bytes) -> None:
        """A mail comes in."""
        with self.login() as box:
            box.append(source, "INBOX", flag_set=[])

    def unread(self) -> list[str]:
        """The subjects of the mails that nobody has read."""
        with self.login() as box:
            return [mail.subject for mail in box.fetch("UNSEEN", mark_seen=False)]

    def _answers(self) -> bool:
        try:
            self.login().logout()
        except OSError:
            return False
        return True
