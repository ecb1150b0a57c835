"""Reading the mailbox to which undelivered letters come back, over IMAP, until cancelled."""

from __future__ import annotations

import asyncio
from email.message import Message
from imaplib import IMAP4
from typing import NamedTuple

import structlog
from imap_tools import AND, BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted, MailMessageFlags
from imap_tools.errors import ImapToolsError
from sqlalchemy.exc import SQLAlchemyError

from activities.bounces import Bounce, bounce_of
from activities.database import Database
from activities.deliveries import mark_bounced
from activities.recorder import Clock
from activities.settings import Settings

TIMEOUT_SECONDS = 20
MAIL_ERRORS = (ImapToolsError, IMAP4.error, OSError)

log = structlog.get_logger(__name__)


class Harvest(NamedTuple):
    """What one look into the mailbox found: letters that came back, reports of no failure, mails left unread."""

    bounced: int = 0
    noted: int = 0
    left: int = 0


class BounceMailbox:
    """Marks what it has understood as read; every other mail is left unread and logged once.

    Several workers may read the same mailbox: a letter that came back twice came back once.
    """

    def __init__(self, database: Database, settings: Settings, clock: Clock) -> None:
        self._database, self._settings, self._clock = database, settings, clock
        self._strange: set[tuple[int, str]] = set()

    def look(self) -> Harvest:
        """Read what is new. Raises one of MAIL_ERRORS."""
        settings, counts = self._settings, {"bounced": 0, "noted": 0, "left": 0}
        with mailbox_of(settings).login(
            settings.imap_user or "", settings.imap_password or "", settings.imap_folder
        ) as box:
            era = box.folder.status(settings.imap_folder, ["UIDVALIDITY"])["UIDVALIDITY"]
            for uid in box.uids(AND(seen=False)):
                if (era, uid) not in self._strange:
                    counts[self._handle(box, era, uid)] += 1
        return Harvest(**counts)

    def _handle(self, box: BaseMailBox, era: int, uid: str) -> str:
        message = next(iter(box.fetch(AND(uid=uid), mark_seen=False)), None)
        bounce = _read(message.obj) if message is not None else None
        if bounce is None or not self._known(bounce):
            self._strange.add((era, uid))
            log.warning("mail left unread", uid=uid, report=bounce is not None)
            return "left"
        box.flag(uid, MailMessageFlags.SEEN, True)
        return "bounced" if bounce.failed else "noted"

    def _known(self, bounce: Bounce) -> bool:
        """Write down that a letter came back; False when it is none of ours."""
        with self._database.writing() as connection:
            letter = mark_bounced(connection, bounce, self._clock())
        if letter is None:
            return False
        if bounce.failed:
            log.warning("letter came back", stream=letter.stream, number=letter.number)
        return True


def _read(message: Message) -> Bounce | None:
    """Anybody can write to this mailbox: a mail that breaks the reader must not hide those after it."""
    try:
        return bounce_of(message)
    except Exception as error:
        log.warning("mail not understood", error=type(error).__name__)
        return None


def mailbox_of(settings: Settings) -> BaseMailBox:
    """The mailbox of the settings, before anybody has logged in."""
    host, port = settings.imap_host or "", settings.imap_port
    match settings.imap_security:
        case "tls":
            return MailBox(host, port, timeout=TIMEOUT_SECONDS)
        case "starttls":
            return MailBoxStartTls(host, port, timeout=TIMEOUT_SECONDS)
        case "none":
            return MailBoxUnencrypted(host, port, timeout=TIMEOUT_SECONDS)


async def watch_bounces(mailbox: BounceMailbox, every: float) -> None:
    """Look every so many seconds, until cancelled; a mailbox or database that does not answer is waited out."""
    while True:
        try:
            await asyncio.to_thread(mailbox.look)
        except (*MAIL_ERRORS, SQLAlchemyError) as error:
            log.warning("bounces_unread", error=type(error).__name__)
        await asyncio.sleep(every)
