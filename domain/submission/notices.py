"""Whether a queued notice of a submission still says the truth; one that does not is dropped (DESIGN, 5)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from domain.ladder import SUPERVISORS
from domain.plan import local_day
from domain.queued import Queued
from domain.submission.state import Submission


def still_true(submission: Submission, item: Queued, at: datetime) -> bool:
    """Whether the text of a notice, rendered at the instant `at`, would be true."""
    match item.notice:
        case "reminder":
            today = local_day(at, submission.zone)
            return _owed_by_then(submission, item) and today <= submission.due and not _superseded(submission, item)
        case "missed" | "escalation":
            return _owed_by_then(submission, item) and submission.overdue
        case "extended" | "moved" | "reopened":
            return _owed_by_then(submission, item)
        case "opened":
            return not submission.closed and submission.status == "draft"
        case "returned":
            return submission.owed and submission.status == "returned"
        case "closed":
            return submission.closed
        case _:
            return True  # a receipt stays true


def optional(item: Queued, today: date) -> bool:
    """Whether a person may decline the notice: reminders before the last day of a deadline, and nothing else."""
    return item.notice == "reminder" and item.due is not None and today < item.due


def bundled(item: Queued, addressees: Iterable[str]) -> bool:
    """Whether who gets a notice as these addressees reads it in a digest instead of a letter of its own."""
    return item.notice in ("missed", "escalation", "extended", "moved") and SUPERVISORS.issuperset(addressees)


def _owed_by_then(submission: Submission, item: Queued) -> bool:
    return submission.owed and submission.due == item.due


def _superseded(submission: Submission, item: Queued) -> bool:
    """Whether a later reminder of the same deadline waits beside it: after an outage one is enough."""
    later = (one for one in submission.items.values() if one.number > item.number and one.notice == "reminder")
    return any(one.due == item.due and set(item.to) <= set(one.to) for one in later)
