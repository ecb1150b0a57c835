"""What is due at one moment is recorded together: a thousand schools miss 10 October at the same midnight."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from time import monotonic
from typing import Any

import structlog
from sqlalchemy import Table, select

from activities.recorder import Recorder
from activities.tables import SnapshotRow

AT_ONCE = 32
"""Streams of one transaction: commands of people wait for it, so it has to be a matter of hundredths of a second."""

CROWD = 2_000
"""Streams that one look finds; the next look finds the rest."""

FOR_OTHERS = 1.5
"""Seconds that a beat spends on the streams of others, well within the time that it gets."""

WAIT = 0.5
"""Seconds that a beat waits for somebody who may be recording for it; then it records for itself."""

_SNAPSHOT: Table = SnapshotRow.__table__  # type: ignore[attr-defined]

log = structlog.get_logger(__name__)


class Crowd:
    """Passes time for a stream and, if something was due, for all others whose moment has come as well.

    The first beat of a crowd records for all; the others wait for it, find everything written down and go on.
    Nothing relies on it: whoever is not reached records for itself.
    """

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._turn = threading.Lock()

    def pass_time(self, stream: str, *, by: str) -> Any:
        """Record what time has brought; the state of `stream` after it, `None` for an unknown one."""
        if not self._turn.acquire(timeout=WAIT):
            return self._recorder.pass_time(stream, by=by).state
        try:
            passed = self._recorder.pass_time(stream, by=by)
            if passed.news:
                self._for_others(by)
        finally:
            self._turn.release()
        return passed.state

    def _for_others(self, by: str) -> None:
        until = monotonic() + FOR_OTHERS
        for streams in self._due():
            if monotonic() > until:
                return
            try:
                self._recorder.pass_time_together(streams, by=by)
            except Exception as problem:  # one stream that fails must not hold up the others: each has its own beat
                log.warning("crowd_left_alone", streams=len(streams), error=type(problem).__name__)

    def _due(self) -> Iterator[Sequence[str]]:
        due = select(_SNAPSHOT.c.stream).where(_SNAPSHOT.c.open, _SNAPSHOT.c.wake_at <= self._recorder.clock())
        with self._recorder.database.reading() as connection:
            found = connection.scalars(due.order_by(_SNAPSHOT.c.wake_at, _SNAPSHOT.c.stream).limit(CROWD)).all()
        return (found[at : at + AT_ONCE] for at in range(0, len(found), AT_ONCE))
