"""Sending digests: one letter for each superior and working day, built from what is open at that moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import NamedTuple, TypeVar

import structlog

from activities import deliveries
from activities.database import Database
from activities.definitions import Library
from activities.deliveries import Delivery as Row
from activities.digest_content import Digest, digests
from activities.digest_days import DigestDay, DigestDays
from activities.digest_letter import DigestWriter
from activities.digest_owing import read_owing
from activities.digest_reading import read_overdue
from activities.mail import MailDeferred, Mailer
from activities.mail_message import message_id
from activities.outbox import Outbox
from activities.programmes import ProgrammeStreams
from activities.settings import Settings

L = TypeVar("L")

log = structlog.get_logger(__name__)


class Outcome(NamedTuple):
    """How many letters are there now, and whether some of them have to wait for their mailbox or server."""

    letters: int
    deferred: bool


def _noted(late: Iterator[L], alive: Callable[[], None]) -> Iterator[L]:
    for one in late:
        alive()
        yield one


class Digests:
    """Builds and sends what superiors read; safe to call again, also side by side."""

    def __init__(
        self,
        database: Database,
        library: Library,
        streams: ProgrammeStreams,
        mailer: Mailer,
        settings: Settings,
        days: DigestDays,
    ) -> None:
        self._database, self._library, self._settings, self._days = database, library, settings, days
        self._streams = streams
        self._outbox = Outbox(database, mailer, settings.mail_from)

    def build(self, due: DigestDay, alive: Callable[[], None] = lambda: None) -> list[Digest]:
        """The digests of everybody who works in the zone; `alive` is called from programme to programme."""
        with self._database.reading(frozen=True) as connection:
            told = deliveries.last_digests(connection)
            overdue = _noted(read_overdue(connection, self._streams, due.at, due.before), alive)
            owing = _noted(read_owing(connection, self._library, due.at, due.before), alive)
            found = digests(overdue, due.at, due.before, told, owing)
        return [one for one in found if one.zone == due.zone]

    def send(self, zone: str, now: datetime, alive: Callable[[], None] = lambda: None) -> Outcome | None:
        """Send the day's digests of a zone; `None` when none is due. `alive` is called again and again."""
        due = self._days.due(zone, now)
        if due is None:
            return None
        letters = self.build(due, alive)
        deferred = self._send_all(due, letters, alive)
        if not deferred:
            self._days.finish(due)
        log.info("digests", zone=zone, day=str(due.day), letters=len(letters), deferred=deferred)
        return Outcome(len(letters), deferred)

    def _send_all(self, due: DigestDay, letters: list[Digest], alive: Callable[[], None]) -> bool:
        stream = f"{deliveries.DIGESTS}{due.day}"
        with self._database.reading() as connection:
            rows = deliveries.deliveries_of(connection, stream, 0)
        deferred = False
        for digest in letters:
            alive()
            draft = self._draft(stream, due, digest)
            before = rows.get(draft.message_id)
            if before and before.status in deliveries.ENDED:
                continue
            try:
                writer = DigestWriter(digest, due.day, self._settings.public_url)
                self._outbox.send(before, draft, writer, digest.recipient)
            except MailDeferred as problem:
                deferred = True
                if problem.server_away:
                    break
        return deferred

    def _draft(self, stream: str, due: DigestDay, digest: Digest) -> Row:
        recipient, (first, *others) = digest.recipient, sorted(digest.units)
        return Row(
            message_id=message_id(stream, 0, recipient.id, self._settings.mail_domain),
            stream=stream,
            number=0,
            recipient=recipient.id,
            address=recipient.address,
            status="handing_over",
            handovers=1,
            subject=None,
            at=due.at,
            kind="digest",
            unit=None if others else first,  # what speaks of several places is read in none of them alone
        )
