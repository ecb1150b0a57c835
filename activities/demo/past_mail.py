"""Notices of the past: recorded as sent at their own moments, with delivery rows, and without any mail."""

from __future__ import annotations

from datetime import datetime

from activities.deliveries import Delivery
from activities.letter_words import subject_of
from activities.mail_message import notice_id
from activities.reaching import reach, sent_command
from activities.recipients import Recipient, RecipientBook
from domain.plan import Plan, local_day
from domain.programme import commands as c
from domain.programme.notices import bundled
from domain.programme.state import Item, Programme


class PastMail:
    """What became of the notices of one programme."""

    def __init__(self, stream: str, book: RecipientBook, mail_domain: str) -> None:
        self._stream, self._book, self._mail_domain = stream, book, mail_domain

    def outcome(
        self, state: Programme, plan: Plan, item: Item, at: datetime
    ) -> tuple[c.ProgrammeCommand, list[Delivery]]:
        """The command that ends a queued notice, and its letters."""
        day = local_day(at, state.zone)
        steps = [step for step, _ in item.steps]
        found = reach(self._book, state, plan, steps, item.to, item.rung, day)
        reached = [one for one in found.recipients if one.address]
        if not reached:
            return c.RecordDropped(item=item.number, reason="nobody"), []
        about = subject_of(item, self._book.tree.units[state.organisation].name, state, plan)
        by_digest = {one.id for one in reached if bundled(item, (*one.as_, *one.vacant))}
        letters = [self._letter(item, one, about, at) for one in reached if one.id not in by_digest]
        to = tuple(sorted(letter.recipient for letter in letters))
        return sent_command(item.number, to, found, tuple(sorted(by_digest))), letters

    def _letter(self, item: Item, recipient: Recipient, about: str, at: datetime) -> Delivery:
        return Delivery(
            message_id=notice_id(self._stream, item, recipient.id, self._mail_domain),
            stream=self._stream,
            number=item.number,
            recipient=recipient.id,
            address=recipient.address,
            status="sent",
            handovers=1,
            subject=about[:500],
            at=at,
            kind=item.notice or "",
            unit=recipient.unit,
        )
