"""The planner: what the clock will bring to a submission, as a pure function of state and timetable."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from domain.plan import Ahead, Moment, Timetable
from domain.queued import next_attempt
from domain.submission.state import Submission
from domain.value import Value

SubmissionAct = Literal["deadline", "reminder", "missed", "escalation"]


class AgendaItem(Value):
    """One future act: the passing of the deadline, or a notice of its ladder."""

    at: datetime
    kind: SubmissionAct
    rung: str | None = None
    to: tuple[str, ...] = ()


def agenda(submission: Submission, plan: Timetable) -> list[AgendaItem]:
    """Everything that will happen by itself if nobody acts, in order of time; nothing while nothing is owed."""
    if not submission.owed:
        return []
    passed = plan.passed(submission.due, submission.zone, submission.told_until)
    ahead = Ahead(plan, submission.due, submission.zone, passed, submission.sent)
    return [_item(moment) for moment in ahead.moments]


def next_wakeup(submission: Submission, plan: Timetable) -> datetime | None:
    """The next moment at which the clock brings something, `None` when it brings nothing more."""
    return next((item.at for item in agenda(submission, plan)), None)


def next_items(submission: Submission, plan: Timetable, until: datetime | None = None) -> list[AgendaItem]:
    """Everything that happens at the next wake-up, if it comes by `until`."""
    items = agenda(submission, plan)
    if not items or (until is not None and items[0].at > until):
        return []
    return [item for item in items if item.at == items[0].at]


def wake_at(submission: Submission, plan: Timetable, after: datetime | None = None) -> datetime | None:
    """When the workflow has to look again: the next moment, or the next attempt of an item deferred beyond `after`."""
    moments = (next_attempt(submission.items.values(), after), next_wakeup(submission, plan))
    return min((at for at in moments if at is not None), default=None)


def _item(moment: Moment) -> AgendaItem:
    rung = moment.rung
    if rung is None:
        return AgendaItem(at=moment.at, kind="deadline")
    return AgendaItem(at=moment.at, kind=rung.kind, rung=rung.key, to=rung.to)
