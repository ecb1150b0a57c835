"""Wires the API: settings become dependencies, routes and the way of errors."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import anyio
from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from activities.directory import Trees
from activities.logs import configure_logs
from activities.settings import Settings
from activities.wiring import Core, core_of, take_short_turns
from api import (
    absences,
    bulk,
    calendars,
    campaign_closing,
    campaign_proposal,
    campaign_report,
    campaigns,
    cohorts,
    directory,
    execution,
    feeds,
    forms,
    health,
    importing,
    incidents,
    incoming_mail,
    insight,
    ladders,
    letters,
    monitoring_pages,
    municipal_roadmaps,
    pages,
    person,
    problems,
    programmes,
    questionnaires,
    reference,
    roadmaps,
    steering,
    submission_documents,
    submission_forms,
    submission_review,
    submissions,
    timeliness,
    tokens,
    tray,
)
from api.auth import BearerAuth
from api.context import Context
from api.guard import Bounds, Guard
from api.openapi import describe
from api.quick import QuickRead
from workflows.client import Workflows, connect
from workflows.nudger import Nudger

V1 = "/api/v1"
THREADS = 24
"""Requests that may wait for the database side by side."""

ROUTERS = (
    steering.router,  # the first that is looked through: most commands are steps
    roadmaps.router,
    municipal_roadmaps.router,
    ladders.router,
    forms.router,
    campaign_proposal.router,  # before `/campaigns/{campaign}`
    campaigns.router,
    campaign_closing.router,
    submission_forms.router,
    campaign_report.router,
    submissions.router,
    submission_review.router,
    submission_documents.router,
    tray.router,
    incoming_mail.router,
    importing.router,
    directory.router,
    feeds.router,
    absences.router,
    bulk.router,
    calendars.router,
    timeliness.router,
    execution.router,
    cohorts.router,
    programmes.router,
    insight.router,
    letters.router,
    incidents.router,
    person.router,
    questionnaires.router,
    tokens.router,
)


def create(settings: Settings | None = None, core: Core | None = None) -> FastAPI:
    """The application. `core` lets tests bring their own database and clock."""
    configure_logs()
    chosen = core or core_of(settings or Settings())
    app = FastAPI(
        title="Программы наставничества",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        lifespan=_lifespan(chosen),
    )
    app.add_middleware(Bounds)
    app.add_middleware(QuickRead)
    app.add_middleware(BearerAuth, core=chosen)
    app.add_middleware(Guard)  # the last one is the outermost
    problems.install(app)
    for router in ROUTERS:
        app.include_router(router, prefix=V1)
    app.include_router(questionnaires.public)
    app.include_router(feeds.public)
    app.include_router(reference.router)
    app.include_router(health.router)
    app.include_router(pages.router)
    app.include_router(monitoring_pages.router)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    describe(app)
    return app


def _lifespan(core: Core):  # type: ignore[no-untyped-def]
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
        take_short_turns()
        workflows = Workflows(await connect(core.settings.temporal_address, core.settings.temporal_namespace))
        nudger = Nudger(workflows.nudge)
        app.state.context = Context(core, Trees(), workflows, nudger)
        nudging = asyncio.create_task(nudger.run())
        try:
            yield
        finally:
            nudging.cancel()
            with suppress(asyncio.CancelledError):
                await nudging
            core.database.close()

    return lifespan
