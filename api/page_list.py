"""The list of programmes: those that are late come first, also from one page to the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Connection, Table, select

from activities.access import programme_scope
from activities.programme_query import list_programmes
from activities.russian import counted, full_date, school_year
from activities.tables import ProgrammeRow, UnitRow
from activities.tokens import Identity
from api.context import Context
from api.problems import Refused
from domain.access import sees_unit
from domain.refusal import Refusal
from domain.units import UnitTree

ROOM = 100
"""Programmes on one page."""

STATUSES = {"running": "идёт", "paused": "приостановлена", "closed": "завершена", "cancelled": "отменена"}
LATE, REST = "late", "rest"

_PROGRAMME: Table = ProgrammeRow.__table__  # type: ignore[attr-defined]
_UNIT: Table = UnitRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Filters:
    """What the form above the list asks for; empty means everything."""

    year: int | None = None
    municipality: str = ""
    q: str = ""


@dataclass(frozen=True)
class Line:
    """One programme of the list, in words."""

    id: str
    name: str
    place: str
    year: str
    status: str
    status_key: str
    phase: str
    deadline: str
    late: str


def list_view(
    context: Context, connection: Connection, identity: Identity, filters: Filters, cursor: str
) -> dict[str, Any]:
    """Everything that `programmes.html` shows."""
    tree = context.tree(connection)
    rows, following = _rows(connection, identity, tree, filters, cursor)
    given = {"year": filters.year, "municipality": filters.municipality, "q": filters.q}
    asked = {name: value for name, value in given.items() if value}
    return {
        "late": [_line(context, tree, row) for row in rows if row["overdue"]],
        "rest": [_line(context, tree, row) for row in rows if not row["overdue"]],
        "whole": not cursor and following is None,
        "next": f"/programmes?{urlencode({**asked, 'cursor': following})}" if following else None,
        "first": f"/programmes?{urlencode(asked)}" if cursor else None,
        "filters": filters,
        "filtered": bool(asked),
        "years": [(year, school_year(year)) for year in _years(connection, identity, tree)],
        "municipalities": sorted((unit.name, unit.id) for unit in _municipalities(identity, tree)),
    }


def _rows(
    connection: Connection, identity: Identity, tree: UnitTree, filters: Filters, cursor: str
) -> tuple[list[dict[str, Any]], str | None]:
    """A page of rows and the cursor of the next; a cursor names the half of the list and the place in it."""
    half, _, place = cursor.partition(":")
    if cursor and half not in (LATE, REST):
        raise Refused(Refusal(code="cursor_invalid"))
    rows: list[dict[str, Any]] = []
    for name in (REST,) if half == REST else (LATE, REST):
        if len(rows) >= ROOM:
            return rows, f"{name}:"
        page = list_programmes(
            connection,
            programme_scope(identity, tree),
            unit=filters.municipality or None,
            year=filters.year,
            q=filters.q or None,
            overdue=name == LATE,
            cursor=place or None,
            limit=ROOM - len(rows),
        )
        if isinstance(page, Refusal):
            raise Refused(page)
        rows, place = [*rows, *page.items], ""
        if page.next:
            return rows, f"{name}:{page.next}"
    return rows, None


def _years(connection: Connection, identity: Identity, tree: UnitTree) -> list[int]:
    joined = _PROGRAMME.join(_UNIT, _UNIT.c.id == _PROGRAMME.c.organisation)
    query = select(_PROGRAMME.c.year).select_from(joined).where(programme_scope(identity, tree)).distinct()
    return sorted(connection.scalars(query), reverse=True)


def _municipalities(identity: Identity, tree: UnitTree) -> list[Any]:
    return [unit for unit in tree.of_kind("municipality") if sees_unit(tree, identity.unit, identity.role, unit.id)]


def _line(context: Context, tree: UnitTree, row: dict[str, Any]) -> Line:
    deadline: date | None = row["next_deadline"]
    return Line(
        id=row["id"],
        name=row["organisation_name"],
        place=place_of(tree, row["organisation"]),
        year=school_year(row["year"]),
        status=STATUSES[row["status"]],
        status_key=row["status"],
        phase=_phase(context, row),
        deadline=full_date(deadline) if deadline else "",
        late=counted(row["overdue"], "мероприятие", "мероприятия", "мероприятий") if row["overdue"] else "",
    )


def place_of(tree: UnitTree, organisation: str) -> str:
    """The municipality of an organisation, or the department that founded it."""
    line = tree.lineage(organisation)
    return line[1].name if len(line) > 1 else ""


def _phase(context: Context, row: dict[str, Any]) -> str:
    """The label of the phase; by its number where the roadmap has a newer version by now."""
    label = str(row["phase"])
    for roadmap in context.core.library.roadmaps():
        if (roadmap.key, roadmap.version) == (row["roadmap"]["key"], row["roadmap"]["version"]):
            label = next((phase.label for phase in roadmap.phases if phase.number == row["phase"]), label)
    return label
