"""Sending queued notices: rendered now, handed over at least once, each letter marked before DATA (DESIGN, 5)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any, Protocol

import structlog
from sqlalchemy.exc import IntegrityError

from activities import deliveries
from activities.database import Database
from activities.deliveries import Delivery as Row
from activities.letter_facts import Notice
from activities.letters import LetterWriter
from activities.mail import MailDeferred, Mailer, MailRefused
from activities.mail_message import mail_address, message_id, message_of
from activities.notice_story import read_story
from activities.recipients import Recipient, RecipientBook
from activities.settings import Settings
from domain.plan import Plan
from domain.programme import commands as c
from domain.programme.notices import still_true
from domain.programme.state import Item, Programme

FIRST_RETRY = timedelta(minutes=1)
LAST_RETRY = timedelta(hours=1)
STREAM = "programme/"
SUBJECT_ROOM = 500
NO_ADDRESS = "у адресата нет адреса электронной почты"

log = structlog.get_logger(__name__)


class Records(Protocol):
    """What delivery needs of the recorder."""

    def state(self, stream: str) -> Programme | None: ...

    def plan(self, state: Programme) -> Plan: ...

    def record(self, stream: str, command: c.ProgrammeCommand, *, by: str, **given: Any) -> object: ...


class AlreadyInHand(RuntimeError):
    """Another thread of this process is sending the same notice; try again later."""


class Delivery:
    """Sends the notices that the journal has queued."""

    def __init__(
        self, database: Database, recorder: Records, mailer: Mailer, settings: Settings, clock: Callable[[], datetime]
    ) -> None:
        self._database, self._recorder, self._mailer, self._settings = database, recorder, mailer, settings
        self._clock = clock
        self._busy: set[tuple[str, int]] = set()
        self._lock = threading.Lock()

    def send_notice(self, stream: str, number: int) -> None:
        """Send one queued notice to everybody it concerns and record what became of it. Safe to call again.

        Raises AlreadyInHand when the same notice is being sent by another thread.
        """
        with self._alone(stream, number):
            programme = self._recorder.state(stream)
            item = programme.items.get(number) if programme else None
            if programme is None or item is None or item.kind != "notice":
                return
            self._carry_out(stream, programme, item)

    @contextmanager
    def _alone(self, stream: str, number: int) -> Iterator[None]:
        with self._lock:
            if (stream, number) in self._busy:
                raise AlreadyInHand(f"{stream} {number}")
            self._busy.add((stream, number))
        try:
            yield
        finally:
            with self._lock:
                self._busy.discard((stream, number))

    def _carry_out(self, stream: str, programme: Programme, item: Item) -> None:
        notice = self._notice(stream, programme, item)
        if item.number < notice.story.started or not still_true(programme, item, notice.at):
            self._settle(stream, item, "untrue")
            return
        steps = [step.number for step, _ in notice.steps()]
        found = notice.book.resolve_for(programme, notice.plan, steps, item.to, notice.today)
        if deferred := self._send_all(stream, notice, found.recipients):
            self._defer(stream, item, notice.at, deferred)
        else:
            self._settle(stream, item, "nobody")

    def _notice(self, stream: str, programme: Programme, item: Item) -> Notice:
        plan = self._recorder.plan(programme)
        with self._database.reading() as connection:
            story = read_story(connection, stream, item)
            book = RecipientBook.load(connection, programme, (*item.to, *story.recipients))
        return Notice(programme, plan, item, book, story, self._clock())

    def _send_all(self, stream: str, notice: Notice, recipients: tuple[Recipient, ...]) -> MailDeferred | None:
        """Hand over what has not been yet; the reason why some of it has to wait, if it has."""
        if not recipients:
            return None
        with self._database.reading() as connection:
            before = deliveries.deliveries_of(connection, stream, notice.item.number)
        link = f"{self._settings.public_url}/programmes/{stream.removeprefix(STREAM)}"
        writer = LetterWriter(notice, link)
        deferred: MailDeferred | None = None
        for recipient in recipients:
            identity = message_id(stream, notice.item.number, recipient.id, self._settings.mail_domain)
            row = before.get(identity)
            if row and row.status in ("sent", "failed"):
                continue
            try:
                self._send(row, self._draft(identity, stream, notice, recipient), writer, recipient)
            except MailDeferred as problem:
                deferred = problem
                if problem.server_away:
                    break
        return deferred

    def _draft(self, identity: str, stream: str, notice: Notice, recipient: Recipient) -> Row:
        return Row(
            message_id=identity,
            stream=stream,
            number=notice.item.number,
            recipient=recipient.id,
            address=recipient.address,
            status="handing_over",
            handovers=1,
            subject=None,
            at=notice.at,
        )

    def _send(self, before: Row | None, draft: Row, writer: LetterWriter, recipient: Recipient) -> None:
        row = replace(draft, subject=writer.subject[:SUBJECT_ROOM])
        if before is not None:
            # A letter that may lie in the mailbox already keeps its date: it is the same letter.
            at = before.at if before.status == "handing_over" else row.at
            row = replace(row, handovers=before.handovers + 1, at=at)
        try:
            message = self._message(row, writer, recipient)
        except MailRefused as problem:
            self._mark(before, replace(row, handovers=row.handovers - 1, status="failed", error=problem.text))
            return
        if not self._mark(before, row):
            raise MailDeferred(0, "another process is handing the letter over", maybe_taken=True)
        self._hand_over(row, message)

    def _message(self, row: Row, writer: LetterWriter, recipient: Recipient) -> EmailMessage:
        if recipient.address is None:
            raise MailRefused(0, NO_ADDRESS)
        to = mail_address(recipient.address, recipient.name)
        return message_of(writer.write(recipient), to, self._settings.mail_from, row.message_id, row.at)

    def _hand_over(self, row: Row, message: EmailMessage) -> None:
        try:
            file = self._mailer.hand_over(message)
        except MailRefused as problem:
            self._mark(row, replace(row, status="failed", error=str(problem)))
            log.warning("letter refused", stream=row.stream, number=row.number, code=problem.code)
        except MailDeferred as problem:
            if not problem.maybe_taken:
                self._mark(row, replace(row, status="deferred", handovers=row.handovers - 1, error=str(problem)))
            raise
        else:
            self._mark(row, replace(row, status="sent", file=file))

    def _mark(self, before: Row | None, after: Row) -> bool:
        """Commit the next state of a letter; False when another process was faster."""
        try:
            with self._database.writing() as connection:
                if before is None:
                    deliveries.add_delivery(connection, after)
                    return True
                return deliveries.change_delivery(connection, before.handovers, after)
        except IntegrityError:
            return False

    def _settle(self, stream: str, item: Item, otherwise: str) -> None:
        """Record who got the notice, or that nobody did and why."""
        with self._database.reading() as connection:
            rows = deliveries.deliveries_of(connection, stream, item.number).values()
        to = tuple(sorted(row.recipient for row in rows if row.status == "sent"))
        if to:
            self._record(stream, c.RecordSent(item=item.number, to=to))
        else:
            dropped = c.RecordDropped.model_validate({"item": item.number, "reason": otherwise})
            self._record(stream, dropped)

    def _defer(self, stream: str, item: Item, now: datetime, problem: MailDeferred) -> None:
        retry_at = now + min(FIRST_RETRY * 2 ** min(item.deferred, 10), LAST_RETRY)
        log.warning("notice deferred", stream=stream, number=item.number, code=problem.code, retry_at=str(retry_at))
        command = c.RecordDeferred(item=item.number, retry_at=retry_at)
        self._record(stream, command)

    def _record(self, stream: str, command: c.ProgrammeCommand) -> None:
        """A refusal means that the item is gone: somebody else has carried it out. So it needs no key of its own."""
        self._recorder.record(stream, command, by="worker")
