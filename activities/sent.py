"""What a programme has sent in the course of its year, in the words of its agenda."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from activities import journal
from activities.agenda_view import NOTICES
from activities.deliveries import DELIVERED, deliveries_of
from activities.letter_words import subject
from activities.programmes import ProgrammeStreams
from activities.reaching import reach
from activities.recipients import RecipientBook
from domain.plan import local_day
from domain.programme import events as e
from domain.programme.state import Programme

Told = e.NoticeSent | e.NoticeDropped


def notices_sent(
    connection: Connection, streams: ProgrammeStreams, stream: str, state: Programme
) -> list[dict[str, Any]]:
    """`[{at, kind, step, to, subject}]`, one for each notice handed over or bundled, as the agenda foretold it.

    `to` is `null` for an addressee whom nobody stands behind; what was dropped because it was untrue is left out.
    """
    happened = {entry.version: streams.parse_event(entry) for entry in journal.read(connection, stream)}
    settled = {told.item: told for one in happened.values() if (told := _told(one.event)) is not None}
    book = RecipientBook.load(connection, state)
    return [
        letter
        for version, one in happened.items()
        if isinstance(one.event, e.NoticeQueued) and one.event.kind in NOTICES and version in settled
        for letter in _Letters(connection, streams, stream, state, book).of(settled[version], one.at, one.event)
    ]


def _told(event: e.ProgrammeEvent) -> Told | None:
    """How a notice was told to whoever could be found, be it nobody."""
    if isinstance(event, e.NoticeSent):
        return event
    return event if isinstance(event, e.NoticeDropped) and event.reason == "nobody" else None


class _Letters:
    def __init__(
        self, connection: Connection, streams: ProgrammeStreams, stream: str, state: Programme, book: RecipientBook
    ) -> None:
        self._connection, self._stream, self._state, self._book = connection, stream, state, book
        self._plan = streams.plan(state)

    def of(self, told: Told, at: datetime, notice: e.NoticeQueued) -> Iterator[dict[str, Any]]:
        (step, _), *_ = notice.steps
        rows = deliveries_of(self._connection, self._stream, told.item).values()
        sent = {row.recipient: row.subject for row in rows if row.status in DELIVERED}
        if isinstance(told, e.NoticeSent):
            sent |= dict.fromkeys(told.bundled, self._subject(step, notice))
        day = local_day(at, self._state.zone)
        reached = reach(self._book, self._state, self._plan, (step,), notice.to, notice.rung, day)
        known = [one.id for one in reached.recipients if one.id in sent]
        for to in [*known, *sorted(sent.keys() - set(known))]:
            yield {"at": at, "kind": notice.kind, "step": step, "to": to, "subject": sent[to]}
        if reached.unresolved:
            words = self._subject(step, notice)
            yield {"at": at, "kind": notice.kind, "step": step, "to": None, "subject": words}

    def _subject(self, step: int, notice: e.NoticeQueued) -> str:
        organisation = self._book.tree.units[self._state.organisation].name
        return subject(notice.kind, organisation, self._state.year, (self._plan.roadmap.steps[step],), notice.due)
