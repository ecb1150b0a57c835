"""How deadlines were kept in a municipality or the region, raw and excused."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, select

from activities.deadline_ledger import timeliness_view
from activities.programmes import PREFIX, ProgrammeStreams
from activities.tables import ProgrammeRow, SnapshotRow, UnitRow
from domain.plan import local_day
from domain.programme.timeliness import Timeliness, of_programme
from domain.units import UnitTree

_PROGRAMME: Table = ProgrammeRow.__table__  # type: ignore[attr-defined]
_SNAPSHOT: Table = SnapshotRow.__table__  # type: ignore[attr-defined]
_UNIT: Table = UnitRow.__table__  # type: ignore[attr-defined]

Years = list[list[Timeliness]]
"""The deadlines of each programme."""


def read_timeliness(
    connection: Connection,
    streams: ProgrammeStreams,
    tree: UnitTree,
    scope: ColumnElement[bool],
    *,
    unit: str,
    year: int | None,
    now: datetime,
    organisations: bool,
) -> dict[str, Any]:
    """`{unit, year, programmes, deadlines, raw, excused, units}`; `units`: the same for each unit next below.

    `organisations`: whether single organisations may be among them. Cancelled years are left out.
    """
    query = select(_PROGRAMME.c.organisation, _SNAPSHOT.c.state)
    query = query.join(_UNIT, _UNIT.c.id == _PROGRAMME.c.organisation)
    query = query.join(_SNAPSHOT, _SNAPSHOT.c.stream == PREFIX + _PROGRAMME.c.id)
    query = query.where(scope, _PROGRAMME.c.status != "cancelled")
    query = query.where(("/" + _UNIT.c.path).contains(f"/{unit}/", autoescape=True))
    if year is not None:
        query = query.where(_PROGRAMME.c.year == year)
    below: dict[str, Years] = {}
    for organisation, text in connection.execute(query):
        state = streams.parse_state(text)
        found = list(of_programme(state, local_day(now, state.zone)))
        below.setdefault(_below(tree, unit, organisation), []).append(found)
    shown = [one for one in below if organisations or tree.units[one].kind != "organisation"]
    lines = [{"unit": one, "name": tree.units[one].name, **_line(below[one])} for one in shown]
    whole = _line(programme for years in below.values() for programme in years)
    return {"unit": unit, "year": year, **whole, "units": sorted(lines, key=lambda line: line["name"])}


def _line(programmes: Iterable[list[Timeliness]]) -> dict[str, Any]:
    years = list(programmes)
    deadlines = [one for year in years for one in year]
    return {"programmes": len(years), "deadlines": len(deadlines), **timeliness_view(deadlines)}


def _below(tree: UnitTree, unit: str, organisation: str) -> str:
    """The unit next below `unit` on the way to the organisation."""
    line = [place.id for place in tree.lineage(organisation)]
    place = line.index(unit) if unit in line else len(line)
    return line[max(place - 1, 0)]
