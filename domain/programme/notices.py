"""Whether a queued notice still says the truth; one that does not is dropped (DESIGN, 5)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from domain.ladder import SUPERVISORS
from domain.plan import local_day
from domain.programme.state import Item, Occurrence, Programme


def still_true(programme: Programme, item: Item, at: datetime) -> bool:
    """Whether the text of a notice, rendered at the instant `at`, would be true."""
    kind = item.notice
    if kind in ("reminder", "missed", "escalation"):
        return programme.status == "running" and _speaks_of_now(programme, item, local_day(at, programme.zone))
    if kind == "ended":
        return not programme.active
    if not programme.active:
        return False
    match kind:
        case "handed":
            return bool(open_steps(programme, item)) and _still_with(programme, item)
        case "moved":
            return bool(open_steps(programme, item))
        case "appointed":
            return any(f"person:{person}" in item.to for person in programme.appointed.values())
        case "paused":
            return programme.status == "paused"
        case "resumed":
            return programme.status == "running"
        case _:
            return True


def optional(item: Item, today: date) -> bool:
    """Whether a person may decline the notice: reminders before the last day of a deadline, and nothing else."""
    return item.notice == "reminder" and item.due is not None and today < item.due


def bundled(item: Item, addressees: Iterable[str]) -> bool:
    """Whether who gets a notice as these addressees reads it in a digest instead of a letter of its own."""
    return item.notice in ("escalation", "moved") and SUPERVISORS.issuperset(addressees)


def open_steps(programme: Programme, item: Item) -> list[tuple[int, Occurrence]]:
    """The deadlines a notice speaks of that are still owed."""
    owed = {(step.number, o.number): o for step, o in programme.open_obligations()}
    return [(step, owed[step, occurrence]) for step, occurrence in item.steps if (step, occurrence) in owed]


def _speaks_of_now(programme: Programme, item: Item, today: date) -> bool:
    owed = open_steps(programme, item)
    if len(owed) < len(item.steps) or any(occurrence.due != item.due for _, occurrence in owed):
        return False
    if item.notice == "reminder":
        return all(today <= occurrence.due for _, occurrence in owed) and not _superseded(programme, item)
    return all(occurrence.overdue for _, occurrence in owed)


def _still_with(programme: Programme, item: Item) -> bool:
    return all(f"person:{programme.steps[step].responsible}" in item.to for step, _ in item.steps)


def _superseded(programme: Programme, item: Item) -> bool:
    """Whether a later reminder of the same deadline waits beside it: after an outage one is enough."""
    later = (one for one in programme.items.values() if one.number > item.number and one.notice == "reminder")
    return any(one.steps == item.steps and set(item.to) <= set(one.to) for one in later)
