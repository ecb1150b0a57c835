"""Jobs in words: how far each has come, and who began and stopped it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from sqlalchemy import Connection

from activities.people import find_person
from activities.russian import counted
from activities.tokens import Identity
from api.acting import hides_people
from api.context import Context
from api.page_journal import moment
from api.page_programme import actor_of


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

    hidden = hides_people(caller)

    def person(by: str) -> str | None:
        found = None if hidden else find_person(connection, by.partition(":")[2])
        return found.name if found else None

    def who(by: str) -> str:
        return actor_of(connection, by, person) or "сотрудник"

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
