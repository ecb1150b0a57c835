"""One monitoring round for people: what it is, how far it has come, who has handed in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection

from activities import russian
from activities.campaign_query import rates_of
from activities.campaigns import PREFIX
from activities.monitoring_access import counted_scope, submission_scope
from activities.submission_query import lines_of
from activities.texts import read_texts
from activities.tokens import Identity
from api.campaign_acting import oversees, seen_campaign
from api.context import Context
from api.page_campaigns import STATES
from api.page_form_states import due_notes, kept_words, state_words
from api.page_journal import moment
from api.page_programme import OPERATORS
from domain.campaign.state import Campaign
from domain.plan import local_day
from domain.report.league import Placed


class Line(NamedTuple):
    """One respondent, in words."""

    id: str
    name: str
    key: str
    state: str
    kept: str
    due: str
    notes: list[str]
    files: str


class Place(NamedTuple):
    """One line of the league table, in words."""

    place: int
    name: str
    filled: str
    files: str
    completeness: str
    raw: str
    excused: str


def campaign_page(context: Context, connection: Connection, identity: Identity, campaign: str) -> dict[str, Any]:
    """Everything that `campaign.html` shows; respondents are those whose forms the caller sees. Raises Refused."""
    state = seen_campaign(context, connection, identity, campaign)
    tree, texts = context.tree(connection), read_texts(connection, PREFIX + campaign)
    rows = lines_of(connection, campaign, submission_scope(identity, tree))
    rates = rates_of(connection, [campaign], counted_scope(identity, tree))[campaign]
    lines = sorted((_line(row) for row in rows), key=lambda line: line.name.casefold())
    names = {row["respondent"]: row["respondent_name"] or row["respondent"] for row in rows}
    round_ = context.core.library.forms.frozen(state.form).words.round
    told = identity.role not in OPERATORS and oversees(context, connection, identity, state.centre)
    return {
        "id": campaign,
        "title": state.title,
        "key": "running" if state.active else "closed",
        "state": STATES[state.status],
        "sentence": _sentence(state, russian.sentence(round_), rates),
        "facts": list(_facts(state, rates)),
        "letter": _paragraphs(texts.get(state.letter.text, "")),
        "note": _paragraphs(texts.get(state.note or "", "")) if told else [],
        "gaps": [] if state.active else sorted((names[one] for one in state.gaps if one in names), key=str.casefold),
        "lines": lines,
        "whole": _whole(state, lines),
        "late": sum(line.key == "overdue" for line in lines) if state.active else 0,
        "now": moment(context.core.clock(), state.zone),
    }


def _line(row: dict[str, Any]) -> Line:
    key, words = state_words(
        row["state"], accepted=row["accepted"], closed=row["closed"], overdue=row["overdue"], revision=row["revision"]
    )
    return Line(
        id=row["id"],
        name=row["respondent_name"] or row["respondent"],
        key=key,
        state=words,
        kept=kept_words(row["on_time"], row["on_time_excused"]),
        due=russian.full_date(row["deadline"]),
        notes=due_notes(row["deadline"], row["first_deadline"]),
        files=f"{row['artefacts']} из {row['artefacts_of']}",
    )


def _whole(state: Campaign, lines: list[Line]) -> bool:
    """Whether the caller sees the whole round, not itself alone."""
    return len(lines) == len(state.respondents)


def _sentence(state: Campaign, round_: str, rates: dict[str, int]) -> str:
    received, expected = rates["received"], rates["expected"]
    if _alone(state, rates):
        return (
            f"{round_} завершён."
            if not state.active
            else f"Формы принимаются до {russian.full_date(state.due)} включительно."
        )
    if not state.active:
        day = f" {russian.full_date(local_day(state.closed_at, state.zone))}" if state.closed_at else ""
        return f"{round_} завершён{day}: принято {rates['accepted']} из {expected}."
    if received == expected:
        return f"Получены все формы: {received} из {expected}. Принято {rates['accepted']}."
    return f"Формы принимаются до {russian.full_date(state.due)} включительно. Получено {received} из {expected}."


def _facts(state: Campaign, rates: dict[str, int]) -> Iterator[tuple[str, list[str]]]:
    """What the head of the page says: label, value, notes."""
    rolled = russian.rolled(state.asked, state.due, state.plan.rolling)
    yield "Срок", [russian.weekday_date(state.due), *([rolled] if rolled else [])]
    yield "Данные за годы", [f"{state.years.earlier} и {state.years.later}"]
    yield "Письмо", [f"№ {state.letter.number} от {russian.full_date(state.letter.date)}"]
    if _alone(state, rates):
        return
    expected = rates["expected"]
    yield "Получено", [f"{rates['received']} из {expected}", f"принято: {rates['accepted']}"]
    excused = f"с учётом продления: {rates['on_time_excused']}"
    yield "Сдано в срок", [f"{rates['on_time']} из {expected}", excused]


def _alone(state: Campaign, rates: dict[str, int]) -> bool:
    """Whether the figures are those of a respondent that sees itself alone: they say nothing of the round."""
    return rates["expected"] < len(state.respondents)


def _paragraphs(text: str) -> list[str]:
    return [" ".join(one.split()) for one in text.splitlines() if one.strip()]


def places(found: tuple[Placed, ...], ended: bool) -> list[Place]:
    """The league table in words; `ended`: nothing is awaited any more."""
    kept = KEPT | ({"open": "не сдано"} if ended else {})
    return [
        Place(
            place=one.place,
            name=one.entry.name,
            filled=f"{one.fields} из {one.fields_of}",
            files=f"{one.artefacts} из {one.artefacts_of}",
            completeness=f"{one.completeness:.1f} %".replace(".", ","),
            raw=kept[one.raw],
            excused=kept[one.excused],
        )
        for one in found
    ]


KEPT = {"on_time": "в срок", "late": "с опозданием", "open": "срок не прошёл"}
