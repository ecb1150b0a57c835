"""The correspondence of programmes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from activities.letter_facts import Notice
from activities.letters import LetterWriter
from activities.notice_story import read_story
from activities.recipients import RecipientBook
from domain.plan import Plan
from domain.programme.state import Item, Programme

PROGRAMMES = "programme/"


class ProgrammeLetters:
    """How the notices of a year become letters; `plan`: the versions that a year runs by."""

    prefix = PROGRAMMES

    def __init__(self, plan: Callable[[Programme], Plan]) -> None:
        self._plan = plan

    def notice(self, connection: Connection, stream: str, state: Programme, item: Item, at: datetime) -> Notice:
        """The notice of a queued item."""
        story = read_story(connection, stream, item)
        book = RecipientBook.load(connection, state, (*item.to, *story.recipients))
        return Notice(state, self._plan(state), item, book, story, at)

    def writer(self, stream: str, notice: Notice, site: str) -> LetterWriter:
        """Writes its letters; `site`: the public address that their links begin with."""
        return LetterWriter(notice, f"{site}/programmes/{stream.removeprefix(PROGRAMMES)}")
