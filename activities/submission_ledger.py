"""The ledger of a submission's deadline: the first date, every later one, and how it was kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, select

from activities.event_rows import content
from activities.submissions import PREFIX
from activities.tables import EventRow
from activities.texts import read_texts, resolved
from domain.plan import local_day
from domain.programme.timeliness import timeliness
from domain.submission.state import Submission

_EVENT: Table = EventRow.__table__  # type: ignore[attr-defined]
_DATED = select(_EVENT.c.version, _EVENT.c.type, _EVENT.c.at, _EVENT.c.by, _EVENT.c.data).where(
    _EVENT.c.type.in_(("SubmissionOpened", "DeadlineMoved"))
)
_MOVE = ("was", "due", "asked", "cause", "reason", "order")


def read_submission_ledger(connection: Connection, state: Submission, now: datetime) -> dict[str, Any]:
    """`{submission, version, first_asked, first_due, due, done_on, timeliness: {raw, excused}, moves}`.

    A move says when, from where to where, by what cause, why, by which order and whom. `done_on`: first handed in.
    """
    stream = PREFIX + state.id
    texts = read_texts(connection, stream)
    opened, *moves = connection.execute(_DATED.where(_EVENT.c.stream == stream).order_by(_EVENT.c.version))
    done = local_day(state.first_submitted_at, state.zone) if state.first_submitted_at else None
    return {
        "submission": state.id,
        "version": state.version,
        "first_asked": content(PREFIX, opened.type, opened.data)["asked"],
        "first_due": state.first_due,
        "due": state.due,
        "done_on": done,
        "timeliness": timeliness(state.first_due, state.excused_due, done, local_day(now, state.zone)).model_dump(),
        "moves": [_move(row, texts) for row in moves],
    }


def _move(row: Any, texts: dict[str, str]) -> dict[str, Any]:
    data = content(PREFIX, row.type, row.data)
    told = {name: resolved(data.get(name), texts) for name in _MOVE}
    return {"version": row.version, "at": row.at, "by": row.by, **told}
