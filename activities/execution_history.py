"""What the journal adds to the state of programmes for a report: moves, skips, completions with their texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from typing import NamedTuple

from sqlalchemy import Connection, Table, select

from activities.journal import Entry
from activities.programmes import ProgrammeStreams
from activities.tables import EventRow, TextRow
from domain.programme.execution import TOLD, History, history

_EVENT: Table = EventRow.__table__  # type: ignore[attr-defined]
_TEXT: Table = TextRow.__table__  # type: ignore[attr-defined]

AT_ONCE = 500
"""Streams that one query asks for; databases bound the number of parameters."""


class Told(NamedTuple):
    """The history of one stream and the texts that its events refer to."""

    history: History
    texts: dict[str, str]


def read_histories(connection: Connection, streams: ProgrammeStreams, wanted: Iterable[str]) -> dict[str, Told]:
    """The histories of the streams, by stream."""
    found: dict[str, Told] = {}
    for some in _batches(wanted):
        texts: dict[str, dict[str, str]] = {stream: {} for stream in some}
        for stream, ref, body in connection.execute(
            select(_TEXT.c.stream, _TEXT.c.id, _TEXT.c.body).where(_TEXT.c.stream.in_(some))
        ):
            texts[stream][ref] = body
        for stream, entries in groupby(_entries(connection, some), key=lambda entry: entry.stream):
            found[stream] = Told(history(streams.parse_event(entry) for entry in entries), texts[stream])
    return found


def _entries(connection: Connection, some: Sequence[str]) -> Iterator[Entry]:
    query = select(_EVENT).where(_EVENT.c.stream.in_(some), _EVENT.c.type.in_(TOLD))
    return (Entry._make(row) for row in connection.execute(query.order_by(_EVENT.c.stream, _EVENT.c.version)))


def _batches(wanted: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(wanted)
    while some := list(islice(rest, AT_ONCE)):
        yield some
