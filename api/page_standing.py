"""One stream for those who look after it: why it stands, what comes by itself, its steps and its journal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any, NamedTuple
from urllib.parse import quote

import orjson
from sqlalchemy import Connection

from activities import campaigns, programmes, submissions
from activities.diagnosis.incidents import incident_name
from activities.diagnosis.summary import TURNS
from activities.letter_words import NOTICES
from activities.russian import counted, full_date
from activities.tokens import Identity
from api.campaign_acting import oversees, seen_campaign
from api.context import Context
from api.curing import applicable
from api.explaining import Seen
from api.page_campaign import campaign_page
from api.page_campaign_journal import campaign_journal
from api.page_incidents import LAYERS, links_of, since_words, turn_words
from api.page_journal import moment
from api.page_programme import OPERATORS, programme_view, temporal_link
from api.page_submission import submission_page
from api.problems import Refused
from api.submission_acting import seen_submission
from api.visibility import visible_row
from domain.access import Action
from domain.diagnosis.finding import Finding
from workflows.explaining import Explained, explanation

Shown = dict[str, Any]


class Kind(NamedTuple):
    """A kind of stream, with a page of its own at `/{path}/{id}`. `page`: what that shows; `heading`, `turn`: of it."""

    prefix: str
    path: str
    seen: Seen
    page: Callable[[Context, Connection, Identity, str], Shown]
    heading: Callable[[Shown], str]
    turn: Callable[[Shown], str]


def _campaign(context: Context, connection: Connection, identity: Identity, name: str) -> Shown:
    state = seen_campaign(context, connection, identity, name)
    whole = identity.role in OPERATORS or oversees(context, connection, identity, state.centre)
    journal = campaign_journal(context, connection, state, name) if whole else []
    return {**campaign_page(context, connection, identity, name), "journal": journal}


KINDS: Mapping[str, Kind] = {
    "programme": Kind(
        programmes.PREFIX,
        "programmes",
        visible_row,
        programme_view,
        lambda shown: f"{shown['name']}: программа {shown['year']}",
        lambda shown: shown["turn"],
    ),
    "submission": Kind(
        submissions.PREFIX,
        "submissions",
        seen_submission,
        submission_page,
        lambda shown: f"{shown['name']}: форма {shown['of']}",
        lambda shown: shown["turn"].who,
    ),
    "campaign": Kind(
        campaigns.PREFIX,
        "campaigns",
        seen_campaign,
        _campaign,
        lambda shown: shown["title"],
        lambda _: "",
    ),
}


class Next(NamedTuple):
    """What comes by itself, in words."""

    at: str
    what: str
    to: str


class Other(NamedTuple):
    """What holds a stream up besides, and what the visitor can do about that."""

    layer: str
    sentence: str
    cures: list[tuple[str, str]]
    instructions: list[str]


class Reader(NamedTuple):
    """How a stream is told: local moments, as of now."""

    zone: str
    now: datetime

    def since(self, since: date | datetime | None) -> str:
        """For how long, and since when; of a deadline the day."""
        if isinstance(since, datetime):
            return since_words(since, self.now, self.zone)
        return f"срок был {full_date(since).rstrip('.')}" if since else ""


def standing_page(
    context: Context,
    connection: Connection,
    identity: Identity,
    kind: str,
    name: str,
    found: Explained,
    permitted: Callable[[Action], bool],
) -> Shown:
    """Everything that `standing.html` shows of a stream that the caller sees."""
    about, told = KINDS[kind], explanation(found, permitted)
    shown = about.page(context, connection, identity, name)
    first, reader = found.findings[0], Reader(found.known.human.zone, found.machine.now)
    stream = about.prefix + name
    others = [
        Other(LAYERS[one["layer"]], one["sentence"], *_cures(context, identity, one["cures"], finding, stream))
        for finding, one in zip(found.others, told["others"], strict=True)
    ]
    cures, instructions = _cures(context, identity, told["cures"], first, stream)
    return {
        **shown,
        "kind": kind,
        "stream": stream,
        "own_page": f"/{about.path}/{quote(name)}",
        "heading": about.heading(shown),
        "temporal": temporal_link(context, identity, stream),
        "why": {
            "sentence": told["sentence"],
            "layer": LAYERS[told["layer"]],
            "stands": first.cause.harm is not None,
            "since": reader.since(first.since) if first.cause.harm is not None else "",
            "turn": TURNS.get(told["responsible"] or "") or about.turn(shown) or turn_words(first),
            "next": _next(told["next_action"], reader),
            "vacant": [one["label"] for one in told["vacant"]],
            "others": others,
            "cures": cures,
            "instructions": instructions,
            "nothing_to_do": not (cures or instructions or any(one.cures or one.instructions for one in others)),
            "other_cures": _other_cures(context, identity, told, stream),
            "evidence": orjson.dumps(told["evidence"], default=str, option=orjson.OPT_INDENT_2).decode(),
        },
    }


def _cures(
    context: Context, identity: Identity, told: Sequence[Mapping[str, str]], cause: Finding, stream: str
) -> tuple[list[tuple[str, str]], list[str]]:
    """The links to the cures of a cause that the visitor may use on it, and what has to be done by hand."""
    incident = incident_name(cause, stream)
    commands = [one for one in told if one["kind"] == "command"]
    possible: set[str] = set()
    if commands:
        with suppress(Refused):  # a letter of a stream may be seen by fewer people than the stream
            possible = {one["action"] for one in applicable(context, identity, incident)}
    here = [one for one in commands if one["action"] == "review" or one["action"] in possible]
    return links_of(here, incident, stream), [one["label"] for one in told if one["kind"] == "instruction"]


def _other_cures(context: Context, identity: Identity, told: Mapping[str, Any], stream: str) -> list[tuple[str, str]]:
    """Everything else that the visitor may do to a stream."""
    named = {cure["action"] for one in (told, *told["others"]) for cure in one["cures"]}
    possible = applicable(context, identity, stream)
    return links_of([{**one, "kind": "command"} for one in possible if one["action"] not in named], stream, stream)


def _next(told: Mapping[str, Any] | None, reader: Reader) -> Next | None:
    if told is None:
        return None
    what = ACTS.get(told["kind"], "письмо")
    step = f", мероприятие {told['step']}" if told["step"] else ""
    count = len(told["recipients"])
    readers = f" ({counted(count, 'адресат', 'адресата', 'адресатов')})" if count else ""
    return Next(
        moment(told["at"], reader.zone), f"{what}{step}", f"{', '.join(told['to'])}{readers}" if told["to"] else ""
    )


ACTS = {**NOTICES, "retry": "ещё одна попытка сделать то, что не удалось"}
"""What comes by itself."""
