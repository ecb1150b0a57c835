"""A municipality's own roadmap: approved by an order, uploaded, run as the municipality's year (order 420-р, 6.1)."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Request, UploadFile
from sqlalchemy import Connection
from starlette.responses import Response

from activities.access import may, may_see_unit
from activities.roadmap_approval import approve_roadmap, approved
from activities.roadmap_file import RoadmapSheet, read_roadmap
from activities.tokens import Identity
from api import region_documents as r
from api.acting import InKeys, fingerprinted
from api.answers import answer, page
from api.context import Caller, Context, InContext
from api.documents import Page, told
from api.guard import MOST
from api.importing import MOST_ERRORS
from api.once import once
from api.problems import Faulty, Problem, Refused, http_problem
from api.roadmaps import roadmap_view
from domain.refusal import Refusal
from domain.roadmap import Approval, Roadmap
from domain.value import Day, Words

router = APIRouter(prefix="/units/{unit}/roadmaps", tags=["Дорожные карты"])


@router.get("", summary="Утверждённые муниципалитетом дорожные карты", responses=told(Page[r.Roadmap]))
def approved_roadmaps(unit: str, context: InContext, caller: Caller) -> Response:
    """Every version with its order, the one approved last at the end."""
    with context.core.database.reading() as connection:
        _seen(context, connection, caller, unit)
    return page([roadmap_view(one) for one in context.core.library.approved(unit)])


@router.post(
    "", status_code=201, summary="Загрузить утверждённую дорожную карту", responses=told(r.ApprovedRoadmap, 200, 201)
)
def approve(  # one argument for each field of the form
    unit: str,
    file: Annotated[UploadFile, File(description="XLSX или CSV со столбцами №, Мероприятие, Сроки, …, либо YAML")],
    number: Annotated[Words, Form(min_length=1, max_length=64, description="Номер приказа об утверждении")],
    date: Annotated[Day, Form(description="Дата приказа")],
    context: InContext,
    caller: Caller,
    keys: InKeys,
    request: Request,
    title: Annotated[Words | None, Form(max_length=500, description="Название, если его нет в файле")] = None,
    dry_run: Annotated[bool, Form(description="true: только проверить и показать, что понято")] = False,
) -> Response:
    """Each approval is a version; years that run keep theirs. A dry run answers what was understood and every error.

    The year is started by `POST /programmes` with the municipality as `organisation`.
    """
    with context.core.database.reading() as connection:
        _seen(context, connection, caller, unit)
        if not may(caller, "start", unit, context.tree(connection)):
            raise Refused(Refusal(code="forbidden"))
    content = file.file.read(MOST + 1)
    if len(content) > MOST:
        raise Faulty(http_problem(413))
    sheet, approval = read_roadmap(content, file.filename or ""), Approval(unit=unit, number=number, date=date)
    named = sheet.roadmap.model_copy(update={"title": title}) if sheet.roadmap and title else sheet.roadmap
    if dry_run:
        return answer(_dry(context, sheet, named, approval))
    if named is None:
        raise Faulty(_problem(sheet))

    def change(connection: Connection) -> tuple[int, dict[str, Any], None]:
        core, tree = context.core, context.tree(connection)
        made = approve_roadmap(connection, core.library, tree, named, approval, caller.actor, core.clock())
        if isinstance(made, Refusal):
            raise Refused(made)
        return 201 if made[1] else 200, _view(sheet, made[0], dry_run=False), None

    asked = b"\n".join((number.encode(), str(date).encode(), (title or "").encode(), content))
    return once(context, caller, fingerprinted(keys, request, asked), change)


def _seen(context: Context, connection: Connection, caller: Identity, unit: str) -> None:
    if not may_see_unit(connection, caller, context.tree(connection), unit):
        raise Refused(Refusal(code="unit_not_found", facts={"unit": unit}))


def _dry(context: Context, sheet: RoadmapSheet, named: Roadmap | None, approval: Approval) -> dict[str, Any]:
    core = context.core
    with core.database.reading() as connection:
        tree = context.tree(connection)
    made = approved(core.library, tree, named, approval, core.clock()) if named else None
    if isinstance(made, Refusal):
        raise Refused(made)
    return _view(sheet, made, dry_run=True)


def _view(sheet: RoadmapSheet, roadmap: Roadmap | None, *, dry_run: bool) -> dict[str, Any]:
    return {
        "dry_run": dry_run,
        "roadmap": roadmap_view(roadmap) if roadmap else None,
        "notes": list(sheet.notes),
        "errors": [error.model_dump() for error in sheet.errors[:MOST_ERRORS]],
        "error_count": len(sheet.errors),
    }


def _problem(sheet: RoadmapSheet) -> Problem:
    shown = tuple({"pointer": "/file", **error.model_dump()} for error in sheet.errors[:MOST_ERRORS])
    detail = f"В дорожной карте ошибок: {len(sheet.errors)}. Она не принята; исправьте их и загрузите файл снова."
    return Problem(422, "roadmap-invalid", "Дорожная карта с ошибками", detail, shown)
