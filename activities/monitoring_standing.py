"""The standing of campaigns and submissions in the words and figures that Temporal shows to operators."""

from __future__ import annotations

from datetime import datetime

from babel.dates import format_datetime

from activities.beat import Beat, Facts, Work
from activities.queue_rows import ready
from activities.russian import full_date
from domain.campaign import agenda as campaign_agenda
from domain.campaign.state import Campaign
from domain.plan import Timetable, midnight, zone_of
from domain.queued import Queued
from domain.submission.agenda import next_items, wake_at
from domain.submission.state import Submission

_ACTS = {
    "deadline": "истекает срок отчёта",
    "reminder": "напоминание об отчёте",
    "missed": "сообщение о пропуске срока отчёта",
    "escalation": "сообщение вышестоящим об отчёте",
}
_STATES = {
    "draft": "Отчёт заполняется",
    "submitted": "Отчёт отправлен, ждёт проверки",
    "returned": "Отчёт возвращён на доработку",
    "accepted": "Отчёт принят",
}
_AGAIN = "повторная попытка отправки"


def campaign_facts(state: Campaign) -> Facts:
    """What the workflow of a campaign is found by; its year is that of the deadline."""
    return Facts(
        organisation=state.centre,
        municipality=None,
        year=state.due.year,
        phase=state.status,
        next_deadline=midnight(state.due, state.zone) if state.active else None,
        overdue=False,
        summary=f"Мониторинг «{state.title}»"[:200],
    )


def submission_facts(state: Submission) -> Facts:
    """What the workflow of a submission is found by."""
    return Facts(
        organisation=state.respondent,
        municipality=state.respondent if state.respondent_class == "municipal" else None,
        year=state.first_due.year,
        phase=state.status,
        next_deadline=midnight(state.due, state.zone) if state.owed else None,
        overdue=state.owed and state.overdue,
        summary=f"Отчёт {state.respondent}, {state.campaign}",
    )


def campaign_beat(stream: str, state: Campaign, now: datetime, running: bool) -> Beat:
    """Where a campaign stands at `now`; `running`: whether its workflow goes on."""
    wake = campaign_agenda.wake_at(state, after=now)
    wake_for = f"{_moment(wake, state.zone)}: {_AGAIN}" if wake else ""
    details = "Мониторинг идёт." if state.active else "Мониторинг завершён."
    return _beat(stream, state.version, campaign_facts(state), now, wake, wake_for, details, running, state.items)


def submission_beat(stream: str, state: Submission, plan: Timetable, now: datetime, running: bool) -> Beat:
    """Where a submission stands at `now`; `running`: whether its workflow goes on."""
    wake = wake_at(state, plan, after=now)
    wake_for = _wake_for(state, plan, wake) if wake else ""
    return _beat(
        stream, state.version, submission_facts(state), now, wake, wake_for, _details(state), running, state.items
    )


def _beat(
    stream: str,
    version: int,
    facts: Facts,
    now: datetime,
    wake: datetime | None,
    wake_for: str,
    details: str,
    running: bool,
    items: dict[int, Queued],
) -> Beat:
    return Beat(
        stream=stream,
        version=version,
        now=now,
        wake_at=wake,
        wake_for=wake_for,
        phase=facts.phase,
        phases=[],
        next_deadline=facts.next_deadline,
        overdue=facts.overdue,
        closed=not running,
        details=f"{details}\n\nДальше: {wake_for}." if wake_for else details,
        queued=[Work(item.number, item.kind) for item in ready(items, now)],
    )


def _wake_for(state: Submission, plan: Timetable, wake: datetime) -> str:
    """«17 марта 09:00: напоминание об отчёте»: the summary of the timer."""
    items = [item for item in next_items(state, plan) if item.at == wake]
    what = _ACTS[items[0].kind] if items else _AGAIN
    return f"{_moment(wake, state.zone)}: {what}{' и другое' if len(items) > 1 else ''}"


def _details(state: Submission) -> str:
    if state.closed:
        return f"{_STATES[state.status]}. Мониторинг завершён."
    late = " Срок пропущен." if state.overdue else ""
    return f"{_STATES[state.status]}. Срок: {full_date(state.due)}.{late}"


def _moment(at: datetime, zone: str) -> str:
    return format_datetime(at.astimezone(zone_of(zone)), "d MMMM HH:mm", locale="ru")
