"""Sending queued notices: rendered now, handed over at least once, each letter marked before DATA (DESIGN, 5)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog

from activities import deliveries
from activities.correspondence import Correspondence, Notice
from activities.database import Database
from activities.deliveries import Delivery as Row
from activities.mail import MailDeferred, Mailer
from activities.mail_message import notice_id
from activities.outbox import Outbox
from activities.programme_letters import ProgrammeLetters
from activities.reaching import Reached, sent_command
from activities.recipients import Recipient
from activities.restored import restored_at
from activities.settings import Settings
from activities.wishes import kept_back, read_wishes
from domain import queue_commands as c
from domain.carrying_out import OnItem
from domain.plan import Plan
from domain.programme.state import Programme
from domain.queued import Queued

FIRST_RETRY = timedelta(minutes=1)
LAST_RETRY = timedelta(hours=1)

log = structlog.get_logger(__name__)


class Records(Protocol):
    """What delivery needs of the recorder."""

    def state(self, stream: str) -> Any: ...

    def plan(self, state: Programme) -> Plan: ...

    def record(self, stream: str, command: OnItem, *, by: str, **given: Any) -> object: ...


class AlreadyInHand(RuntimeError):
    """Another thread of this process is sending the same notice; try again later."""


class Delivery:
    """Sends the notices that the journal has queued."""

    def __init__(
        self,
        database: Database,
        recorder: Records,
        mailer: Mailer,
        settings: Settings,
        clock: Callable[[], datetime],
        *beside: Correspondence,
    ) -> None:
        """`beside`: how the notices of streams become letters that are no programmes."""
        self._database, self._recorder, self._settings, self._clock = database, recorder, settings, clock
        self._posts: Mapping[str, Correspondence] = {
            one.prefix: one for one in (ProgrammeLetters(recorder.plan), *beside)
        }
        self._outbox = Outbox(database, mailer, settings.mail_from)
        self._busy: set[tuple[str, int]] = set()
        self._lock = threading.Lock()

    def send_notice(self, stream: str, number: int) -> None:
        """Send one queued notice to everybody it concerns and record what became of it. Safe to call again.

        Raises AlreadyInHand when the same notice is being sent by another thread.
        """
        with self._alone(stream, number):
            state = self._recorder.state(stream)
            item: Queued | None = state.items.get(number) if state else None
            if item is not None and item.kind == "notice":
                self._carry_out(stream, state, item)

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

    def _carry_out(self, stream: str, state: Any, item: Queued) -> None:
        post = self._posts[stream[: stream.index("/") + 1]]
        with self._database.reading() as connection:
            notice = post.notice(connection, stream, state, item, self._clock())
        if notice.called_off or not notice.true():
            self._withdraw(stream, notice)
            self._settle(stream, item, "untrue")
            return
        found = notice.reached().narrowed(item.only)
        self._note_vacancies(stream, notice, found)
        by_digest = tuple(one.id for one in found.recipients if notice.bundled(one))
        recipients = tuple(one for one in found.recipients if one.id not in by_digest)
        later = self._send_all(stream, post, notice, recipients) if recipients else None
        if later is not None:
            self._record(stream, c.RecordDeferred(item=item.number, retry_at=later))
        else:
            self._settle(stream, item, "nobody", found, by_digest)

    def _send_all(
        self, stream: str, post: Correspondence, notice: Notice, recipients: tuple[Recipient, ...]
    ) -> datetime | None:
        """Hand over what has not been yet; when to go on, if some of it has to wait."""
        with self._database.reading() as connection:
            before = deliveries.deliveries_of(connection, stream, notice.item.number)
            restored = restored_at(connection)
            wishes = read_wishes(connection, notice, recipients)
        writer = post.writer(stream, notice, self._settings.public_url)
        later: list[datetime] = []
        for recipient in recipients:
            draft = self._draft(stream, notice, recipient)
            row = before.get(draft.message_id)
            if row and row.status in deliveries.ENDED:
                continue
            if restored and notice.item.queued_at <= restored and not (row and row.handovers):
                draft = replace(draft, handovers=2)  # the first time may have been lost with the journal
            if kept := kept_back(notice, recipient, self._settings.quiet, wishes):
                self._outbox.keep(row, replace(draft, status=kept.status), writer.subject)
                later.extend([kept.until] if kept.until else [])
                continue
            try:
                self._outbox.send(row, draft, writer, recipient)
            except MailDeferred as problem:
                later.append(self._retry_at(stream, notice, problem))
                if problem.server_away:
                    break
        return min(later, default=None)

    def _withdraw(self, stream: str, notice: Notice) -> None:
        """Write down whom an untrue notice would have gone to."""
        if notice.called_off:
            return
        with self._database.reading() as connection:
            before = deliveries.deliveries_of(connection, stream, notice.item.number)
        for recipient in notice.reached(of_all_steps=True).narrowed(notice.item.only).recipients:
            draft = self._draft(stream, notice, recipient)
            row = before.get(draft.message_id)
            if not notice.bundled(recipient) and (row is None or row.status not in deliveries.ENDED):
                self._outbox.keep(row, replace(draft, status="untrue"), notice.subject())

    def _note_vacancies(self, stream: str, notice: Notice, found: Reached) -> None:
        """Write down which roles nobody holds: an incident until somebody does, whoever got the notice instead."""
        drafts = [self._draft(stream, notice, empty) for empty in notice.vacancies(found)]
        if not drafts:
            return
        with self._database.reading() as connection:
            known = deliveries.deliveries_of(connection, stream, notice.item.number)
        for draft in drafts:
            if draft.message_id not in known:
                self._outbox.keep(None, replace(draft, status="vacant"), notice.subject())

    def _draft(self, stream: str, notice: Notice, recipient: Recipient) -> Row:
        return Row(
            message_id=notice_id(stream, notice.item, recipient.id, self._settings.mail_domain),
            stream=stream,
            number=notice.item.number,
            recipient=recipient.id,
            address=recipient.address,
            status="handing_over",
            handovers=1,
            subject=None,
            at=notice.at,
            kind=notice.kind,
            unit=recipient.unit,
        )

    def _retry_at(self, stream: str, notice: Notice, problem: MailDeferred) -> datetime:
        item = notice.item
        retry_at: datetime = notice.at + min(FIRST_RETRY * 2 ** min(item.deferred, 10), LAST_RETRY)
        log.warning("notice deferred", stream=stream, number=item.number, code=problem.code, retry_at=str(retry_at))
        return retry_at

    def _settle(
        self, stream: str, item: Queued, otherwise: str, found: Reached | None = None, by_digest: tuple[str, ...] = ()
    ) -> None:
        """Record who got the notice and who reads it in a digest, or that nobody does and why."""
        with self._database.reading() as connection:
            rows = deliveries.deliveries_of(connection, stream, item.number).values()
        if otherwise == "nobody" and any(row.status == "opted_out" for row in rows):
            otherwise = "opted_out"
        to = tuple(sorted(row.recipient for row in rows if row.status in deliveries.DELIVERED))
        if to or by_digest:
            self._record(stream, sent_command(item.number, to, found, tuple(sorted(by_digest))))
        else:
            dropped = c.RecordDropped.model_validate({"item": item.number, "reason": otherwise})
            self._record(stream, dropped)

    def _record(self, stream: str, command: OnItem) -> None:
        """A refusal means that the item is gone: somebody else has carried it out. So it needs no key of its own."""
        self._recorder.record(stream, command, by="worker")
