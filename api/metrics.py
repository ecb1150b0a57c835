"""Figures for Prometheus: of this API's processes, and of the region as the read model has it at this moment."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress

from anyio import to_thread
from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from starlette.responses import Response

from activities.database import UNREACHABLE
from activities.diagnosis.incidents import Incident
from activities.figures import incident_figures, region_figures
from activities.lagging import Expected
from activities.settings import Settings
from activities.tokens import Identity
from api.context import Context, InContext
from api.health import readiness
from api.incidents import all_incidents
from api.serve import SHARED

EVERYBODY = Identity("metrics", "metrics", "", "operator")
"""Figures are counted over everything, without a name in them."""

router = APIRouter(tags=["Состояние"])


@router.get("/metrics", include_in_schema=False)
async def metrics(context: InContext) -> Response:
    """Answers whatever is down: what is missing is a figure too."""
    parts = await readiness(context)
    incidents = await _incidents(context)
    figures = await to_thread.run_sync(_figures, context, parts, incidents)
    return Response(generate_latest(_measured()) + generate_latest(figures), media_type=CONTENT_TYPE_LATEST)


class Figures(Collector):
    """Figures that have been counted."""

    def __init__(self, found: Iterable[Metric]) -> None:
        self._found = list(found)

    def collect(self) -> Iterable[Metric]:
        """See Collector."""
        return self._found


async def _incidents(context: Context) -> list[Incident]:
    with suppress(*UNREACHABLE):
        return (await all_incidents(context, EVERYBODY))[0]
    return []


def _measured() -> Collector | CollectorRegistry:
    """What processes have measured themselves: this one, or all that share the port."""
    if SHARED not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry


def _figures(context: Context, parts: Mapping[str, bool], incidents: Iterable[Incident]) -> Figures:
    core, ready = context.core, GaugeMetricFamily("mentoring_ready", "Whether a part answers", labels=["part"])
    for part, answers in parts.items():
        ready.add_metric([part], answers)
    found: list[Metric] = [ready, *_machine(core.settings), *incident_figures(incidents, core.clock())]
    if parts["database"]:
        processes = context.watch.processes()
        with core.database.reading() as connection:
            found += region_figures(connection, core.clock(), processes)
        late = Expected(core.database, core.kinds).late(core.clock())
        found.append(GaugeMetricFamily("mentoring_lagging_streams", "Streams that do not keep up", len(late)))
    return Figures(found)


def _machine(settings: Settings) -> Iterator[Metric]:
    disk = shutil.disk_usage(settings.home)
    yield GaugeMetricFamily("mentoring_disk_free_bytes", "Room on the disk of the home folder", disk.free)
    yield GaugeMetricFamily("mentoring_disk_size_bytes", "Size of that disk", disk.total)
    if settings.last_backup.exists():
        at = settings.last_backup.stat().st_mtime
        yield GaugeMetricFamily("mentoring_backup_timestamp_seconds", "When the last copy was made", at)
