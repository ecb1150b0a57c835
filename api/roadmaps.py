"""Roadmaps as the documents have them."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from activities.access import may_see_unit
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
def roadmap(key: str, context: InContext, caller: Caller) -> Response:
    """Phases with their steps: number, title, kind, role and date rule; a municipality's own by the unit's id."""
    unknown = Refused(Refusal(code="roadmap_unknown", facts={"roadmap": key}))
    try:
        found = context.core.library.roadmap(key)
    except KeyError:
        raise unknown from None
    if found.approval is not None:
        with context.core.database.reading() as connection:
            if not may_see_unit(connection, caller, context.tree(connection), found.approval.unit):
                raise unknown
    return answer(roadmap_view(found))


def roadmap_view(roadmap: Roadmap) -> dict[str, Any]:
    """A roadmap as the API shows it."""
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
    approval = {"approval": roadmap.approval.model_dump(mode="json")} if roadmap.approval else {}
    return {**head, **approval, "phases": phases}
