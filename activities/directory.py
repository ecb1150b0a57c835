"""The units of the region: reading, listing, and changing them with an audit row in the same transaction."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Select, String, func, insert, literal, select, update
from sqlmodel import SQLModel

from activities import audit, tables
from activities.addresses import is_email, is_zone
from activities.paging import DEFAULT_LIMIT, Page, after, clamped, cursor_of, key_of
from activities.tables import UnitRow
from domain.mentoring_forms import MentoringForm
from domain.refusal import Refusal
from domain.units import Sector, Unit, UnitKind, UnitTree

_UNIT = SQLModel.metadata.tables[str(tables.UnitRow.__tablename__)]
MANY = 200
"""Changed units from which on the whole tree is read again."""

_FIELDS = ("id", "kind", "name", "parent", "sector", "zone", "email")


def folded(name: str) -> str:
    """A name as it is searched: without case, «ё» as «е»."""
    return name.casefold().replace("ё", "е")


def joined(forms: Iterable[MentoringForm]) -> str:
    """Forms in one column, a comma on both sides of each: `,pupil-pupil,teacher-pupil,`."""
    keys = ",".join(forms)
    return f",{keys}," if keys else ""


def as_unit(row: Any) -> Unit:
    """The domain's value of a row."""
    operates = tuple(cast("MentoringForm", form) for form in row.operates.split(",") if form)
    return Unit.model_validate({**{name: getattr(row, name) for name in _FIELDS}, "operates": operates})


def load_tree(connection: Connection) -> UnitTree:
    """Every unit, in the order of ids."""
    return UnitTree(as_unit(row) for row in connection.execute(select(_UNIT).order_by(_UNIT.c.id)))


class Trees:
    """The tree of one database, brought up to date after the directory has changed; shared between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: tuple[int, UnitTree] | None = None

    def current(self, connection: Connection, stamp: int | None = None) -> UnitTree:
        """The tree as it is now: the changed rows are read when the audit's last id has grown.

        `stamp`: that id, where the caller has looked it up beside something else.
        """
        stamp = audit.latest(connection) if stamp is None else stamp
        known = self._known
        if known is not None and known[0] == stamp:
            return known[1]
        with self._lock:
            known = self._known
            tree = load_tree(connection) if known is None or known[0] > stamp else _caught_up(connection, *known)
            self._known = (stamp, tree)
        return tree


def _caught_up(connection: Connection, stamp: int, tree: UnitTree) -> UnitTree:
    changed = [subject.removeprefix("unit:") for subject in audit.subjects_since(connection, stamp, "unit:")]
    if not changed:
        return tree
    if len(changed) > MANY:
        return load_tree(connection)
    rows = connection.execute(select(_UNIT).where(_UNIT.c.id.in_(changed)))
    return UnitTree({**tree.units, **{row.id: as_unit(row) for row in rows}}.values())


def find_unit(connection: Connection, unit: str) -> UnitRow | None:
    """One unit by its id."""
    row = connection.execute(select(_UNIT).where(_UNIT.c.id == unit)).mappings().first()
    return UnitRow(**row) if row else None


def list_units(
    connection: Connection,
    *,
    parent: str | None = None,
    kind: UnitKind | None = None,
    sector: Sector | None = None,
    q: str | None = None,
    cursor: str | None = None,
    limit: int = DEFAULT_LIMIT,
    scope: ColumnElement[bool] | None = None,
) -> Page[UnitRow] | Refusal:
    """Units by name. `q`: a part of the name; `scope`: what the reader may see, see `activities.access`."""
    query = select(_UNIT)
    if parent is not None:
        query = query.where(_UNIT.c.parent == parent)
    if kind is not None:
        query = query.where(_UNIT.c.kind == kind)
    if sector is not None:
        query = query.where(_UNIT.c.sector == sector)
    if q:
        query = query.where(_UNIT.c.search.contains(folded(q.replace("\0", " ")), autoescape=True))
    if scope is not None:
        query = query.where(scope)
    return _page(connection, query, cursor, clamped(limit))


def _page(connection: Connection, query: Select[Any], cursor: str | None, limit: int) -> Page[UnitRow] | Refusal:
    order = (_UNIT.c.search, _UNIT.c.id)
    if cursor is not None:
        key = key_of(cursor, (str, str))
        if key is None:
            return Refusal(code="cursor_invalid", pointer="/cursor")
        query = query.where(after(order, key))
    found = connection.execute(query.order_by(*order).limit(limit + 1)).mappings()
    rows = [UnitRow(**row) for row in found]
    more = len(rows) > limit
    rows = rows[:limit]
    return Page(rows, cursor_of((rows[-1].search, rows[-1].id)) if more else None)


def put_unit(
    connection: Connection,
    unit: Unit,
    by: str,
    at: datetime,
    expected_version: int | None = None,
    tree: UnitTree | None = None,
) -> tuple[UnitRow, bool] | Refusal:
    """Create or change a unit; the row, and whether it is new. An unchanged one keeps its version.

    `expected_version`: 0 for a unit that may not be there yet. `tree` saves reading the units, when the caller
    holds the directory (`audit.one_at_a_time`) and knows them already.
    """
    audit.one_at_a_time(connection)
    tree = tree or load_tree(connection)
    before = find_unit(connection, unit.id)
    if refusal := _refused(tree, unit, before, expected_version):
        return refusal
    row = _row(tree, unit, before)
    if before is None:
        connection.execute(insert(_UNIT), row.model_dump())
    elif before.model_dump() == row.model_dump():
        return before, False
    else:
        row.version += 1
        connection.execute(update(_UNIT).where(_UNIT.c.id == unit.id), row.model_dump())
        _move_subtree(connection, before.path, row.path)
    audit.note(connection, f"unit:{unit.id}", before.model_dump() if before else None, row.model_dump(), by, at)
    return row, before is None


def _refused(tree: UnitTree, unit: Unit, before: UnitRow | None, expected: int | None) -> Refusal | None:
    version = before.version if before else 0
    if expected is not None and expected != version:
        return Refusal(code="version_stale", facts={"expected": expected, "version": version})
    if before is not None and before.kind != unit.kind:
        return Refusal(code="unit_kind_fixed", facts={"unit": unit.id, "kind": before.kind}, pointer="/kind")
    others = [region.id for region in tree.of_kind("region") if region.id != unit.id]
    if unit.kind == "region" and others:
        return Refusal(code="region_exists", facts={"region": others[0]}, pointer="/kind")
    if problem := tree.problem_with(unit):
        return Refusal(code="unit_misplaced", facts={"unit": unit.id, "reason": problem}, pointer="/parent")
    if unit.zone is not None and not is_zone(unit.zone):
        return Refusal(code="zone_unknown", facts={"zone": unit.zone}, pointer="/zone")
    if unit.email is not None and not is_email(unit.email):
        return Refusal(code="email_invalid", facts={"email": unit.email}, pointer="/email")
    return None


def _row(tree: UnitTree, unit: Unit, before: UnitRow | None) -> UnitRow:
    above = reversed(tree.lineage(unit.parent)) if unit.parent else ()
    return UnitRow(
        **{name: getattr(unit, name) for name in _FIELDS},
        search=folded(unit.name),
        operates=joined(unit.operates),
        path="".join(f"{place.id}/" for place in above) + f"{unit.id}/",
        version=before.version if before else 1,
    )


def _move_subtree(connection: Connection, old: str, new: str) -> None:
    if old == new:
        return
    rest = literal(new, String).concat(func.substr(_UNIT.c.path, len(old) + 1))
    below = _UNIT.c.path.startswith(old, autoescape=True)
    connection.execute(update(_UNIT).where(below).values(path=rest))
