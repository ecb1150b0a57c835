"""The words of every refusal: status, title and a sentence that names the place and the cure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from activities.russian import full_date
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
    "step_done": (409, "Мероприятие уже выполнено", "Мероприятие {step} уже выполнено. Чтобы изменить, верните его в работу."),
    "step_skipped": (409, "Мероприятие пропущено", "Мероприятие {step} пропущено. Чтобы выполнить, верните его в работу."),
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
    "gate_steps": (409, "Сначала другие мероприятия", "Мероприятие {step} ждёт выполнения мероприятий: {missing}."),
    "gate_consent_open": (
        409, "Нет согласий",
        "Мероприятие {step} ждёт согласий на обработку персональных данных: выполните часть «consent» мероприятий {missing}.",
    ),
    "gate_consent_skipped": (
        409, "Нет согласий",
        "Сбор согласий (мероприятия {from}) пропущен, без него мероприятие {step} не выполнить. Верните сбор в работу.",
    ),
    "gate_consent_short": (
        409, "Не хватает согласий",
        "Для мероприятия {step} не хватает согласий: {short}. Получите их или укажите число тех, у кого согласие есть.",
    ),
    "gate_consent_exceeded": (
        409, "Не хватает согласий",
        "В мероприятии {step} указано {entering}, а согласия есть на {allowed}: не хватает {short}.",
    ),
    "gate_baseline_skipped": (
        409, "Нет первой оценки",
        "Первая оценка (мероприятия {from}) пропущена, сравнивать мероприятию {step} не с чем. Верните её в работу.",
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
    "person_unchanged": (409, "Ничего не изменилось", "Этот человек уже назначен."),
    "person_unknown": (422, "Человека нет", "Человека «{person}» нет в справочнике. Сначала внесите его."),
    "forms_foreign": (422, "Формы выбирают не здесь", "Мероприятие {step} не выбирает формы наставничества."),
    "forms_fixed": (
        409, "Формы уже выбраны",
        "Формы закреплены мероприятием {step}. Чтобы изменить их, верните это мероприятие в работу.",
    ),
    "item_unknown": (409, "Уже исполнено", "Поручения {item} в очереди нет."),
    "version_stale": (
        412, "Данные изменились",
        "Вы видели версию {expected}, сейчас версия {version}. Обновите страницу и повторите.",
    ),
    "key_reused": (
        422, "Ключ уже использован",
        "С Idempotency-Key «{key}» был другой запрос. Для нового запроса возьмите новый ключ.",
    ),
    "organisation_unknown": (422, "Организации нет", "Организации «{organisation}» нет, или она вам не видна."),
    "year_out_of_range": (422, "Неверный год", "Год {year} вне пределов: укажите год начала учебного года, {first}–{last}."),
    "roadmap_foreign": (
        422, "Чужая дорожная карта",
        "Организации этого вида подходит дорожная карта «{own}», а не «{roadmap}».",
    ),
    "roadmap_unknown": (404, "Дорожной карты нет", "Дорожной карты «{roadmap}» нет."),
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
    "bulk_unknown": (404, "Запуска нет", "Массового запуска «{bulk}» нет, или он вам не виден."),
    "moment_invalid": (422, "Неверная дата", "«{at}» — не дата. Примеры: 2026-03-01, 2026-03-01T12:00:00+07:00."),
    "before_start": (404, "Программы ещё не было", "На {at} программа ещё не была начата."),
    "forbidden": (403, "Недостаточно прав", "Ваша роль не позволяет этого здесь. Обратитесь к администратору региона."),
    "letter_unknown": (404, "Письма нет", "Письма «{letter}» нет, или оно вам не видно."),
    "unit_invalid": (422, "Узел заполнен с ошибкой", "{reason}."),
    "zone_missing": (422, "Нет часового пояса", "Укажите время с часовым поясом, например 2026-12-31T23:59:59+07:00."),
    "link_unknown": (404, "Анкеты нет", "Ссылка неверна. Проверьте, что она скопирована целиком."),
    "link_used": (409, "Анкета уже заполнена", "По этой ссылке анкета уже отправлена. Спасибо!"),
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
    """The sentence of a refusal."""
    facts = {name: _shown(value) for name, value in refusal.facts.items()}
    return WORDING.get(refusal.code, _FALLBACK)[2].format_map({"code": refusal.code, **facts})


def _shown(value: Any) -> str:
    if isinstance(value, date):
        return full_date(value)
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value)
    return str(value)


# pydantic's error type: the Russian words
_FIELDS = {
    "missing": "поле обязательно",
    "extra_forbidden": "такого поля нет",
    "int_type": "нужно целое число",
    "int_parsing": "нужно целое число",
    "int_from_float": "нужно целое число",
    "string_type": "нужна строка",
    "bool_type": "нужно true или false",
    "bool_parsing": "нужно true или false",
    "list_type": "нужен список",
    "tuple_type": "нужен список",
    "dict_type": "нужен объект",
    "model_type": "нужен объект",
    "model_attributes_type": "нужен объект",
    "date_type": "нужна дата вида ГГГГ-ММ-ДД",
    "date_parsing": "нужна дата вида ГГГГ-ММ-ДД",
    "date_from_datetime_parsing": "нужна дата вида ГГГГ-ММ-ДД",
    "date_from_datetime_inexact": "нужна дата вида ГГГГ-ММ-ДД, без времени",
    "datetime_type": "нужны дата и время вида ГГГГ-ММ-ДДTчч:мм:ссZ",
    "datetime_parsing": "нужны дата и время вида ГГГГ-ММ-ДДTчч:мм:ссZ",
    "datetime_from_date_parsing": "нужны дата и время вида ГГГГ-ММ-ДДTчч:мм:ссZ",
    "timezone_aware": "нужно время с часовым поясом",
}
_WITH_LIMIT = {
    "string_too_short": "слишком коротко, нужно не меньше знаков: {min_length}",
    "string_too_long": "слишком длинно, можно не больше знаков: {max_length}",
    "greater_than_equal": "нужно не меньше {ge}",
    "less_than_equal": "нужно не больше {le}",
    "too_short": "нужно не меньше элементов: {min_length}",
    "too_long": "можно не больше элементов: {max_length}",
    "literal_error": "можно только: {expected}",
    "string_pattern_mismatch": "недопустимые знаки; нужен вид {pattern}",
}


def field_detail(error: Mapping[str, Any]) -> str:
    """The words of one field's error."""
    kind, context = error["type"], error.get("ctx") or {}
    if kind == "value_error":
        return str(context.get("error", error["msg"]))
    if kind in _WITH_LIMIT:
        return _WITH_LIMIT[kind].format_map(context).replace(" or ", " или ")
    return _FIELDS.get(kind, "недопустимое значение")
