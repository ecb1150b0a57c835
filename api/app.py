"""Wires the API: settings become dependencies, routes and the way of errors."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
from fastapi import FastAPI

from activities.build import build_id
from activities.directory import Trees
from activities.heartbeat import Heart
from activities.logs import configure_logs
from activities.settings import Settings
from activities.tracing import configure_tracing
from activities.wiring import Core, core_of, process_name, take_short_turns
from api import problems
from api.auth import BearerAuth
from api.context import Context
from api.guard import Bounds, Guard
from api.openapi import describe
from api.quick import QuickRead
from api.routes import ROUTES
from api.watching import Watched
from workflows.client import Workflows, connect
from workflows.look import Look
from workflows.mending import Mending, MendingHands
from workflows.nudger import Nudger
from workflows.watch import Watch

THREADS = 24
"""Requests that may wait for the database side by side."""


def create(settings: Settings | None = None, core: Core | None = None) -> FastAPI:
    """The application. `core` lets tests bring their own database and clock."""
    configure_logs()
    configure_tracing("mentoring-api")
    chosen = core or core_of(settings or Settings())
    app = FastAPI(
        title="Программы наставничества",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        telemetry={"tracing": False, "metrics": False, "logs": False},  # it writes down addresses; see `Watched`
        lifespan=_lifespan(chosen),
        routes=ROUTES.routes,
    )
    app.add_middleware(Bounds)
    app.add_middleware(QuickRead)
    app.add_middleware(BearerAuth, core=chosen)
    app.add_middleware(Guard)
    app.add_middleware(Watched)  # the last one is the outermost
    problems.install(app)
    describe(app)
    return app


def _lifespan(core: Core):  # type: ignore[no-untyped-def]
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
        take_short_turns()
        workflows = Workflows(await connect(core.settings.temporal_address, core.settings.temporal_namespace))
        nudger = Nudger(workflows.nudge)
        hands = MendingHands(Mending(workflows), nudger.nudge, asyncio.get_running_loop())
        heart = Heart("api", process_name(), build_id(), core.settings.home)
        watch = Watch(core.database, core.clock, heart, Look(workflows))
        app.state.context = Context(core, Trees(), workflows, nudger, watch, hands)
        beside = [asyncio.create_task(nudger.run()), asyncio.create_task(watch.run())]
        try:
            yield
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            core.database.close()

    return lifespan
