"""The activities of a programme's workflow: its clock and its hands."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any

import structlog
from temporalio import activity

from activities.beat import Beat
from activities.crowd import Crowd
from activities.delivery import Delivery
from activities.questionnaires import Forms
from activities.queue_rows import ready
from activities.recorder import Recorder
from activities.recording import WORKER
from domain.programme.state import Item

A_WHILE = 2.0
"""Seconds after which an act on several items answers, well within the time that a local activity gets."""

log = structlog.get_logger(__name__)


class ProgrammeHands:
    """Records what time brings and carries out what is queued; every act answers with where the stream stands.

    No act is broken off in the middle by the SDK: a letter that was half handed over would go out twice.
    """

    def __init__(self, recorder: Recorder, delivery: Delivery, forms: Forms) -> None:
        self._recorder, self._delivery, self._forms = recorder, delivery, forms
        self._crowd = Crowd(recorder)

    @property
    def activities(self) -> list[Callable[..., Beat]]:
        """What a worker registers."""
        return [self.beat, self.pass_time, self.send_notice, self.collect_forms]

    @activity.defn(name="beat", no_thread_cancel_exception=True)
    def beat(self, stream: str, busy: list[int]) -> Beat:
        """Record `PassTime`, for others that are due as well; then carry out what is queued.

        Items that somebody is `busy` with are left to them. What cannot be carried out now stays queued: the
        workflow tries again where operators can see it.
        """
        until = monotonic() + A_WHILE
        state, now = self._crowd.pass_time(stream, by=WORKER), self._recorder.clock()
        waiting = [one for one in ready(state.items, now) if one.number not in busy] if state else []
        for item in waiting:
            try:
                self._carry_out(stream, item)
            except Exception as problem:
                log.warning("act_left_queued", stream=stream, number=item.number, error=type(problem).__name__)
            if monotonic() > until:
                break
        return self._standing(stream, self._recorder.state(stream) if waiting else state)

    @activity.defn(name="record", no_thread_cancel_exception=True)
    def pass_time(self, stream: str) -> Beat:
        """Record `PassTime`."""
        return self._standing(stream, self._recorder.pass_time(stream, by=WORKER).state)

    @activity.defn(name="send_notice", no_thread_cancel_exception=True)
    def send_notice(self, stream: str, numbers: list[int]) -> Beat:
        """Send queued notices to their recipients; what a slow mail server leaves over stays queued."""
        until = monotonic() + A_WHILE
        for number in numbers:
            self._delivery.send_notice(stream, number)
            if monotonic() > until:
                break
        return self._standing(stream, self._recorder.state(stream))

    @activity.defn(name="collect_forms", no_thread_cancel_exception=True)
    def collect_forms(self, stream: str, numbers: list[int]) -> Beat:
        """Gather the questionnaires that came back."""
        for number in numbers:
            self._forms.collect_forms(stream, number)
        return self._standing(stream, self._recorder.state(stream))

    def _carry_out(self, stream: str, item: Item) -> None:
        match item.kind:
            case "notice":
                self._delivery.send_notice(stream, item.number)
            case "collection":
                self._forms.collect_forms(stream, item.number)

    def _standing(self, stream: str, state: Any) -> Beat:
        now = self._recorder.clock()
        if state is None:
            nothing = "Записи об этом нет."
            return Beat(stream, 0, now, None, "", 0, [], None, overdue=False, closed=True, details=nothing)
        return self._recorder.kinds.of(stream).beat(stream, state, now)
