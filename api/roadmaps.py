"""Roadmaps as the documents have them."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from api import region_documents as r
from api.answers import answer, page
from api.context import Caller, InContext
from api.documents import Page, told
from api.problems import Refused
from domain.refusal import Refusal
from domain.roadmap import Roadmap

router = APIRouter(prefix="/roadmaps", tags=["Дорожные карты"])


@router.get("", summary="Дорожные карты", responses=told(Page[r.RoadmapLine]))
def roadmaps(context: InContext, _caller: Caller) -> Response:
    """Every roadmap: key, version, title, how many phases and steps."""
    items = [
        {
            "key": one.key,
            "version": one.version,
            "title": one.title,
            "phases": len(one.phases),
            "steps": len(one.steps),
        }
        for one in context.core.library.roadmaps()
    ]
    return page(items)


@router.get("/{key}", summary="Одна дорожная карта", responses=told(r.Roadmap))
def roadmap(key: str, context: InContext, _caller: Caller) -> Response:
    """Phases with their steps: number, title, kind, role and date rule."""
    try:
        found = context.core.library.roadmap(key)
    except KeyError:
        raise Refused(Refusal(code="roadmap_unknown", facts={"roadmap": key})) from None
    return answer(_view(found))


def _view(roadmap: Roadmap) -> dict[str, Any]:
    phases = []
    for phase in roadmap.phases:
        steps = [
            {"phase": phase.number, "role": step.role, **step.model_dump(mode="json", exclude_defaults=True)}
            for step in phase.steps
        ]
        dated = [
            {**view, "date": step.date.model_dump(mode="json")} for view, step in zip(steps, phase.steps, strict=True)
        ]
        phases.append({"number": phase.number, "label": phase.label, "title": phase.title, "steps": dated})
    head = {"key": roadmap.key, "version": roadmap.version, "title": roadmap.title, "source": roadmap.source}
    return {**head, "phases": phases}
