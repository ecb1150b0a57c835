"""One turn of deciding on a submission."""

from __future__ import annotations

from datetime import datetime

from domain.plan import Timetable
from domain.submission.events import Happened, SubmissionEvent
from domain.submission.evolve import evolve
from domain.submission.state import Submission
from domain.turn import AnyTurn


class Turn(AnyTurn[Submission, Timetable, SubmissionEvent, Happened]):
    """Collects the events of a submission."""

    def step(self, event: SubmissionEvent, at: datetime) -> tuple[Happened, Submission]:
        """What has happened, and the submission after it."""
        one = Happened(at=at, event=event)
        return one, evolve(self.state, one)
