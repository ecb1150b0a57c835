"""Why a programme stands still, in one sentence: who has to act, since when, and what comes by itself."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from activities.letter_words import ADDRESSEES
from activities.recipients import RecipientBook
from activities.russian import counted, full_date
from domain.plan import Plan, local_day
from domain.programme.agenda import agenda
from domain.programme.evolve import fold
from domain.programme.passing import pass_time
from domain.programme.state import Occurrence, Programme, StepState

CURES = {
    "complete": "Отметить выполнение",
    "deadline": "Перенести срок",
    "responsible": "Передать другому человеку",
    "skip": "Пропустить с указанием причины",
    "resumption": "Возобновить программу",
    "reopening": "Вернуть мероприятие в работу",
}


def explain(recorded: Programme, plan: Plan, now: datetime, book: RecipientBook) -> dict[str, Any]:
    """`{sentence, layer, since, responsible, instead_of, next_action, vacant, cures, evidence}` at the instant `now`.

    `responsible` is a person, or the role that the roadmap names; while that person is away it is the deputy, and
    `instead_of` the one who is away.
    """
    state = fold(recorded, pass_time(recorded, plan, now)) or recorded
    if state.status != "running":
        return _standing_still(state)
    late = sorted(
        ((step, o) for step, o in state.open_obligations() if o.overdue), key=lambda one: (one[1].due, one[0].number)
    )
    today = local_day(now, state.zone)
    answer, step = _late(plan, late, today) if late else _in_time(state, plan)
    return {
        **answer,
        **_responsible(state, plan, step, book, today),
        "next_action": _next_action(state, plan),
        "vacant": _vacant(state, plan, book, today),
        "evidence": _evidence(recorded, now),
    }


def _standing_still(state: Programme) -> dict[str, Any]:
    sentences = {
        "paused": ("Программа приостановлена; сроки и напоминания ждут возобновления.", "paused", ["resumption"]),
        "closed": ("Год завершён; ждать нечего.", "none", ["reopening"]),
        "cancelled": ("Программа отменена; ждать нечего.", "none", []),
    }
    sentence, layer, cures = sentences[state.status]
    return {
        "sentence": sentence,
        "layer": layer,
        "since": state.paused_at or state.last_at,
        "responsible": None,
        "instead_of": None,
        "next_action": None,
        "vacant": [],
        "cures": _cures(cures),
        "evidence": {"version": state.version},
    }


def _late(plan: Plan, late: list[tuple[StepState, Occurrence]], today: date) -> tuple[dict[str, Any], StepState | None]:
    step, occurrence = late[0]
    days = (today - occurrence.due).days
    more = f" Кроме него просрочено: {len(late) - 1}." if len(late) > 1 else ""
    sentence = (
        f"Ждём мероприятия {step.number} «{plan.roadmap.steps[step.number].title}»: срок был"
        f" {full_date(occurrence.due)}, просрочка {counted(days, 'день', 'дня', 'дней')}.{more}"
    )
    cures = _cures(["complete", "deadline", "responsible", "skip"])
    return {"sentence": sentence, "layer": "person", "since": occurrence.due, "cures": cures}, step


def _in_time(state: Programme, plan: Plan) -> tuple[dict[str, Any], StepState | None]:
    upcoming = min(state.open_obligations(), key=lambda one: (one[1].due, one[0].number), default=None)
    if upcoming is None:
        return {"sentence": "Ждать нечего.", "layer": "none", "since": None, "cures": []}, None
    step, occurrence = upcoming
    title = plan.roadmap.steps[step.number].title
    sentence = f"Всё в срок. Ближайшее мероприятие {step.number} «{title}», до {full_date(occurrence.due)}"
    cures = _cures(["complete", "deadline", "responsible", "skip"])
    return {"sentence": sentence, "layer": "none", "since": None, "cures": cures}, step


def _responsible(
    state: Programme, plan: Plan, step: StepState | None, book: RecipientBook, today: date
) -> dict[str, str | None]:
    if step is None:
        return {"responsible": None, "instead_of": None}
    for one in book.resolve(state, plan, step.number, ("responsible",), today).recipients:
        if one.instead_of:
            away = one.instead_of[0].id
            return {"responsible": one.id.removeprefix("person:"), "instead_of": away.removeprefix("person:")}
    role = plan.roadmap.steps[step.number].role
    return {"responsible": step.responsible or state.appointed.get(role) or role, "instead_of": None}


def _cures(actions: list[str]) -> list[dict[str, str]]:
    return [{"action": action, "label": CURES[action]} for action in actions]


def _next_action(state: Programme, plan: Plan) -> dict[str, Any] | None:
    upcoming = next((item for item in agenda(state, plan) if item.to), None)
    if upcoming is None:
        return None
    return {
        "at": upcoming.at,
        "kind": upcoming.kind,
        "step": upcoming.step,
        "to": [ADDRESSEES[to] for to in upcoming.to],
    }


def _vacant(state: Programme, plan: Plan, book: RecipientBook, today: date) -> list[dict[str, str]]:
    """Addressees of the ladder behind whom nobody stands today; who is responsible is another one for each step."""
    called = dict.fromkeys(to for rung in plan.ladder.rungs for to in rung.to if to != "responsible")
    nobody = book.resolve(state, plan, None, tuple(called), today).unresolved
    return [{"addressee": to, "label": ADDRESSEES[to]} for to in nobody]


def _evidence(state: Programme, now: datetime) -> dict[str, Any]:
    waiting = [item.number for item in state.items.values() if item.retry_at is None or item.retry_at > now]
    return {"version": state.version, "waiting_items": waiting}
