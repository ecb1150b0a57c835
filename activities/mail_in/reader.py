"""Reading the mailbox that people send their forms to: each mail once, in one transaction with all that came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace

import orjson
import structlog
from imap_tools import AND, BaseMailBox, MailMessage, U
from sqlalchemy.exc import IntegrityError

from activities.bounce_mailbox import mailbox_of
from activities.database import Database
from activities.directory import Trees
from activities.files.check_codes import read_check_codes
from activities.files.checks.unfit import Unfit
from activities.files.uploads import Upload, Uploads
from activities.mail_in.mail import Mail, is_automatic, read_mail, sender_of
from activities.mail_in.matching import match, open_for
from activities.mail_in.rows import IncomingMail, TrayItem, add_mail, answers_of_day, is_known, last_uid, mail_id
from activities.mail_in.sorting import Sorted, sort_out
from activities.recorder import Clock
from activities.settings import Settings

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
        self._trees = Trees()

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
        row = IncomingMail(
            id=mail_id(place, uid), place=place, uid=uid, message_id=mail.message_id, sender=mail.sender,
            subject=mail.subject, outcome="automatic", reason="automatic", submission=None, answer=None,
            at=self._clock(),
        )  # fmt: skip
        if mail.report or (mail.automatic and not mail.attachments):
            return self._keep(row)
        papers = sort_out(self._uploads, mail.attachments)
        try:
            row = self._judged(row, mail, papers)
            return self._keep(row, papers if row.outcome != "repeated" else ())
        finally:
            for upload in _uploads_of(papers):
                upload.incoming.close()

    def _judged(self, row: IncomingMail, mail: Mail, papers: Sequence[Sorted]) -> IncomingMail:
        """Whose it is, and what its sender is to be told."""
        codes = [code for one in papers if one.upload for code in one.upload.found.codes]
        codes += read_check_codes(f"{mail.subject}\n{mail.text}")
        with self._database.reading() as connection:
            if is_known(connection, mail.message_id, _items(row, papers)):
                return replace(row, outcome="repeated", reason="repeated")
            tree = self._trees.current(connection)
            found = match(open_for(connection, tree, mail.sender, row.at, codes), codes)
        return replace(
            row,
            outcome="matched" if found.sure and papers else "unmatched",
            reason=found.reason if papers else "no_attachments",
            submission=found.submission,
            answer=_answer(papers, mail.beside) if not mail.automatic else None,
        )

    def _keep(self, row: IncomingMail, papers: Sequence[Sorted] = ()) -> str:
        """All of it or nothing. Whoever was faster with the same mail has done it."""
        try:
            with self._put(papers), self._database.writing() as connection:
                for upload in _uploads_of(papers):
                    self._uploads.keep(connection, upload, BY, row.at)
                if row.answer and answers_of_day(connection, row.sender, row.at) >= MOST_ANSWERS:
                    row = replace(row, answer=None)
                add_mail(connection, row, _items(row, papers))
        except IntegrityError:
            return "repeated"
        return row.outcome

    @contextmanager
    def _put(self, papers: Sequence[Sorted]) -> Iterator[None]:
        with ExitStack() as stack:
            for upload in _uploads_of(papers):
                stack.enter_context(self._uploads.put(upload))
            yield

    def _put_aside(self, head: MailMessage, place: str, uid: int, aside: Aside) -> str:
        problem, sender, identity = aside.problem, "", mail_id(place, uid)
        with suppress(*_UNREADABLE):
            sender = "" if is_automatic(head.obj, self._settings.mail_from) else sender_of(head.obj)
        told = problem is not None and sender
        row = IncomingMail(
            id=identity, place=place, uid=uid, message_id=identity, sender=sender, subject="", outcome="unreadable",
            reason=aside.reason, submission=None, at=self._clock(),
            answer=_answer([Sorted("письмо", head.size_rfc822 or 0, problem=problem)], 0) if told else None,
        )  # fmt: skip
        return self._keep(row)


def _uploads_of(papers: Sequence[Sorted]) -> Iterator[Upload]:
    yield from (upload for one in papers for upload in (one.upload, one.signature) if upload is not None)


def _items(mail: IncomingMail, papers: Sequence[Sorted]) -> list[TrayItem]:
    """What lies in the tray of a respondent, or waits until somebody knows whose it is."""
    return [
        TrayItem(
            id=f"{mail.id}-{number:02}", mail=mail.id, name=one.name[:300], kind=one.kind, size=one.size, at=mail.at,
            submission=mail.submission if mail.outcome == "matched" else None,
            sha256=one.upload.sha256 if one.upload else None, state="waiting" if one.upload else "refused",
            reason=one.problem.sentence if one.problem else None,
            signature=one.signature.sha256 if one.signature else None,
            signatures=orjson.dumps(one.signatures).decode() if one.signatures else None,
        )
        for number, one in enumerate(papers, start=1)
    ]  # fmt: skip


def _answer(papers: Sequence[Sorted], beside: int) -> str:
    """What is told of the attachments, as JSON; whose they are says the mail's own row."""
    told = {
        "taken": [one.name for one in papers if one.upload],
        "refused": [[one.name, one.problem.sentence] for one in papers if one.problem],
        "beside": beside,
    }
    return orjson.dumps(told).decode()
