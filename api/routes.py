"""Every route, in the order in which they are looked through."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from starlette.staticfiles import StaticFiles

from api import (
    absences,
    bulk,
    calendars,
    campaign_calendar,
    campaign_closing,
    campaign_proposal,
    campaign_report,
    campaigns,
    cohorts,
    cure_pages,
    cures,
    directory,
    execution,
    explaining,
    feeds,
    forms,
    health,
    importing,
    incidents,
    incoming_mail,
    insight,
    jobs,
    ladders,
    letters,
    metrics,
    monitoring_pages,
    municipal_roadmaps,
    operations_pages,
    pages,
    person,
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

V1 = "/api/v1"

ROUTERS = (
    steering.router,  # the first that is looked through: most commands are steps
    roadmaps.router,
    municipal_roadmaps.router,
    ladders.router,
    forms.router,
    campaign_proposal.router,  # before `/campaigns/{campaign}`
    campaigns.router,
    campaign_calendar.router,
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
    explaining.router,
    insight.router,
    letters.router,
    incidents.router,
    cures.router,
    jobs.router,
    person.router,
    questionnaires.router,
    tokens.router,
)


def _all() -> APIRouter:
    made = APIRouter()
    for router in ROUTERS:
        made.include_router(router, prefix=V1)
    made.include_router(questionnaires.public)
    made.include_router(feeds.public)
    made.include_router(reference.router)
    made.include_router(health.router)
    made.include_router(metrics.router)
    made.include_router(pages.router)
    made.include_router(monitoring_pages.router)
    made.include_router(cure_pages.router)  # before `/operations/{kind}/{name}`
    made.include_router(operations_pages.router)
    made.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    return made


ROUTES = _all()
"""Made once in a process: FastAPI spends a quarter of a second on their shapes, which every application here shares."""
