"""Figures of the region for Prometheus: counted in the read model when they are asked for, and bounded in number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from prometheus_client.core import GaugeMetricFamily
from sqlalchemy import Connection, Table, func, select, true

from activities.campaign_query import rates_of
from activities.diagnosis.incidents import Incident
from activities.heartbeat import workers_of
from activities.tables import CampaignRow, DeliveryRow, ProgrammeRow, QueueRow
from domain.diagnosis.causes import CAUSES
from domain.diagnosis.facts import Process

DAY = timedelta(days=1)
KINDS = ("notice", "collection")
WAITING = ("deferred", "held", "handing_over")
"""How letters wait: for a mail server, for the morning, for an answer."""

_PROGRAMME: Table = ProgrammeRow.__table__  # type: ignore[attr-defined]
_CAMPAIGN: Table = CampaignRow.__table__  # type: ignore[attr-defined]
_DELIVERY: Table = DeliveryRow.__table__  # type: ignore[attr-defined]
_QUEUE: Table = QueueRow.__table__  # type: ignore[attr-defined]


def region_figures(connection: Connection, now: datetime, processes: Iterable[Process]) -> Iterator[GaugeMetricFamily]:
    """Everything that every process of the API counts alike; `processes`: those with a heartbeat."""
    yield from _programmes(connection)
    yield from _queue(connection, now)
    yield from _letters(connection, now)
    yield _campaigns(connection)
    yield from _workers(processes, now)


def _programmes(connection: Connection) -> Iterator[GaugeMetricFamily]:
    """Counted in one go: the rows are wide."""
    by = (_PROGRAMME.c.status, _PROGRAMME.c.phase, _PROGRAMME.c.municipality)
    counted, late = Counter[tuple[str, str]](), Counter[tuple[str]]()
    query = select(*by, func.count(), func.sum(_PROGRAMME.c.overdue)).group_by(*by)
    for status, phase, municipality, count, overdue in connection.execute(query):
        counted[status, str(phase)] += count
        late[(municipality or "state",)] += overdue if status == "running" else 0
    yield _gauge("programmes", "Programmes", ["status", "phase"], counted)
    yield _gauge("overdue_steps", "Overdue steps of running programmes", ["municipality"], late)


def _queue(connection: Connection, now: datetime) -> Iterator[GaugeMetricFamily]:
    kind = _QUEUE.c.kind
    query = select(kind, func.count(), func.min(_QUEUE.c.queued_at)).group_by(kind)
    yield from _waiting("queue", "Items waiting to be carried out", "kind", KINDS, connection.execute(query), now)


def _letters(connection: Connection, now: datetime) -> Iterator[GaugeMetricFamily]:
    """Of a day: the table of all letters grows for ever."""
    status = _DELIVERY.c.status
    query = select(status, func.count()).where(_DELIVERY.c.at > now - DAY).group_by(status)
    today = {("sent",): 0} | {(row[0],): row[1] for row in connection.execute(query)}
    yield _gauge("letters_last_day", "Letters of the last 24 hours", ["status"], today)
    same = (_DELIVERY.c.stream == _QUEUE.c.stream) & (_DELIVERY.c.number == _QUEUE.c.number)
    stuck = select(status, func.count(), func.min(_QUEUE.c.queued_at)).select_from(_QUEUE.join(_DELIVERY, same))
    found = connection.execute(stuck.where(status.in_(WAITING)).group_by(status))
    yield from _waiting("letters_waiting", "Letters of queued notices that wait", "status", WAITING, found, now)


def _campaigns(connection: Connection) -> GaugeMetricFamily:
    """Of open rounds; closed ones do not change."""
    rounds = connection.scalars(select(_CAMPAIGN.c.id).where(_CAMPAIGN.c.status == "open")).all()
    rates = rates_of(connection, rounds, true())
    counted = {(campaign, name): count for campaign, some in rates.items() for name, count in some.items()}
    return _gauge("submissions", "Forms of open rounds, by how far", ["campaign", "count"], counted)


def _workers(processes: Iterable[Process], now: datetime) -> Iterator[GaugeMetricFamily]:
    """Whose clock is off lives all the same; how old its beat is, nobody can say then."""
    workers = [one for one in processes if one.kind == "worker"]
    ages: dict[tuple[str], float] = {}
    for one in workers:
        age = abs((now - one.at).total_seconds())
        ages[one.build,] = min(age, ages.get((one.build,), age))
    yield _gauge("workers", "Workers whose heart beats", [], {(): len(workers_of(workers))})
    yield _gauge("worker_heartbeat_age_seconds", "Since the youngest beat of a build", ["build"], ages)


def incident_figures(found: Iterable[Incident], now: datetime) -> Iterator[GaugeMetricFamily]:
    """What stands still, by cause; a cause that holds nothing up is told as well."""
    ages: dict[tuple[str, str], list[float]] = {
        (cause.layer, key): [] for key, cause in CAUSES.items() if cause.harm is not None
    }
    for one in found:
        ages.setdefault((one.finding.cause.layer, one.finding.key), []).append(_seconds(now, one.since))
    labels = ["layer", "cause"]
    yield _gauge("incidents", "Open incidents", labels, {key: len(some) for key, some in ages.items()})
    oldest = {key: max(some, default=0) for key, some in ages.items()}
    yield _gauge("incident_oldest_seconds", "Age of the oldest of them", labels, oldest)


def _waiting(
    name: str, about: str, label: str, always: Iterable[str], rows: Iterable[Any], now: datetime
) -> Iterator[GaugeMetricFamily]:
    """How many, and how old the oldest is; `always`: what is told also while nothing waits."""
    found = dict.fromkeys(always, (0, now)) | {row[0]: (row[1], row[2]) for row in rows}
    yield _gauge(name, about, [label], {(key,): count for key, (count, _) in found.items()})
    ages = {(key,): _seconds(now, since) for key, (_, since) in found.items()}
    yield _gauge(f"{name}_oldest_seconds", f"{about}: age of the oldest", [label], ages)


def _gauge(name: str, about: str, labels: Sequence[str], values: Mapping[Any, float]) -> GaugeMetricFamily:
    made = GaugeMetricFamily(f"mentoring_{name}", about, labels=labels)
    for key, value in values.items():
        made.add_metric(key, value)
    return made


def _seconds(now: datetime, since: datetime) -> float:
    return max((now - since).total_seconds(), 0.0)
