"""The last events of a monitoring round as sentences for people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from activities.campaigns import PREFIX
from activities.letter_words import addressed
from activities.programme_query import read_journal
from activities.russian import counted, full_date
from api.context import Context
from api.page_journal import DROPPED, PROCESSES, READ, SHOWN, Told, addressees, letters, moment
from domain.campaign.state import Campaign
from domain.units import UnitTree

SENTENCES = {
    "CampaignOpened": "Мониторинг открыт: {respondents}, срок до {due}",
    "CalendarAdopted": "Мониторинг идёт по новому производственному календарю, срок до {due}",
    "CampaignClosed": "Мониторинг завершён{gaps}",
    "RespondentReopened": "Форма снова открыта для опоздавшего ({respondent}), срок до {due}",
    "NoticeRedirected": "Некому получить: {notice} ({vacant}). Направлено: {above}",
    "NoticeSent": "Отправлено: {notice}, {letters}",
    "NoticeDropped": "Не отправлено: {notice}, {dropped}",
    "ItemDeferred": "Отложено до {retry_at}: {notice}",
    "RetryAsked": "Отложенное решено выполнить сейчас",
}


def campaign_journal(context: Context, connection: Connection, state: Campaign, campaign: str) -> list[Told]:
    """What happened to a round, the newest first: no person is named, and nothing that people wrote is told."""
    events = read_journal(connection, PREFIX + campaign, max(0, state.version - READ), READ, texts=False).items
    teller = _Teller(state, context.tree(connection))
    return [teller.told(event) for event in reversed(events) if event["type"] != "NoticeQueued"][:SHOWN]


class _Teller(NamedTuple):
    state: Campaign
    tree: UnitTree

    def told(self, event: Mapping[str, Any]) -> Told:
        """One event."""
        sentence = SENTENCES[event["type"]].format_map(self._facts(event["data"]))
        return Told(moment(event["at"], self.state.zone), sentence, PROCESSES.get(event["by"], "сотрудник"))

    def _facts(self, data: Mapping[str, Any]) -> defaultdict[str, Any]:
        facts: defaultdict[str, Any] = defaultdict(str, data)
        if "due" in data:
            facts["due"] = full_date(date.fromisoformat(data["due"]))
        if "retry_at" in data:
            facts["retry_at"] = moment(datetime.fromisoformat(data["retry_at"]), self.state.zone)
        gaps, unit = len(data.get("gaps", ())), self.tree.units.get(data.get("respondent", ""))
        facts["respondents"] = counted(len(data.get("respondents", ())), "респондент", "респондента", "респондентов")
        facts["respondent"] = unit.name if unit else ""
        facts["gaps"] = f", не принято: {counted(gaps, 'форма', 'формы', 'форм')}" if gaps else ""
        facts["notice"], facts["letters"] = "сообщение о завершении мониторинга", letters(data)
        facts["vacant"], facts["above"] = addressed(data.get("vacant", ())), addressed(addressees(data))
        facts["dropped"] = DROPPED.get(str(data.get("reason")), "")
        return facts
