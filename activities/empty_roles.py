"""Roles that nobody holds where a programme runs: known as soon as it arises, before any letter is lost."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Select, Table, exists, func, literal, select

from activities.deliveries import ROLE
from activities.programmes import PREFIX
from activities.recipients import CURATORS
from activities.staff import Holding
from activities.tables import DeliveryRow, EventRow, NamedRow, ProgrammeRow, RoleRow, UnitRow
from domain.plan import local_day, midnight
from domain.units import UnitTree

_PROGRAMME: Table = ProgrammeRow.__table__  # type: ignore[attr-defined]
_NAMED: Table = NamedRow.__table__  # type: ignore[attr-defined]
_UNIT: Table = UnitRow.__table__  # type: ignore[attr-defined]
_ROLE: Table = RoleRow.__table__  # type: ignore[attr-defined]
_DELIVERY: Table = DeliveryRow.__table__  # type: ignore[attr-defined]
_EVENT: Table = EventRow.__table__  # type: ignore[attr-defined]

_CURATING = frozenset(role for roles in CURATORS.values() for role in roles)
_ANY_ZONE = timedelta(hours=14)
"""No local day is farther from that of UTC."""


@dataclass(frozen=True)
class EmptyRole:
    """An addressee of the ladder at an organisation whose programme runs, and nobody is it; `stream`: the programme."""

    unit: str
    addressee: str
    stream: str
    since: datetime

    @property
    def id(self) -> str:
        """That of the vacancy which it becomes when the first letter is lost."""
        return f"vacancy:{self.unit}:{self.addressee}"


def empty_roles(
    connection: Connection, tree: UnitTree, now: datetime, scope: ColumnElement[bool] | None = None
) -> list[EmptyRole]:
    """Curators and heads who are missing, of the running programmes of `scope`, which may use `programme` and `unit`.

    The database passes over the organisations that lack nobody; no programme is folded.
    """
    rows = list(connection.execute(_lacking(now, scope)))
    units = {row.organisation for row in rows}
    held = _held(connection, units)
    appointed = _appointed(connection, [row.id for row in rows])
    meant = _meant(connection, units)
    found: dict[str, EmptyRole] = {}
    for row in rows:
        zone = tree.zone(row.organisation)
        curating = CURATORS.get(row.sector, CURATORS["general"])
        for addressee, roles in (("curator", curating), ("head", ("head",))):
            if addressee == "curator" and appointed.get(row.id, frozenset()) & set(curating):
                continue
            mine = [one for one in held.get(row.organisation, ()) if one.role in roles]
            if not any(one.valid(local_day(now, zone)) for one in mine):
                since = max([row.at, *_ends(mine, zone, now)])
                if meant.get((row.organisation, ROLE + addressee), since) > since:
                    continue
                one = EmptyRole(row.organisation, addressee, PREFIX + row.id, since)
                found[one.id] = one  # of two years that run at a time the later one
    return list(found.values())


def _lacking(now: datetime, scope: ColumnElement[bool] | None) -> Select[Any]:
    """Running programmes where one of the roles may be empty: whoever holds one on every local day of now is there."""
    last, first = (now + _ANY_ZONE).date(), (now - _ANY_ZONE).date()
    there = (_ROLE.c.since <= first) & (_ROLE.c.until.is_(None) | (_ROLE.c.until >= last))

    def holder(roles: Iterable[str]) -> ColumnElement[bool]:
        return exists().where(_ROLE.c.unit == _PROGRAMME.c.organisation, _ROLE.c.role.in_(roles), there)

    started = (_EVENT.c.stream == literal(PREFIX).concat(_PROGRAMME.c.id)) & (_EVENT.c.version == 1)
    query = select(_PROGRAMME.c.id, _PROGRAMME.c.organisation, _UNIT.c.sector, _EVENT.c.at)
    query = query.join(_UNIT, _UNIT.c.id == _PROGRAMME.c.organisation).join(_EVENT, started)
    query = query.where(_PROGRAMME.c.status == "running", ~(holder(_CURATING) & holder(("head",))))
    return (query if scope is None else query.where(scope)).order_by(_PROGRAMME.c.year, _PROGRAMME.c.id)


def _held(connection: Connection, units: Collection[str]) -> Mapping[str, list[Holding]]:
    found: dict[str, list[Holding]] = {}
    here = _ROLE.c.unit.in_(units) & _ROLE.c.role.in_((*_CURATING, "head"))
    for row in connection.execute(select(_ROLE).where(here)).mappings():
        found.setdefault(row["unit"], []).append(Holding(**row))
    return found


def _appointed(connection: Connection, programmes: Collection[str]) -> Mapping[str, frozenset[str]]:
    """The roles to which somebody is appointed; only programmes that name anybody at all are read."""
    named = exists().where(_NAMED.c.programme == _PROGRAMME.c.id)
    query = select(_PROGRAMME.c.id, _PROGRAMME.c.body).where(_PROGRAMME.c.id.in_(programmes), named)
    return {row.id: frozenset(orjson.loads(row.body)["appointed"]) for row in connection.execute(query)}


def _meant(connection: Connection, units: Collection[str]) -> Mapping[tuple[str, str], datetime]:
    """When somebody last closed a vacancy, for nobody is to hold the role there."""
    closed = (_DELIVERY.c.status == "vacant") & _DELIVERY.c.closed_at.is_not(None) & _DELIVERY.c.unit.in_(units)
    query = select(_DELIVERY.c.unit, _DELIVERY.c.recipient, func.max(_DELIVERY.c.closed_at).label("at")).where(closed)
    rows = connection.execute(query.group_by(_DELIVERY.c.unit, _DELIVERY.c.recipient))
    return {(row.unit, row.recipient): row.at for row in rows}


def _ends(holdings: Iterable[Holding], zone: str, now: datetime) -> Iterator[datetime]:
    """When those who held it before held it no longer."""
    ends = (midnight(one.until + timedelta(days=1), zone) for one in holdings if one.until)
    yield from (end for end in ends if end <= now)
