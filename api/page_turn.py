"""What is to be done next with a form, and whose turn it is: one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from activities.russian import counted, full_date, sentence, weekday_date, working_days
from api.page_form_places import places
from domain.calendar import Calendar, working_days_between
from domain.plan import local_day
from domain.submission.state import Submission


class Turn(NamedTuple):
    """`who` is empty when nothing is to be done; `late`: whether it should have been done before."""

    sentence: str
    who: str = ""
    late: bool = False


def turn_of(
    state: Submission, round_: str, calendar: Calendar, today: date, problems: int, who: str, centre: str
) -> Turn:
    """`round_`: what the round is called; `who` fills the form in, `centre` reviews it; `problems`: how much keeps it
    from being handed in.
    """
    if state.closed:
        return Turn(f"{sentence(round_)} завершён, {_CLOSED[state.accepted is not None]}")
    match state.status:
        case "accepted":
            day = _day(state.accepted_at, state.zone)
            return Turn(f"{_ended(f'Форма принята{day}')} Спасибо! Делать больше ничего не нужно.")
        case "submitted":
            day = _day(state.submitted.at if state.submitted else None, state.zone)
            return Turn(f"Форма сдана{day} и проверяется: её примут или вернут с замечаниями.{_files(state)}", centre)
        case "returned":
            return Turn(f"{_returned(state)} {_until(state, calendar, today)}", who, state.overdue)
        case "draft":
            return Turn(f"{_draft(state, problems)} {_until(state, calendar, today)}", who, state.overdue)


_CLOSED = {
    True: "форма принята. Делать больше ничего не нужно.",
    False: "форма не принята. Если данные готовы, обратитесь в центр, который его проводит:"
    " он может открыть форму снова.",
}


def _returned(state: Submission) -> str:
    if state.comments:
        return "Форма возвращена на доработку: исправьте названное в замечаниях и сдайте её снова."
    if state.accepted:
        counts = f"пока учитывается принятая редакция {state.accepted.revision}"
        return f"Принятая форма открыта для изменения: исправьте её и сдайте снова, {counts}."
    return "Форма открыта для изменения: исправьте её и сдайте снова."


def _draft(state: Submission, problems: int) -> str:
    if not state.revision:
        return "Форма ещё пуста: заполните и сдайте её."
    if problems:
        return f"Форма заполняется: осталось исправить {places(problems)} и сдать её."
    return "Форма заполнена без ошибок: осталось сдать её."


def _until(state: Submission, calendar: Calendar, today: date) -> str:
    if state.overdue:
        return _ended(f"Срок прошёл {full_date(state.due)}")
    if today == state.due:
        return "Срок сегодня."
    left = working_days_between(calendar, today, state.due)
    return f"Срок — {weekday_date(state.due)} включительно, осталось {working_days(left)}."


def _files(state: Submission) -> str:
    missing: Sequence[str] = state.missing_documents
    if not missing:
        return ""
    return f" Пока её не приняли, можно добавить недостающее: {counted(len(missing), 'файл', 'файла', 'файлов')}."


def _day(at: datetime | None, zone: str) -> str:
    return f" {full_date(local_day(at, zone))}" if at else ""


def _ended(sentence: str) -> str:
    """A date ends with a full stop of its own."""
    return f"{sentence.rstrip('.')}."
