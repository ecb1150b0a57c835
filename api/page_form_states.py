"""The state of a respondent's form in a word, and how its deadline was kept."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from activities.russian import full_date


class State(NamedTuple):
    """`key`: how it is coloured."""

    key: str
    words: str


def state_words(status: str, *, accepted: bool, closed: bool, overdue: bool, revision: int) -> State:
    """Where a form stands. `accepted`: an accepted revision counts, also while another one is on its way."""
    if status == "accepted" or (closed and accepted):
        return State("done", "принята")
    if closed:
        return State("overdue", "не принята")
    if status == "submitted":
        return State("open", "на проверке")
    if status == "returned":
        words = "исправляется, прежняя принята" if accepted else "на доработке"
        return State("overdue", f"{words}, срок прошёл") if overdue else State("paused", words)
    if overdue:
        return State("overdue", "просрочена")
    return State("waiting", "заполняется" if revision else "не начата")


def kept_words(on_time: bool | None, on_time_excused: bool | None) -> str:
    """How the deadline was kept where it was not the first one; empty while nothing has come."""
    if on_time_excused is False:
        return "сдана позже срока"
    return "сдана в продлённый срок" if on_time is False else ""


def due_notes(due: date, first: date) -> list[str]:
    """What is to be said beside a deadline."""
    return [f"первоначально до {full_date(first)}"] if due != first else []
