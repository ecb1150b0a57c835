"""Every cure there is: what it is called, what it is for people, and what one has to be allowed for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from domain.access import Action


class Cure(NamedTuple):
    """`needs`: one of these has to be allowed at the unit of the stream, of a form also at its centre; none: an
    instruction, which no button carries out.
    """

    label: str
    needs: tuple[Action, ...]


CURES: Mapping[str, Cure] = {
    # what people do about a step, a form or a programme
    "complete": Cure("Отметить выполнение", ("steer",)),
    "remind": Cure("Напомнить сейчас", ("steer", "review_form")),
    "deadline": Cure("Перенести срок", ("steer",)),
    "extension": Cure("Продлить срок сдачи формы", ("review_form",)),
    "responsible": Cure("Передать другому человеку", ("steer",)),
    "skip": Cure("Пропустить с указанием причины", ("steer",)),
    "reopening": Cure("Вернуть в работу", ("steer",)),
    "pause": Cure("Приостановить программу", ("steer",)),
    "resumption": Cure("Возобновить программу", ("steer",)),
    "adoption": Cure("Перейти на новую редакцию дорожной карты", ("steer",)),
    "review": Cure("Принять или вернуть форму", ("review_form",)),
    "deputy": Cure("Назначить заместителя", ("manage_absences",)),
    "appointment": Cure("Назначить человека на эту роль", ("manage_people",)),
    # letters
    "address": Cure("Исправить адрес почты", ("manage_people",)),
    "resend": Cure("Отправить письмо ещё раз", ("manage_people", "steer")),
    "closure": Cure("Закрыть: вопрос решён или решать ничего не нужно", ("manage_people", "steer")),
    # the machine, by a command
    "retry": Cure("Повторить сейчас", ("operate",)),
    "reset": Cure("Вернуть процесс к последнему верному месту", ("operate",)),
    "restart": Cure("Запустить процесс заново из журнала", ("operate",)),
    # the machine, by the hands of an administrator
    "start_database": Cure("Запустите базу данных и проверьте её адрес (MENTORING_DATABASE_URL)", ()),
    "free_disk": Cure("Освободите место на диске; записи продолжатся сами", ()),
    "start_temporal": Cure("Запустите Temporal и проверьте его адрес (MENTORING_TEMPORAL_ADDRESS)", ()),
    "start_worker": Cure("Запустите обработчик (mentoring run или python -m worker)", ()),
    "release": Cure("Запустите обработчик действующей версии или сделайте действующей ту, что работает", ()),
    "fix_clock": Cure("Сверьте часы этой машины с сервером времени", ()),
    "fix_mail": Cure("Проверьте почтовый сервер и его настройки (MENTORING_SMTP_HOST)", ()),
    "fix_code": Cure("Передайте сообщение об ошибке разработчику, установите исправленную версию", ()),
}


_OPERATE: tuple[Action, ...] = ("operate",)


def offered(keys: Iterable[str], permitted: Callable[[Action], bool]) -> list[dict[str, str]]:
    """`[{action, label, kind}]` of those that somebody may use; whoever may not operate needs no instruction."""
    return [
        {"action": key, "label": CURES[key].label, "kind": "command" if CURES[key].needs else "instruction"}
        for key in keys
        if any(permitted(action) for action in CURES[key].needs or _OPERATE)
    ]
