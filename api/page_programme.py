"""One programme for people: where it stands, its steps phase by phase, what comes by itself, what happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from urllib.parse import quote

import orjson
from sqlalchemy import Connection

from activities import tokens
from activities.agenda_view import agenda_view
from activities.diagnosis.programme import human_side
from activities.diagnosis.words import sentence_of
from activities.letter_words import NOTICES
from activities.programme_query import body_now, read_events, read_state
from activities.programmes import PREFIX
from activities.recipients import RecipientBook
from activities.russian import counted, full_date, school_year
from activities.tokens import Identity
from api.context import Context
from api.page_journal import READ, Teller, moment
from api.page_list import STATUSES, place_of
from api.page_steps import PhaseBlock, Steps, named
from domain.mentoring_forms import FORM_TITLES
from domain.plan import Plan, local_day
from domain.programme.state import Programme

NOTICES_SHOWN = 6
OPERATORS = ("operator", "administrator")
"""They see everything, personal data excepted (DESIGN, 6)."""


@dataclass(frozen=True)
class Coming:
    """A notice that will go out if nobody acts."""

    at: str
    kind: str
    subject: str
    to: str


def programme_view(context: Context, connection: Connection, identity: Identity, programme: str) -> dict[str, Any]:
    """Everything that `programme.html` shows; the caller may see the programme."""
    streams, now = context.core.streams, context.core.clock()
    state = read_state(connection, streams, programme)
    assert state is not None, "a row of the read model has a snapshot"
    plan, names = streams.plan(state), identity.role not in OPERATORS
    body = orjson.loads(body_now(connection, streams, programme, now))
    events = read_events(connection, programme, max(0, state.version - READ), READ).items
    book = RecipientBook.load(connection, state, named_in(events))
    steps = Steps(state, plan, book, local_day(now, state.zone), names)
    phases = [steps.phase(phase, body["steps"]) for phase in body["phases"]]
    human = human_side(state, plan, now, book)
    actors = actors_of(connection, events, book) if names else {}
    return {
        "id": programme,
        "name": book.tree.units[state.organisation].name,
        "place": place_of(context.tree(connection), state.organisation),
        "year": school_year(state.year),
        "roadmap": plan.roadmap.title,
        "status": STATUSES[body["status"]],
        "status_key": body["status"],
        "phases": phases,
        "facts": list(_facts(state, body, phases, _curator(state, plan, book, now) if names else "")),
        "overdue": counted(len(body["overdue"]), "мероприятие", "мероприятия", "мероприятий")
        if body["overdue"]
        else "",
        "sentence": sentence_of(human.findings[0], human.zone),
        "turn": steps.turn(human.responsible, human.instead_of),
        "coming": list(_coming(state, plan, book, now, names))[:NOTICES_SHOWN],
        "journal": Teller(plan, state.zone, book, names, actors).tell(events),
        "temporal": temporal_link(context, identity, PREFIX + programme),
        "now": moment(now, state.zone),
    }


def _facts(state: Programme, body: dict[str, Any], phases: list[PhaseBlock], curator: str) -> Iterator[tuple[str, str]]:
    """What the head of the page says, as label and value."""
    if state.active and body["next_deadline"]:
        yield "Ближайший срок", full_date(date.fromisoformat(body["next_deadline"]))
    done = sum(phase.done for phase in phases)
    yield "Выполнено", f"{done} из {sum(phase.count for phase in phases)}"
    if curator:
        yield "Ведёт программу", curator
    forms = ", ".join(FORM_TITLES[form] for form in state.forms) or "ещё не выбраны"
    yield "Формы наставничества", f"{forms}{'' if state.forms_fixed or not state.forms else ' (план)'}"


def _curator(state: Programme, plan: Plan, book: RecipientBook, now: datetime) -> str:
    found = book.resolve(state, plan, None, ("curator",), local_day(now, state.zone)).recipients
    return ", ".join(named(one) for one in found) or "не назначен"


def _coming(state: Programme, plan: Plan, book: RecipientBook, now: datetime, names: bool) -> Iterator[Coming]:
    """The next notices, one line for all its recipients; what is due already is on its way."""
    upcoming = [item for item in agenda_view(state, plan, book, names=names) if item["at"] > now]
    for _, group in groupby(upcoming, lambda item: (item["at"], item["step"], item["occurrence"], item["rung"])):
        items = list(group)
        known = [item for item in items if item["to"]]
        readers = ", ".join(item["to_name"] for item in known) if names else counted(len(known), *_READERS)
        yield Coming(
            at=moment(items[0]["at"], state.zone),
            kind=NOTICES[items[0]["kind"]].capitalize(),
            subject=items[0]["subject"].rpartition(" (")[0],
            to=readers if known else "адресат ещё не назначен",
        )


_READERS = ("адресат", "адресата", "адресатов")


def named_in(events: list[dict[str, Any]]) -> list[str]:
    """Persons whom the events name or who acted."""
    persons = [f"person:{event['data']['person']}" for event in events if event["data"].get("person")]
    for event in events:
        for deputy, away in event["data"].get("instead_of", {}).items():
            persons += [deputy, *away]
    return [*persons, *(event["by"] for event in events if event["by"].startswith("person:"))]


def actors_of(connection: Connection, events: list[dict[str, Any]], book: RecipientBook) -> dict[str, str]:
    """Who acted, by name: the person, or what the token was given out for."""
    return {by: found for by in {event["by"] for event in events} if (found := actor_of(connection, by, book.name))}


def actor_of(connection: Connection, by: str, name: Callable[[str], str | None]) -> str | None:
    """Who acted; `name`: of a person. `None` for what acts by itself."""
    kind, _, key = by.partition(":")
    if kind == "person":
        return name(by) or "сотрудник"
    return row.name if kind == "token" and (row := tokens.find(connection, key)) else None


def temporal_link(context: Context, identity: Identity, stream: str) -> str | None:
    """Where Temporal's own pages show the workflow of a stream, for those who look after it."""
    settings = context.core.settings
    if not settings.temporal_ui or identity.role not in OPERATORS:
        return None
    namespace, workflow = quote(settings.temporal_namespace, safe=""), quote(stream, safe="")
    return f"{settings.temporal_ui.rstrip('/')}/namespaces/{namespace}/workflows/{workflow}"
