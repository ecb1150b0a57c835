"""Rows of deliveries: what was handed over to whom, kept so that a crash shows and nothing goes out twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, and_, insert, or_, select, update
from sqlmodel import SQLModel

from activities import tables

Status = Literal["handing_over", "deferred", "held", "sent", "bounced", "failed", "opted_out", "untrue"]
"""`held`: until the quiet hours end; `bounced`: came back; `failed`: refused for good; the last two never went out."""

DELIVERED: tuple[Status, ...] = ("sent", "bounced")
"""A mail server has taken the letter, whatever became of it there."""

INCIDENTS: tuple[Status, ...] = ("failed", "bounced")
"""Somebody who should have read the letter never got it."""

ENDED: tuple[Status, ...] = (*DELIVERED, "failed", "opted_out", "untrue")
"""Nothing more happens to the letter by itself."""

_DELIVERY = SQLModel.metadata.tables[str(tables.DeliveryRow.__tablename__)]


@dataclass(frozen=True)
class Delivery:
    """One letter to one recipient.

    `handovers` counts how often it may have reached the mail server: more than 1 only after a crash (DESIGN, 5).
    `at`: when it was handed over last.
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


def deliveries_of(connection: Connection, stream: str, number: int) -> dict[str, Delivery]:
    """The letters of one notice by Message-ID."""
    query = select(_DELIVERY).where(_DELIVERY.c.stream == stream, _DELIVERY.c.number == number)
    return {row["message_id"]: Delivery(**row) for row in connection.execute(query).mappings()}


def undelivered(connection: Connection, stream: str) -> frozenset[int]:
    """Numbers of the notices of a stream that some recipient never got."""
    lost = (_DELIVERY.c.stream == stream) & _DELIVERY.c.status.in_(INCIDENTS)
    return frozenset(connection.scalars(select(_DELIVERY.c.number).where(lost)))


def add_delivery(connection: Connection, row: Delivery) -> None:
    """A letter that is about to be handed over for the first time, or cannot be."""
    connection.execute(insert(_DELIVERY).values(vars(row)))


def change_delivery(connection: Connection, seen: int, row: Delivery) -> bool:
    """Change a letter that still has `seen` handovers; False when another process was faster."""
    query = update(_DELIVERY).where(_DELIVERY.c.message_id == row.message_id, _DELIVERY.c.handovers == seen)
    return connection.execute(query.values(vars(row))).rowcount == 1


def list_letters(
    connection: Connection, stream: str | None = None, limit: int = 50, after: tuple[datetime, str] | None = None
) -> Sequence[Delivery]:
    """Letters, the newest first; `after` is `(at, message_id)` of the last one already seen."""
    query = select(_DELIVERY).order_by(_DELIVERY.c.at.desc(), _DELIVERY.c.message_id.desc()).limit(limit)
    if stream is not None:
        query = query.where(_DELIVERY.c.stream == stream)
    if after is not None:
        at, identity = after
        same_instant = and_(_DELIVERY.c.at == at, _DELIVERY.c.message_id < identity)
        query = query.where(or_(_DELIVERY.c.at < at, same_instant))
    return [Delivery(**row) for row in connection.execute(query).mappings()]


def find_letter(connection: Connection, identity: str) -> Delivery | None:
    """The letter with that Message-ID, with or without its angle brackets."""
    wanted = f"<{identity.strip('<>')}>"
    row = connection.execute(select(_DELIVERY).where(_DELIVERY.c.message_id == wanted)).mappings().first()
    return Delivery(**row) if row else None


def letter_source(folder: Path, letter: Delivery) -> bytes | None:
    """The .eml file of a letter; `None` when it went to a mail server, or its file is gone."""
    if letter.file is None:
        return None
    path = folder / Path(letter.file).name
    return path.read_bytes() if path.is_file() else None
