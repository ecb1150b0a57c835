"""One stream for those who look after it: why it stands, what comes by itself, its steps and its journal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from urllib.parse import quote

import orjson
from sqlalchemy import Connection

from activities import campaigns, programmes, submissions
from activities.letter_words import NOTICES
from activities.russian import counted, full_date
from activities.tokens import Identity
from api.campaign_acting import oversees, seen_campaign
from api.context import Context
from api.curing import applicable
from api.explaining import Seen
from api.page_campaign import campaign_page
from api.page_campaign_journal import campaign_journal
from api.page_incidents import LAYERS, TURNS, links_of, since_words
from api.page_journal import moment
from api.page_programme import OPERATORS, programme_view, temporal_link
from api.page_submission import submission_page
from api.submission_acting import seen_submission
from api.visibility import visible_row
from domain.access import Action
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
    return {
        **shown,
        "kind": kind,
        "stream": about.prefix + name,
        "own_page": f"/{about.path}/{quote(name)}",
        "heading": about.heading(shown),
        "temporal": temporal_link(context, identity, about.prefix + name),
        "why": {
            "sentence": told["sentence"],
            "layer": LAYERS[told["layer"]],
            "stands": first.cause.harm is not None,
            "since": reader.since(first.since) if first.cause.harm is not None else "",
            "turn": TURNS.get(first.cause.turn or "")
            or about.turn(shown)
            or TURNS.get(first.facts.get("role", ""), ""),
            "next": _next(told["next_action"], reader),
            "vacant": [one["label"] for one in told["vacant"]],
            "others": [(LAYERS[one["layer"]], one["sentence"]) for one in told["others"]],
            **_cures(context, identity, told["cures"], first.key, about.prefix + name),
            "instructions": [cure["label"] for cure in told["cures"] if cure["kind"] == "instruction"],
            "evidence": orjson.dumps(told["evidence"], default=str, option=orjson.OPT_INDENT_2).decode(),
        },
    }


def _cures(
    context: Context, identity: Identity, told: Sequence[Mapping[str, str]], cause: str, stream: str
) -> dict[str, list[tuple[str, str]]]:
    """The cures of what holds a stream up, and everything else that the visitor may do to it."""
    possible = applicable(context, identity, stream)
    named = {cure["action"] for cure in told}
    here = [one for one in told if one["action"] == "review" or one["action"] in {one["action"] for one in possible}]
    others = [{**one, "kind": "command"} for one in possible if one["action"] not in named]
    return {"cures": links_of(here, f"{cause}:{stream}", stream), "other_cures": links_of(others, stream, stream)}


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
