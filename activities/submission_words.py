"""The wording of the monitoring that letters, digests and lists share: subjects, kinds of notices, files, places."""

from __future__ import annotations

from datetime import date

from activities.letter_words import shortened
from activities.russian import full_date, sentence
from domain.campaign.commands import Years
from domain.form.definition import FormDefinition
from domain.ladder import OrganisationClass
from domain.submission.commands import DocumentKind

QUESTION = 45
PLACE = 90
"""Characters of a field's title that a list of comments has room for."""

_NOTICES = {
    "opened": "письмо о проведении {round}",
    "reminder": "напоминание",
    "missed": "сообщение о пропущенном сроке",
    "escalation": "сообщение о несданной форме",
    "extended": "сообщение о продлении срока",
    "moved": "сообщение о переносе срока",
    "received": "расписка в получении",
    "returned": "возврат на доработку",
    "accepted": "сообщение о приёме",
    "reopened": "сообщение о том, что форма открыта для изменений",
    "closed": "сообщение о завершении {round}",
}

_FILES: dict[DocumentKind, str] = {
    "form-docx": "заполненная форма в формате Word",
    "form-pdf": "форма с подписью руководителя и печатью в формате PDF",
}
_OWN: dict[OrganisationClass, dict[DocumentKind, str]] = {
    "municipal": {
        "programme": "утверждённая муниципальная программа развития наставничества",
        "roadmap": "утверждённая муниципальная дорожная карта",
    },
    "state": {
        "programme": "утверждённая программа наставничества организации",
        "roadmap": "утверждённая дорожная карта организации",
    },
}


def file_words(kind: DocumentKind, respondents: OrganisationClass) -> str:
    """What one of the four files is called."""
    return _FILES.get(kind) or _OWN[respondents][kind]


def notice_words(kind: str, form: FormDefinition) -> str:
    """What a kind of notice is called."""
    return _NOTICES.get(kind, "письмо").format(round=form.words.of_round)


def subject(
    kind: str, form: FormDefinition, respondent: str, title: str, due: date | None, sent_before: bool = True
) -> str:
    """The subject of a notice about a submission; `due`: the date that it speaks of.

    `sent_before`: whether the respondent has ever submitted anything that could be opened for changes.
    """
    until, of = full_date(due) if due else "", form.of
    match kind:
        case "opened":
            head = f"{title}: сдать до {until}"
        case "reminder":
            head = f"Напоминание: форма {of}, срок {until}"
        case "missed":
            head = f"Срок прошёл {until}: форма {of} не сдана"
        case "escalation":
            head = f"Не сдано в срок {until}: форма {of}"
        case "extended":
            head = f"Срок сдачи формы {of} продлён до {until}"
        case "moved":
            head = f"Срок сдачи формы {of} перенесён на {until}"
        case "returned":
            head = f"Форма {of} возвращена на доработку, срок {until}"
        case "reopened" if not sent_before:
            head = f"{sentence(form.words.round)} открыт для вас до {until}"
        case "reopened":
            head = f"Форма {of} открыта для изменений, срок {until}"
        case "received":
            head = f"Форма {of} получена"
        case "accepted":
            head = f"Форма {of} принята"
        case _:
            head = f"{sentence(form.words.round)} завершён, ваша форма не принята"
    return f"{head} ({respondent})"


def place_words(form: FormDefinition, pointer: str, years: Years) -> str:
    """What a place in the form is called: the nearest field or group above it; empty for the form as a whole."""
    place = pointer
    while place:
        if found := form.fields.get(place) or form.groups.get(place):
            question = form.groups.get(place.rpartition("/")[0])
            inside = f"{shortened(question.label, QUESTION)}, " if question and question.directions else ""
            return f"{inside}{shortened(found.label, PLACE)}{_year(pointer.removeprefix(place), years)}"
        place = place.rpartition("/")[0]
    return ""


def _year(rest: str, years: Years) -> str:
    asked = {"earlier": years.earlier, "later": years.later}
    return next((f", {asked[part]} год" for part in rest.split("/") if part in asked), "")
