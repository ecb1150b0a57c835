"""Cures of letters that did not arrive: they go out anew, or somebody says that it is settled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Table, select

from activities import audit
from activities.cures import arguments as a
from activities.cures.foreseeing import foresee
from activities.cures.planned import Bench, Planned, Target
from activities.deliveries import INCIDENTS, Delivery
from activities.delivery_incidents import Incident, close_incident, close_letters, open_incidents
from activities.russian import counted
from activities.tables import DeliveryRow, EventRow
from activities.vacancies import open_vacancies
from domain.queue_commands import RepeatNotice
from domain.refusal import Refusal

_DELIVERY: Table = DeliveryRow.__table__  # type: ignore[attr-defined]
_EVENT: Table = EventRow.__table__  # type: ignore[attr-defined]


def lost_letters(connection: Connection, of: ColumnElement[bool]) -> list[Delivery]:
    """Letters that did not arrive and that nobody has settled, whatever the address was."""
    lost = of & _DELIVERY.c.status.in_(INCIDENTS) & _DELIVERY.c.closed_at.is_(None)
    rows = connection.execute(select(_DELIVERY).where(lost).order_by(_DELIVERY.c.at, _DELIVERY.c.message_id)).mappings()
    return [Delivery(**row) for row in rows]


def of_target(connection: Connection, target: Target) -> list[Delivery]:
    """The lost letters that a target is about: one, those of a recipient, or those of a stream."""
    if target.letter:
        return lost_letters(connection, _DELIVERY.c.message_id == target.letter)
    if target.recipient:
        return lost_letters(connection, _DELIVERY.c.recipient == target.recipient)
    return lost_letters(connection, _DELIVERY.c.stream == target.stream)


def resend(bench: Bench, target: Target, given: a.Nothing) -> Planned | Refusal:  # noqa: ARG001
    """One lost letter goes out anew, made of what is true now; the lost one is settled by it."""
    found = of_target(bench.connection, target)
    if not found:
        return Refusal(code="letters_settled")
    letter, at = found[0], bench.now
    queued = _queued(bench.connection, letter)
    if queued is None:
        return _needless(target, letter, _OF_A_DAY)

    def settled(connection: Connection) -> None:
        close_letters(connection, (letter.message_id,), at)

    planned = foresee(bench, "resend", target, _again(letter, queued), also=settled)
    if isinstance(planned, Refusal):
        return _needless(target, letter, _UNTRUE) if planned.code == "notice_untrue" else planned
    if not any(one.to for one in planned.letters):
        return _needless(target, letter, _NOBODY)
    return replace(planned, changes=(f"Письмо отправится заново: {planned.letters[0].subject}",))


def _again(letter: Delivery, queued: Mapping[str, Any]) -> RepeatNotice:
    return RepeatNotice(
        again=queued.get("again") or letter.number,
        kind=queued["kind"],
        steps=queued.get("steps", ()),
        due=queued.get("due"),
        to=queued["to"],
        only=letter.recipient,
    )


_OF_A_DAY = "Сводку заново не отправляют: открытое войдёт в следующую. Вопрос о письме закроется"
_UNTRUE = "Письмо уже неактуально и не отправится. Вопрос о нём закроется"
_NOBODY = "Адресат таких писем больше не получает, письмо не отправится. Вопрос о нём закроется"


def _needless(target: Target, letter: Delivery, why: str) -> Planned:
    """Nothing is to be sent; that is settled as well."""

    def rows(connection: Connection, by: str, at: datetime) -> None:
        close_letters(connection, (letter.message_id,), at)
        audit.note(connection, f"delivery:{letter.recipient}", {"letters": 1}, {"closed_at": at}, by, at)

    return Planned("resend", target, (why,), rows=rows)


def _queued(connection: Connection, letter: Delivery) -> Mapping[str, Any] | None:
    """What the journal had queued; `None` for letters that no journal asked for."""
    here = (_EVENT.c.stream == letter.stream) & (_EVENT.c.version == letter.number) & (_EVENT.c.type == "NoticeQueued")
    data = connection.scalar(select(_EVENT.c.data).where(here))
    found: Mapping[str, Any] | None = orjson.loads(data) if data else None
    return found


def closure(bench: Bench, target: Target, given: a.Nothing) -> Planned | Refusal:  # noqa: ARG001
    """Somebody has seen to it, for example the mailbox is no longer full."""
    vacancies = open_vacancies(bench.connection, bench.core.streams, bench.tree, bench.now) if target.unit else []
    lost = open_incidents(bench.connection, None, target.recipient) if target.recipient else []
    open_ones: tuple[Incident, ...] = (*vacancies, *lost)
    found = next((one for one in open_ones if one.id == target.name), None)
    if found is None:
        return Refusal(code="incident_unknown", facts={"incident": target.name})

    def rows(connection: Connection, by: str, at: datetime) -> None:
        close_incident(connection, found, by, at)

    letters = counted(len(found.lost), "письме", "письмах", "письмах")
    return Planned("closure", target, (f"Происшествие закроется: вопрос о {letters} решён",), rows=rows)
