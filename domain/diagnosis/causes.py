"""The causes, each described in this one place: its layer, how much it harms, what is said of it, what helps.

They stand in the order in which they explain: what the machine does comes before what people do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

Layer = Literal["person", "data", "mail", "database", "worker", "code", "temporal", "paused", "none"]


class Cause(NamedTuple):
    """`harm`: 3 when everything stands, 2 when a stream stands or its letters do, 1 when something is missing, 0 when
    somebody is late; `None` when nothing is wrong. `turn`: the role whose turn it is, where that is not who answers for
    the step or the form.

    `sentence`: what the finding's facts are put into; three words after a colon are the plural forms of a number.
    """

    layer: Layer
    harm: int | None
    sentence: str
    cures: tuple[str, ...] = ()
    turn: str | None = None


_STEP = ("complete", "remind", "deadline", "responsible", "deputy", "skip")

CAUSES: Mapping[str, Cause] = {
    "database_down": Cause(
        "database",
        3,
        "База данных не отвечает с {since}: ничего не записывается. Всё продолжится само, когда она вернётся.",
        ("start_database",),
        "administrator",
    ),
    "disk_full": Cause(
        "database",
        3,
        "На диске нет места с {since} ({where}): записать ничего нельзя. Прочитанное верно, новое не принимается.",
        ("free_disk",),
        "administrator",
    ),
    "temporal_down": Cause(
        "temporal",
        3,
        "Temporal не отвечает с {since}: сроки и письма ждут. Отмечать выполнение можно; отставшее догонит само.",
        ("start_temporal",),
        "administrator",
    ),
    "worker_missing": Cause(
        "worker",
        3,
        "Ни один обработчик не работает с {since}: сроки и письма ждут. Отмечать выполнение можно; отставшее догонит"
        " само.",
        ("start_worker",),
        "administrator",
    ),
    "worker_version": Cause(
        "worker",
        3,
        "Действующей назначена версия {current}, а обработчики работают на другой ({running}): сроки и письма ждут.",
        ("release",),
        "administrator",
    ),
    "database_refuses": Cause(
        "database",
        2,
        "Обработчик не может обратиться к базе данных ({failure}): попытка {attempt}, следующая {next}.",
        ("retry", "start_database"),
        "administrator",
    ),
    "nondeterminism": Cause(
        "code",
        2,
        "Код процесса разошёлся с его историей, процесс стоит с {since}, попытка {attempt}. Данные целы.",
        ("restart", "reset", "fix_code"),
        "administrator",
    ),
    "workflow_fails": Cause(
        "code",
        2,
        "Процесс останавливается на ошибке в коде ({failure}) с {since}, попытка {attempt}. Данные целы.",
        ("reset", "restart", "fix_code"),
        "administrator",
    ),
    "act_fails": Cause(
        "code",
        2,
        "Обработчик не может выполнить «{act}» из-за ошибки в коде ({failure}): попытка {attempt}, следующая {next}.",
        ("retry", "fix_code"),
        "administrator",
    ),
    "exhausted": Cause(
        "code",
        2,
        "Все попытки выполнить {items:поручение,поручения,поручений} ({failure}) исчерпаны; следующая {next}.",
        ("retry", "fix_code"),
        "administrator",
    ),
    "workflow_missing": Cause(
        "temporal",
        2,
        "Процесс в Temporal не запущен: журнал ждёт его с {since}. Обработчик запустит его сам в течение 15 секунд.",
        ("restart",),
        "administrator",
    ),
    "workflow_lagging": Cause(
        "temporal",
        2,
        "Процесс в Temporal отстаёт от журнала с {since}: {how}.",
        ("retry", "restart"),
        "administrator",
    ),
    "clock_skew": Cause(
        "worker",
        2,
        "Часы процесса {process} {off}: сроки, письма и записи получают неверное время.",
        ("fix_clock",),
        "administrator",
    ),
    "mail_down": Cause(
        "mail",
        2,
        "Почтовый сервер не принимает письма с {since} ({failure}); ожидают отправки: {letters:письмо,письма,писем}."
        " Следующая попытка {next}.",
        ("retry", "fix_mail"),
        "administrator",
    ),
    "mail_postponed": Cause(
        "mail",
        1,
        "Письмо не удаётся отправить с {since} ({failure}), попыток: {attempt}. Следующая {next}.",
        ("retry", "fix_mail"),
        "administrator",
    ),
    "failed": Cause(
        "mail",
        1,
        "{who}: с {since} не доставлено {letters:письмо,письма,писем}{failure}.",
        ("address", "resend", "closure"),
        "administrator",
    ),
    "bounced": Cause(
        "mail",
        1,
        "{who}: с {since} не доставлено {letters:письмо,письма,писем}{failure}.",
        ("address", "resend", "closure"),
        "administrator",
    ),
    "gate": Cause(
        "data",
        1,
        "Мероприятие {step} «{title}»: срок был {since}, а закрыть его нельзя: {missing}",
        ("complete", "remind", "deadline", "skip"),
    ),
    "vacant": Cause(
        "person",
        1,
        "Письма некому получать ({who}): с {since} своего адресата не {found} {letters:письмо,письма,писем}.",
        ("appointment", "closure"),
        "administrator",
    ),
    "unfilled": Cause(
        "person",
        1,
        "Роль никто не исполняет ({who}): с {since} письма о сроках ей отправить некому.",
        ("appointment",),
        "administrator",
    ),
    "disk_low": Cause(
        "database",
        1,
        "На диске осталось {free} ({where}): скоро записывать будет некуда.",
        ("free_disk",),
        "administrator",
    ),
    "overdue": Cause(
        "person",
        0,
        "Ждём мероприятия {step} «{title}»: срок был {due}, просрочка {days:день,дня,дней}.{more}",
        _STEP,
    ),
    "form_overdue": Cause(
        "person",
        0,
        "Ждём форму мониторинга ({who}): срок был {due}, просрочка {days:день,дня,дней}.",
        ("remind", "extension", "deputy"),
    ),
    "forms_overdue": Cause(
        "person",
        0,
        "Ждём форм мониторинга: не сдано {forms:форма,формы,форм} из {expected}, срок был {due}.",
        ("remind", "extension"),
    ),
    "in_review": Cause(
        "person", None, "Форма ({who}) на проверке с {since}, её примет или вернёт {centre}.", ("review",)
    ),
    "paused": Cause(
        "paused", None, "Программа приостановлена с {since}; сроки и напоминания ждут возобновления.", ("resumption",)
    ),
    "in_time": Cause("none", None, "Всё в срок. Ближайшее мероприятие {step} «{title}», до {due}", _STEP),
    "form_in_time": Cause("none", None, "Всё в срок. Форма ({who}) ожидается до {due}", ("remind", "extension")),
    "forms_in_time": Cause("none", None, "Всё в срок. Принято {accepted} из {expected}, формы ждём до {due}"),
    "forms_in_review": Cause("none", None, "Все формы получены ({expected}), принято {accepted}."),
    "nothing_left": Cause("none", None, "Ждать нечего."),
    "closed": Cause("none", None, "Год завершён; ждать нечего.", ("reopening",)),
    "cancelled": Cause("none", None, "Программа отменена; ждать нечего."),
    "accepted": Cause("none", None, "Форма ({who}) принята; ждать нечего."),
    "round_closed": Cause("none", None, "Мониторинг завершён; ждать нечего."),
}

_OF_PEOPLE = next(place for place, cause in enumerate(CAUSES.values()) if cause.layer in ("data", "person"))
ORDER: Mapping[str, int] = {
    key: _OF_PEOPLE if cause.layer in ("data", "person") and cause.harm is not None else place
    for place, (key, cause) in enumerate(CAUSES.items())
}
"""Which of two causes explains: the earlier one; among those of people the one that was named first, the oldest."""
