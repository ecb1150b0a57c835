"""Rows of mails that came in and of what lies in the trays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, func, insert, select, update

from activities.tables import IncomingMailRow, TrayRow

_MAIL: Table = IncomingMailRow.__table__  # type: ignore[attr-defined]
_TRAY: Table = TrayRow.__table__  # type: ignore[attr-defined]

DAY = timedelta(days=1)


@dataclass(frozen=True)
class IncomingMail:
    """See `IncomingMailRow`."""

    id: str
    place: str
    uid: int
    message_id: str
    sender: str
    subject: str
    outcome: str
    reason: str
    submission: str | None
    answer: str | None
    at: datetime
    answered_at: datetime | None = None
    settled_at: datetime | None = None
    settled_by: str | None = None


@dataclass(frozen=True)
class TrayItem:
    """See `TrayRow`."""

    id: str
    mail: str
    submission: str | None
    name: str
    kind: str | None
    sha256: str | None
    size: int
    state: str
    reason: str | None
    signature: str | None
    signatures: str | None
    at: datetime
    settled_at: datetime | None = None
    settled_by: str | None = None

    @property
    def content(self) -> tuple[str, str | None, int]:
        """What came, the same under another name; what was not kept is known by its name."""
        return self.sha256 or self.name, self.signature, self.size


def mail_id(place: str, uid: int) -> str:
    """The id of the mail that lies there."""
    return sha256(f"{place}\n{uid}".encode()).hexdigest()[:16]


def add_mail(connection: Connection, mail: IncomingMail, items: Sequence[TrayItem]) -> None:
    """Write down a mail with what lies in the tray of it. Raises IntegrityError when somebody has."""
    connection.execute(insert(_MAIL), asdict(mail))
    if items:
        connection.execute(insert(_TRAY), [asdict(one) for one in items])


def last_uid(connection: Connection, place: str) -> int:
    """The last mail of a mailbox that has been read; 0 for a new one."""
    return connection.scalar(select(func.max(_MAIL.c.uid)).where(_MAIL.c.place == place)) or 0


def is_known(connection: Connection, message_id: str, items: Iterable[TrayItem]) -> bool:
    """Whether a mail of that name, with all of these files, has been read before, wherever it lay.

    The name alone does not tell: some programs give every mail the same one.
    """
    named = items_of_mails(connection, connection.scalars(select(_MAIL.c.id).where(_MAIL.c.message_id == message_id)))
    came = {one.content for some in named.values() for one in some}
    return bool(named) and came.issuperset(one.content for one in items)


def answers_of_day(connection: Connection, sender: str, now: datetime) -> int:
    """How many answers a sender gets for what came within a day."""
    here = (_MAIL.c.sender == sender) & _MAIL.c.answer.is_not(None) & (_MAIL.c.at > now - DAY)
    return connection.scalar(select(func.count()).select_from(_MAIL).where(here)) or 0


def unanswered(connection: Connection) -> list[IncomingMail]:
    """Mails whose senders still wait, the oldest first."""
    query = (
        select(_MAIL)
        .where(_MAIL.c.answer.is_not(None), _MAIL.c.answered_at.is_(None))
        .order_by(_MAIL.c.at, _MAIL.c.uid)
    )
    return [IncomingMail(**row) for row in connection.execute(query).mappings()]


def mark_answered(connection: Connection, mail: str, at: datetime) -> None:
    """The sender has been told, or cannot be."""
    connection.execute(update(_MAIL).where(_MAIL.c.id == mail), {"answered_at": at})


def list_mails(
    connection: Connection, *, open_only: bool, limit: int, before: tuple[datetime, str] | None
) -> list[Any]:
    """Mails that found no tray, the newest first; `before`: `(at, id)` of the last one seen."""
    query = select(_MAIL).where(_MAIL.c.outcome != "matched")
    if open_only:
        query = query.where(_MAIL.c.settled_at.is_(None), _MAIL.c.outcome.in_(("unmatched", "unreadable")))
    if before is not None:
        at, last = before
        query = query.where((_MAIL.c.at < at) | ((_MAIL.c.at == at) & (_MAIL.c.id < last)))
    query = query.order_by(_MAIL.c.at.desc(), _MAIL.c.id.desc()).limit(limit)
    return [IncomingMail(**row) for row in connection.execute(query).mappings()]


def find_mail(connection: Connection, mail: str) -> IncomingMail | None:
    """One mail."""
    row = connection.execute(select(_MAIL).where(_MAIL.c.id == mail)).mappings().first()
    return IncomingMail(**row) if row else None


def settle_mail(connection: Connection, mail: str, submission: str | None, by: str, at: datetime) -> None:
    """Somebody has seen to a mail; with a submission, its attachments lie in that tray now."""
    given = {"settled_at": at, "settled_by": by}
    if submission is not None:
        given["submission"] = submission
        moved = update(_TRAY).where(_TRAY.c.mail == mail, _TRAY.c.state == "waiting")
        connection.execute(moved, {"submission": submission})
    connection.execute(update(_MAIL).where(_MAIL.c.id == mail), given)


def items_of_mails(connection: Connection, mails: Iterable[str]) -> Mapping[str, Sequence[TrayItem]]:
    """What came with each of some mails, in its order."""
    found: dict[str, list[TrayItem]] = {mail: [] for mail in mails}
    for one in _items(connection, _TRAY.c.mail.in_(found)):
        found[one.mail].append(one)
    return found


def items_of(connection: Connection, submission: str) -> list[TrayItem]:
    """What lies in a tray, in its order."""
    return _items(connection, _TRAY.c.submission == submission)


def _items(connection: Connection, here: ColumnElement[bool]) -> list[TrayItem]:
    rows = connection.execute(select(_TRAY).where(here).order_by(_TRAY.c.at, _TRAY.c.id)).mappings()
    return [TrayItem(**row) for row in rows]


def find_item(connection: Connection, submission: str, item: str) -> TrayItem | None:
    """One thing in the tray of a submission."""
    here = (_TRAY.c.id == item) & (_TRAY.c.submission == submission)
    row = connection.execute(select(_TRAY).where(here)).mappings().first()
    return TrayItem(**row) if row else None


def settle_item(
    connection: Connection, item: str, state: str, by: str, at: datetime, kind: str | None, reason: str | None = None
) -> bool:
    """Take or refuse what waits; False when somebody was faster."""
    query = update(_TRAY).where(_TRAY.c.id == item, _TRAY.c.state == "waiting")
    given = {"state": state, "settled_at": at, "settled_by": by, "kind": kind, "reason": reason}
    return connection.execute(query, given).rowcount == 1
