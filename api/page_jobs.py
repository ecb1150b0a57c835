"""Jobs in words: how far each has come, and who began and stopped it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from sqlalchemy import Connection

from activities import tokens
from activities.people import find_person
from activities.russian import counted
from activities.tokens import Identity
from api.acting import hides_people
from api.context import Context
from api.page_journal import moment


class Job(NamedTuple):
    """`state`: a word for how it is, `style` its colour; `sentence`: what has been done; `runs`: may be stopped."""

    id: str
    href: str
    label: str
    state: str
    style: str
    sentence: str
    begun: str
    percent: int
    runs: bool


def job_words(context: Context, connection: Connection, caller: Identity, job: Mapping[str, Any]) -> Job:
    """A job as a page tells of it."""
    tree = context.tree(connection)
    zone = tree.zone(job["parent"])

    def who(by: str) -> str:
        return _who(connection, by, hides_people(caller))

    state, style = _state(job)
    done = f"Готово {job['done']} из {counted(job['total'], 'дела', 'дел', 'дел')}"
    refused = f", не получилось: {job['refused']}" if job["refused"] else ""
    stopped = (
        f" Остановлено {moment(job['stopped_at'], zone)}, кем: {who(job['stopped_by'])}." if job["stopped_at"] else ""
    )
    return Job(
        id=job["id"],
        href=f"/operations/jobs/{quote(job['id'], '')}",
        label=job["label"],
        state=state,
        style=style,
        sentence=f"{done}{refused}.{stopped}",
        begun=f"{moment(job['created_at'], zone)}, кем: {who(job['by'])}",
        percent=job["percent"],
        runs=job["finished_at"] is None and job["stopped_at"] is None,
    )


def _state(job: Mapping[str, Any]) -> tuple[str, str]:
    if job["stopped_at"]:
        return "остановлено", "paused"
    return ("завершено", "done") if job["finished_at"] else ("идёт", "running")


def _who(connection: Connection, by: str, hidden: bool) -> str:
    """The person, or what the token was given out for."""
    kind, _, key = by.partition(":")
    if kind == "token" and (row := tokens.find(connection, key)):
        return row.name
    if kind == "person" and not hidden and (person := find_person(connection, key)):
        return person.name
    return "сотрудник"
