"""Facts of the letters about turns of a year: moved dates, appointments, start, pause, end."""

from __future__ import annotations

from typing import Any

from activities import russian
from activities.letter_facts import Notice, step_facts
from activities.letter_words import ROLES_AS
from domain.plan import local_day
from domain.programme import events as e
from domain.programme.commands import Order
from domain.programme.state import Occurrence
from domain.roadmap import StepPlan

NEAREST = 3
"""How many of the next deadlines a letter names."""


def moved_facts(notice: Notice) -> dict[str, Any]:
    """Every deadline that moved: from where to where, why, by whose order; in order of time."""
    steps = sorted(notice.steps(), key=lambda one: (one[1].due, one[0].number))
    latest = max(occurrence.due for _, occurrence in steps)
    return {
        "moves": [_move(notice, step, occurrence) for step, occurrence in steps],
        "until": russian.last_moment(latest, notice.programme.zone),
    }


def _move(notice: Notice, step: StepPlan, occurrence: Occurrence) -> dict[str, Any]:
    event = notice.story.moved(step.number, occurrence.number, notice.item.number)
    card = step_facts(notice, step, occurrence)
    facts: dict[str, Any] = {"step": card, "due": russian.full_date(occurrence.due), "was": "", "why": "", "order": ""}
    if event is not None:
        facts["was"] = russian.full_date(event.was)
        facts["why"] = _why(notice, event)
        facts["order"] = _order(event.order)
    first = f"первоначальный срок {card.first_due}" if card.first_due not in ("", facts["was"]) else ""
    facts["notes"] = "; ".join(filter(None, (facts["why"], facts["order"], card.rolled, first)))
    return facts


def _why(notice: Notice, event: e.DeadlineMoved) -> str:
    match event.cause:
        case "command":
            return one_line(notice.story.text(event.reason))
        case "reference":
            return f"срок отсчитывается от мероприятия {event.reference}"
        case "pause":
            return "программа была приостановлена"
        case "reopening":
            return "мероприятие снова открыто после прежнего срока"
        case "calendar":
            return _with_reason(notice, event, "изменился производственный календарь")
        case "roadmap":
            return _with_reason(notice, event, "принята новая версия дорожной карты")


def _with_reason(notice: Notice, event: e.DeadlineMoved, what: str) -> str:
    reason = one_line(notice.story.text(event.reason))
    return f"{what}: {reason}" if reason else what


def appointed_facts(notice: Notice) -> dict[str, Any]:
    """As whom somebody is appointed, by which order, and what is due next."""
    people = {f"person:{person}": role for role, person in notice.programme.appointed.items()}
    role = next(people[to] for to in notice.item.to if to in people)
    event = notice.story.last(e.PersonAppointed, notice.item.number)
    return {
        "role": ROLES_AS[role],
        "order": _order(event.order if event and event.role == role else None),
        "nearest": _nearest(notice),
    }


def adopted_facts(notice: Notice) -> dict[str, Any]:
    """What another roadmap brings and what it does without, by whose order and why."""
    event = notice.story.last(e.VersionsAdopted, notice.item.number)
    if event is None:
        return {"added": [], "removed": [], "version": "", "order": "", "reason": "", "nearest": _nearest(notice)}
    titles = notice.plan.roadmap.steps
    return {
        "added": [
            f"мероприятие {due.step} «{titles[due.step].title}» — срок {russian.full_date(due.due)}"
            for due in event.added
            if due.step in titles
        ],
        "removed": sorted({step for step, _ in event.removed if step not in titles}),
        "version": event.plan.roadmap.rpartition("@")[2],
        "order": _order(event.order),
        "reason": one_line(notice.story.text(event.reason)),
        "nearest": _nearest(notice),
    }


def started_facts(notice: Notice) -> dict[str, Any]:
    """What has begun: how many steps, which of them catch up, what is due next."""
    programme, roadmap = notice.programme, notice.plan.roadmap
    open_dues = list(programme.open_obligations())
    return {
        "roadmap": roadmap.title,
        "steps": russian.counted(len(roadmap.steps), "мероприятие", "мероприятия", "мероприятий"),
        "phases": russian.counted(len(roadmap.phases), "этап", "этапа", "этапов"),
        "since": russian.full_date(local_day(programme.since, programme.zone)),
        "catch_up": sorted({step.number for step, occurrence in open_dues if occurrence.catch_up}),
        "nearest": _nearest(notice),
    }


def paused_facts(notice: Notice) -> dict[str, Any]:
    """Since when and why the clock stands still."""
    programme = notice.programme
    event = notice.story.last(e.ProgrammePaused, notice.item.number)
    paused_at = programme.paused_at or notice.at
    return {
        "since": russian.full_date(local_day(paused_at, programme.zone)),
        "reason": one_line(notice.story.text(event.reason)) if event else "",
        "shifts": programme.on_resume == "shift",
    }


def resumed_facts(notice: Notice) -> dict[str, Any]:
    """How long the pause lasted and what became of the deadlines."""
    event = notice.story.last(e.ProgrammeResumed, notice.item.number)
    days = event.days if event else 0
    return {
        "since": russian.full_date(local_day(notice.item.queued_at, notice.programme.zone)),
        "lasted": russian.counted(days, "день", "дня", "дней") if days else "",
        "shifted": event is not None and event.on_resume == "shift" and days > 0,
        "nearest": _nearest(notice),
    }


def ended_facts(notice: Notice) -> dict[str, Any]:
    """How the year ended, and what was left undone."""
    programme = notice.programme
    cancelled = programme.status == "cancelled"
    called_off = notice.story.last(e.ProgrammeCancelled, notice.item.number) if cancelled else None
    event = called_off or notice.story.last(e.ProgrammeClosed, notice.item.number)
    steps = programme.steps.values()
    done = [step.number for step in steps if step.status == "done"]
    return {
        "cancelled": cancelled,
        "reason": one_line(notice.story.text(event.reason)) if event else "",
        "gaps": sorted(step.number for step in steps if step.status == "pending"),
        "skipped": sorted(step.number for step in steps if step.status == "skipped"),
        "done": len(done),
        "total": len(programme.steps),
    }


def _nearest(notice: Notice) -> list[str]:
    owed = [(o.due, step.number) for step, o in notice.programme.open_obligations() if o.due >= notice.today]
    titles = notice.plan.roadmap.steps
    nearest = sorted(owed)[:NEAREST]
    return [f"{russian.full_date(due)}: мероприятие {number} «{titles[number].title}»" for due, number in nearest]


def _order(order: Order | None) -> str:
    if order is None:
        return ""
    return f"приказ № {order.number}{f' от {russian.full_date(order.date)}' if order.date else ''}"


def one_line(text: str | None) -> str:
    """A free text without line breaks and without its closing full stop."""
    return " ".join((text or "").split()).rstrip(".")
