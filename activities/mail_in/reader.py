"""Reading the mailbox that people send their forms to: each mail once, in one transaction with all that came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from zoneinfo import ZoneInfo

import orjson
import structlog
from imap_tools import AND, BaseMailBox, MailMessage, U
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from activities.bounce_mailbox import mailbox_of
from activities.database import Database
from activities.files.check_codes import read_check_codes
from activities.files.checks.unfit import Unfit
from activities.files.uploads import Upload, Uploads
from activities.mail_in.mail import Mail, is_automatic, read_mail, sender_of
from activities.mail_in.matching import Match, match, open_for
from activities.mail_in.rows import IncomingMail, TrayItem, add_mail, answers_of_day, is_known, last_uid, mail_id
from activities.mail_in.sorting import Sorted, sort_out
from activities.recorder import Clock
from activities.settings import Settings

ZONE = ZoneInfo("Asia/Tomsk")
MOST_ANSWERS = 10
"""Answers that one sender gets in a day: a machine that does not say that it is one would talk with us for ever."""

ENVELOPE = 2
"""A mail is longer than its attachments: they are written in letters."""

BY = "mail"
_UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
log = structlog.get_logger(__name__)


class Aside(Exception):
    """A mail of which only its head is kept: too large, or nobody can read it."""

    def __init__(self, reason: str, problem: Unfit | None = None) -> None:
        super().__init__(reason)
        self.reason, self.problem = reason, problem


class MailReader:
    """Looks into one folder of the mailbox; reading again after a crash changes nothing."""

    def __init__(self, database: Database, uploads: Uploads, settings: Settings, clock: Clock) -> None:
        self._database, self._uploads, self._settings, self._clock = database, uploads, settings, clock

    def look(self, alive: Callable[[], None] = lambda: None) -> Counter[str]:
        """Read what is new, by outcome. `alive` is called between two mails. Raises one of MAIL_ERRORS."""
        settings, outcomes = self._settings, Counter[str]()
        folder = settings.inbox_folder or ""
        with mailbox_of(settings).login(settings.imap_user or "", settings.imap_password or "", folder) as box:
            era = box.folder.status(folder, ["UIDVALIDITY"])["UIDVALIDITY"]
            place = f"{settings.imap_host}/{settings.imap_user}/{folder}/{era}"[:200]
            with self._database.reading() as connection:
                last = last_uid(connection, place)
            for uid in sorted(int(one) for one in box.uids(AND(uid=U(str(last + 1), "*")))):
                if uid > last:
                    outcomes[self._handle(box, place, uid)] += 1
                    alive()
        return outcomes

    def _handle(self, box: BaseMailBox, place: str, uid: int) -> str:
        head = next(iter(box.fetch(AND(uid=str(uid)), mark_seen=False, headers_only=True)), None)
        if head is None:
            return "gone"
        try:
            mail = self._read(box, uid, head)
        except Aside as aside:
            log.warning("mail put aside", uid=uid, reason=aside.reason)
            return self._put_aside(head, place, uid, aside)
        return self._take(mail, place, uid)

    def _read(self, box: BaseMailBox, uid: int, head: MailMessage) -> Mail:
        """Anybody can write to this mailbox: a mail that breaks the reader must not hide those after it."""
        if (head.size_rfc822 or 0) > ENVELOPE * self._uploads.most:
            raise Aside("too_large", Unfit("file_too_large", most=self._settings.files_most))
        try:
            message = next(iter(box.fetch(AND(uid=str(uid)), mark_seen=False)))
            return read_mail(message, self._settings.mail_from)
        except _UNREADABLE as problem:
            raise Aside("unreadable") from problem

    def _take(self, mail: Mail, place: str, uid: int) -> str:
        if mail.automatic:
            return self._keep(mail, place, uid, Match(None, False, "unknown_sender"), (), outcome="automatic")
        with self._database.reading() as connection:
            if is_known(connection, mail.message_id):
                return self._keep(mail, place, uid, Match(None, False, "unknown_sender"), (), outcome="repeated")
        papers = sort_out(self._uploads, mail.attachments)
        codes = [code for one in papers if one.upload for code in one.upload.found.codes]
        codes += read_check_codes(f"{mail.subject}\n{mail.text}")
        day = self._clock().astimezone(ZONE).date()
        with self._database.reading() as connection:
            found = match(open_for(connection, mail.sender, day), codes)
        try:
            return self._keep(mail, place, uid, found, papers)
        finally:
            for one in papers:
                for upload in _uploads_of(one):
                    upload.incoming.close()

    def _keep(
        self, mail: Mail, place: str, uid: int, found: Match, papers: Sequence[Sorted], outcome: str | None = None
    ) -> str:
        """All of it or nothing. Whoever was faster with the same mail has done it."""
        now, identity = self._clock(), mail_id(place, uid)
        sure = found.sure and bool(papers)
        outcome = outcome or ("matched" if sure else "unmatched")
        reason = outcome if outcome in ("automatic", "repeated") else found.reason if papers else "no_attachments"
        items = [self._item(identity, number, one, found, now) for number, one in enumerate(papers)]
        try:
            with self._put(papers), self._database.writing() as connection:
                self._keep_files(connection, papers, now)
                told = (
                    outcome in ("matched", "unmatched") and answers_of_day(connection, mail.sender, now) < MOST_ANSWERS
                )
                row = IncomingMail(
                    id=identity, place=place, uid=uid, message_id=mail.message_id, sender=mail.sender,
                    subject=mail.subject, outcome=outcome, reason=reason, submission=found.submission,
                    answer=_answer(papers, mail.beside) if told else None, at=now,
                )  # fmt: skip
                add_mail(connection, row, items)
        except IntegrityError:
            return "repeated"
        return outcome

    def _item(self, mail: str, number: int, one: Sorted, found: Match, now: datetime) -> TrayItem:
        return TrayItem(
            id=f"{mail}-{number + 1}", mail=mail, submission=found.submission if found.sure else None,
            name=one.name[:300], kind=one.kind, sha256=one.upload.sha256 if one.upload else None, size=one.size,
            state="waiting" if one.upload else "refused", reason=one.problem.sentence if one.problem else None,
            signature=one.signature.sha256 if one.signature else None,
            signatures=orjson.dumps(one.signatures).decode() if one.signatures else None, at=now,
        )  # fmt: skip

    @contextmanager
    def _put(self, papers: Sequence[Sorted]) -> Iterator[None]:
        with ExitStack() as stack:
            for one in papers:
                for upload in _uploads_of(one):
                    stack.enter_context(self._uploads.put(upload))
            yield

    def _keep_files(self, connection: Connection, papers: Sequence[Sorted], now: datetime) -> None:
        for one in papers:
            for upload in _uploads_of(one):
                self._uploads.keep(connection, upload, BY, now)

    def _put_aside(self, head: MailMessage, place: str, uid: int, aside: Aside) -> str:
        now, problem, sender = self._clock(), aside.problem, ""
        with suppress(*_UNREADABLE):
            sender = "" if is_automatic(head.obj, self._settings.mail_from) else sender_of(head.obj)
        told = problem is not None and sender
        row = IncomingMail(
            id=mail_id(place, uid), place=place, uid=uid, message_id=mail_id(place, uid), sender=sender, subject="",
            outcome="unreadable", reason=aside.reason, submission=None,
            answer=_answer([Sorted("письмо", head.size_rfc822 or 0, problem=problem)], 0) if told else None, at=now,
        )  # fmt: skip
        try:
            with self._database.writing() as connection:
                add_mail(connection, row, ())
        except IntegrityError:
            return "repeated"
        return "unreadable"


def _uploads_of(one: Sorted) -> Iterator[Upload]:
    yield from (upload for upload in (one.upload, one.signature) if upload is not None)


def _answer(papers: Sequence[Sorted], beside: int) -> str:
    """What is told of the attachments, as JSON; whose they are says the mail's own row."""
    told = {
        "taken": [one.name for one in papers if one.upload],
        "refused": [[one.name, one.problem.sentence] for one in papers if one.problem],
        "beside": beside,
    }
    return orjson.dumps(told).decode()
