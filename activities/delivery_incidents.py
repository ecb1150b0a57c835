"""Recipients whose letters do not arrive: an incident of delivery each, until the address changes or it is closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import ColumnElement, Connection, select, update
from sqlmodel import SQLModel

from activities import audit, tables
from activities.deliveries import INCIDENTS, Delivery

_DELIVERY = SQLModel.metadata.tables[str(tables.DeliveryRow.__tablename__)]
_PERSON = SQLModel.metadata.tables[str(tables.PersonRow.__tablename__)]
_UNIT = SQLModel.metadata.tables[str(tables.UnitRow.__tablename__)]


@dataclass(frozen=True)
class DeliveryIncident:
    """The letters to one recipient's present address that did not arrive, by Message-ID; `last` is the latest."""

    recipient: str
    name: str
    since: datetime
    lost: tuple[str, ...]
    last: Delivery

    @property
    def letters(self) -> int:
        """How many did not arrive."""
        return len(self.lost)

    @property
    def id(self) -> str:
        """The same as long as the recipient is."""
        return f"delivery:{self.recipient}"


def open_incidents(
    connection: Connection, scope: ColumnElement[bool] | None = None, recipient: str | None = None
) -> list[DeliveryIncident]:
    """Every open incident among the letters of `scope`, the newest first."""
    query = select(_DELIVERY).where(_DELIVERY.c.status.in_(INCIDENTS), _DELIVERY.c.closed_at.is_(None))
    if scope is not None:
        query = query.where(scope)
    if recipient is not None:
        query = query.where(_DELIVERY.c.recipient == recipient)
    rows = connection.execute(query.order_by(_DELIVERY.c.at, _DELIVERY.c.message_id)).mappings()
    lost: dict[str, list[Delivery]] = {}
    for row in rows:
        lost.setdefault(row["recipient"], []).append(Delivery(**row))
    known = _addresses(connection, set(lost))
    found = [_incident(one, known[one][0], letters, known[one][1]) for one, letters in lost.items() if one in known]
    return sorted((one for one in found if one is not None), key=lambda one: (one.last.at, one.id), reverse=True)


def _incident(recipient: str, name: str, letters: list[Delivery], address: str | None) -> DeliveryIncident | None:
    """A letter to an address that has been corrected since is history."""
    now = [letter for letter in letters if letter.address == address]
    if not now:
        return None
    since = min(letter.bounced_at or letter.at for letter in now)
    return DeliveryIncident(recipient, name, since, tuple(letter.message_id for letter in now), now[-1])


def _addresses(connection: Connection, recipients: set[str]) -> dict[str, tuple[str, str | None]]:
    """Name and present address of persons and units."""
    found: dict[str, tuple[str, str | None]] = {}
    for kind, table in (("person", _PERSON), ("unit", _UNIT)):
        ids = [one.partition(":")[2] for one in recipients if one.startswith(f"{kind}:")]
        query = select(table.c.id, table.c.name, table.c.email).where(table.c.id.in_(ids))
        found |= {f"{kind}:{row.id}": (row.name, row.email) for row in connection.execute(query)}
    return found


class Incident(Protocol):
    """Letters that did not arrive, with one cause."""

    @property
    def id(self) -> str: ...

    @property
    def lost(self) -> tuple[str, ...]: ...


def close_incident(connection: Connection, incident: Incident, by: str, at: datetime) -> None:
    """Somebody has seen to these letters; others that they do not see, and the next one, stay an incident."""
    close_letters(connection, incident.lost, at)
    audit.note(connection, incident.id, {"letters": len(incident.lost)}, {"closed_at": at}, by, at)


def close_letters(connection: Connection, letters: Sequence[str], at: datetime) -> None:
    """These letters, by Message-ID, are settled."""
    mine = _DELIVERY.c.message_id.in_(letters) & _DELIVERY.c.closed_at.is_(None)
    connection.execute(update(_DELIVERY).where(mine).values(closed_at=at))
