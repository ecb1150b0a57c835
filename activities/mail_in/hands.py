"""The activities of the workflow that reads the mailbox."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.bounce_mailbox import MAIL_ERRORS
from activities.files.store import StoreAway
from activities.mail import MailDeferred
from activities.mail_in.answers import Answers
from activities.mail_in.reader import MailReader


class MailHands:
    """Reads and answers; both may be done again after a crash."""

    def __init__(self, reader: MailReader, answers: Answers) -> None:
        self._reader, self._answers = reader, answers

    @property
    def activities(self) -> list[Callable[..., Any]]:
        """What a worker registers."""
        return [self.read_mailbox, self.answer_mails]

    @activity.defn(name="read_mailbox", no_thread_cancel_exception=True)
    def read_mailbox(self) -> dict[str, int]:
        """How many mails came in, by what became of them."""
        try:
            return dict(self._reader.look(activity.heartbeat))
        except (*MAIL_ERRORS, StoreAway) as problem:
            raise ApplicationError(type(problem).__name__, type="away") from None  # its words may hold an address

    @activity.defn(name="answer_mails", no_thread_cancel_exception=True)
    def answer_mails(self) -> int:
        """How many senders were answered."""
        try:
            return self._answers.send(activity.heartbeat)
        except MailDeferred:
            raise ApplicationError("почтовый сервер просит подождать", type="deferred") from None
