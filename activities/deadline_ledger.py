"""The ledger of a programme's deadlines: the first date of each, every later one, and how they were kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Table, select

from activities.event_rows import content
from activities.programmes import PREFIX, ProgrammeStreams
from activities.tables import EventRow, SnapshotRow
from activities.texts import read_texts, resolved
from domain.plan import local_day
from domain.programme.state import Occurrence, Programme, StepState
from domain.programme.timeliness import Timeliness, of_occurrence, of_programme, of_step, tally

_EVENT: Table = EventRow.__table__  # type: ignore[attr-defined]
_SNAPSHOT: Table = SnapshotRow.__table__  # type: ignore[attr-defined]
_MOVED = select(_EVENT.c.version, _EVENT.c.type, _EVENT.c.at, _EVENT.c.by, _EVENT.c.data).where(
    _EVENT.c.type.in_(("ProgrammeStarted", "DeadlineMoved"))
)

Moves = dict[tuple[int, int], list[dict[str, Any]]]


def read_ledger(connection: Connection, streams: ProgrammeStreams, programme: str, now: datetime) -> dict[str, Any]:
    """`{programme, version, timeliness, steps: [{number, title, state, timeliness, deadlines}]}` of a known programme.

    A deadline has `first_due`, `due`, `done_on`, its timeliness, and `moves`: when, from where to where, why, by which
    order and whom.
    """
    text = connection.scalar(select(_SNAPSHOT.c.state).where(_SNAPSHOT.c.stream == PREFIX + programme))
    assert text is not None, "a programme of the read model has a snapshot"
    state = streams.parse_state(text)
    moves = _moves(connection, PREFIX + programme)
    today = local_day(now, state.zone)
    titles = {step.number: step.title for step in streams.plan(state).roadmap.all_steps()}
    return {
        "programme": programme,
        "version": state.version,
        "timeliness": timeliness_view(of_programme(state, today)),
        "steps": [_step(state, step, titles[step.number], moves, today) for step in state.steps.values()],
    }


def timeliness_view(found: Iterable[Timeliness]) -> dict[str, Any]:
    """`{raw, excused}`, each with counts and the percentage in time of those that have come."""
    every = list(found)
    sides = {"raw": tally(one.raw for one in every), "excused": tally(one.excused for one in every)}
    return {name: {**side.model_dump(), "rate": side.rate} for name, side in sides.items()}


def _moves(connection: Connection, stream: str) -> Moves:
    """The moves of the present run of the year, oldest first."""
    texts = read_texts(connection, stream)
    moves: Moves = {}
    for row in connection.execute(_MOVED.where(_EVENT.c.stream == stream).order_by(_EVENT.c.version)):
        if row.type == "ProgrammeStarted":
            moves = {}
            continue
        data = content(stream, row.type, row.data)
        moves.setdefault((data["step"], data["occurrence"]), []).append(_move(row, data, texts))
    return moves


def _move(row: Any, data: Mapping[str, Any], texts: Mapping[str, str]) -> dict[str, Any]:
    names = ("was", "due", "asked", "cause", "reference", "reason", "order")
    told = {name: resolved(data.get(name), texts) for name in names}
    return {"version": row.version, "at": row.at, "by": row.by, **told}


def _step(state: Programme, step: StepState, title: str, moves: Moves, today: date) -> dict[str, Any]:
    skipped = step.status == "skipped"
    stand = None if skipped else of_step(of_occurrence(state, one, today) for one in step.occurrences)
    return {
        "number": step.number,
        "title": title,
        "state": step.status,
        "timeliness": stand.model_dump() if stand else None,
        "deadlines": [
            _deadline(state, one, moves.get((step.number, one.number), []), today, skipped) for one in step.occurrences
        ],
    }


def _deadline(
    state: Programme, one: Occurrence, moves: list[dict[str, Any]], today: date, skipped: bool
) -> dict[str, Any]:
    return {
        "occurrence": one.number,
        "first_due": one.first_due,
        "due": one.due,
        "done_on": local_day(one.done_at, state.zone) if one.done_at else None,
        "timeliness": None if skipped else of_occurrence(state, one, today).model_dump(),
        "moves": moves,
    }
