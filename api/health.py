"""Is it alive, is it ready, what do the figures say."""

from __future__ import annotations

from anyio import to_thread
from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import Response

from activities.heartbeat import worker_alive
from activities.tables import ProgrammeRow, QueueRow
from api.answers import answer
from api.context import Context, InContext

router = APIRouter(tags=["Состояние"])


@router.get("/healthz", summary="Жив ли процесс API")
async def alive() -> dict[str, str]:
    """Answers as long as the process does."""
    return {"status": "ok"}


@router.get("/readyz", summary="Готова ли система")
async def ready(context: InContext) -> Response:
    """Database, Temporal and a worker's heartbeat younger than 15 s; 503 names what is missing."""
    database, worker = await to_thread.run_sync(_database_and_worker, context)
    parts = {"database": database, "temporal": await context.workflows.alive(), "worker": worker}
    everything = all(parts.values())
    return answer({"status": "ok" if everything else "degraded", **parts}, 200 if everything else 503)


def _database_and_worker(context: Context) -> tuple[bool, bool]:
    try:
        with context.core.database.reading() as connection:
            return True, worker_alive(connection, context.core.clock)
    except SQLAlchemyError:
        return False, False


@router.get("/metrics", include_in_schema=False)
def metrics(context: InContext) -> Response:
    """Prometheus figures, read from the read model at each scrape."""
    registry = CollectorRegistry()
    programmes = Gauge("mentoring_programmes", "Programmes", ["status", "phase"], registry=registry)
    overdue = Gauge("mentoring_overdue_steps", "Overdue steps", ["municipality"], registry=registry)
    queue = Gauge("mentoring_queue", "Items waiting to be carried out", ["kind"], registry=registry)
    row = ProgrammeRow.__table__.c  # type: ignore[attr-defined]
    item = QueueRow.__table__.c  # type: ignore[attr-defined]
    with context.core.database.reading() as connection:
        for status, phase, n in connection.execute(
            select(row.status, row.phase, func.count()).group_by(row.status, row.phase)
        ):
            programmes.labels(status, str(phase)).set(n)
        for place, n in connection.execute(select(row.municipality, func.sum(row.overdue)).group_by(row.municipality)):
            overdue.labels(place or "state").set(n or 0)
        for kind, n in connection.execute(select(item.kind, func.count()).group_by(item.kind)):
            queue.labels(kind).set(n)
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
