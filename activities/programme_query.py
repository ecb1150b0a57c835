"""Questions about programmes: one now, one as it was, many, and the journal behind them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, bindparam, select

from activities import audit, journal
from activities.directory import folded
from activities.event_rows import content
from activities.paging import Page, after, clamped, cursor_of, key_of
from activities.programme_view import programme_body
from activities.programmes import PREFIX, ProgrammeStreams
from activities.tables import ProgrammeRow, SnapshotRow, UnitRow
from activities.texts import read_texts, resolved
from domain.mentoring_forms import MentoringForm
from domain.programme.evolve import fold
from domain.programme.passing import pass_time
from domain.programme.state import Programme
from domain.refusal import Refusal
from domain.units import Sector

_PROGRAMME: Table = ProgrammeRow.__table__  # type: ignore[attr-defined]
_SNAPSHOT: Table = SnapshotRow.__table__  # type: ignore[attr-defined]
_UNIT: Table = UnitRow.__table__  # type: ignore[attr-defined]

_NOW = select(
    _PROGRAMME.c.organisation,
    _PROGRAMME.c.forms,
    _PROGRAMME.c.version,
    _PROGRAMME.c.changes_at,
    _PROGRAMME.c.body,
    audit.LATEST.scalar_subquery().label("stamp"),
).where(_PROGRAMME.c.id == bindparam("id"))
_STATE = select(_SNAPSHOT.c.state).where(_SNAPSHOT.c.stream == bindparam("stream"))
_FIXED = {True: '"forms_fixed":true', False: '"forms_fixed":false'}
"""What stands in the body of a programme, and nowhere else in it: in a text the quotes would be escaped."""

_LINE = (
    _PROGRAMME.c.id,
    _PROGRAMME.c.organisation,
    _UNIT.c.name.label("organisation_name"),
    _PROGRAMME.c.municipality,
    _PROGRAMME.c.year,
    _PROGRAMME.c.roadmap,
    _PROGRAMME.c.status,
    _PROGRAMME.c.phase,
    _PROGRAMME.c.version,
    _PROGRAMME.c.overdue,
    _PROGRAMME.c.next_deadline,
)


def read_row(connection: Connection, programme: str) -> Any | None:
    """Organisation, forms, version and body of a programme, when the body will be out of date, and the directory's
    `stamp` for `Trees.current`, in one look.
    """
    return connection.execute(_NOW, {"id": programme}).first()


def read_state(connection: Connection, streams: ProgrammeStreams, programme: str) -> Programme | None:
    """The state after the last recorded event."""
    text = connection.scalar(_STATE, {"stream": PREFIX + programme})
    return streams.parse_state(text) if text is not None else None


def body_now(connection: Connection, streams: ProgrammeStreams, programme: str, now: datetime) -> bytes:
    """The programme with everything that time has brought, also what nobody has recorded yet."""
    state = read_state(connection, streams, programme)
    assert state is not None, "a row of the read model has a snapshot"
    return _passed(connection, streams, programme, state, now)


def body_at(connection: Connection, streams: ProgrammeStreams, programme: str, at: datetime) -> bytes | None:
    """The programme as it was at an instant, folded from its events; `None` before it was started."""
    entries = journal.read(connection, PREFIX + programme)
    past = [streams.parse_event(entry) for entry in entries if entry.at <= at]
    state = fold(None, past)
    return _passed(connection, streams, programme, state, at) if state is not None else None


def _passed(connection: Connection, streams: ProgrammeStreams, programme: str, state: Programme, at: datetime) -> bytes:
    plan = streams.plan(state)
    passed = fold(state, pass_time(state, plan, at))
    assert passed is not None
    return programme_body(passed, plan, read_texts(connection, PREFIX + programme), version=state.version)


def read_events(connection: Connection, programme: str, after_version: int, limit: int) -> Page[dict[str, Any]]:
    """The journal of a programme, with the texts that have not been erased."""
    return read_journal(connection, PREFIX + programme, after_version, limit)


def read_journal(
    connection: Connection, stream: str, after_version: int, limit: int, *, texts: bool = True
) -> Page[dict[str, Any]]:
    """The same of any stream; without `texts`, what people wrote is not told."""
    limit = clamped(limit)
    entries = list(journal.read(connection, stream, after_version, limit + 1))
    known = read_texts(connection, stream) if texts else None
    items = [_event(entry, known) for entry in entries[:limit]]
    return Page(items, str(entries[limit - 1].version) if len(entries) > limit else None)


def _event(entry: journal.Entry, texts: dict[str, str] | None) -> dict[str, Any]:
    data = content(entry.stream, entry.type, entry.data)
    return {
        "version": entry.version,
        "type": entry.type,
        "at": entry.at,
        "recorded_at": entry.recorded_at,
        "by": entry.by,
        "data": resolved(data, texts) if texts is not None else data,
        "hash": entry.hash,
    }


def list_programmes(
    connection: Connection,
    scope: ColumnElement[bool],
    *,
    unit: str | None = None,
    year: int | None = None,
    phase: int | None = None,
    status: str | None = None,
    overdue: bool | None = None,
    form: MentoringForm | None = None,
    forms_fixed: bool | None = None,
    sector: Sector | None = None,
    q: str | None = None,
    cursor: str | None = None,
    limit: int = 100,
) -> Page[dict[str, Any]] | Refusal:
    """Programmes by id. `unit`: it and everything under it; `form`: chosen for the programme, for good when
    `forms_fixed`; `q`: a part of the organisation's name or id.
    """
    query = select(*_LINE).join(_UNIT, _UNIT.c.id == _PROGRAMME.c.organisation).where(scope)
    conditions: list[tuple[Any, ColumnElement[bool]]] = [
        (year, _PROGRAMME.c.year == year),
        (phase, _PROGRAMME.c.phase == phase),
        (status, _PROGRAMME.c.status == status),
        (overdue, _PROGRAMME.c.overdue > 0 if overdue else _PROGRAMME.c.overdue == 0),
        (form, _PROGRAMME.c.forms.contains(f",{form},", autoescape=True)),
        (forms_fixed, _PROGRAMME.c.body.contains(_FIXED[bool(forms_fixed)], autoescape=True)),
        (sector, _UNIT.c.sector == sector),
        (unit, ("/" + _UNIT.c.path).contains(f"/{unit}/", autoescape=True)),
    ]
    for given, condition in conditions:
        if given is not None:
            query = query.where(condition)
    if q:
        needle = folded(q)
        found = _UNIT.c.search.contains(needle, autoescape=True) | _PROGRAMME.c.id.contains(needle, autoescape=True)
        query = query.where(found)
    if cursor is not None:
        key = key_of(cursor, (str,))
        if key is None:
            return Refusal(code="cursor_invalid", pointer="query:cursor")
        query = query.where(after((_PROGRAMME.c.id,), key))
    limit = clamped(limit)
    rows = list(connection.execute(query.order_by(_PROGRAMME.c.id).limit(limit + 1)).mappings())
    items = list(_lines(rows[:limit]))
    return Page(items, cursor_of((items[-1]["id"],)) if len(rows) > limit else None)


def _lines(rows: list[Any]) -> Iterator[dict[str, Any]]:
    for row in rows:
        key, _, version = row["roadmap"].partition("@")
        yield {**row, "roadmap": {"key": key, "version": version}}
