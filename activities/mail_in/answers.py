"""One answer to each mail: what was taken, what was not and why. Machines get none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import orjson
import structlog
from sqlalchemy import Connection, Table, select

from activities.database import Database
from activities.deliveries import ENDED, Delivery, deliveries_of
from activities.letters import Letter, rendered
from activities.mail import MailDeferred, Mailer
from activities.mail_in.rows import IncomingMail, mark_answered, unanswered
from activities.mail_in.words import TO_SENDER
from activities.mail_message import message_id
from activities.outbox import Outbox
from activities.recipients import Recipient
from activities.recorder import Clock
from activities.settings import Settings
from activities.tables import SubmissionRow, UnitRow

STREAM = "mail/"
"""What the streams of these letters begin with."""

_SUBMISSION: Table = SubmissionRow.__table__  # type: ignore[attr-defined]
_UNIT: Table = UnitRow.__table__  # type: ignore[attr-defined]
log = structlog.get_logger(__name__)


class Answers:
    """Sends what is still owed. A crash in the moment of handing over sends once more, and counts it."""

    def __init__(self, database: Database, mailer: Mailer, settings: Settings, clock: Clock) -> None:
        self._database, self._settings, self._clock = database, settings, clock
        self._outbox = Outbox(database, mailer, settings.mail_from)

    def send(self, alive: Callable[[], None] = lambda: None) -> int:
        """How many were sent. Raises MailDeferred when some have to wait."""
        with self._database.reading() as connection:
            waiting = unanswered(connection)
        later: MailDeferred | None = None
        sent = 0
        for mail in waiting:
            try:
                self._answer(mail)
                sent += 1
            except MailDeferred as problem:
                later = problem
                if problem.server_away:
                    break
            alive()
        if later is not None:
            raise later
        return sent

    def _answer(self, mail: IncomingMail) -> None:
        now = self._clock()
        draft = self._draft(mail, now)
        with self._database.reading() as connection:
            before = deliveries_of(connection, draft.stream, 0).get(draft.message_id)
            writer = AnswerWriter(mail, respondent_name(connection, mail), self._settings.public_url)
        if before is None or before.status not in ENDED:
            self._outbox.send(before, draft, writer, Recipient(draft.recipient, "", mail.sender, None, ()))
        with self._database.writing() as connection:
            mark_answered(connection, mail.id, now)

    def _draft(self, mail: IncomingMail, now: datetime) -> Delivery:
        stream, recipient = f"{STREAM}{mail.id}", f"mail:{mail.id}"
        return Delivery(
            message_id=message_id(stream, 0, recipient, self._settings.mail_domain),
            stream=stream, number=0, recipient=recipient, address=mail.sender, status="handing_over", handovers=1,
            subject=None, at=now, kind="answer",
        )  # fmt: skip


class AnswerWriter:
    """Writes the answer to one mail."""

    def __init__(self, mail: IncomingMail, respondent: str | None, site: str) -> None:
        self._mail, self._respondent, self._site = mail, respondent, site

    @property
    def subject(self) -> str:
        """The subject of the mail, so that it is found again."""
        return f"Re: {self._mail.subject}" if self._mail.subject else "О вашем письме"

    def write(self, recipient: Recipient) -> Letter:  # noqa: ARG002, the sender has no other name than the address
        """The answer."""
        told = orjson.loads(self._mail.answer or "{}")
        link = f"{self._site}/submissions/{self._mail.submission}" if self._respondent else self._site
        words = {**told, "respondent": self._respondent, "why": TO_SENDER.get(self._mail.reason), "link": link}
        text = rendered("mail_answer", self.subject, words, {link})
        return Letter(text.subject, text.text, text.html, headers=(("Auto-Submitted", "auto-replied"),))


def respondent_name(connection: Connection, mail: IncomingMail) -> str | None:
    """The respondent in whose tray the attachments lie; of a mere guess nobody is told."""
    if mail.outcome != "matched":
        return None
    query = select(_UNIT.c.name).join(_SUBMISSION, _SUBMISSION.c.respondent == _UNIT.c.id)
    name: str | None = connection.scalar(query.where(_SUBMISSION.c.id == mail.submission))
    return name
