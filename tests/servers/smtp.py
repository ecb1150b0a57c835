"""A real SMTP server that collects letters, refuses on demand, and goes away and comes back on its port."""

from collections import deque
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, Literal

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.servers.processes import Server, free_port

Command = Literal["MAIL", "RCPT", "DATA"]


@dataclass(frozen=True)
class Letter:
    """What one DATA command handed over."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        """The plain text body."""
        body = self.message.get_body(("plain",))
        return "" if body is None else str(body.get_content())


class SmtpServer(Server):
    """Listens on 127.0.0.1; `letters` holds every accepted letter in order."""

    host = "127.0.0.1"

    def __init__(self) -> None:
        self.port = free_port()
        self.letters: list[Letter] = []
        self._refusals: dict[Command, deque[str]] = {"MAIL": deque(), "RCPT": deque(), "DATA": deque()}
        self._controller: Any = None

    def start(self) -> None:
        """Returns when it accepts connections; after `stop` on the same port, with the letters it had."""
        self._controller = Controller(self, hostname=self.host, port=self.port)
        self._controller.start()

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def refuse_next(
        self, code: int, text: str = "refused by the test", *, at: Command = "DATA", times: int = 1
    ) -> None:
        """Answers the next `times` commands of the kind `at` with this code (4xx for now, 5xx for ever)."""
        self._refusals[at].extend([f"{code} {text}"] * times)

    def letters_to(self, address: str) -> list[Letter]:
        return [letter for letter in self.letters if address in letter.recipients]

    # Called by aiosmtpd, which prescribes the names.

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if refusal := self._refusal("MAIL"):
            return refusal
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if refusal := self._refusal("RCPT"):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if refusal := self._refusal("DATA"):
            return refusal
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.letters.append(Letter(envelope.mail_from or "", tuple(envelope.rcpt_tos), message))
        return "250 taken"

    def _refusal(self, command: Command) -> str | None:
        waiting = self._refusals[command]
        return waiting.popleft() if waiting else None
