"""Is it alive, is it ready."""

from __future__ import annotations

from anyio import to_thread
from fastapi import APIRouter
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import Response

from activities.heartbeat import workers_of
from api.answers import answer
from api.context import Context, InContext

router = APIRouter(tags=["Состояние"])


@router.get("/healthz", summary="Жив ли процесс API")
async def alive() -> dict[str, str]:
    """Answers as long as the process does."""
    return {"status": "ok"}


@router.get("/readyz", summary="Готова ли система")
async def ready(context: InContext) -> Response:
    """Database, Temporal and a worker whose heart has beaten in the last 15 s; 503 names what is missing."""
    parts = await readiness(context)
    everything = all(parts.values())
    return answer({"status": "ok" if everything else "degraded", **parts}, 200 if everything else 503)


async def readiness(context: Context) -> dict[str, bool]:
    """Which parts answer."""
    database, worker = await to_thread.run_sync(_database_and_worker, context)
    return {"database": database, "temporal": await context.workflows.alive(), "worker": worker}


def _database_and_worker(context: Context) -> tuple[bool, bool]:
    try:
        return True, bool(workers_of(context.watch.processes()))
    except SQLAlchemyError:
        return False, False
