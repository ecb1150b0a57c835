"""What a programme has sent in the course of its year, in the words of its agenda."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from activities import journal
from activities.agenda_view import NOTICES
from activities.deliveries import deliveries_of
from activities.letter_words import subject
from activities.programmes import ProgrammeStreams
from activities.recipients import RecipientBook
from domain.plan import local_day
from domain.programme import events as e
from domain.programme.state import Programme


def notices_sent(
    connection: Connection, streams: ProgrammeStreams, stream: str, state: Programme
) -> list[dict[str, Any]]:
    """`[{at, kind, step, to, subject}]`, one for each letter handed over, in the order of the agenda that foretold it.

    `to` is `null` for an addressee whom nobody stands behind; what was dropped because it was untrue is left out.
    """
    happened = {entry.version: streams.parse_event(entry) for entry in journal.read(connection, stream)}
    settled = {item for one in happened.values() if (item := _told(one.event)) is not None}
    book = RecipientBook.load(connection, state)
    return [
        letter
        for version, one in happened.items()
        if isinstance(one.event, e.NoticeQueued) and one.event.kind in NOTICES and version in settled
        for letter in _Letters(connection, streams, stream, state, book).of(version, one.at, one.event)
    ]


def _told(event: e.ProgrammeEvent) -> int | None:
    """The notice that was told to whoever could be found, be it nobody."""
    if isinstance(event, e.NoticeSent) or (isinstance(event, e.NoticeDropped) and event.reason == "nobody"):
        return event.item
    return None


class _Letters:
    def __init__(
        self, connection: Connection, streams: ProgrammeStreams, stream: str, state: Programme, book: RecipientBook
    ) -> None:
        self._connection, self._stream, self._state, self._book = connection, stream, state, book
        self._plan = streams.plan(state)

    def of(self, item: int, at: datetime, notice: e.NoticeQueued) -> Iterator[dict[str, Any]]:
        rows = deliveries_of(self._connection, self._stream, item).values()
        sent = {row.recipient: row.subject for row in rows if row.status == "sent"}
        (step, _), *_ = notice.steps
        day = local_day(at, self._state.zone)
        resolved = self._book.resolve(self._state, self._plan, step, notice.to, day)
        known = [to for to in resolved.shown if to in sent]
        for to in [*known, *sorted(sent.keys() - set(known))]:
            yield {"at": at, "kind": notice.kind, "step": step, "to": to, "subject": sent[to]}
        for _ in resolved.unresolved:
            words = self._subject(step, notice)
            yield {"at": at, "kind": notice.kind, "step": step, "to": None, "subject": words}

    def _subject(self, step: int, notice: e.NoticeQueued) -> str:
        organisation = self._book.tree.units[self._state.organisation].name
        return subject(notice.kind, organisation, self._state.year, (self._plan.roadmap.steps[step],), notice.due)
