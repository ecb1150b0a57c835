"""Handing one letter over: marked before DATA and after the answer, so that a crash shows (DESIGN, 5)."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage
from typing import Any, Protocol

import structlog
from opentelemetry.trace import SpanKind
from sqlalchemy.exc import IntegrityError

from activities import deliveries
from activities.database import Database
from activities.deliveries import Delivery as Row
from activities.letters import Letter
from activities.mail import MailDeferred, Mailer, MailRefused
from activities.mail_message import mail_address, message_of
from activities.recipients import Recipient
from activities.tracing import span, trace_id

SUBJECT_ROOM = 500
NO_ADDRESS = "у адресата нет адреса электронной почты"

log = structlog.get_logger(__name__)


class Writer(Protocol):
    """Writes what is the same letter for each of its recipients."""

    @property
    def subject(self) -> str: ...

    def write(self, recipient: Recipient) -> Letter: ...


class Outbox:
    """Letters on their way to the mail server; each is a row of its own."""

    def __init__(self, database: Database, mailer: Mailer, sender: str) -> None:
        self._database, self._mailer, self._sender = database, mailer, sender

    def send(self, before: Row | None, draft: Row, writer: Writer, recipient: Recipient) -> None:
        """Hand over `draft`, of which `before` is the row so far. Raises MailDeferred; a refusal is written down."""
        row = replace(draft, subject=writer.subject[:SUBJECT_ROOM], trace_id=trace_id())
        if before is not None:
            # A letter that may lie in the mailbox already keeps its date: it is the same letter.
            at = before.at if before.status == "handing_over" else row.at
            row = replace(row, handovers=before.handovers + draft.handovers, at=at)
        try:
            message = self._message(row, writer, recipient)
        except MailRefused as problem:
            self.mark(before, replace(row, handovers=row.handovers - 1, status="failed", error=problem.text))
            return
        if not self.mark(before, row):
            raise MailDeferred(0, "another process is handing the letter over", maybe_taken=True)
        self._hand_over(row, message)

    def keep(self, before: Row | None, row: Row, subject: str) -> None:
        """Write down why a letter is not handed over; one that may lie in the mailbox already stays as it is."""
        if before is not None and before.status == "handing_over":
            return
        handovers = before.handovers if before else 0
        self.mark(before, replace(row, subject=subject[:SUBJECT_ROOM], handovers=handovers))

    def mark(self, before: Row | None, after: Row) -> bool:
        """Commit the next state of a letter; False when another process was faster."""
        try:
            with self._database.writing() as connection:
                if before is None:
                    deliveries.add_delivery(connection, after)
                    return True
                return deliveries.change_delivery(connection, before.handovers, after)
        except IntegrityError:
            return False

    def _message(self, row: Row, writer: Writer, recipient: Recipient) -> EmailMessage:
        if recipient.address is None:
            raise MailRefused(0, NO_ADDRESS)
        to = mail_address(recipient.address, recipient.name)
        return message_of(writer.write(recipient), to, self._sender, row.message_id, row.at)

    def _hand_over(self, row: Row, message: EmailMessage) -> None:
        about: dict[str, Any] = {"stream": row.stream, "number": row.number, "letter": row.message_id}
        try:
            with span("mail", kind=SpanKind.CLIENT, **about):
                file = self._mailer.hand_over(message)
        except MailRefused as problem:
            self.mark(row, replace(row, status="failed", error=str(problem)))
            log.warning("letter_refused", code=problem.code, **about)
        except MailDeferred as problem:
            if not problem.maybe_taken:
                self.mark(row, replace(row, status="deferred", handovers=row.handovers - 1, error=str(problem)))
            raise
        else:
            self.mark(row, replace(row, status="sent", file=file))
            log.info("letter_handed_over", **about)
