"""A planned cure is carried out: recorded, or rows changed, with whoever asked; then what the workflow has to do."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from activities.cures.planned import Hands, Planned
from activities.recorder import Also, Recorded
from activities.wiring import Core
from domain.refusal import Refusal


def carry_out(
    core: Core, hands: Hands, planned: Planned, by: str, key: str | None = None, also: Also | None = None
) -> Refusal | None:
    """Do what was planned; `also` is written in the same transaction, last. Why not, if it cannot be done any more.

    What the hands do comes before it is written that all is done: after a crash in between it is done again, which
    does no harm.
    """
    if planned.command is not None:
        return _recorded(core, hands, planned, by, key, also)
    if planned.rows is not None and planned.after is None:
        return _changed(core, planned, by, also)
    refusal = _changed(core, planned, by, None) if planned.rows is not None else None
    if refusal is None and planned.after is not None:
        planned.after(hands)
    if refusal is None and also is not None:
        with core.database.writing() as connection:
            also(connection)
    return refusal


def _recorded(
    core: Core, hands: Hands, planned: Planned, by: str, key: str | None, also: Also | None
) -> Refusal | None:
    stream = planned.target.stream or ""
    done: Any = core.recorder.record(
        stream, planned.command, by=by, key=key, texts=planned.texts, also=_both(planned.also, also)
    )
    if isinstance(done, Refusal):
        return done
    assert isinstance(done, Recorded)
    if planned.after is not None:
        planned.after(hands)
    elif done.nudge and done.state is not None:
        hands.nudge(stream, core.kinds.facts(stream, done.state))
    return None


def _changed(core: Core, planned: Planned, by: str, also: Also | None) -> Refusal | None:
    assert planned.rows is not None
    try:
        with core.database.writing() as connection:
            refusal = planned.rows(connection, by, core.clock())
            if refusal is not None:
                raise _Refused(refusal)
            if also is not None:
                also(connection)
    except _Refused as refused:
        return refused.refusal
    return None


class _Refused(Exception):
    """Takes back what was written before somebody said no."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


def _both(first: Also | None, second: Also | None) -> Also | None:
    if first is None or second is None:
        return first or second

    def both(connection: Connection) -> None:
        first(connection)
        second(connection)

    return both
