"""What superiors have to hear of: a form that is owed, and whose deadline has passed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from domain.ladder import SUPERVISORS
from domain.plan import Timetable
from domain.submission.evolve import fold
from domain.submission.passing import pass_time
from domain.submission.state import Submission


def as_of(submission: Submission, plan: Timetable, at: datetime) -> Submission:
    """The submission with everything that time has brought by `at`, recorded or not."""
    return fold(submission, pass_time(submission, plan, at)) or submission


def reached_superiors(submission: Submission, plan: Timetable, at: datetime) -> Mapping[str, datetime]:
    """The moment at which a late submission, brought up to `at`, reached each addressee above the respondent."""
    if not submission.owed or not submission.overdue:
        return {}
    reached: dict[str, datetime] = {}
    for moment in plan.moments(submission.due, submission.zone):
        if moment.rung is not None and moment.rung.kind == "escalation" and moment.at <= at:
            for addressee in SUPERVISORS.intersection(moment.rung.to):
                reached.setdefault(addressee, moment.at)
    return reached
