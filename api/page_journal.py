"""The last events of a programme as sentences for people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from babel.dates import format_datetime

from activities.letter_words import NOTICES, PARTS, ROLES, addressed, in_place_of, shortened
from activities.recipients import RecipientBook
from activities.russian import counted, full_date, steps_named
from domain.mentoring_forms import FORM_TITLES
from domain.plan import Plan, zone_of

SHOWN = 12
GAPS_NAMED = 6
READ = 80
"""Events that are looked through for the ones that are shown."""

QUIET = frozenset({"NoticeQueued", "CollectionQueued"})
"""What is only queued is told when it has been carried out."""

SENTENCES = {
    "ProgrammeStarted": "Программа начата",
    "PhaseOpened": "Открыт этап {phase}",
    "PhaseCompleted": "Завершён этап {phase}",
    "PhaseReopened": "Снова открыт этап {phase}",
    "PartCompleted": "Мероприятие {step}: {done}",
    "StepCompleted": "Выполнено мероприятие {step}{late}",
    "FormsFixed": "Закреплены формы наставничества: {forms}",
    "FormsChosen": "Запланированы формы наставничества: {forms}",
    "StepSkipped": "Пропущено мероприятие {step}{reason}",
    "StepReopened": "Возвращено в работу мероприятие {step}{reason}",
    "StepMissed": "Срок прошёл {due}: мероприятие {step}",
    "DeadlineMoved": "Срок перенесён с {was} на {due}: мероприятие {step}{cause}{reason}",
    "VersionsAdopted": "Приняты новые версии: {versions}{reason}",
    "ReminderAsked": "Напоминание вне очереди: мероприятие {step}",
    "StepAssigned": "Мероприятие {step} поручено: {person}",
    "PersonAppointed": "Назначен {role}: {person}, приказ {order}",
    "ResultPlanned": "Внесён планируемый результат: {form}",
    "FormsIssued": "Выданы анкеты, мероприятие {step}: {count}",
    "CollectionQueued": "Собираются анкеты, мероприятие {step}",
    "FormsCollected": "Анкеты вернулись, мероприятие {step}: {returned} из {sent}",
    "NoticeQueued": "Готовится письмо: {notice}",
    "NoticeRedirected": "Некому получить: {notice} ({vacant}). Направлено: {above}",
    "NoticeSent": "Отправлено: {notice}, {letters}{stood_in}",
    "NoticeDropped": "Не отправлено: {notice}, {dropped}",
    "RetryAsked": "Отложенное решено выполнить сейчас",
    "ItemDeferred": "Отложено до {retry_at}: {notice}",
    "ProgrammePaused": "Программа приостановлена{reason}",
    "ProgrammeResumed": "Программа возобновлена",
    "ProgrammeClosed": "Год завершён{gaps}{reason}",
    "ProgrammeReopened": "Год снова открыт: мероприятие {step} в работе",
    "ProgrammeCancelled": "Программа отменена{reason}",
}
_NOTICES = {
    **NOTICES,
    "started": "письмо о начале программы",
    "appointed": "письмо о назначении",
    "paused": "письмо о приостановке",
    "resumed": "письмо о возобновлении",
    "ended": "письмо об окончании программы",
    "adopted": "письмо об изменении дорожной карты",
}
_CAUSES = {
    "reference": ", вслед за мероприятием {reference}",
    "pause": ", после приостановки",
    "reopening": ", при возвращении в работу",
    "calendar": ", по новому производственному календарю",
    "roadmap": ", по новой дорожной карте",
}
DROPPED = {
    "untrue": "уже неактуально",
    "nobody": "адресата нет",
    "opted_out": "адресаты отказались от ранних напоминаний",
}


@dataclass(frozen=True)
class Told:
    """One event: when, what, by whom."""

    at: str
    sentence: str
    by: str


@dataclass(frozen=True)
class Teller:
    """Tells events of one programme; `names` is false for those who may not read personal data."""

    plan: Plan
    zone: str
    book: RecipientBook
    names: bool
    actors: Mapping[str, str]

    def tell(self, events: Sequence[Mapping[str, Any]]) -> list[Told]:
        """The last events, the newest first."""
        queued = {event["version"]: event["data"] for event in events if event["type"] in QUIET}
        shown = [event for event in reversed(events) if event["type"] not in QUIET]
        return [self._told(event, queued) for event in shown[:SHOWN]]

    def _told(self, event: Mapping[str, Any], queued: Mapping[int, Any]) -> Told:
        sentence = SENTENCES[event["type"]].format_map(self._facts(event["data"], queued))
        by = event["by"]
        return Told(moment(event["at"], self.zone), sentence, self.actors.get(by, PROCESSES.get(by, "сотрудник")))

    def _facts(self, data: Mapping[str, Any], queued: Mapping[int, Any]) -> defaultdict[str, Any]:
        facts: defaultdict[str, Any] = defaultdict(str, data)
        if "step" in data:
            facts["step"] = self._step(data["step"])
        if "phase" in data:
            labels = {phase.number: phase.label for phase in self.plan.roadmap.phases}
            facts["phase"] = labels.get(data["phase"], data["phase"])  # another roadmap may do without it
        for name in ("due", "was"):
            if data.get(name):
                facts[name] = full_date(date.fromisoformat(data[name]))
        facts["forms"] = ", ".join(FORM_TITLES[form] for form in data.get("forms", ())) or "не выбраны"
        facts["form"] = FORM_TITLES.get(data.get("form", ""), "")
        facts["reason"] = f". Причина: {data['reason'].rstrip('.')}" if data.get("reason") and self.names else ""
        facts["cause"] = _CAUSES.get(data.get("cause", ""), "").format_map(defaultdict(str, data))
        facts["late"] = ", позже срока" if data.get("late") else ""
        part, time = data.get("part"), data.get("occurrence")
        facts["done"] = f"выполнено «{PARTS[part]}»" if part else f"проведено, {time}-й раз"
        facts["role"] = ROLES.get(data.get("role", ""), "")
        facts["person"] = self._person(data.get("person"))
        order = data.get("order") or {}
        day = f" от {full_date(date.fromisoformat(order['date']))}" if order.get("date") else ""
        facts["order"] = f"№ {order['number']}{day}" if order else ""
        facts["gaps"] = _gaps(data.get("gaps", ()))
        facts["versions"] = _versions(data.get("was") or {}, data.get("plan") or {}) if "plan" in data else ""
        return self._of_item(facts, data, queued)

    def _of_item(
        self, facts: defaultdict[str, Any], data: Mapping[str, Any], queued: Mapping[int, Any]
    ) -> defaultdict[str, Any]:
        item = queued.get(data.get("item", 0), {})
        steps = [step for step, _ in item.get("steps", ())]
        about = f", {steps_named(list(dict.fromkeys(steps)))}" if steps else ""
        facts["notice"] = f"{_NOTICES.get(item.get('kind', ''), 'письмо')}{about}"
        facts["letters"] = letters(data)
        facts["stood_in"] = stood_in(data.get("instead_of", {}), self.book, self.names)
        facts["vacant"], facts["above"] = addressed(data.get("vacant", ())), addressed(addressees(data))
        facts["dropped"] = DROPPED.get(str(data.get("reason")), "")
        if "retry_at" in data:
            facts["retry_at"] = moment(datetime.fromisoformat(data["retry_at"]), self.zone)
        return facts

    def _step(self, number: int) -> str:
        step = self.plan.roadmap.steps.get(number)
        return f"{number} «{shortened(step.title, 70)}»" if step else str(number)

    def _person(self, person: str | None) -> str:
        known = self.book.name(f"person:{person}") if person and self.names else None
        return known or "сотрудник организации"


def stood_in(instead_of: Mapping[str, Sequence[str]], book: RecipientBook, names: bool) -> str:
    """Who got it for whom; by name where persons may be named."""
    if not instead_of:
        return ""
    if not names:
        return f", из них по замещению: {len(instead_of)}"
    name = book.name
    pairs = [
        in_place_of(name(deputy) or "сотрудник", [name(one) or "сотрудник" for one in away])
        for deputy, away in instead_of.items()
    ]
    return f": {'; '.join(pairs)}"


def letters(data: Mapping[str, Any]) -> str:
    """`2 адресата, 1 в ежедневной сводке`"""
    sent, bundled = len(data.get("to", ())), len(data.get("bundled", ()))
    if not bundled:
        return counted(sent, "адресат", "адресата", "адресатов")
    in_digest = f"{counted(bundled, 'адресату', 'адресатам', 'адресатам')} в ежедневной сводке"
    return f"{counted(sent, 'адресат', 'адресата', 'адресатов')}, ещё {in_digest}" if sent else in_digest


def addressees(data: Mapping[str, Any]) -> Sequence[str]:
    """Of a redirected notice: the rung that gets it; of others nothing, for theirs are persons."""
    return data["to"] if data.get("vacant") else ()


def _gaps(steps: Sequence[int]) -> str:
    """Which steps were left open when the year was closed; many of them are only counted."""
    if not steps:
        return ""
    if len(steps) > GAPS_NAMED:
        return f", не выполнено: {counted(len(steps), 'мероприятие', 'мероприятия', 'мероприятий')}"
    return f", не {'выполнено' if len(steps) == 1 else 'выполнены'} {steps_named(steps)}"


def _versions(was: Mapping[str, str], now: Mapping[str, str]) -> str:
    """Which of the definitions are others, with their new versions: `дорожная карта 2`."""
    other = [name for name in _DEFINITIONS if was.get(name) != now.get(name)]
    shown = [name for name in other if name != "calendar"]  # its version is a hash
    words = [f"{_DEFINITIONS[name]} {now.get(name, '').rpartition('@')[2]}" for name in shown]
    return ", ".join([*words, *(["производственный календарь"] if "calendar" in other else [])])


_DEFINITIONS = {"roadmap": "дорожная карта", "ladder": "порядок напоминаний", "calendar": "производственный календарь"}
PROCESSES = {"worker": "система", "demo": "демонстрация", "cli": "администратор", "setup": "система"}


def moment(at: datetime, zone: str) -> str:
    """`20 ноября 2026 г., 09:00` where the organisation is."""
    return str(format_datetime(at.astimezone(zone_of(zone)), "d MMMM y 'г.', HH:mm", locale="ru"))
