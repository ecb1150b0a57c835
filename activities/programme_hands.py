"""The activities of a programme's workflow: its clock and its hands."""

from __future__ import annotations

from time import monotonic

from temporalio import activity

from activities.beat import Beat
from activities.delivery import Delivery
from activities.forms import Forms
from activities.recorder import Recorder
from activities.standing import beat_of
from domain.programme.state import Programme

WORKER = "worker"
"""Who acts in the journal when nobody does."""


A_WHILE = 2.0
"""Seconds after which an act on several items answers, well within the time that a local activity gets."""


class ProgrammeHands:
    """Records what time brings and carries out what is queued; every act answers with where the stream stands.

    No act is broken off in the middle by the SDK: a letter that was half handed over would go out twice.
    """

    def __init__(self, recorder: Recorder, delivery: Delivery, forms: Forms) -> None:
        self._recorder, self._delivery, self._forms = recorder, delivery, forms

    @activity.defn(name="record", no_thread_cancel_exception=True)
    def pass_time(self, stream: str) -> Beat:
        """Record `PassTime`."""
        return self._standing(stream, self._recorder.pass_time(stream, by=WORKER))

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

    def _standing(self, stream: str, state: Programme | None) -> Beat:
        now = self._recorder.clock()
        if state is None:
            nothing = "Записи о программе нет."
            return Beat(stream, 0, now, None, "", 0, [], None, overdue=False, closed=True, details=nothing)
        return beat_of(stream, state, self._recorder.plan(state), now)
