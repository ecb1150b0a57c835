"""Rows of deliveries: what was handed over to whom, kept so that a crash shows and nothing goes out twice."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, func, insert, or_, select, update
from sqlmodel import SQLModel

from activities import tables
from activities.bounces import Bounce

DIGESTS = "digest/"
"""What the streams of digests begin with; a programme's letters have its own stream."""

Status = Literal["handing_over", "deferred", "held", "sent", "bounced", "failed", "opted_out", "untrue", "vacant"]
"""`held`: until the quiet hours end; `bounced`: came back; `failed`: refused for good; the last three never went out.

`vacant`: nobody holds the role that was to get it; the recipient is `role:<addressee>`.
"""

ROLE = "role:"
"""What the recipient of a letter begins with that nobody could get; the addressee of the ladder follows."""

DELIVERED: tuple[Status, ...] = ("sent", "bounced")
"""A mail server has taken the letter, whatever became of it there."""

INCIDENTS: tuple[Status, ...] = ("failed", "bounced")
"""Somebody who should have read the letter never got it."""

ENDED: tuple[Status, ...] = (*DELIVERED, "failed", "opted_out", "untrue", "vacant")
"""Nothing more happens to the letter by itself."""

_DELIVERY = SQLModel.metadata.tables[str(tables.DeliveryRow.__tablename__)]


@dataclass(frozen=True)
class Delivery:
    """One letter to one recipient.

    `handovers` counts how often it may have reached the mail server: more than 1 only after a crash (DESIGN, 5).
    `at`: when it was handed over last; `trace_id`: of what it was handed over in.
    """

    message_id: str
    stream: str
    number: int
    recipient: str
    address: str | None
    status: Status
    handovers: int
    subject: str | None
    at: datetime
    error: str | None = None
    file: str | None = None
    kind: str = ""
    unit: str | None = None
    bounced_at: datetime | None = None
    closed_at: datetime | None = None
    trace_id: str | None = None


def deliveries_of(connection: Connection, stream: str, number: int) -> dict[str, Delivery]:
    """The letters of one notice by Message-ID."""
    query = select(_DELIVERY).where(_DELIVERY.c.stream == stream, _DELIVERY.c.number == number)
    return {row["message_id"]: Delivery(**row) for row in connection.execute(query).mappings()}


def undelivered(connection: Connection, streams: Collection[str]) -> dict[str, frozenset[int]]:
    """By stream, the numbers of the notices that some recipient never got."""
    found: dict[str, set[int]] = {stream: set() for stream in streams}
    lost = _DELIVERY.c.stream.in_(streams) & _DELIVERY.c.status.in_(INCIDENTS)
    for stream, number in connection.execute(select(_DELIVERY.c.stream, _DELIVERY.c.number).where(lost)):
        found[stream].add(number)
    return {stream: frozenset(numbers) for stream, numbers in found.items()}


def add_delivery(connection: Connection, row: Delivery) -> None:
    """A letter that is about to be handed over for the first time, or cannot be."""
    connection.execute(insert(_DELIVERY).values(vars(row)))


def change_delivery(connection: Connection, seen: int, row: Delivery) -> bool:
    """Change a letter that still has `seen` handovers; False when another process was faster."""
    query = update(_DELIVERY).where(_DELIVERY.c.message_id == row.message_id, _DELIVERY.c.handovers == seen)
    return connection.execute(query.values(vars(row))).rowcount == 1


def mark_bounced(connection: Connection, bounce: Bounce, at: datetime) -> Delivery | None:
    """Write down that a letter came back for good, once; the letter, `None` when it is none of ours."""
    letter = find_letter(connection, bounce.letter)
    if letter is None or not bounce.failed or letter.status not in ("sent", "handing_over"):
        return letter
    after = replace(letter, status="bounced", error=bounce.reason, bounced_at=at)
    return after if change_delivery(connection, letter.handovers, after) else letter


class Wanted(NamedTuple):
    """Which letters a list holds; `None` for whatever there is. `recipient`: `person:<id>` or `unit:<id>`."""

    stream: str | None = None
    status: Status | None = None
    recipient: str | None = None


def list_letters(
    connection: Connection,
    wanted: Wanted = Wanted(),  # noqa: B008, it is a tuple
    limit: int = 50,
    after: tuple[datetime, str] | None = None,
    scope: ColumnElement[bool] | None = None,
) -> Sequence[Delivery]:
    """Letters, the newest first; `after`: `(at, message_id)` of the last one seen, `scope`: see `activities.access`."""
    query = select(_DELIVERY).order_by(_DELIVERY.c.at.desc(), _DELIVERY.c.message_id.desc()).limit(limit)
    for name, value in wanted._asdict().items():
        if value is not None:
            query = query.where(_DELIVERY.c[name] == value)
    if scope is not None:
        query = query.where(scope)
    if after is not None:
        at, identity = after
        same_instant = and_(_DELIVERY.c.at == at, _DELIVERY.c.message_id < identity)
        query = query.where(or_(_DELIVERY.c.at < at, same_instant))
    return [Delivery(**row) for row in connection.execute(query).mappings()]


def find_letter(connection: Connection, identity: str, scope: ColumnElement[bool] | None = None) -> Delivery | None:
    """The letter with that Message-ID, with or without its angle brackets."""
    query = select(_DELIVERY).where(_DELIVERY.c.message_id == f"<{identity.strip('<>')}>")
    row = connection.execute(query if scope is None else query.where(scope)).mappings().first()
    return Delivery(**row) if row else None


def letter_source(folder: Path, letter: Delivery) -> bytes | None:
    """The .eml file of a letter; `None` when it went to a mail server, or its file is gone."""
    if letter.file is None:
        return None
    path = folder / Path(letter.file).name
    return path.read_bytes() if path.is_file() else None


def last_digests(connection: Connection) -> dict[str, datetime]:
    """By recipient, the moment of the last digest that arrived as far as we know."""
    sent = _DELIVERY.c.stream.startswith(DIGESTS, autoescape=True) & (_DELIVERY.c.status == "sent")
    query = select(_DELIVERY.c.recipient, func.max(_DELIVERY.c.at)).where(sent).group_by(_DELIVERY.c.recipient)
    return {row[0]: row[1] for row in connection.execute(query)}
