"""The life of one stream, whatever its kind: beat, carry out, tell, wait, until it is closed."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError
from temporalio.exceptions import TimeoutError as TimedOut

with workflow.unsafe.imports_passed_through():
    from activities.beat import Beat
    from workflows.attributes import news

QUICK = timedelta(seconds=5)
"""How long a first attempt may take inside of a workflow task; after it the act becomes visible to operators."""

PATIENCE = timedelta(minutes=5)
"""How long an act is retried in a row before it goes back to the queue."""

REST = timedelta(minutes=10)
LOOK_AGAIN = timedelta(days=30)
"""When the clock brings nothing any more, look after the stream this often."""

FAILED = (ActivityError, ApplicationError, TimedOut)
"""A local activity that fails raises its failure bare, a regular one wraps it."""

HANDS = {"notice": "send_notice", "collection": "collect_forms"}


class StreamLife:
    """Clock and hands of the stream `{kind}/{id}`; the journal holds the truth."""

    def __init__(self, stream: str) -> None:
        self._stream = stream
        self._beat: Beat | None = None
        self._heard_at = workflow.now()
        self._nudged = False
        self._stale = False
        self._in_flight: dict[int, asyncio.Task[None]] = {}
        self._resting: dict[int, datetime] = {}
        self._failures: dict[int, str] = {}

    async def live(self, stream: str) -> None:
        """Go on until the stream is closed and nothing is queued."""
        while True:
            beat = await self._pass_time()
            while True:
                self._carry_out(beat)
                self._tell(beat)
                if beat.closed and not self._in_flight and not self._nudged:
                    return
                if workflow.info().is_continue_as_new_suggested():
                    await workflow.wait_condition(lambda: not self._in_flight)
                    workflow.continue_as_new(stream)
                if self._nudged or await self._wait(beat):
                    break
                beat = self._beat or beat

    @workflow.signal
    def nudge(self) -> None:
        """The journal has something to hear of before the timer fires."""
        self._nudged = True

    @workflow.signal
    def retry(self) -> None:
        """Somebody does not want to wait until what has failed for minutes has rested."""
        self._resting.clear()
        self._nudged = True

    @workflow.query
    def standing(self) -> dict[str, Any]:
        """Where the workflow believes to stand."""
        beat = self._beat
        if beat is None:
            return {"stream": self._stream, "version": None}
        return {
            "stream": self._stream,
            "version": beat.version,
            "phase": beat.phase,
            "phases": beat.phases,
            "wake_at": beat.wake_at.isoformat() if beat.wake_at else None,
            "wake_for": beat.wake_for,
            "overdue": beat.overdue,
            "closed": beat.closed,
            "in_flight": sorted(self._in_flight),
            "resting": [
                {"item": number, "until": until.isoformat(), "failure": self._failures.get(number, "")}
                for number, until in sorted(self._resting.items())
            ],
        }

    async def _pass_time(self) -> Beat:
        """Record what time has brought and send what that queues: at once if the world answers, else visibly."""
        self._nudged = False
        beat: Beat
        try:
            beat = await workflow.execute_local_activity(
                "beat",
                args=[self._stream, self._busy_with()],
                result_type=Beat,
                start_to_close_timeout=QUICK,
                retry_policy=RetryPolicy(maximum_attempts=1),
            )
        except FAILED:
            beat = await workflow.execute_activity(
                "record",
                self._stream,
                result_type=Beat,
                start_to_close_timeout=timedelta(seconds=30),
                retry_policy=RetryPolicy(maximum_interval=timedelta(minutes=1)),
                summary="Запись в журнал: база данных не ответила с первого раза",
            )
        self._remember(beat)
        return beat

    def _busy_with(self) -> list[int]:
        """The items that are being carried out or rest; the beat leaves them alone."""
        now = workflow.now()
        return sorted({*self._in_flight, *(number for number in self._resting if not self._rested(number, now))})

    def _carry_out(self, beat: Beat) -> None:
        """Begin with every queued item that nobody is busy with, items of one kind together."""
        now = workflow.now()
        for kind in HANDS:
            numbers = [
                work.number
                for work in beat.queued
                if work.kind == kind and work.number not in self._in_flight and self._rested(work.number, now)
            ]
            if numbers:
                task = asyncio.create_task(self._carry_out_all(kind, numbers))
                self._in_flight |= dict.fromkeys(numbers, task)

    def _rested(self, number: int, now: datetime) -> bool:
        return self._resting.get(number, now) <= now

    async def _carry_out_all(self, kind: str, numbers: list[int]) -> None:
        """At once if the world answers; else each item by itself, visibly and for minutes."""
        try:
            beat: Beat = await workflow.execute_local_activity(
                HANDS[kind],
                args=[self._stream, numbers],
                result_type=Beat,
                start_to_close_timeout=QUICK,
                retry_policy=RetryPolicy(maximum_attempts=1),
            )
        except FAILED:
            await asyncio.gather(*(self._carry_out_one(kind, number) for number in numbers))
        else:
            self._done(numbers, beat)

    async def _carry_out_one(self, kind: str, number: int) -> None:
        try:
            beat: Beat = await workflow.execute_activity(
                HANDS[kind],
                args=[self._stream, [number]],
                result_type=Beat,
                start_to_close_timeout=timedelta(minutes=1),
                schedule_to_close_timeout=PATIENCE,
                summary=f"Поручение {number}: не выполнено с первого раза",
            )
        except FAILED as error:
            self._resting[number] = workflow.now() + REST
            self._failures[number] = _said(error)
            self._stale = True
            del self._in_flight[number]
        else:
            self._done([number], beat)

    def _done(self, numbers: list[int], beat: Beat) -> None:
        for number in numbers:
            self._resting.pop(number, None)
            del self._in_flight[number]
        self._hear(beat)

    def _hear(self, beat: Beat) -> None:
        """An act told where the stream stands now; only a difference is a reason to leave the wait."""
        known = self._beat
        if known is not None and beat.version < known.version:
            return
        new_work = {work.number for work in beat.queued} - set(self._in_flight)
        if known is None or beat.wake_at != known.wake_at or beat.closed != known.closed or new_work:
            self._stale = True
        self._remember(beat)

    def _remember(self, beat: Beat) -> None:
        self._beat, self._heard_at = beat, workflow.now()

    def _tell(self, beat: Beat) -> None:
        """Say where the year stands: search attributes only when they change, for they are dear."""
        updates = news(workflow.info().typed_search_attributes, beat)
        if updates:
            workflow.upsert_search_attributes(updates)
        if workflow.get_current_details() != beat.details:
            workflow.set_current_details(beat.details)

    async def _wait(self, beat: Beat) -> bool:
        """Wait for a nudge, the next moment or news from a finished act; whether time has to be passed."""
        now = workflow.now()
        moments = [moment for moment in self._resting.values() if moment > now]
        if beat.wake_at is not None:  # how long, by the journal's clock: Temporal's may tell another time
            moments.append(self._heard_at + (beat.wake_at - beat.now))
        wake = min(moments, default=now + LOOK_AGAIN)
        self._stale = False
        try:
            await workflow.wait_condition(
                lambda: self._nudged or self._stale,
                timeout=max(wake - now, timedelta(0)),
                timeout_summary=beat.wake_for or None,
            )
        except TimeoutError:
            return True
        return self._nudged


def _said(error: BaseException) -> str:
    """What went wrong itself, below what the SDK says of it."""
    while error.__cause__ is not None:
        error = error.__cause__
    return getattr(error, "message", "") or str(error)
