"""The wording that letters, previews and lists share: subjects, addressees, kinds of notices, parts of a step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from activities.russian import full_date, plural, school_year
from domain.plan import Plan
from domain.programme.state import Item, Programme
from domain.roadmap import StepPlan

SUBJECT_TITLE = 60
"""Characters of a step's title that a subject has room for; the letter gives it in full."""

SUBJECT_STEPS = 5
"""Numbers of steps that a subject names."""

ADDRESSEES = {
    "responsible": "ответственный за мероприятие",
    "curator": "куратор программы",
    "head": "руководитель организации",
    "municipal_authority": "муниципальный орган управления образованием",
    "operating_centre": "центр, сопровождающий форму наставничества",
    "department": "департамент",
    "person": "исполнитель, названный в программе",
    "coordinator": "координатор программы наставничества",
    "authority_head": "руководитель",
    "mentoring_centre": "региональный наставнический центр",
    "working_group": "рабочая группа департаментов",
}

NOTICES = {
    "reminder": "напоминание",
    "missed": "сообщение о пропущенном сроке",
    "escalation": "сообщение о невыполнении",
    "moved": "сообщение о переносе срока",
    "handed": "поручение",
}

PARTS = {"form": "анкетирование", "consent": "сбор согласий"}
ROLES = {"curator": "куратор", "navigator": "педагог-навигатор"}
ROLES_AS = {"curator": "куратором", "navigator": "педагогом-навигатором"}
STEP_ROLES = {
    "curator": "куратор",
    "head": "руководитель организации",
    "form_teacher": "классный руководитель",
    "psychologist": "педагог-психолог",
    "mentor": "наставник",
    "navigator": "педагог-навигатор",
    "municipal_coordinator": "муниципальный координатор",
}
ROLE_TITLES = {
    **STEP_ROLES,
    "methodologist": "методист",
    "department_officer": "сотрудник департамента",
    "project_office": "проектный офис",
    "operator": "оператор",
    "administrator": "администратор",
}
"""What a role at a unit is called."""

_MUNICIPAL = {"coordinator": STEP_ROLES["municipal_coordinator"]}


def subject(
    kind: str,
    organisation: str,
    year: int,
    steps: Sequence[StepPlan] = (),
    due: date | None = None,
    status: Literal["running", "paused", "closed", "cancelled"] = "closed",
) -> str:
    """The subject of a notice; says nothing that is not known on the day the year is planned.

    `steps`: the steps it speaks of, `due`: their deadline where there is one, `status`: how the programme `ended`.
    """
    until = full_date(due) if due else ""
    match kind:
        case "reminder":
            head = f"Напоминание: срок {until}, {_named(steps)}"
        case "missed":
            head = f"Срок прошёл {until}: {_named(steps)}"
        case "escalation":
            head = f"Не выполнено в срок {until}: {_named(steps)}"
        case "moved":
            head = f"{'Срок перенесён' if len(steps) == 1 else 'Сроки перенесены'}: {_named(steps)}"
        case "handed":
            head = f"Вам поручено {_named(steps)}, срок {until}"
        case "appointed":
            head = f"Ваше назначение в программе наставничества {school_year(year)} учебного года"
        case "adopted":
            head = f"Дорожная карта программы наставничества {school_year(year)} учебного года изменена"
        case _:
            head = f"Программа наставничества {school_year(year)} учебного года {_turned(kind, status)}"
    return f"{head} ({organisation})"


def subject_of(item: Item, organisation: str, programme: Programme, plan: Plan) -> str:
    """The subject of a queued notice, whatever has become of its steps since."""
    steps = [plan.roadmap.steps[step] for step, _ in item.steps]
    return subject(item.notice or "", organisation, programme.year, steps, item.due, programme.status)


def addressed(as_: Sequence[str], municipal: bool = False) -> str:
    """As whom somebody gets a letter, in words: `ответственный за мероприятие, куратор программы`.

    `municipal`: the letter is about a municipality, whose coordinator has another name than that of an organisation.
    """
    words = {**ADDRESSEES, **_MUNICIPAL} if municipal else ADDRESSEES
    return ", ".join(dict.fromkeys(words[one.partition(":")[0]] for one in as_))


def missing(head: str, vacant: Sequence[str], municipal: bool = False) -> str:
    """Why a letter comes to the rung above: `head` and the addressees that nobody is; empty when it does not."""
    if not vacant:
        return ""
    return f"{head}: {addressed(vacant, municipal)}. Когда исполнитель будет назначен, следующие письма пойдут ему."


def standing_in(away: Sequence[tuple[str, date]]) -> str:
    """For whom somebody gets a letter, given names and last days of absence; empty when for nobody."""
    if not away:
        return ""
    persons = "; ".join(f"{name} (по {full_date(until)} включительно)" for name, until in away)
    return f"Письмо приходит вам за {plural(len(away), *_ABSENT)}: {persons}."


def in_place_of(name: str, away: Sequence[str]) -> str:
    """A name with those it stands in for: `Савин Пётр Андреевич (замещает: Орлова Вера Павловна)`."""
    return f"{name} (замещает: {', '.join(away)})" if away else name


_ABSENT = ("отсутствующего сотрудника", "отсутствующих сотрудников", "отсутствующих сотрудников")


def _named(steps: Sequence[StepPlan]) -> str:
    if len(steps) == 1:
        return f"мероприятие {steps[0].number} «{shortened(steps[0].title, SUBJECT_TITLE)}»"
    numbers = sorted({step.number for step in steps})
    more = f" и ещё {len(numbers) - SUBJECT_STEPS}" if len(numbers) > SUBJECT_STEPS else ""
    return f"мероприятия {', '.join(map(str, numbers[:SUBJECT_STEPS]))}{more}"


def _turned(kind: str, status: str) -> str:
    if kind == "ended":
        return "отменена" if status == "cancelled" else "завершена"
    return {"started": "начата", "paused": "приостановлена", "resumed": "возобновлена"}[kind]


def shortened(text: str, room: int) -> str:
    """The text cut at a word, with an ellipsis, when it is longer than `room`."""
    if len(text) <= room:
        return text
    return f"{text[:room].rpartition(' ')[0].rstrip(' ,.;:–-')}…"
