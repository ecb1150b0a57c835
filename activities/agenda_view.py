"""The planner's agenda as people read it: who gets which letter when, with its subject."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from activities.letter_words import subject
from activities.reaching import reach
from activities.recipients import RecipientBook
from domain.plan import Plan, local_day
from domain.programme.agenda import AgendaItem, agenda
from domain.programme.foretell import Stretch
from domain.programme.state import Programme

NOTICES = ("reminder", "missed", "escalation")


def agenda_view(
    programme: Programme, plan: Plan, book: RecipientBook, everything: bool = False, names: bool = True
) -> list[dict[str, Any]]:
    """`[{at, kind, step, to, to_name, subject}]`, one for each recipient; `to` is `null` where nobody stands behind it.

    `everything` adds the opening of phases and the passing of deadlines, which send nothing; without `names` nobody is
    named.
    """
    return stretch_view(Stretch(programme, agenda(programme, plan)), plan, book, everything, names)


def stretch_view(
    stretch: Stretch, plan: Plan, book: RecipientBook, everything: bool = False, names: bool = True
) -> list[dict[str, Any]]:
    """The same for a part of the year."""
    items: list[dict[str, Any]] = []
    for item in stretch.items:
        if item.kind in NOTICES:
            items.extend(_notices(stretch.state, plan, book, item, names))
        elif everything:
            items.append({"at": item.at, "kind": item.kind, "step": item.step, "phase": item.phase, "to": None})
    return items


def _notices(
    programme: Programme, plan: Plan, book: RecipientBook, item: AgendaItem, names: bool
) -> list[dict[str, Any]]:
    assert item.step is not None, "a notice of the agenda speaks of a step"
    step = plan.roadmap.steps[item.step]
    due = next(o.due for o in programme.steps[item.step].occurrences if o.number == item.occurrence)
    organisation = book.tree.units[programme.organisation].name
    words = subject(item.kind, organisation, programme.year, (step,), due)
    reached = reach(book, programme, plan, (item.step,), item.to, item.rung, _day(item.at, programme))
    return [
        {
            "at": item.at,
            "kind": item.kind,
            "step": item.step,
            "occurrence": item.occurrence,
            "rung": item.rung,
            "provisional": plan.calendar.provisional(due),
            "to": to,
            "to_name": book.name(to) if to and names else None,
            "redirected": to is not None and reached.redirect is not None,
            "subject": words,
        }
        for to in reached.shown
    ]


def _day(at: datetime, programme: Programme) -> Any:
    return local_day(at, programme.zone)
