"""A programme's standing in the words and figures that Temporal shows to operators."""

from __future__ import annotations

from datetime import date, datetime

from babel.dates import format_datetime

from activities.beat import Beat, Facts, Work
from activities.queue_rows import ready
from domain.plan import Plan, midnight, zone_of
from domain.programme.agenda import AgendaItem, next_items, wake_at
from domain.programme.state import Programme

_ACTS = {
    "phase": ("открывается этап", "открываются этапы"),
    "deadline": ("истекает срок, шаг", "истекает срок, шаги"),
    "reminder": ("напоминание, шаг", "напоминание, шаги"),
    "missed": ("сообщение о пропуске срока, шаг", "сообщение о пропуске срока, шаги"),
    "escalation": ("сообщение вышестоящим, шаг", "сообщение вышестоящим, шаги"),
}


def facts_of(state: Programme) -> Facts:
    """What the workflow of a programme is found by."""
    return Facts(
        organisation=state.organisation,
        municipality=state.municipality,
        year=state.year,
        phase=state.current_phase.number,
        next_deadline=_instant(state.next_deadline, state.zone) if state.active else None,
        overdue=state.active and bool(state.overdue_steps),
        summary=f"Программа наставничества {state.organisation}, {state.year}/{(state.year + 1) % 100:02}",
    )


def beat_of(stream: str, state: Programme, plan: Plan, now: datetime) -> Beat:
    """Where a programme stands at `now`."""
    wake = wake_at(state, plan, after=now)
    facts = facts_of(state)
    closed = not state.active and not state.items
    wake_for = _wake_for(state, plan, wake) if wake is not None else ""
    return Beat(
        stream=stream,
        version=state.version,
        now=now,
        wake_at=wake,
        wake_for=wake_for,
        phase=facts.phase,
        phases=[phase.number for phase in state.phases if phase.status == "open"],
        next_deadline=facts.next_deadline,
        overdue=facts.overdue,
        closed=closed,
        details=_details(state, plan, wake_for),
        queued=[Work(item.number, item.kind) for item in ready(state.items, now)],
    )


def _instant(day: date | None, zone: str) -> datetime | None:
    return midnight(day, zone) if day is not None else None


def _wake_for(state: Programme, plan: Plan, wake: datetime) -> str:
    """«17 октября 09:00: напоминание, шаг 12»: the summary of the timer."""
    when = format_datetime(wake.astimezone(zone_of(state.zone)), "d MMMM HH:mm", locale="ru")
    items = [item for item in next_items(state, plan) if item.at == wake]
    if not items:
        return f"{when}: повторная попытка отправки"
    return f"{when}: {_act(items)}"


def _act(items: list[AgendaItem]) -> str:
    kind = items[0].kind
    numbers = sorted({(item.phase if kind == "phase" else item.step) or 0 for item in items if item.kind == kind})
    rest = len({item.kind for item in items}) > 1
    what = _ACTS[kind][len(numbers) > 1]
    return f"{what} {', '.join(str(number) for number in numbers)}{' и другое' if rest else ''}"


_STATUS = {"running": "идёт", "paused": "приостановлена", "closed": "завершена", "cancelled": "отменена"}


def _details(state: Programme, plan: Plan, wake_for: str) -> str:
    phase = next(p for p in plan.roadmap.phases if p.number == state.current_phase.number)
    lines = [f"Программа {_STATUS[state.status]}. Этап {phase.label}: {phase.title}."]
    if state.active and state.overdue_steps:
        lines.append(f"Просрочены шаги: {', '.join(str(number) for number in state.overdue_steps)}.")
    if wake_for:
        lines.append(f"Дальше: {wake_for}.")
    return "\n\n".join(lines)
