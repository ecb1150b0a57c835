"""Letters: a queued notice rendered for one recipient, at the moment of sending."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from activities import russian
from activities.letter_facts import Notice, deadline_facts, story_facts
from activities.letter_turns import (
    adopted_facts,
    appointed_facts,
    ended_facts,
    moved_facts,
    paused_facts,
    resumed_facts,
    started_facts,
)
from activities.letter_words import addressed, missing, standing_in, subject
from activities.recipients import Recipient
from activities.roadmap_sheet import MEDIA_TYPE, roadmap_sheet

REDIRECTED = "Письмо направлено вам, потому что получить его сейчас некому"
TEMPLATES = Path(__file__).parent / "templates" / "letters"

_FACTS: Mapping[str, tuple[Callable[[Notice], dict[str, Any]], ...]] = {
    "reminder": (deadline_facts,),
    "missed": (deadline_facts,),
    "escalation": (deadline_facts, story_facts),
    "handed": (deadline_facts,),
    "moved": (moved_facts,),
    "appointed": (appointed_facts,),
    "started": (started_facts,),
    "paused": (paused_facts,),
    "resumed": (resumed_facts,),
    "ended": (ended_facts,),
    "adopted": (adopted_facts,),
}


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a letter."""

    name: str
    media_type: tuple[str, str]
    content: bytes


@dataclass(frozen=True)
class Letter:
    """What one recipient reads; `text` and `html` say the same."""

    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()


class LetterWriter:
    """Renders the letters of one notice; what they share is gathered once."""

    def __init__(self, notice: Notice, link: str) -> None:
        self._notice, self._link = notice, link
        self._facts: dict[str, Any] = {}
        for gather in _FACTS[notice.kind]:
            self._facts |= gather(notice)
        self._attachments = tuple(_attachments(notice))

    @property
    def subject(self) -> str:
        """The same for everybody who gets the notice."""
        notice, programme = self._notice, self._notice.programme
        steps = {step.number: (step, occurrence) for step, occurrence in notice.steps()}
        due = next((occurrence.due for _, occurrence in steps.values()), None)
        plans = [step for step, _ in steps.values()]
        return subject(notice.kind, notice.organisation, programme.year, plans, due, programme.status)

    def write(self, recipient: Recipient) -> Letter:
        """The letter to one recipient."""
        written = rendered(self._notice.kind, self.subject, self._words(recipient), {self._link})
        return replace(written, attachments=self._attachments)

    def _words(self, recipient: Recipient) -> dict[str, Any]:
        return {
            **self._facts,
            **address(recipient),
            "organisation": self._notice.organisation,
            "year": russian.school_year(self._notice.programme.year),
            "link": self._link,
        }


def address(recipient: Recipient, redirected: str = REDIRECTED, municipal: bool = False) -> dict[str, Any]:
    """How a letter speaks to its recipient, as whom, and why it comes to them when it was meant for others."""
    greeting = f"Здравствуйте, {recipient.name}!" if recipient.id.startswith("person:") else "Здравствуйте!"
    away = [(one.name, one.until) for one in recipient.instead_of]
    return {
        "greeting": greeting,
        "addressed": addressed(recipient.as_, municipal),
        "because": [why for why in (missing(redirected, recipient.vacant, municipal), standing_in(away)) if why],
    }


def rendered(template: str, title: str, words: Mapping[str, Any], links: Collection[str]) -> Letter:
    """The letter that a template makes of its words; `links` are addresses of ours that can be followed."""
    text = _tidy(_environment().get_template(f"{template}.txt.j2").render(words))
    html = _environment().get_template("letter.html.j2").render(title=title, blocks=_blocks(text, links))
    return Letter(title, text, html)


def _attachments(notice: Notice) -> list[Attachment]:
    if notice.kind != "started":
        return []
    sheet = roadmap_sheet(notice.programme, notice.plan, notice.responsible)
    name = f"Дорожная карта {russian.school_year(notice.programme.year).replace('/', '-')}.xlsx"
    return [Attachment(name, MEDIA_TYPE, sheet)]


@lru_cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=select_autoescape(enabled_extensions=("html", "html.j2"), default=False),
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["sentence"] = russian.sentence
    environment.filters["working_days"] = russian.working_days
    environment.globals["plural"] = russian.plural
    return environment


def _tidy(text: str) -> str:
    text = re.sub(r"г\.\.(?!\.)", "г.", text)  # a date at the end of a sentence brings its own full stop
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _blocks(text: str, links: Collection[str]) -> list[list[Markup]]:
    """Paragraphs as lists of escaped lines; our own links, and no others, can be followed."""
    anchors = {str(escape(link)): Markup('<a href="{0}">{0}</a>').format(link) for link in links}
    longest_first = sorted(anchors, key=len, reverse=True)
    ours = re.compile("|".join(re.escape(link) for link in longest_first))

    def shown(line: str) -> Markup:
        return Markup(ours.sub(lambda found: str(anchors[found[0]]), str(escape(line))))

    return [[shown(line) for line in block.splitlines()] for block in text.strip().split("\n\n")]
