"""From facts to findings: which causes hold a stream, or the whole machine, up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from domain.diagnosis.causes import CAUSES, ORDER, Cause
from domain.diagnosis.facts import LITTLE_ROOM, NO_ROOM, SKEWED, Kept, Letters, Machine, Pending, Seen, Task

GRACE = timedelta(seconds=10)
"""How long a workflow may take to do what is due before it counts as lagging."""

OFTEN = 3
"""So many attempts at a letter are more than a server's hesitation."""

OF_DATABASES = frozenset({"OperationalError", "InterfaceError", "TimeoutError", "DiskFull", "DatabaseError"})
"""Failures that say that a database does not answer, whatever the code does."""


@dataclass(frozen=True)
class Finding:
    """One cause that holds; `facts` are what its sentence is filled with. `place`: what tells two of a cause apart."""

    key: str
    since: datetime | date | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    place: str = ""

    @property
    def cause(self) -> Cause:
        """The description of the cause."""
        return CAUSES[self.key]

    @property
    def told(self) -> Mapping[str, Any]:
        """What the sentence is filled with."""
        return {"since": self.since, **self.facts}


def foremost(findings: Iterable[Finding]) -> list[Finding]:
    """The one that explains first, then the others."""
    return sorted(findings, key=lambda one: ORDER[one.key])


def of_machine(machine: Machine) -> Iterator[Finding]:
    """What holds everything up."""
    if machine.database is not None:
        key = "disk_full" if machine.database.full else "database_down"
        yield Finding(key, machine.database.since, {"where": "база данных"})
    if machine.server.trouble is not None:
        yield Finding("temporal_down", machine.server.trouble.since)
    yield from _workers(machine)
    for one in machine.processes:
        if one.alive and one.off is not None and abs(one.off) > SKEWED:
            yield Finding("clock_skew", machine.now, {"process": one.name, "off": one.off}, one.name)
    yield from _disks(machine)
    if machine.mail.away:
        yield from of_letters(machine.mail)


def _workers(machine: Machine) -> Iterator[Finding]:
    """A dead database cannot say who lives."""
    if machine.database is not None and not machine.database.full:
        return
    if not machine.workers:
        if machine.database is None and not machine.hesitates:  # on a full or locked disk nobody can beat
            yield Finding("worker_missing", machine.silent_since or machine.now)
        return
    current, running = machine.server.build, {one.build for one in machine.workers}
    if current is not None and current not in running:
        facts = {"current": current, "running": ", ".join(sorted(running))}
        yield Finding("worker_version", machine.now, facts)


def _disks(machine: Machine) -> Iterator[Finding]:
    """The fullest disk; processes of one machine share it."""
    known = [(one.free, one.name) for one in machine.processes if one.alive and one.free is not None]
    if not known or (machine.database is not None and machine.database.full):
        return
    free, name = min(known)
    if free < NO_ROOM:
        yield Finding("disk_full", machine.now, {"where": name})
    elif free < LITTLE_ROOM:
        yield Finding("disk_low", machine.now, {"where": name, "free": free})


def of_stream(kept: Kept, seen: Seen, now: datetime) -> Iterator[Finding]:
    """What holds one stream up, as its workflow and its journal tell."""
    if seen.state in ("missing", "ended") and kept.open:
        yield Finding("workflow_missing", kept.last_at)
    if seen.task is not None and seen.task.attempt > 1 and seen.task.failure is not None:
        yield _of_task(seen.task)
    late = kept.late_since(now, GRACE)
    for one in seen.pending:
        if one.failure:
            yield _of_pending(one, late or kept.last_at, now)
    if seen.resting:
        first = min(seen.resting, key=lambda one: one.until)
        facts = {"items": len(seen.resting), "failure": first.failure, "next": first.until}
        yield Finding("exhausted", _queued_at(kept, first.item), facts)
    if seen.state == "running" and late is not None:
        yield Finding("workflow_lagging", late, {"how": _lag(kept, seen)})
    yield from of_letters(kept.letters)


def _lag(kept: Kept, seen: Seen) -> str:
    if seen.saw == kept.version:
        return "он не сделал в назначенное время того, что пора сделать"
    known = f"он видел версию {seen.saw}" if seen.saw else "неизвестно, какую версию он видел"
    return f"{known}, в журнале {kept.version}"


def _of_task(task: Task) -> Finding:
    key = "nondeterminism" if task.nondeterministic else "workflow_fails"
    return Finding(key, task.since, {"attempt": task.attempt, "failure": task.failure})


def _of_pending(one: Pending, since: datetime, now: datetime) -> Finding:
    refuses = one.failure_type in OF_DATABASES
    facts = {"act": one.activity, "failure": one.failure, "attempt": one.attempt, "next": one.next or now}
    return Finding("database_refuses" if refuses else "act_fails", since, facts)


def _queued_at(kept: Kept, number: int) -> datetime:
    return next((item.queued_at for item in kept.items if item.number == number), kept.last_at)


def of_letters(letters: Letters) -> Iterator[Finding]:
    """A mail server that is away, or one that has put a letter off too often."""
    if not letters.away and letters.attempts < OFTEN:
        return
    facts = {
        "letters": letters.waiting,
        "failure": letters.error or "нет ответа",
        "next": letters.next,
        "attempt": letters.attempts,
    }
    yield Finding("mail_down" if letters.away else "mail_postponed", letters.since, facts)
