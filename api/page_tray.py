"""What came by e-mail for a submission: it counts when a person has confirmed it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import Connection

from activities.mail_in.rows import TrayItem, find_mail, items_of
from activities.submission_words import file_words
from api.page_files import size_words
from api.page_journal import moment
from domain.submission.state import Submission

_STATES = {
    "waiting": ("paused", "ждёт подтверждения"),
    "confirmed": ("done", "принято"),
    "refused": ("", "не принято"),
}


class TrayLine(NamedTuple):
    """One attachment, in words; `key`: the colour of its state."""

    name: str
    at: str
    key: str
    state: str
    notes: list[str]


def tray_lines(connection: Connection, state: Submission, names: bool) -> list[TrayLine]:
    """The newest first. `names`: whether names of files and senders may be told."""
    found = reversed(items_of(connection, state.id))
    return [_line(connection, state, one, names) for one in found]


def _line(connection: Connection, state: Submission, one: TrayItem, names: bool) -> TrayLine:
    name = one.name if names else "вложение"
    return TrayLine(name, moment(one.at, state.zone), *_STATES[one.state], list(_notes(connection, state, one, names)))


def _notes(connection: Connection, state: Submission, one: TrayItem, names: bool) -> Iterator[str]:
    kind = next((kind for kind in state.wanted if kind == one.kind), None)
    if one.state != "refused":
        yield file_words(kind, state.respondent_class) if kind else "вид файла не узнан, его назовут при подтверждении"
    elif one.reason and names:
        yield one.reason
    mail = find_mail(connection, one.mail) if names else None
    yield f"{size_words(one.size)}{f', от {mail.sender}' if mail and mail.sender else ''}"
