"""Names of units by their ids."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, Table, select

from activities.tables import UnitRow

_UNIT: Table = UnitRow.__table__  # type: ignore[attr-defined]


def unit_names(connection: Connection, units: Iterable[str]) -> dict[str, str]:
    """The names of the units that there are."""
    rows = connection.execute(select(_UNIT.c.id, _UNIT.c.name).where(_UNIT.c.id.in_([*units])))
    return {row.id: row.name for row in rows}
