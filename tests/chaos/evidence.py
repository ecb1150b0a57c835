"""What the journal, the command table and the mail server say afterwards, beside what was acknowledged."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select
from sqlmodel import SQLModel

from activities.deliveries import DELIVERED
from tests.chaos.clients import Office
from tests.servers import Letter

TABLES = SQLModel.metadata.tables
EVENT, COMMAND, DELIVERY = TABLES["event"].c, TABLES["command"].c, TABLES["delivery"].c


@dataclass(frozen=True)
class Evidence:
    """Figures for the report and, in words, everything that is wrong."""

    commands: int
    streams: int
    events: int
    letters: int
    twice: int
    """Letters that a crash in the handing-over window sent again with the same Message-ID."""
    unsure: int
    """Letters in which a crash fell into that window and that were untrue before they could be sent again."""
    wrong: tuple[str, ...]


def gather(connection: Connection, offices: Sequence[Office], letters: Sequence[Letter]) -> Evidence:
    """Compare everything with everything."""
    arrived = Counter(one.message_id for one in letters)
    wrong = (*_commands(connection, offices), *_streams(connection), *_letters(connection, arrived))
    return Evidence(
        commands=sum(len(office.acknowledged) for office in offices),
        streams=connection.scalar(select(func.count(EVENT.stream.distinct()))) or 0,
        events=connection.scalar(select(func.count(EVENT.version))) or 0,
        letters=len(arrived),
        twice=sum(times > 1 for times in arrived.values()),
        unsure=connection.scalar(select(func.count()).where(DELIVERY.status == "handing_over")) or 0,
        wrong=wrong,
    )


def _commands(connection: Connection, offices: Sequence[Office]) -> Iterator[str]:
    """Each acknowledged command is there once, with the version that was told, in the order it was given."""
    stored = Counter(connection.scalars(select(COMMAND.key).where(COMMAND.key.startswith("chaos/"))))
    told = {row.key: row.etag for row in connection.execute(select(COMMAND.key, COMMAND.etag))}
    acknowledged = {one.key: one for office in offices for one in office.acknowledged}
    for key, one in acknowledged.items():
        if stored[key] != 1 or told[key] != str(one.version):
            yield f"{key}: acknowledged as version {one.version}, stored {stored[key]} times, as {told.get(key)}"
    for key in stored.keys() - acknowledged.keys():
        yield f"{key}: stored, and nobody was told"
    for office in offices:
        assigned = (EVENT.stream == f"programme/{office.programme}") & (EVENT.type == "StepAssigned")
        found = connection.scalars(select(EVENT.data).where(assigned).order_by(EVENT.version))
        persons = [json.loads(data)["person"] for data in found]
        if persons != [one.person for one in office.acknowledged]:
            yield f"{office.programme}: the journal does not say what was acknowledged, once and in its order"


def _streams(connection: Connection) -> Iterator[str]:
    """Versions begin at 1 and leave none out; hashes and folds are the business of `mentoring verify`."""
    first, last, count = func.min(EVENT.version), func.max(EVENT.version), func.count(EVENT.version)
    for row in connection.execute(select(EVENT.stream, first, last, count).group_by(EVENT.stream)):
        stream, *span = row
        if tuple(span) != (1, span[2], span[2]):
            yield f"{stream}: versions from {span[0]} to {span[1]}, and {span[2]} events"


def _letters(connection: Connection, arrived: Counter[str]) -> Iterator[str]:
    """Whoever was sent a notice got it: once, or as often as a crash between DATA and its note can explain."""
    rows = {row.message_id: row for row in connection.execute(select(*DELIVERY))}
    for letter, row in rows.items():
        if row.status in DELIVERED and not arrived[letter]:
            yield f"{letter}: {row.status}, and never arrived"
        if row.status not in (*DELIVERED, "handing_over") and arrived[letter]:
            yield f"{letter}: arrived, and is noted as {row.status}"
        if arrived[letter] > row.handovers:
            yield f"{letter}: arrived {arrived[letter]} times, handed over {row.handovers} times"
    for letter in arrived.keys() - rows.keys():
        yield f"{letter}: arrived, and nobody has noted it"
    yield from _notices(connection, {(row.stream, row.number, row.recipient) for row in rows.values()})


def _notices(connection: Connection, noted: set[tuple[str, int, str]]) -> Iterator[str]:
    """What the journal says that somebody was sent has its row."""
    for stream, data in connection.execute(select(EVENT.stream, EVENT.data).where(EVENT.type == "NoticeSent")):
        event = json.loads(data)
        for person in event["to"]:
            if (stream, event["item"], person) not in noted:
                yield f"{stream}: notice {event['item']} was sent to {person}, and no letter is noted"
