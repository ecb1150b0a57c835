"""The last events of a submission as sentences for people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from activities.letter_words import addressed
from activities.recipients import RecipientBook
from activities.russian import counted, full_date, sentence
from activities.submission_words import file_words, notice_words
from api.page_journal import DROPPED, PROCESSES, SHOWN, Told, addressees, letters, moment, stood_in
from domain.form.definition import FormDefinition
from domain.submission.commands import DOCUMENT_KINDS
from domain.submission.state import Submission

QUIET = frozenset({"NoticeQueued"})
"""What is only queued is told when it has been carried out."""

SENTENCES = {
    "SubmissionOpened": "Заведена форма, срок до {due}",
    "FormSaved": "Сохранена редакция {revision}",
    "FormSubmitted": "Форма сдана{again}: редакция {revision}{late}",
    "FormReturned": "Форма возвращена на доработку, {comments}",
    "FormAccepted": "Форма принята{again}: редакция {revision}",
    "FormReopened": "Принятая форма открыта для изменения{reason}",
    "DeadlineMoved": "Срок перенесён с {was} на {due}{cause}{reason}{order}",
    "CalendarAdopted": "Форма идёт по новому производственному календарю{reason}{order}",
    "SubmissionMissed": "Срок прошёл {due}: форма не сдана",
    "ReminderAsked": "Напоминание вне очереди",
    "DocumentAdded": "Получен файл: {file}",
    "DocumentCleared": "Убран файл: {file}",
    "NoticeQueued": "Готовится письмо: {notice}",
    "NoticeRedirected": "Некому получить: {notice} ({vacant}). Направлено: {above}",
    "NoticeSent": "Отправлено: {notice}, {letters}{stood_in}",
    "NoticeDropped": "Не отправлено: {notice}, {dropped}",
    "RetryAsked": "Отложенное решено выполнить сейчас",
    "ItemDeferred": "Отложено до {retry_at}: {notice}",
    "SubmissionClosed": "{round} завершён",
    "SubmissionReopened": "Форма снова открыта для опоздавшего{reason}",
}
CAUSES = {
    "extension": "продление",
    "return": "возврат на доработку",
    "calendar": "производственный календарь",
    "reopening": "форма открыта снова",
}


@dataclass(frozen=True)
class SubmissionTeller:
    """Tells events of one submission; `names` is false for those who may not read personal data."""

    state: Submission
    form: FormDefinition
    book: RecipientBook
    names: bool
    actors: Mapping[str, str]

    def tell(self, events: Sequence[Mapping[str, Any]]) -> list[Told]:
        """The last events, the newest first; of saves one after another by the same person the last one."""
        queued = {event["version"]: event["data"] for event in events if event["type"] in QUIET}
        shown = [self._told(event, queued) for event in _without_saves(reversed(events)) if event["type"] not in QUIET]
        return shown[:SHOWN]

    def by(self, actor: str) -> str:
        """Who acted."""
        return self.actors.get(actor, PROCESSES.get(actor, "сотрудник"))

    def reason(self, reason: str | None) -> str:
        """Why, in the words of whoever acted, for those who may read them."""
        return reason.strip().rstrip(".") if reason and self.names else ""

    def _told(self, event: Mapping[str, Any], queued: Mapping[int, Any]) -> Told:
        sentence = SENTENCES[event["type"]].format_map(self._facts(event["data"], queued))
        return Told(moment(event["at"], self.state.zone), sentence, self.by(event["by"]))

    def _facts(self, data: Mapping[str, Any], queued: Mapping[int, Any]) -> defaultdict[str, Any]:
        facts: defaultdict[str, Any] = defaultdict(str, data)
        for name in ("due", "was"):
            if data.get(name):
                facts[name] = full_date(date.fromisoformat(data[name]))
        reason = self.reason(data.get("reason"))
        facts["reason"] = f". Причина: {reason}" if reason else ""
        facts["again"] = f", сдача № {data['number']}" if data.get("number", 1) > 1 else ""
        facts["late"] = ", позже срока" if data.get("late") else ""
        facts["comments"] = counted(len(data.get("comments", ())), "замечание", "замечания", "замечаний")
        facts["cause"] = f", {CAUSES[data['cause']]}" if "cause" in data else ""
        facts["order"] = f". {order_words(data['order'])}" if data.get("order") else ""
        facts["round"] = sentence(self.form.words.round)
        facts["file"] = self._file(data.get("kind"))
        return self._of_item(facts, data, queued)

    def _file(self, kind: Any) -> str:
        return file_words(kind, self.state.respondent_class) if kind in DOCUMENT_KINDS else ""

    def _of_item(
        self, facts: defaultdict[str, Any], data: Mapping[str, Any], queued: Mapping[int, Any]
    ) -> defaultdict[str, Any]:
        item = queued.get(data.get("item", 0), {})
        facts["notice"] = notice_words(item.get("kind", ""), self.form)
        facts["letters"] = letters(data)
        facts["stood_in"] = stood_in(data.get("instead_of", {}), self.book, self.names)
        facts["vacant"], facts["above"] = addressed(data.get("vacant", ())), addressed(addressees(data))
        facts["dropped"] = DROPPED.get(str(data.get("reason")), "")
        if "retry_at" in data:
            facts["retry_at"] = moment(datetime.fromisoformat(data["retry_at"]), self.state.zone)
        return facts


def order_words(order: Mapping[str, Any]) -> str:
    """`Приказ № 15-од от 20 марта 2027 г.`"""
    day = f" от {full_date(date.fromisoformat(order['date']))}" if order.get("date") else ""
    return f"Приказ № {order['number']}{day}"


def _without_saves(newest_first: Iterator[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """A draft is saved again and again: what counts is how it was left."""
    last: tuple[str, str] | None = None
    for event in newest_first:
        this = (event["type"], event["by"])
        if not (this == last and event["type"] == "FormSaved"):
            yield event
        last = this
