"""The activities of a bulk act: what is missing, and one item after another."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any, Protocol

import orjson
from pydantic import TypeAdapter
from sqlalchemy import Connection, Table, func, select, update
from temporalio import activity

from activities.beat import BulkShare, Facts
from activities.bulk import STARTED
from activities.jobs import DONE, STOPPED, percent_of
from activities.programme_view import programme_id
from activities.programmes import PREFIX
from activities.recorder import Also, Recorder
from activities.standing import facts_of
from activities.tables import BulkItemRow, BulkRow
from domain.programme.commands import ProgrammeCommand, StartProgramme
from domain.refusal import Refusal

SHARE = 20
"""Items per share: what a crash between two looks at the list may repeat, harmlessly."""

_COMMAND: TypeAdapter[ProgrammeCommand] = TypeAdapter(ProgrammeCommand)
_BULK: Table = BulkRow.__table__  # type: ignore[attr-defined]
_ITEM: Table = BulkItemRow.__table__  # type: ignore[attr-defined]
_WANTED = select(
    _ITEM.c.item, _ITEM.c.command, _ITEM.c.plan, _ITEM.c.outcome,
    _BULK.c.kind, _BULK.c.action, _BULK.c.arguments, _BULK.c.by, _BULK.c.year, _BULK.c.reason, _BULK.c.stopped_at,
).join(_BULK, _BULK.c.id == _ITEM.c.bulk)  # fmt: skip


class Cures(Protocol):
    """What carries single cures out."""

    def carry_out(
        self, action: str, name: str, given: dict[str, Any], shown: str, by: str, key: str, also: Also
    ) -> Refusal | None: ...


class BulkHands:
    """The activities of a bulk act."""

    def __init__(self, recorder: Recorder, nudge: Callable[[str, Facts], None], cures: Cures | None = None) -> None:
        """`cures`: for those that cure; the others record a command each."""
        self._recorder, self._nudge, self._cures = recorder, nudge, cures

    @activity.defn(name="bulk_share", no_thread_cancel_exception=True)
    def bulk_share(self, bulk: str) -> BulkShare:
        """The next items without an outcome; an empty share finishes the bulk act, and so does its being stopped."""
        open_items = (_ITEM.c.bulk == bulk) & _ITEM.c.outcome.is_(None)
        with self._recorder.database.reading() as connection:
            stopped = connection.scalar(select(_BULK.c.stopped_at).where(_BULK.c.id == bulk)) is not None
            total = connection.scalar(select(func.count()).where(_ITEM.c.bulk == bulk)) or 0
            missing = connection.scalar(select(func.count()).where(open_items)) or 0
            query = select(_ITEM.c.item).where(open_items).order_by(_ITEM.c.item).limit(SHARE)
            share = [] if stopped else list(connection.scalars(query))
        if not share:
            self._finish(bulk, stopped)
        return BulkShare(share, 100 if stopped else percent_of(total - missing, total))

    def _finish(self, bulk: str, stopped: bool) -> None:
        with self._recorder.database.writing() as connection:
            here = (_BULK.c.id == bulk) & _BULK.c.finished_at.is_(None)
            ended = {"finished_at": self._recorder.clock(), "reason": None, "arguments": None}
            connection.execute(update(_BULK).where(here), ended)  # each journal keeps its own words
            if stopped:
                left = (_ITEM.c.bulk == bulk) & _ITEM.c.outcome.is_(None)
                connection.execute(update(_ITEM).where(left), {"outcome": STOPPED})

    @activity.defn(name="bulk_start", no_thread_cancel_exception=True)
    def bulk_start(self, bulk: str, item: str) -> None:
        """Carry one item out; what is refused is an outcome, not a failure."""
        here = (_ITEM.c.bulk == bulk) & (_ITEM.c.item == item)
        with self._recorder.database.reading() as connection:
            row = connection.execute(_WANTED.where(here)).one()
        if row.outcome is not None or row.stopped_at is not None:
            return

        def done(connection: Connection, outcome: str = DONE) -> None:
            connection.execute(update(_ITEM).where(here), {"outcome": outcome})

        refusal = self._cure(bulk, row, done) if row.kind == "cure" else self._record(bulk, row, done)
        if refusal is not None:
            with self._recorder.database.writing() as connection:
                told = {"outcome": refusal.code, "refused": refusal.model_dump_json()}
                connection.execute(update(_ITEM).where(here, _ITEM.c.outcome.is_(None)), told)

    def _cure(self, bulk: str, row: Any, done: Also) -> Refusal | None:
        assert self._cures is not None, "a worker has all hands"
        key = f"bulk/{bulk}/{sha256(row.item.encode()).hexdigest()[:32]}"
        given = orjson.loads(row.arguments or "{}")
        return self._cures.carry_out(row.action, row.item, given, row.plan, row.by, key, done)

    def _record(self, bulk: str, row: Any, done: Callable[[Connection, str], None]) -> Refusal | None:
        command = _COMMAND.validate_json(row.command)
        stream = f"{PREFIX}{programme_id(row.item, row.year)}"
        outcome = STARTED if isinstance(command, StartProgramme) else DONE
        ref = getattr(command, "reason", None)
        result = self._recorder.record(
            stream,
            command,
            by=row.by,
            key=f"bulk/{bulk}/{row.item}",
            texts={ref: row.reason} if ref and row.reason else {},
            also=lambda connection: done(connection, outcome),
        )
        if isinstance(result, Refusal):
            return result
        if result.state is not None:
            self._nudge(stream, facts_of(result.state))
        return None
