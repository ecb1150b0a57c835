"""The words of every refusal: status, title and a sentence that names the place and the cure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from activities.russian import full_date, steps_named
from api.cure_wording import CURES
from api.monitoring_wording import MONITORING
from domain.refusal import Refusal

# code: (status, title, detail); the detail is filled with the refusal's facts
WORDING: dict[str, tuple[int, str, str]] = {
    "programme_unknown": (404, "Программы нет", "Такой программы нет, или она вам не видна. Проверьте идентификатор."),
    "programme_exists": (
        409, "Программа уже начата",
        "У организации {organisation} уже есть программа {year} года. Продолжайте её или сначала отмените.",
    ),
    "programme_paused": (409, "Программа приостановлена", "Программа уже приостановлена. Сначала возобновите её."),
    "programme_running": (409, "Программа идёт", "Программа не приостановлена, возобновлять нечего."),
    "programme_closed": (
        409, "Программа завершена",
        "Год завершён. Чтобы исправить итоги, верните в работу одно из мероприятий.",
    ),
    "programme_cancelled": (409, "Программа отменена", "Программа отменена. Её можно начать заново."),
    "step_unknown": (404, "Мероприятия нет", "В дорожной карте нет мероприятия {step}. Проверьте номер."),
    "step_done": (
        409, "Мероприятие уже выполнено", "Мероприятие {step} уже выполнено. Чтобы изменить, верните его в работу.",
    ),
    "step_skipped": (
        409, "Мероприятие пропущено", "Мероприятие {step} пропущено. Чтобы выполнить, верните его в работу.",
    ),
    "step_not_done": (409, "Возвращать нечего", "Мероприятие {step} ещё не выполнено и не пропущено."),
    "step_without_forms": (409, "Анкет здесь нет", "Мероприятие {step} не предполагает анкетирования."),
    "part_unknown": (422, "Такой части нет", "У мероприятия {step} нет части «{part}». Его части: {parts}."),
    "part_done": (409, "Часть уже выполнена", "Часть «{part}» мероприятия {step} уже выполнена."),
    "part_not_done": (409, "Возвращать нечего", "Часть «{part}» мероприятия {step} ещё не выполнена."),
    "occurrence_unknown": (
        422, "Такого повторения нет",
        "У мероприятия {step} нет повторения {occurrence}. Номера повторений: от 1 до {last}.",
    ),
    "occurrence_done": (409, "Повторение уже выполнено", "Повторение {occurrence} мероприятия {step} уже выполнено."),
    "occurrence_not_done": (409, "Возвращать нечего", "Повторение {occurrence} мероприятия {step} не выполнено."),
    "evidence_foreign": (
        422, "Показатель не от этого мероприятия",
        "Показатель «{field}» не относится к мероприятию {step}. Можно указать: {allowed}.",
    ),
    "evidence_required": (
        422, "Нужен показатель",
        "Для мероприятия {step} укажите показатель «{field}»: он нужен для следующих шагов и отчёта.",
    ),
    "gate_steps": (409, "Сначала другие мероприятия", "Мероприятие {step} ждёт выполнения {missing:of steps}."),
    "gate_consent_open": (
        409, "Нет согласий",
        "Мероприятие {step} ждёт согласий на обработку персональных данных:"
        " выполните часть «сбор согласий» {missing:of steps}.",
    ),
    "gate_consent_skipped": (
        409, "Нет согласий",
        "Сбор согласий ({from:steps}) пропущен, без него мероприятие {step} не выполнить. Верните сбор в работу.",
    ),
    "gate_consent_short": (
        409, "Не хватает согласий",
        "Для мероприятия {step} не хватает согласий: {short}. Получите их или укажите число тех, у кого согласие есть"
        " («count», «pairs»; для публикации «needed» и «obtained»).",
    ),
    "gate_consent_exceeded": (
        409, "Не хватает согласий",
        "В мероприятии {step} указано {entering}, а согласия есть на {allowed}: не хватает {short}.",
    ),
    "gate_baseline_skipped": (
        409, "Нет первой оценки",
        "Первая оценка ({from:steps}) пропущена, сравнивать мероприятию {step} не с чем. Верните её в работу.",
    ),
    "gate_baseline_exceeded": (
        409, "Нет первой оценки",
        "Оценено {measured}, а первую оценку прошли {baseline}: у {short} нет собственной первой оценки.",
    ),
    "deadline_outside_year": (
        422, "Срок вне учебного года", "Срок {due} вне учебного года. Укажите дату от {first} до {last}.",
    ),
    "deadline_in_past": (422, "Срок в прошлом", "Срок {due} уже прошёл. Укажите дату не раньше {today}."),
    "deadline_of_recurring": (
        422, "Мероприятие повторяется",
        "Мероприятие {step} проводится несколько раз. Начните программу и перенесите срок нужного повторения.",
    ),
    "deadline_unchanged": (422, "Срок тот же", "Мероприятие {step} уже имеет срок {due}. Укажите другую дату."),
    "deadline_moved": (
        409, "Срок уже другой",
        "Срок мероприятия {step} теперь {due}, а не {was}: его перенесли. Посмотрите сроки ещё раз.",
    ),
    "versions_unchanged": (409, "Менять нечего", "Программа уже идёт по этим версиям."),
    "versions_changed": (
        409, "Версии уже другие", "Программа перешла на другие версии, пока готовился запрос. Посмотрите план ещё раз.",
    ),
    "versions_lose_done": (
        409, "Пропало бы выполненное",
        "В новой версии дорожной карты нет места тому, что уже выполнено или начато: мероприятия {steps}."
        " Верните их в карту или оставьте программу на прежней версии.",
    ),
    "person_unchanged": (409, "Ничего не изменилось", "Этот человек уже назначен."),
    "feed_unknown": (
        404, "Календаря нет", "Ссылка на календарь неверна или отозвана. Новую выдаст тот, кто ведёт список людей.",
    ),
    "person_unknown": (422, "Человека нет", "Человека «{person}» нет в справочнике. Сначала внесите его."),
    "person_unseen": (404, "Человека нет", "Человека «{person}» нет в справочнике, или он вам не виден."),
    "absence_unknown": (404, "Отсутствия нет", "Отсутствия «{absence}» у этого человека нет."),
    "absence_over": (
        409, "Отсутствие закончилось", "Отсутствие закончилось {until}, его не меняют. Внесите новое.",
    ),
    "absence_ends_early": (
        422, "Неверный период", "Отсутствие заканчивается раньше, чем начинается: {until} раньше {from}.",
    ),
    "absence_in_past": (
        422, "Отсутствие в прошлом", "Отсутствие закончилось {until}. Укажите день не раньше {today}.",
    ),
    "absence_overlaps": (
        409, "Периоды пересекаются",
        "У этого человека уже внесено отсутствие с {from} по {until}. Измените его или укажите другие дни.",
    ),
    "deputy_is_absent": (422, "Заместитель — другой человек", "Человек не замещает сам себя. Укажите другого."),
    "deputy_circle": (
        422, "Замещение по кругу",
        "Человек «{deputy}» в эти дни отсутствует сам, и его замещает тот, кого вы вносите. Укажите другого.",
    ),
    "calendar_ends": (
        422, "Календаря на этот год нет",
        "Производственного календаря на {year} год здесь нет, срок не посчитать. Ничего не изменено.",
    ),
    "forms_foreign": (422, "Формы выбирают не здесь", "Мероприятие {step} не выбирает формы наставничества."),
    "forms_fixed": (
        409, "Формы уже выбраны",
        "Формы закреплены мероприятием {step}. Чтобы изменить их, верните это мероприятие в работу.",
    ),
    "item_unknown": (409, "Уже исполнено", "Поручения {item} в очереди нет."),
    "version_stale": (
        412, "Данные изменились",
        "Запрос написан для другой версии, сейчас версия {version}. Загрузите данные заново и повторите.",
    ),
    "key_reused": (
        422, "Ключ уже использован",
        "С Idempotency-Key «{key}» был другой запрос. Для нового запроса возьмите новый ключ.",
    ),
    "organisation_unknown": (422, "Организации нет", "Организации «{organisation}» нет, или она вам не видна."),
    "year_out_of_range": (
        422, "Неверный год", "Год {year} вне пределов: укажите год начала учебного года, {first}–{last}.",
    ),
    "year_over": (
        422, "Год уже прошёл", "Учебный год {year} закончился: {last} был его последний день. Укажите другой год.",
    ),
    "roadmap_foreign": (
        422, "Чужая дорожная карта",
        "Организации этого вида подходит дорожная карта «{own}», а не «{roadmap}».",
    ),
    "roadmap_not_approved": (
        422, "Нет утверждённой дорожной карты",
        "У муниципалитета «{unit}» нет утверждённой дорожной карты. Загрузите её:"
        " POST /units/{unit}/roadmaps с номером и датой приказа.",
    ),
    "roadmap_not_municipal": (
        409, "Узел — не муниципалитет",
        "Собственную дорожную карту утверждает муниципалитет, а «{unit}» — узел другого вида.",
    ),
    "roadmap_key_taken": (
        409, "Ключ занят", "В файлах определений уже есть дорожная карта с ключом «{unit}». Переименуйте её.",
    ),
    "approval_in_future": (
        422, "Приказ из будущего", "Дата приказа {date} ещё не наступила: сегодня {today}. Проверьте дату.",
    ),
    "roadmap_unknown": (404, "Дорожной карты нет", "Дорожной карты «{roadmap}» нет."),
    "form_unknown": (404, "Формы нет", "Формы «{form}» нет."),
    "ladder_unknown": (404, "Лестницы нет", "Лестницы «{ladder}» нет."),
    "ladder_fixed": (
        422, "Это не меняют",
        "Поле {field} лестницы «{ladder}» не меняют: сейчас {known}. Уберите его или оставьте прежним.",
    ),
    "unit_unknown": (422, "Узла нет", "Узла «{unit}» нет, или он вам не виден."),
    "unit_not_found": (404, "Узла нет", "Узла «{unit}» нет, или он вам не виден."),
    "unit_kind_fixed": (409, "Вид не меняют", "Узел «{unit}» уже внесён как {kind}; вид узла не меняют."),
    "unit_misplaced": (422, "Узел не на своём месте", "Узел «{unit}» сюда не внести: {reason}."),
    "region_exists": (409, "Регион уже есть", "Регион уже внесён: «{region}». Второго не бывает."),
    "zone_unknown": (422, "Неверный часовой пояс", "Часового пояса «{zone}» нет. Пример: Asia/Tomsk."),
    "email_invalid": (422, "Неверный адрес", "«{email}» не похоже на адрес электронной почты."),
    "role_misplaced": (422, "Роль не для этого узла", "Роль {role} не бывает у узла этого вида."),
    "role_held": (409, "Роль уже есть", "Этот человек уже исполняет эту роль в указанное время."),
    "role_ends_early": (422, "Неверный срок роли", "Роль заканчивается раньше, чем начинается."),
    "role_unknown": (404, "Роли нет", "Такой роли у этого человека нет."),
    "token_expired": (422, "Срок ключа в прошлом", "Срок действия ключа уже прошёл. Укажите более позднее время."),
    "token_unknown": (404, "Ключа нет", "Ключа «{token}» нет."),
    "cursor_invalid": (422, "Неверный курсор", "Курсор взят не из ответа этого списка. Начните список сначала."),
    "plan_changed": (
        409, "План изменился",
        "С тех пор, как план показан, что-то изменилось. Посмотрите план ещё раз и запустите его новый хеш.",
    ),
    "cohort_unclear": (
        422, "Непонятно, кого касается",
        "Укажите либо узел (unit), и тогда это все его программы года, либо список программ (programmes).",
    ),
    "cohort_member_unknown": (
        422, "Программы нет", "Программы «{programme}» {year} учебного года нет, или она вам не видна.",
    ),
    "act_unclear": (422, "Действие не понять", "Действие «{act}»: {reason}. Пример: «2026-10-01 пропустить 5»."),
    "bulk_unknown": (404, "Запуска нет", "Массового запуска «{bulk}» нет, или он вам не виден."),
    "moment_invalid": (422, "Неверная дата", "«{at}» — не дата. Примеры: 2026-03-01, 2026-03-01T12:00:00+07:00."),
    "before_start": (404, "Программы ещё не было", "На {at} программа ещё не была начата."),
    "forbidden": (403, "Недостаточно прав", "Ваша роль не позволяет этого здесь. Обратитесь к администратору региона."),
    "letter_unknown": (404, "Письма нет", "Письма «{letter}» нет, или оно вам не видно."),
    "incident_unknown": (404, "Происшествия нет", "Происшествия «{incident}» нет, или оно уже закрыто."),
    "unit_renamed": (422, "Идентификатор другой", "В адресе узел «{unit}», а в теле «{id}». Укажите один и тот же."),
    "unit_invalid": (422, "Узел заполнен с ошибкой", "{reason}."),
    "zone_missing": (422, "Нет часового пояса", "Укажите время с часовым поясом, например 2026-12-31T23:59:59+07:00."),
    "link_unknown": (404, "Анкеты нет", "Ссылка неверна. Проверьте, что она скопирована целиком."),
    "question_unknown": (422, "Такого вопроса нет", "Вопроса «{question}» в анкете нет. Откройте ссылку заново."),
    "answer_too_long": (422, "Ответ слишком длинный", "Ответ не может быть длиннее {most} знаков."),
    "answers_empty": (422, "Ответов нет", "Ответьте хотя бы на один вопрос."),
    "link_used": (409, "Анкета уже заполнена", "По этой ссылке анкета уже отправлена. Спасибо!"),
    **MONITORING,
    **CURES,
}  # fmt: skip

_FALLBACK = (409, "Запрос отклонён", "Запрос отклонён по правилу «{code}».")


def status_of(refusal: Refusal) -> int:
    """The HTTP status of a refusal; one that points at a field of the body is 422."""
    status = WORDING.get(refusal.code, _FALLBACK)[0]
    return 422 if status == 404 and refusal.pointer else status


def title_of(code: str) -> str:
    """The title of a code."""
    return WORDING.get(code, _FALLBACK)[1]


def detail_of(refusal: Refusal) -> str:
    """The sentence of a refusal; a stored one reads like the first. No fact is named `code`: that is its own."""
    if "code" in refusal.facts:
        raise ValueError(f"{refusal.code} has a fact that its code would hide")
    facts = _Facts({name: _Fact(value) for name, value in refusal.facts.items()}, code=_Fact(refusal.code))
    words = _without_empty(WORDING.get(refusal.code, _FALLBACK)[2], refusal.facts)
    return words.format_map(facts).replace("..", ".")


def _without_empty(words: str, facts: Mapping[str, Any]) -> str:
    """Only the sentences that have something to say: one about an empty list has not."""
    empty = [name for name, value in facts.items() if isinstance(value, list | tuple) and not value]
    told = [
        one for one in _SENTENCES.split(words) if not any(f"{{{name}}}" in one or f"{{{name}:" in one for name in empty)
    ]
    return " ".join(told) or words


class _Fact:
    """A fact in a sentence: with `steps` numbers of steps get their noun, with `of steps` in the genitive."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def __format__(self, spec: str) -> str:
        if spec and isinstance(self._value, list | tuple):
            return steps_named(self._value, genitive=spec == "of steps")
        return _shown(self._value)


class _Facts(dict[str, _Fact]):
    def __missing__(self, name: str) -> _Fact:
        return _Fact("…")


def _shown(value: Any) -> str:
    if isinstance(value, str) and _DAY.fullmatch(value):
        with suppress(ValueError):
            return full_date(date.fromisoformat(value))
    if isinstance(value, date):
        return full_date(value)
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value)
    return str(value)


_SENTENCES = re.compile(r"(?<=[.!?]) ")
_DAY = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-[0-3][0-9]")
